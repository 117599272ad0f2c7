"""Making, finding and revoking API tokens."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.models import ApiToken

PREFIX = "ct_"  # lets a secret scanner know a leaked token for what it is
_SHOWN = 10


def create_token(
    user: Any, *, scope: str = ApiToken.Scope.READ, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Makes a token.

    Returns:
        The stored row and the token itself, which cannot be had again.
    """
    plain = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, prefix=plain[:_SHOWN], digest=digest_of(plain), scope=scope, expires_at=expires_at
    )
    return row, plain


def valid_tokens(digest: Any, now: Any) -> QuerySet[ApiToken]:
    """The token of a digest, if it is neither expired by now nor revoked, and its user is active."""
    tokens = ApiToken.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
    return tokens.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by()


def revoke_token(token: ApiToken) -> None:
    """Ends a token at once; a second time changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def note_use(token: ApiToken) -> None:
    """Remembers that the token is in use, at most once a minute, so that reading costs no write each time."""
    now = timezone.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def digest_of(plain: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(plain.encode()).hexdigest()
