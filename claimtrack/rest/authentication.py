"""Who asks: a token in the `Authorization` header.

A header that is there but wrong is always 401, also where anybody may read: a client whose token has expired must not
take the public view for its own. Any other scheme than ours is refused for the same reason.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled
from rest_framework.request import Request

from claims.models import ApiToken
from claims.services.tokens import find_token, note_use
from claimtrack.rest.throttles import RefusedTokenThrottle

_SCHEMES = {b"bearer", b"token"}


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer ct_…` (or `Token ct_…`)."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The token's user and the token; None without the header.

        Raises:
            AuthenticationFailed: the header holds no valid token.
            Throttled: too many of those came from this address.
        """
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() not in _SCHEMES:
            raise _refused(request, "Write the header as “Authorization: Bearer ct_…”.")
        try:
            token = find_token(words[1].decode("ascii"))
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise _refused(request, "This token is not valid: it is wrong, expired or revoked.")
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="claimtrack"'


def _refused(request: Request, message: str) -> APIException:
    """The refusal, counted against the address: the throttles behind it never see a request without a user."""
    throttle = RefusedTokenThrottle()
    return AuthenticationFailed(message) if throttle.allow_request(request, None) else Throttled(throttle.wait())


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description names the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "Made by `manage.py create_token USERNAME`."}
