"""The description as Redoc shows it: one long page to read, beside Swagger UI's to try out.

The stock template asks two other hosts for fonts and code; ours takes the bundle from this server. The bundle makes its
style sheets while it runs, which the content security policy forbids to anybody: this page alone carries a nonce, and a
small script of ours puts it on those sheets. Nothing inline is allowed without it.
"""

from typing import Any

from csp.constants import NONCE, SELF
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView


@method_decorator(csp_update({"style-src": [SELF, NONCE]}), name="dispatch")
class RedocView(SpectacularRedocView):
    """The description as a page to read; everything on it comes from this server."""

    action = None
    http_method_names = ["get", "head"]
    template_name = "claimtrack/redoc.html"

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The page."""
        response = super().get(request, *args, **kwargs)
        response.data["nonce"] = request._request.csp_nonce
        return response
