"""When an editor last looked at a claim, and what has changed since.

A claim has changed where its row was written later than the look (a correction, a newer engine, a published verdict) or
where somebody else has a later line in its history (a note, a proposal). One's own work is no news: whoever saves a
claim has looked at it. Personal and cheap: no ledger, no permission, one row per editor and claim.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.models import Change, Look

BATCH = 500


def note_look(user: Any, claim_id: int) -> None:
    """The user has this claim before them as it stands; one statement."""
    mark_seen(user, [claim_id])


def mark_seen(user: Any, claim_ids: Iterable[int]) -> int:
    """The user has looked at these claims.

    Returns:
        How many.
    """
    now = timezone.now()
    rows = [Look(user=user, claim_id=pk, seen_at=now) for pk in claim_ids]
    Look.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["user", "claim"],
        update_fields=["seen_at"],
    )
    return len(rows)


def renew_looks(user: Any, claim_ids: Iterable[int]) -> None:
    """After the user's own change to many claims: those looked at before count as seen now, the others stay unseen."""
    Look.objects.filter(user=user, claim__in=list(claim_ids)).update(seen_at=timezone.now())


def changed_since_look(user: Any) -> QuerySet[Look]:
    """The user's looks at claims that changed later."""
    changes = Change.objects.filter(claim=OuterRef("claim"), at__gt=OuterRef("seen_at")).exclude(actor=user.pk)
    news = Q(claim__modified_at__gt=F("seen_at")) | Exists(changes)
    return Look.objects.filter(news, user=user.pk)
