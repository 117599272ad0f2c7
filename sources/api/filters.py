"""Filters from a table: one row a field of the vocabulary, and all that follows from it.

A row says what a parameter means, what it may hold, which look-ups make sense, where the value stands and which index
finds it. From the table come the parameters and their checks, the API's description, what `explain=true` answers and
the test that every filter has its index. Look-ups are written `field__lookup`, a parameter ending in `!` is turned
round. Do not write a filter by hand: a field that needs a step of its own names the step in its row (`find` for words
that mean rows elsewhere, `inside` for rows that point here, `apply` where a condition is no comparison).

Nothing here decides what to do about unknown parameters: the project's REST policy does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from sources.api.extras import EXTRAS, Facet, highlight, wants_explanation
from sources.api.lookups import BeginsWith
from sources.api.values import Choice, Flag, IdOrSlug, Moment, RowId, Sought, Text, Value, ids_among
from sources.models import Source
from sources.search.words import Highlighter
from sources.services import source_key

Options = dict[str, Any]
"""What rows of a table have in common, by the names of `Field`."""

RANK = "rank"
"""The order of what a search finds, the best first; no column, so the filter `search` adds it to the rows."""

FEW = 1_000
"""Rows of what people wrote up to which their claims are named to the database, which cannot know how few they are."""

MAX_VALUES = 200  # of one parameter; SQLite takes 250,000 variables, a reader far fewer

_SAYS = {
    "exact": "{says}",
    "in": "Any of several. {says}",
    "startswith": "How it begins. {says}",
    "gt": "More, or later, than this. {says}",
    "gte": "At least this, or from it on. {says}",
    "lt": "Less, or earlier, than this. {says}",
    "lte": "At most this, or until it. {says}",
    "isnull": "`true`: without one; `false`: with one. {says}",
}
_TURNED = ("exact", "in", "startswith")


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a table of filters.

    Attributes:
        name: The parameter.
        value: What it may hold.
        says: What it means, as a sentence.
        example: A value that is right; the description shows it, and tests use it.
        index: The index that finds it, or why none is needed.
        path: Where the value stands, from the list's model (from that of `inside` if given); the name unless given.
        expression: What is compared where that is no column; it must be one that an index holds.
        operator: The look-up of the bare parameter.
        lookups: Look-ups beside equality; those of its value unless given. "isnull" is among them only if given.
        is_equal: Whether equality itself is offered.
        is_many: Whether the bare parameter takes several values, any of which may fit.
        is_turned: Whether equality may be negated.
        find: From a look-up and its value to the keys that `path` must be among.
        seek: From the value and the request to what `apply` is to go by, where that is more than the value.
        inside: Rows that point to the list's rows; one of them must fit. Takes the request.
        key: The column of `inside` that points here.
        own: The column that it points to.
        is_few: Whether `inside` holds what people wrote, which is little: those that fit are then found first.
        apply: Narrows the rows itself; takes them, the value, whether it is negated, and the request.
        permission: What the reader must be allowed to do to ask.
    """

    name: str
    value: Value
    says: str
    example: str
    index: str
    _: KW_ONLY
    path: str = ""
    expression: Any = None
    operator: str = "exact"
    lookups: tuple[str, ...] | None = None
    is_equal: bool = True
    is_many: bool = False
    is_turned: bool = True
    find: Callable[[str, Any], Collection[Any]] | None = None
    seek: Callable[[Any, Any], Sought] | None = None
    inside: Callable[[Any], QuerySet] | None = None
    key: str = ""
    own: str = "pk"
    is_few: bool = False
    apply: Callable[[QuerySet, Any, bool, Any], QuerySet] | None = None
    permission: str = ""

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter that the row stands for."""
        offered = self.value.lookups if self.lookups is None else self.lookups
        for lookup in (("exact",) if self.is_equal else ()) + offered:
            yield Parameter(self, lookup)
            if self.is_turned and lookup in _TURNED:
                yield Parameter(self, lookup, exclude=True)

    def named(self, name: str, **changes: Any) -> Field:
        """The same field under another name."""
        return replace(self, name=name, path=self.path or self.name, **changes)


class Parameter(django_filters.Filter):
    """One look-up of one field, perhaps negated.

    Attributes:
        row: The field.
        takes_many: Whether several values may be given, any of which may fit.
    """

    def __init__(self, row: Field, lookup: str, *, exclude: bool = False) -> None:
        path = row.path or row.name if row.expression is None else f"by_{row.name}"
        super().__init__(path, lookup, exclude=exclude)
        self.row = row
        self.takes_many = lookup == "in" or (lookup == "exact" and row.is_many)
        self.value = Flag() if lookup == "isnull" else row.value

    @property
    def name(self) -> str:
        """As it is written in an address."""
        return self.row.name + ("" if self.lookup_expr == "exact" else f"__{self.lookup_expr}") + "!" * self.exclude

    @property
    def schema(self) -> dict[str, Any]:
        """What the API's description says of its values."""
        return {"type": "array", "items": self.value.schema} if self.takes_many else self.value.schema

    @property
    def example(self) -> Any:
        """A value that is right, as JSON."""
        text = "true" if self.lookup_expr == "isnull" else self.row.example
        kind = self.value.schema.get("type")
        one: Any = int(text) if kind == "integer" else float(text) if kind == "number" else text
        one = text == "true" if kind == "boolean" else one
        return [one] if self.takes_many else one

    @property
    def description(self) -> str:
        """What it finds, in words."""
        says = _SAYS[self.lookup_expr].format(says=self.row.says)
        several = " Several, with commas or repeated, mean any of them." if self.takes_many else ""
        return f"Leaves out what `{self.name[:-1]}` would find." if self.exclude else says + several

    def clean(self, texts: list[str]) -> Any:
        """The value that the address gives, checked.

        Raises:
            ValidationError: it is none; the message says what would be right.
        """
        if not self.takes_many:
            return self.value.clean(texts[0])
        parts = [part.strip() for text in texts for part in text.split(",")]
        if len(parts) > MAX_VALUES:
            raise ValidationError(f"At most {MAX_VALUES} values, got {len(parts)}.", code="too_many")
        if not all(parts):
            raise ValidationError("There is an empty value between the commas.", code="empty")
        return self.value.clean_all(parts)

    def found(self, value: Any, request: Any) -> Any:
        """The value as it is compared: itself, the keys of the rows elsewhere that it means, or what was looked up."""
        if self.row.seek is not None:
            return self.row.seek(value, request)
        find = None if self.lookup_expr == "isnull" else self.row.find
        return value if find is None else list(find(self._lookup, value))

    def filter(self, queryset: QuerySet, value: Any, request: Any = None) -> QuerySet:
        """The rows that fit.

        Args:
            queryset: Rows of the list's model.
            value: As `found` gives it.
            request: Who asks, for rows that not everybody sees.
        """
        row = self.row
        if row.apply is not None:
            return row.apply(queryset, value, self.exclude, request)
        lookup = "in" if row.find is not None and self.lookup_expr != "isnull" else self._lookup
        if row.inside is None:
            if row.expression is not None:
                queryset = queryset.alias(**{self.field_name: row.expression})
            condition = Q(**{f"{self.field_name}__{lookup}": value})
            return queryset.exclude(condition) if self.exclude else queryset.filter(condition)
        rows = row.inside(request)
        if lookup == "isnull":
            is_absent, rows = bool(value), rows.all()
        else:
            is_absent, rows = self.exclude, rows.filter(**{f"{self.field_name}__{lookup}": value})
        # Looked up first where some must fit; tried row by row where none may, since most rows have none.
        if is_absent:
            return queryset.filter(~Exists(rows.filter(**{row.key: OuterRef(row.own)})))
        keys: Any = rows.values(row.key)
        if row.is_few:
            first = list(rows.values_list(row.key, flat=True)[: FEW + 1])
            keys = first if len(first) <= FEW else keys
        return queryset.filter(**{f"{row.own}__in": keys})

    @property
    def _lookup(self) -> str:
        if self.takes_many:
            return "in"
        others = {"exact": self.row.operator, "startswith": BeginsWith.lookup_name}
        lookup = str(self.lookup_expr)
        return others.get(lookup, lookup)


