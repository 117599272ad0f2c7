"""`as_of=`: claims with the verdict and the review status that they had at the end of a day.

The ledger and the verdicts' own rows know it: the status is what the first change after that day found, and the verdict
is the last one published until then, unless it was withdrawn by then. Whatever else is shown is today's: words and
speakers of a claim do not become older by being read later. Claims stored after the day are left out. What was
withdrawn or superseded is shown again by this, so it needs the permission that these need; the public sees today.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import may
from claims.api.shapes import VerdictShape
from claims.models import Change, Verdict
from sources.api.reading import Row
from sources.api.selection import PARAMETERS
from sources.api.strict import SuggestingCode
from sources.api.values import Day

PARAMETER = "as_of"
_TODAYS = ("review_status", "rating", "verdict", "facets", "assignee")  # parameters that ask for what is true today
_BRIEF = ("id", "rating", "summary", "published_at", "url")
DESCRIPTION = (
    "A day: shows the verdict and the review status that claims had at its end (UTC), and leaves out claims stored "
    "later. Needs a token whose role may read verdicts; not together with filters, facets or expansions that ask for "
    "today's verdict or status."
)


class AsOf:
    """Mixin of the view of claims."""

    answers_too: ClassVar[dict[str, tuple[str, ...]]] = {"GET": ("403",)}
    shape_parameters: ClassVar[tuple[str, ...]] = (*PARAMETERS, PARAMETER)
    end: datetime | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's, and reads the day."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method in ("GET", "HEAD") and PARAMETER in request.query_params:
            self.end = _end(request)

    @classmethod
    def described_selection(cls, *, detail: bool) -> Sequence[OpenApiParameter]:
        """The parameters that select, and this one."""
        day = OpenApiParameter(PARAMETER, OpenApiTypes.DATE, description=DESCRIPTION)
        return [*super().described_selection(detail=detail), day]  # type: ignore[misc]

    def then(self, claims: QuerySet) -> QuerySet:
        """Those of the claims that were there."""
        return claims if self.end is None else claims.filter(created_at__lt=self.end)

    def list(self, request: Request) -> Response:
        """A page of claims."""
        response: Response = super().list(request)  # type: ignore[misc]
        if self.end is not None:
            rewind(response.data["results"], self.end, request)
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """One claim."""
        response: Response = super().retrieve(request, pk)  # type: ignore[misc]
        if self.end is not None and response.status_code == 200:
            rewind([response.data], self.end, request)
        return response


def rewind(rows: Sequence[Row], end: datetime, request: Request) -> None:
    """Gives claims the status and the verdict that they had just before a moment; three queries for all."""
    ids = [row["id"] for row in rows]
    statuses, verdicts = _statuses(ids, end), _verdicts(ids, end, request)
    for row in rows:
        if "review_status" in row:
            row["review_status"] = statuses.get(row["id"], row["review_status"])
        if "verdict" in row:
            row["verdict"] = verdicts.get(row["id"])


def _statuses(ids: Sequence[int], end: datetime) -> dict[int, str]:
    """Of each claim that changed since: what the first change found."""
    later = Change.objects.filter(model="claim", object_id__in=ids, at__gte=end, before__has_key="review_status")
    found: dict[int, str] = {}
    for pk, before in later.order_by("id").values_list("object_id", "before"):
        found.setdefault(pk, before["review_status"])
    return found


def _verdicts(ids: Sequence[int], end: datetime, request: Request) -> dict[int, Row]:
    published = Verdict.objects.filter(claim__in=ids, published_at__lt=end).order_by("published_at", "id")
    last = dict(published.values_list("claim_id", "id"))
    gone = Change.objects.filter(model="verdict", object_id__in=last.values(), action="withdraw_verdict", at__lt=end)
    ended = set(gone.values_list("object_id", flat=True))
    shown = VerdictShape(request).by_id([pk for pk in last.values() if pk not in ended])
    return {claim: {name: shown[pk][name] for name in _BRIEF} for claim, pk in last.items() if pk in shown}


def _end(request: Request) -> datetime:
    """The moment at which the day is over.

    Raises:
        NotAuthenticated, PermissionDenied: the reader may not see what was withdrawn.
        ValidationError: no day, or parameters that ask for today.
    """
    if not request.user.is_authenticated:
        raise NotAuthenticated
    if not may(request, "claims.view_verdict"):
        raise PermissionDenied("Your role does not allow as_of: it needs the permission “view verdict”.")
    params = request.query_params
    today = [name for name in params if name.rstrip("!").partition("__")[0] in _TODAYS]
    if today or "verdict" in params.get("expand", ""):
        raise _refused(
            today[0] if today else "expand", "conflicting", "This asks for today; it does not go with as_of."
        )
    if "id" not in params.get("fields", "id").split(",") or "id" in params.get("omit", "").split(","):
        raise _refused("as_of", "conflicting", "as_of needs the field id among those that are shown.")
    try:
        day = Day().clean(params[PARAMETER])
    except ValidationError as error:
        raise _refused(PARAMETER, "invalid", error.messages[0]) from None
    if not 1900 <= day.year <= 9000:  # the day after the last one of the calendar does not exist
        raise _refused(PARAMETER, "invalid", "This is no day of our time; write it as 2026-01-31.")
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())


def _refused(name: str, code: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [ErrorDetail(message, SuggestingCode(code, None))]})
