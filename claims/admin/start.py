"""The start page: what waits for whom, how much of it, and how the desk has been doing lately.

Every number stops at a thousand, and all of them, those of saved filters and of the chart's days too, are one query;
two more read the choices and the last verdicts. So the page costs the same on the first day and with a million claims.
A saved filter whose query has become stale is left out; it can still be mended where filters are managed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin import site
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode

from claims.admin.charts import Bar, Chart, column_chart
from claims.admin.choices import desk_choices
from claims.admin.claim_filters import (
    OPEN_STATUSES,
    UNRESOLVED,
    disputed_verdicts,
    first_acts,
    published_since,
    since,
    verdicts_to_check,
)
from claims.admin.counting import MOST_COUNTED, Count, bounded_counts
from claims.admin.paging import selection
from claims.models import Claim, Verdict
from claims.services.looks import changed_since_look

DAYS = 14
MOST_SAVED = 20  # saved filters that are counted; the bar above the list has all
MOST_VERDICTS = 2_000

LIST = "admin:claims_claim_changelist"


@dataclass(frozen=True, slots=True)
class Heap:
    """One heap of work: what it is, how much, and where it is listed."""

    label: str
    count: Count
    address: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A heap before it is counted."""

    label: str
    rows: QuerySet
    address: str

    def counted(self, count: Count) -> Heap:
        return Heap(self.label, count, self.address)


def start_page(request: HttpRequest) -> dict[str, Any]:
    """The heaps by whose they are, the saved filters with their counts, and the charts; empty for who may see none."""
    if not request.user.has_perm("claims.view_claim"):
        return {}
    groups = {"For you": _for_me(request), "For the desk": _for_all(request), "Saved filters": _saved(request)}
    days = [since(number) for number in range(DAYS - 1, -1, -1)]
    arrivals = [
        Claim.objects.current().filter(depth=0, created_at__gte=day, created_at__lt=day + timedelta(days=1))
        for day in days
    ]
    asked = [one for heaps in groups.values() for one in heaps]
    counts = bounded_counts([*(one.rows for one in asked), *arrivals])
    heaps = iter([one.counted(count) for one, count in zip(asked, counts, strict=False)])
    return {
        "groups": [(title, [next(heaps) for _ in group]) for title, group in groups.items() if group],
        "charts": [_arrivals(days, counts[len(asked) :]), _published(request, days)],
    }


def _for_me(request: HttpRequest) -> list[_Asked]:
    claims, user = Claim.objects.current(), request.user
    heaps = [
        _heap("assigned to me and open", claims.filter(assignee=user, review_status__in=OPEN_STATUSES), desk="todo"),
        _heap("changed since I looked", claims.filter(pk__in=changed_since_look(user).values("claim")), desk="changed"),
    ]
    if user.has_perm("claims.check_verdict"):
        heaps.append(
            _heap("for my second rating", claims.filter(pk__in=verdicts_to_check(user).values("claim")), desk="tocheck")
        )
    if user.has_perm("claims.publish_verdict"):
        proposed = Verdict.objects.readable_by(user).filter(state=Verdict.State.PROPOSED)
        address = f"{reverse('admin:claims_verdict_changelist')}?state__exact=proposed"
        heaps.append(_Asked("verdicts to publish", proposed, address))
    return heaps


def _for_all(request: HttpRequest) -> list[_Asked]:
    claims, status = Claim.objects.current(), Claim.ReviewStatus
    first = claims.filter(first_acts())
    return [
        _heap("new since yesterday", first.filter(created_at__gte=since(1)), added="yesterday", everything=False),
        _status("new", first, status.NEW),
        _status("in review", first, status.IN_REVIEW),
        _status("for a second check", first, status.SECOND_CHECK),
        _heap("editors disagree", claims.filter(pk__in=disputed_verdicts().values("claim")), desk="disputed"),
        _heap("speaker unresolved", first.filter(speaker_status__in=UNRESOLVED), desk="unresolved", everything=False),
        _heap("no longer found", claims.orphans(), desk="orphaned"),
        _heap("published this week", claims.filter(pk__in=published_since(since(7)).values("claim")), verdict="week"),
    ]


def _heap(label: str, rows: QuerySet, *, everything: bool = True, **query: str) -> _Asked:
    """A heap with the address of its list; `everything` lifts what the list leaves out unless asked."""
    lifted = {"act": "all", "relayed": "all"} if everything else {}
    return _Asked(label, rows, f"{reverse(LIST)}?{urlencode(query | lifted)}")


def _status(label: str, rows: QuerySet, status: str) -> _Asked:
    return _heap(label, rows.filter(review_status=status), everything=False, review_status__exact=str(status))


def _saved(request: HttpRequest) -> list[_Asked]:
    model_admin = site.get_model_admin(Claim)
    asked = []
    for saved in desk_choices(request).saved[:MOST_SAVED]:
        try:
            rows = selection(model_admin, request, saved.detail).queryset
        except (IncorrectLookupParameters, SuspiciousOperation):
            continue
        asked.append(_Asked(saved.label, rows, f"{reverse(LIST)}?{saved.detail}"))
    return asked


def _arrivals(days: Sequence[Any], counts: Sequence[Count]) -> Chart:
    bars = [
        Bar(formats.date_format(day, "j M"), count.number, has_more=count.has_more)
        for day, count in zip(days, counts, strict=True)
    ]
    more = any(bar.has_more for bar in bars)
    note = f"The last {DAYS} days, without relayed ones."
    if more:
        note += f" Counted to {MOST_COUNTED:,} a day."
    return column_chart("New claims a day", note, "Day", bars, fewest=1)


def _published(request: HttpRequest, days: Sequence[Any]) -> Chart:
    moments = published_since(days[0]).order_by("-published_at").values_list("published_at", flat=True)
    by_day = Counter(timezone.localtime(moment).date() for moment in moments[:MOST_VERDICTS])
    bars = [Bar(formats.date_format(day, "j M"), by_day[day.date()]) for day in days]
    return column_chart("Verdicts published a day", f"The last {DAYS} days.", "Day", bars, fewest=1)