class TableFilterSet(django_filters.FilterSet):
    """A FilterSet whose filters come from a table.

    Only what is asked for is checked and applied, and no form is built: copying and checking two hundred unused fields
    would cost more than the query.

    Attributes:
        fields: The table.
        implied: Conditions that hold unless one of some fields is asked for: the names of those fields, the condition.
        facets: What rows may be counted by.
        is_ranked: Whether what `search` finds may be ordered by `rank`.
        texts: For the ids of a page and the answers about them the texts, by id, in which a search may have found its
            words.
    """

    fields: ClassVar[tuple[Field, ...]] = ()
    implied: ClassVar[tuple[tuple[frozenset[str], dict[str, Any]], ...]] = ()
    facets: ClassVar[dict[str, Facet]] = {}
    is_ranked: ClassVar[bool] = False
    texts: ClassVar[Callable[[Any, list[int], list[dict[str, Any]]], dict[int, tuple[str, ...]]] | None] = None
    base_filters: ClassVar[dict[str, Parameter]]  # type: ignore[misc]  # set by the metaclass
    errors: dict[str, ValidationError] = {}  # type: ignore[assignment]  # the framework's are a form's

    def __init__(self, data: QueryDict, queryset: QuerySet, *, request: Any = None) -> None:
        self.queryset, self.request = queryset, request
        self.errors = {}
        self.cleaned: dict[str, Any] = {}
        for name in data:
            if name in self.base_filters:
                try:
                    self.cleaned[name] = self.base_filters[name].clean(data.getlist(name))
                except ValidationError as error:
                    self.errors[name] = error

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """All parameters of the table, by name."""
        return {one.name: one for row in cls.fields for one in row.parameters()}

    @cached_property
    def found(self) -> dict[str, Any]:
        """The values as they are compared, after all look-ups elsewhere."""
        return {name: self.base_filters[name].found(value, self.request) for name, value in self.cleaned.items()}

    @cached_property
    def qs(self) -> QuerySet:
        """The rows that fit all parameters; whatever must be looked up for it is looked up once."""
        queryset = self.queryset
        for condition in self._implied():
            queryset = queryset.filter(**condition)
        for name, value in self.found.items():
            queryset = self.base_filters[name].filter(queryset, value, self.request)
        return queryset

    @property
    def is_found_first(self) -> bool:
        """Whether the rows are found by something that knows nothing of the list's order, and are sorted then."""
        return any(self.base_filters[name].row.seek is not None for name in self.cleaned)

    @property
    def has_extras(self) -> bool:
        """Whether the reader asks for more than the rows."""
        params = self.request.query_params
        return "search" in self.cleaned or any(name in params for name in EXTRAS)

    def extras(self, ids: list[int], answers: list[dict[str, Any]], ordering: str) -> dict[str, Any]:
        """The explanation, if it is asked for; to the rows themselves goes what a search found in them.

        Args:
            ids: Of the page's rows.
            answers: About the same rows.
            ordering: The list's order.
        """
        params = self.request.query_params
        explained = {"filters": self.understood(), "ordering": ordering} if wants_explanation(params) else None
        if type(self).texts is not None and "search" in self.cleaned:
            texts = type(self).texts(self.request, ids, answers)
            highlighter = Highlighter(self.cleaned["search"])
            for pk, answer in zip(ids, answers, strict=True):
                answer["highlight"] = highlight(highlighter, texts.get(pk, ()))
        return {} if explained is None else {"explain": explained}

    def understood(self) -> list[dict[str, Any]]:
        """What each parameter was taken to mean, for `explain=true`."""
        given = [
            _explained(name, one.row.name, one.lookup_expr, one.value.as_json(self.cleaned[name]))
            | {"negated": one.exclude, "found": self.found[name] if one.row.find is not None else None}
            for name, one in self.base_filters.items()
            if name in self.cleaned
        ]
        return given + [
            _explained("", column, "exact", value)
            for condition in self._implied()
            for column, value in condition.items()
        ]

    def _implied(self) -> list[dict[str, Any]]:
        asked = {self.base_filters[name].row.name for name in self.cleaned}
        return [condition for names, condition in self.implied if not names & asked]


