"""The outermost middleware: gives each request an id, times it, counts it, and writes its one log line.

It stands before everything else so that an answer made by another middleware (a redirect, a refused host, a static
file) has an id and is counted too. Labels and log lines name the *route* (`api/v1/claims/<int:pk>/`), never the raw
path as a label: a scanner's thousand paths must not become a thousand time series.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.encoding import escape_uri_path

from claimtrack import metrics
from claimtrack.logs import request_id

logger = logging.getLogger("claimtrack.request")

# A caller's id is kept so that it can follow its request through our logs, unless it could forge a line in them.
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestMiddleware:
    """Sets `X-Request-ID`, the request's context variable, its metrics and its log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        offered = request.META.get("HTTP_X_REQUEST_ID", "")
        identity = offered if _USABLE_ID.fullmatch(offered) else secrets.token_hex(16)
        token = request_id.set(identity)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = route_of(request)
            metrics.observe(method=request.method or "", route=route, status=response.status_code, seconds=seconds)
            logger.info(
                "%s %s %d",
                request.method,
                escape_uri_path(request.path),
                response.status_code,
                extra={"route": route, "status": response.status_code, "ms": round(seconds * 1000, 1)},
            )
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = identity
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern that answered; `static` for files, `unmatched` where no pattern fits."""
    if request.resolver_match is not None:
        return request.resolver_match.route.removesuffix("$")
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    return "unmatched"
