"""The change ledger's pen and the question of permission, shared by the services that change what editors see."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from claims.errors import InvalidValue, NotAllowed
from claims.models import Change


def require(actor: Any, permission: str) -> None:
    """Stops an actor whose role lacks `permission` ("claims.publish_verdict").

    Raises:
        NotAllowed: the role does not allow it.
    """
    if isinstance(actor, AnonymousUser) or not actor.has_perm(permission):
        action = permission.partition(".")[2].replace("_", " ")
        raise NotAllowed(f"Your role does not allow this: it needs the permission “{action}”.")


def require_reason(reason: str) -> str:
    """The reason without blanks at its ends.

    Raises:
        InvalidValue: it is empty.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidValue("A reason is needed: say why in a sentence.", field="reason")
    return reason


def choice(value: str, choices: Any, field: str) -> str:
    """The value, where it is one of an enumeration.

    Raises:
        InvalidValue: it is not.
    """
    if value not in choices.values:
        raise InvalidValue(f"{field} must be one of {', '.join(choices.values)}, got {value!r}.", field=field)
    return value


def record_change(
    row: Model,
    action: str,
    *,
    actor: Any | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    claim_id: int | None = None,
) -> Change:
    """Writes one line of the ledger; to be called in the transaction of the change itself."""
    return Change.objects.create(
        model=row._meta.model_name or "",
        object_id=row.pk,
        claim_id=claim_id,
        action=action,
        before=before or {},
        after=after or {},
        reason=reason,
        actor=actor,
    )
