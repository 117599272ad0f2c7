"""The change ledger's pen and the question of permission, shared by the services that change what editors see.

And how the ledger is read: only through `readable_changes`, since a line about a proposed verdict would give a second
editor the rating that they are not to know yet.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from claims.errors import InvalidValue, NotAllowed
from claims.models import Change, Claim, EvidenceLink, SecondOpinion, Verdict


def require(actor: Any, permission: str) -> None:
    """Stops an actor whose role lacks `permission` ("claims.publish_verdict").

    Raises:
        NotAllowed: the role does not allow it.
    """
    if isinstance(actor, AnonymousUser) or not actor.has_perm(permission):
        action = permission.partition(".")[2].replace("_", " ")
        raise NotAllowed(f"Your role does not allow this: it needs the permission “{action}”.")


def require_reason(reason: str, *, since: str = "") -> str:
    """The reason without blanks at its ends.

    Args:
        reason: As it was given.
        since: Why one is needed, where that does not go without saying.

    Raises:
        InvalidValue: it is empty.
    """
    reason = reason.strip()
    if not reason:
        needed = f"A reason is needed: {since}. Say why" if since else "A reason is needed: say why"
        raise InvalidValue(f"{needed} in a sentence.", field="reason")
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


def readable_changes(user: Any) -> QuerySet[Change]:
    """The ledger without what is sealed from this user: open verdicts to rate, opinions on them, stances for them."""
    sealed = Verdict.objects.sealed_from(user)
    opinions = SecondOpinion.objects.filter(verdict__in=sealed)
    return Change.objects.exclude(
        Q(model="verdict", object_id__in=sealed.values("pk"))
        | Q(model="secondopinion", object_id__in=opinions.values("pk"))
        | Q(model="evidencelink", claim__in=sealed.values("claim"))
    )


def changes_of(claim: Claim, user: Any) -> QuerySet[Change]:
    """What happened to a claim and to the evidence that it uses, newest first, as far as this user may know."""
    used = EvidenceLink.objects.filter(claim=claim).values("evidence")
    about = Q(claim=claim) | Q(model="evidence", claim=None, object_id__in=used)
    return readable_changes(user).filter(about).select_related("actor").order_by("-id")
