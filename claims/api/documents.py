"""Views whose answer is a document of its own media type: exports, feeds and the field's formats.

The document is written by `claims.formats`; errors are the API's JSON, whatever type was asked for. Filters and
parameters are as strict as on the lists.
"""

import hashlib
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers, quote_etag
from rest_framework.exceptions import NotAcceptable
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from sources.api.strict import refuse_unknown


class DocumentView(GenericAPIView):
    """A document.

    Attributes:
        media_types: The types that `Accept` may ask for; the first one where it does not care.
        parameters: Those of the page's parameters that are taken here.
        orderings: Columns by which the rows may be ordered.
        default_ordering: One of them, perhaps with a `-`.
        basename: Names the list to which a cursor belongs.
        detail: Whether it is about one row, and so takes no parameters.
        answers_too: By method, statuses beside those that the method tells of, for the API's description.
    """

    http_method_names = ["get", "head"]
    media_types: ClassVar[tuple[str, ...]] = ("application/json",)
    parameters: ClassVar[tuple[str, ...]] = ()
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    default_ordering: ClassVar[str] = "id"
    basename: ClassVar[str] = ""
    detail: ClassVar[bool] = False
    answers_too: ClassVar[dict[str, tuple[str, ...]]] = {"GET": ("304",)}

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Chooses the document's type from `Accept`, and JSON for errors.

        Raises:
            NotAcceptable: none of the types asked for is offered.
        """
        renderer = self.get_renderers()[0]
        if not force:
            self.media_type = self.choose_media_type(request)
        return renderer, renderer.media_type

    def choose_media_type(self, request: Request) -> str:
        """The first of `media_types` that the client likes best.

        Raises:
            NotAcceptable: it likes none.
        """
        chosen = request._request.get_preferred_type(self.media_types)
        if chosen is None:
            raise NotAcceptable(f"This is offered as {' or '.join(self.media_types)}; ask for one of them in Accept.")
        return str(chosen)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; what is about one row takes no parameters."""
        super().initial(request, *args, **kwargs)
        if self.detail:
            refuse_unknown(request.query_params, ())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As the framework's; tells caches what the answer depends on."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
        return response

    def document(self, body: bytes | dict[str, Any], media_type: str = "") -> HttpResponseBase:
        """The answer; 304 where the client has exactly this already.

        Args:
            body: The document, or what is to be written as JSON.
            media_type: Its type; what was chosen from `Accept` unless given.
        """
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        response = HttpResponse(data, content_type=media_type or self.media_type)
        response["ETag"] = quote_etag(hashlib.sha256(data).hexdigest()[:32])
        return get_conditional_response(self.request._request, etag=response["ETag"], response=response) or response
