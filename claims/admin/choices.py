"""What the triage list offers to choose from, in one query: ratings, tags, people, saved filters, chosen names.

A list has ten queries at most for everything, so its choices may not cost one each. Asked once a request, also where a
start page counts a dozen saved filters. Ratings, tags and people are tens or hundreds of rows; speakers and outlets are
never listed, only the chosen one is named.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from claims.admin.desk import editors
from claims.admin.paging import once
from claims.models import Rating, SavedFilter, Speaker, Tag
from claims.services.saved_filters import filters_for
from sources.models import Source


@dataclass(frozen=True, slots=True)
class Choice:
    """One row to choose: its id, what it is called, and a rating's slug, a tag's colour or a filter's query."""

    pk: int
    label: str
    detail: str = ""
    is_shared: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DeskChoices:
    """All choices of one request."""

    ratings: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    people: tuple[Choice, ...]
    saved: tuple[Choice, ...]
    speakers: tuple[Choice, ...]
    sources: tuple[Choice, ...]


def desk_choices(request: HttpRequest) -> DeskChoices:
    """The choices for whoever asks; one query a request."""
    return once(request, "choices", lambda: _load(request))


def _load(request: HttpRequest) -> DeskChoices:
    first, *others = [
        _rows("ratings", Rating.objects.all(), label="label", detail="slug"),
        _rows("tags", Tag.objects.all(), label="name", detail="colour"),
        _rows("people", editors(), label=get_user_model().USERNAME_FIELD),
        _saved(request.user),
        _rows("speakers", Speaker.objects.filter(pk__in=_chosen(request, "speaker")), label="name"),
        _rows("sources", Source.objects.filter(pk__in=_chosen(request, "source")), label="name"),
    ]
    found: dict[str, list[Choice]] = defaultdict(list)
    for of, pk, label, detail, flag, owner in first.union(*others, all=True):
        found[of].append(Choice(pk, label, detail, bool(flag), owner))
    return DeskChoices(
        # Ratings in the order of their making, which is that of their scales; the rest by name.
        ratings=tuple(sorted(found["ratings"], key=lambda one: one.pk)),
        **{name: _by_name(found[name]) for name in ("tags", "people", "saved", "speakers", "sources")},
    )


def _by_name(rows: list[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(rows, key=lambda one: (one.label.casefold(), one.pk)))


def _rows(of: str, rows: QuerySet, *, label: str, detail: str = "", flag: Any = None, owner: Any = None) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            of=Value(of, CharField()),
            number=F("pk"),
            shown=Cast(label, CharField()),
            detail=Cast(detail, CharField()) if detail else Value("", CharField()),
            flag=flag or Value(0, IntegerField()),
            owner_name=owner or Value("", CharField()),
        )
        .values_list("of", "number", "shown", "detail", "flag", "owner_name")
    )


def _saved(user: Any) -> QuerySet:
    name = f"owner__{get_user_model().USERNAME_FIELD}"
    rows = filters_for(user).select_related(None) if user.is_authenticated else SavedFilter.objects.none()
    shared = Cast("is_shared", IntegerField())
    return _rows("saved", rows, label="name", detail="query", flag=shared, owner=Cast(name, CharField()))


def _chosen(request: HttpRequest, name: str) -> list[int]:
    value = request.GET.get(name, "")
    return [int(value)] if value.isascii() and value.isdecimal() and len(value) < 19 else []
