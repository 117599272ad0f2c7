"""Middleware that stands aside for programs.

Sessions, the user behind one and messages are for people with a browser. A program that asks the API sends a
token or nothing, but no session; for it these would find out, layer after layer, that there is nothing to do, which
takes as long as finding the page that it asked for. Whether a request is a program's is seen from its address and from
the cookie that it does not send; everything else goes through the framework's own.
"""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware as Policies
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware as Authentication
from django.contrib.messages.middleware import MessageMiddleware as Messages
from django.contrib.sessions.middleware import SessionMiddleware as Sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_otp.middleware import OTPMiddleware as SecondFactors

PREFIXES = ("/api/", "/compat/", "/v1alpha1/", "/healthz", "/readyz", "/metrics")


def is_program(request: HttpRequest) -> bool:
    """Whether the request belongs to no session, and could not begin one."""
    known: bool | None = request.__dict__.get("is_program")
    if known is None:
        known = request.path_info.startswith(PREFIXES) and settings.SESSION_COOKIE_NAME not in request.COOKIES
        request.is_program = known  # type: ignore[attr-defined]
    return known


class _ForPeople:
    """Mixin of a middleware."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        if is_program(request):
            return self.get_response(request)  # type: ignore[no-any-return]
        return super().__call__(request)  # type: ignore[misc,no-any-return]


class SessionMiddleware(_ForPeople, Sessions):
    """The framework's, for people."""


class AuthenticationMiddleware(_ForPeople, Authentication):
    """The framework's, for people."""


class MessageMiddleware(_ForPeople, Messages):
    """The framework's, for people."""


class OTPMiddleware(_ForPeople, SecondFactors):
    """The package's, for people."""


class CSPMiddleware(Policies):
    """The package's; a policy that nothing in request or answer changes is put together once."""

    _usual: str | None = None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Adds the policy."""
        vars(request).pop("csp_nonce", None)  # it holds the request: see claimtrack/rest/untying.py
        if not is_program(request) or any(name.startswith(("_csp", "csp")) for name in vars(response)):
            return super().process_response(request, response)
        if getattr(request, "_csp_nonce", None) is not None or HEADER in response or settings.DEBUG:
            return super().process_response(request, response)
        if self._usual is None:
            response = super().process_response(request, response)
            self._usual = response.get(HEADER, "")
        elif self._usual:
            response[HEADER] = self._usual
        return response
