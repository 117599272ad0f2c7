"""What a claim's page offers to choose from, with what is chosen already: people, ratings, tags, the checklist.

Four short lists in one query, since the whole page has fifteen. They are plain values for drawing; whoever stores a
choice fetches the row.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from claims.models import ChecklistItem, ChecklistTick, Claim, ClaimTag, Rating, Tag

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class RatingChoice:
    """A rating and what its scale asks for."""

    pk: int
    label: str
    colour: str
    scale_id: int
    needs_second_check: bool

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class TagChoice:
    """A tag, and whether this claim bears it."""

    pk: int
    name: str
    colour: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item of the checklist, and by whom and when it was ticked for this claim."""

    pk: int
    text: str
    is_active: bool
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimChoices:
    """All choices of one claim's page; people and ratings by id."""

    people: dict[int, str]
    ratings: dict[int, RatingChoice]
    tags: list[TagChoice]
    items: list[ItemChoice]


def claim_choices(claim: Claim) -> ClaimChoices:
    """The choices for one claim; one query."""
    found: dict[str, list[tuple[Any, ...]]] = {"item": [], "tag": [], "rating": [], "person": []}
    # The items come first: theirs is the one real date, and a union takes its types from its first part.
    for kind, *row in _items(claim).union(_tags(claim), _ratings(), _people(claim), all=True):
        found[kind].append(tuple(row))
    for rows in found.values():
        rows.sort(key=lambda row: (row[3], row[4], row[1].casefold()))
    return ClaimChoices(
        people={row[0]: row[1] for row in found["person"]},
        ratings={row[0]: RatingChoice(row[0], row[1], row[2], row[3], bool(row[5])) for row in found["rating"]},
        tags=[TagChoice(row[0], row[1], row[2], bool(row[5])) for row in found["tag"]],
        items=[ItemChoice(row[0], row[1], bool(row[5]), row[2] or "", row[6]) for row in found["item"]],
    )


def editors(assignee_id: int | None = None) -> QuerySet:
    """Those to whom a claim may be assigned, and the one to whom it is, even if they may not any more."""
    users = get_user_model().objects
    able = users.with_perm("claims.review_claim", backend=MODEL_BACKEND).filter(is_staff=True)
    return users.filter(Q(pk__in=able.values("pk")) | Q(pk=assignee_id)).order_by("username")


def _items(claim: Claim) -> QuerySet:
    ticks = ChecklistTick.objects.filter(claim=claim, item=OuterRef("pk"))
    items = ChecklistItem.objects.annotate(
        by=Subquery(ticks.values("done_by__username")), when=Subquery(ticks.values("done_at"))
    )
    asked = items.filter(Q(is_active=True) | Q(by__isnull=False))
    return _rows(asked, "item", label="text", detail=F("by"), order=F("order"), flag=F("is_active"), at=F("when"))


def _tags(claim: Claim) -> QuerySet:
    is_on = Exists(ClaimTag.objects.filter(claim=claim, tag=OuterRef("pk")))
    return _rows(Tag.objects.all(), "tag", label="name", detail=F("colour"), flag=is_on)


def _ratings() -> QuerySet:
    asks = F("scale__needs_second_check")
    return _rows(
        Rating.objects.all(), "rating", label="label", detail=F("colour"), group=F("scale"), order=F("order"), flag=asks
    )


def _people(claim: Claim) -> QuerySet:
    return _rows(editors(claim.assignee_id), "person", label=get_user_model().USERNAME_FIELD)


def _rows(
    rows: QuerySet,
    kind: str,
    *,
    label: str,
    detail: Any = "",
    group: Any = 0,
    order: Any = 0,
    flag: Any = False,
    at: Any = None,
) -> QuerySet:
    """One part of the union: kind, id, label, detail, group, order, flag, at."""
    columns: dict[str, tuple[Any, Field]] = {
        "a_kind": (Value(kind), CharField()),
        "b_id": (F("pk"), IntegerField()),
        "c_label": (F(label), CharField()),
        "d_detail": (detail, CharField()),
        "e_group": (group, IntegerField()),
        "f_order": (order, IntegerField()),
        "g_flag": (flag, BooleanField()),
        "h_at": (at, DateTimeField()),
    }
    return (
        rows.order_by()
        .annotate(
            **{
                name: Cast(value if hasattr(value, "resolve_expression") else Value(value), field)
                for name, (value, field) in columns.items()
            }
        )
        .values_list(*columns)
    )
