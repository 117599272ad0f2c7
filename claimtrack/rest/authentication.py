"""Who asks: a token in the `Authorization` header.

A header that is there but wrong is always 401, also where anybody may read: a client whose token has expired must not
take the public view for its own. Any other scheme than ours is refused for the same reason.
"""

from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled
from rest_framework.request import Request

from claims.models import ApiToken
from claims.services.tokens import digest_of, note_use, valid_tokens
from claimtrack.rest.throttles import RefusedTokenThrottle
from sources.api.statements import Slot, Statement, statements

_SCHEMES = {b"bearer", b"token"}


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer ct_…` (or `Token ct_…`)."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The token's user and the token; None without the header.

        One that is there and empty is refused as a wrong one: it is what a client sends whose variable is not set, and
        what the server makes of letters that no header may hold.

        Raises:
            AuthenticationFailed: the header holds no valid token.
            Throttled: too many of those came from this address.
        """
        words = get_authorization_header(request).split()
        if not words and "HTTP_AUTHORIZATION" not in request.META:
            return None
        if len(words) != 2 or words[0].lower() not in _SCHEMES:
            raise _refused(request, "Write the header as “Authorization: Bearer ct_…”.")
        try:
            token = _found(words[1].decode("ascii"))
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


def _found(plain: str) -> ApiToken | None:
    """The valid token of this text, with its user and what that may do; two queries, compiled once, and nothing kept.

    The user's permissions are given to the framework, which would ask for them by groups and by user when the first is
    needed, and every reader of a list needs one.
    """
    token_fields, user_fields = ApiToken._meta.concrete_fields, get_user_model()._meta.concrete_fields
    statement = statements.get("valid token", _valid_token)
    rows = statement.rows({"digest": digest_of(plain), "now": timezone.now()})
    if not rows:
        return None
    values = iter(rows[0])
    token = ApiToken.from_db(None, [one.attname for one in token_fields], list(islice(values, len(token_fields))))
    user = get_user_model().from_db(None, [one.attname for one in user_fields], list(values))
    if not user.is_superuser:
        permissions = statements.get("permissions of a user", _permissions_of_user).rows({"user": user.pk})
        user._perm_cache = {f"{app}.{name}" for app, name in permissions}  # type: ignore[attr-defined]
    token.user = user
    return token


def _valid_token() -> Statement:
    token_fields, user_fields = ApiToken._meta.concrete_fields, get_user_model()._meta.concrete_fields
    columns = [*(one.attname for one in token_fields), *(f"user__{one.attname}" for one in user_fields)]
    return Statement(valid_tokens(Slot("digest"), Slot("now")).values_list(*columns), is_raw=False)


def _permissions_of_user() -> Statement:
    names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    return Statement(names.filter(user=Slot("user")).union(names.filter(group__user=Slot("user"))), is_raw=False)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description names the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "Made by `manage.py create_token USERNAME`."}
