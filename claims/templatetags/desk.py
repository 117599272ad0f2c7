"""What waits for the editor who is logged in, for the start page."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from claims.models import Claim, Verdict

MOST_COUNTED = 1_000  # a start page says "1,000+" rather than count them all

register = template.Library()


@dataclass(frozen=True, slots=True)
class Waiting:
    """One heap of work: how much, and where it is listed."""

    label: str
    count: int
    has_more: bool
    address: str


@register.simple_tag
def waiting_for(user: Any) -> list[Waiting]:
    """The heaps of work that this user may see; nothing for one who may not see claims."""
    heaps: list[Waiting] = []
    if user.has_perm("claims.view_claim"):
        first = Q(depth=0, act__in=[Claim.Act.STATEMENT, Claim.Act.ATTITUDE])
        claims, status = Claim.objects.current(), Claim.ReviewStatus
        heaps += [
            _heap("new", claims.filter(first, review_status=status.NEW), review_status__exact="new"),
            _heap("in review", claims.filter(first, review_status=status.IN_REVIEW), review_status__exact="in_review"),
            _heap(
                "for a second check",
                claims.filter(first, review_status=status.SECOND_CHECK),
                review_status__exact="second_check",
            ),
            _heap("assigned to me", claims.filter(assignee=user), desk="mine", act="all", relayed="all"),
            _heap("no longer found", claims.orphans(), desk="orphaned", act="all", relayed="all"),
        ]
    if user.has_perm("claims.view_verdict"):
        proposed = Verdict.objects.filter(state=Verdict.State.PROPOSED)
        heaps.append(_heap("verdicts to publish", proposed, page="verdict", state__exact="proposed"))
    return heaps


def _heap(label: str, rows: QuerySet, *, page: str = "claim", **query: str) -> Waiting:
    found = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    address = f"{reverse(f'admin:claims_{page}_changelist')}?{urlencode(query)}"
    return Waiting(label, min(found, MOST_COUNTED), found > MOST_COUNTED, address)
