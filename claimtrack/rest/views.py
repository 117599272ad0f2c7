"""What stands around the endpoints: the root, the description and its page, and addresses that do not exist."""

from typing import Any

from django.http import HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claimtrack.rest.errors import API_PREFIX
from sources.api.nowhere import Nowhere
from sources.api.strict import nearest

ENDPOINTS = {
    "claims": "claim-list",
    "speakers": "speaker-list",
    "sources": "source-list",
    "articles": "article-list",
    "notes": "note-list",
    "verdicts": "verdict-list",
    "ratings": "rating-list",
    "proposals": "proposal-list",
    "opinions": "opinion-list",
    "corrections": "correction-list",
    "evidence": "evidence-list",
    "tags": "tag-list",
    "webhooks": "webhook-list",
    "webhook-deliveries": "webhook-delivery-list",
    "changes": "changes",
    "claimreview": "claimreview",
    "extract": "extract",
    "schema": "schema",
    "docs": "docs",
    "redoc": "redoc",
}


class RootView(APIView):
    """Where everything is."""

    action = None
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The addresses of all endpoints and of their description."""
        return Response({name: request.build_absolute_uri(reverse(view)) for name, view in ENDPOINTS.items()})


class SchemaView(SpectacularJSONAPIView):
    """The description as JSON."""

    action = None
    http_method_names = ["get", "head"]


class DocsView(SpectacularSwaggerSplitView):
    """The description as a page; everything on it comes from this server."""

    action = None
    http_method_names = ["get", "head"]
    template_name = "claimtrack/docs.html"


class NoSuchAddressView(Nowhere, APIView):
    """Answers for every address below the API that is not there."""

    action = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sends a reader who forgot the last slash to the right address; refuses all else."""
        if request.method in ("GET", "HEAD") and not request.path.endswith("/") and _exists(request.path + "/"):
            query = request.META.get("QUERY_STRING")
            return HttpResponsePermanentRedirect(f"{request.path}/{'?' + query if query else ''}")
        return super().dispatch(request, *args, **kwargs)

    def hint(self, request: Request) -> str:
        """The nearest endpoint."""
        suggestion = f"{API_PREFIX}{nearest(request.path.removeprefix(API_PREFIX).split('/')[0], ENDPOINTS)}/"
        return f"; did you mean {suggestion}?"


def _exists(path: str) -> bool:
    try:
        return resolve(path).url_name != "nowhere"
    except Resolver404:
        return False