def _explained(parameter: str, field: str, lookup: str, value: Any) -> dict[str, Any]:
    """One line of the explanation; without a parameter it is implied."""
    line = {"parameter": parameter or None, "field": field, "lookup": lookup, "negated": False}
    return line | {"value": value, "found": None}


# --- Outlets ---------------------------------------------------------------------------------------------------------


def sources_by_id_or_slug(lookup: str, words: list[str]) -> list[int]:
    """Ids of the outlets that these ids or slugs name."""
    found = Source.objects.filter(Q(id__in=ids_among(words)) | Q(slug__in=words))
    return list(found.values_list("id", flat=True))


def sources_where(column: str) -> Callable[[str, Any], list[int]]:
    """Finds outlets by one of their columns; they are few, so they are found first and named to the list's query."""

    def find(lookup: str, value: Any) -> list[int]:
        return list(Source.objects.filter(**{f"{column}__{lookup}": value}).values_list("id", flat=True))

    return find


def _sources_named(lookup: str, value: str | list[str]) -> list[int]:
    keys = {source_key(name) for name in (value if isinstance(value, list) else [value])}
    return list(Source.objects.filter(aliases__key__in=keys).values_list("id", flat=True))


_FEW = "outlets are few: thousands, in a table that is read at once"


def moments(noun: str, index: str, *names: str) -> tuple[Field, ...]:
    """When a row was made and when it was last changed; rows of every table have both."""
    says = {"created_at": f"When the {noun} was stored.", "modified_at": f"When the {noun} was last changed."}
    return tuple(
        Field(name, Moment(), says[name], "2026-03-01T00:00:00Z", index, is_equal=False) for name in names or says
    )


def source_fields(path: str, index: str) -> tuple[Field, ...]:
    """The outlet of whatever has one: by id or slug, and by its columns."""
    kinds = Choice(Source.Kind.values)
    by_name: Options = {"path": path, "is_many": True, "find": sources_by_id_or_slug}
    return (
        Field("source", IdOrSlug(), "Id or slug of an outlet.", "valley-post", index, **by_name),
        Field("source__kind", kinds, "What sort of outlet it is.", "newspaper", index, **_where(path, "kind")),
        Field("source__domain", Text(), "The outlet's web domain.", "post.example", index, **_where(path, "domain")),
        Field("source__language", Text(), "The outlet's language.", "en", index, **_where(path, "language")),
    )


def _where(path: str, column: str) -> Options:
    return {"path": path, "find": sources_where(column)}


class SourceFilter(TableFilterSet):
    """Filters of outlets."""

    fields = (
        Field("id", RowId(), "The outlet's id.", "6", "primary key", is_many=True),
        Field("slug", Text(), "The outlet's slug.", "valley-post", "unique"),
        Field(
            *("name", Value(), "Any name of the outlet, whole; case, accents and “the” aside.", "The Valley Post"),
            "unique key of aliases",
            path="id",
            find=_sources_named,
        ),
        Field("kind", Choice(Source.Kind.values), "What sort of outlet it is.", "newspaper", _FEW),
        Field("domain", Text(), "Its web domain.", "post.example", "on the column"),
        Field("language", Text(), "BCP 47, such as en or en-IN.", "en", _FEW),
        *moments("outlet", _FEW),
    )
    facets = {"kind": Facet("kind"), "language": Facet("language")}
