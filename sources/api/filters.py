"""Filters that say what they take: fields for parameters, the base of all FilterSets, and the filters of outlets.

Each look-up is declared by hand, with a description; a parameter ending in `!` is the same filter turned round.
Nothing here decides what to do about unknown parameters: the project's REST policy does.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from sources.api.strict import nearest
from sources.models import Source
from sources.services import source_key

MAX_VALUES = 200  # of one parameter; SQLite takes 250,000 variables, a reader far fewer
MAX_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,40}", re.ASCII)
_ID_OR_SLUG = re.compile(r"[\w-]{1,320}")

# --- Fields ----------------------------------------------------------------------------------------------------------


class _Once(forms.Field):
    """A parameter that is given once."""

    takes_many = False
    schema: ClassVar[dict[str, Any]] = {"type": "string"}


class ChoiceField(_Once):
    """One value of an enumeration."""

    def __init__(self, *, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.valid = list(choices)
        self.schema = {"type": "string", "enum": self.valid}

    def clean(self, value: Any) -> str:
        return one_of(value, self.valid) if value else ""


class TextField(_Once, forms.CharField):
    """Text; no null characters."""


class DateField(_Once, forms.DateField):
    """A day, written 2026-01-31."""

    schema = {"type": "string", "format": "date"}
    default_error_messages = {"invalid": "This is no day; write it as 2026-01-31."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class FractionField(_Once, forms.FloatField):
    """A number from 0 to 1."""

    schema = {"type": "number", "minimum": 0, "maximum": 1}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=1, **kwargs)


class NumberField(_Once):
    """A whole number, not negative."""

    schema = {"type": "integer", "minimum": 0}

    def clean(self, value: Any) -> int | None:
        return _number(value) if value else None


class ManyField(forms.Field):
    """Several values: the parameter repeated, or values with commas between them; any of them may fit.

    Args:
        clean_all: Checks and converts the values.
        item: Schema of one value.
    """

    takes_many = True

    def __init__(self, *, clean_all: Callable[[list[str]], list[Any]], item: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(widget=_ManyInput(), **kwargs)
        self.clean_all = clean_all
        self.schema = {"type": "array", "items": item}

    def clean(self, value: list[str]) -> list[Any]:
        if len(value) > MAX_VALUES:
            raise ValidationError(f"At most {MAX_VALUES} values, got {len(value)}.", code="too_many")
        if not all(value):
            raise ValidationError("There is an empty value between the commas.", code="empty")
        return self.clean_all(value)


class _ManyInput(forms.Widget):
    def value_from_datadict(self, data: QueryDict, files: Any, name: str) -> list[str]:
        return [part.strip() for value in data.getlist(name) for part in value.split(",")]


def one_of(value: str, valid: Collection[str]) -> str:
    """The value.

    Raises:
        ValidationError: it is not valid; the nearest that is comes with it.
    """
    if value in valid:
        return value
    # As a parameter, since Django reads the signs of a message that has parameters (“100%”) as its format.
    message = f"“{value[:100]}” is not one of {', '.join(valid)}."
    params = {"message": message, "suggestion": nearest(value, valid)}
    raise ValidationError("%(message)s", code="invalid_choice", params=params)


def _number(value: str) -> int:
    if not _ID.fullmatch(value.strip()):
        raise ValidationError(f"“{value[:40]}” is not a whole number.", code="invalid")
    return min(int(value), MAX_ID)


def _numbers(values: list[str]) -> list[int]:
    return [_number(value) for value in values]


def _ids_or_slugs(values: list[str]) -> list[str]:
    for value in values:
        if not _ID_OR_SLUG.fullmatch(value):
            message = f"“{value[:100]}” is neither an id nor a slug; names have a filter of their own."
            raise ValidationError(message, code="invalid")
    return values


# --- Filters ---------------------------------------------------------------------------------------------------------


class ChoiceFilter(django_filters.Filter):
    """One value of an enumeration."""

    field_class = ChoiceField


class ManyChoicesFilter(django_filters.Filter):
    """Any of several values of an enumeration."""

    field_class = ManyField

    def __init__(self, field_name: str, *, choices: Collection[str], **kwargs: Any) -> None:
        valid = list(choices)
        item = {"type": "string", "enum": valid}
        super().__init__(
            field_name, "in", clean_all=lambda values: [one_of(one, valid) for one in values], item=item, **kwargs
        )


class TextFilter(django_filters.Filter):
    """Text."""

    field_class = TextField


class DateFilter(django_filters.Filter):
    """A day."""

    field_class = DateField


class FractionFilter(django_filters.Filter):
    """A number from 0 to 1."""

    field_class = FractionField


class NumberFilter(django_filters.Filter):
    """A whole number."""

    field_class = NumberField


class IdsFilter(django_filters.Filter):
    """Any of several ids."""

    field_class = ManyField

    def __init__(self, field_name: str | None = None, **kwargs: Any) -> None:
        super().__init__(field_name, "in", clean_all=_numbers, item={"type": "integer"}, **kwargs)


class IdOrSlugFilter(django_filters.Filter):
    """Rows that point to any of these, by id or slug; absent ones find nothing.

    Args:
        find: Gives the ids that the given words mean.
    """

    field_class = ManyField

    def __init__(self, field_name: str, *, find: Callable[[list[str]], Collection[int]], **kwargs: Any) -> None:
        super().__init__(field_name, "in", clean_all=_ids_or_slugs, item={"type": "string"}, **kwargs)
        self.find = find

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        return self.get_method(queryset)(**{f"{self.field_name}__in": self.find(value)})


class ExplicitFilterSet(django_filters.FilterSet):
    """A FilterSet whose filters are all declared by hand.

    Attributes:
        negatable: Names of filters that also exist with a trailing `!`.
    """

    base_filters: dict[str, django_filters.Filter]  # set by the metaclass
    negatable: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: QueryDict, queryset: QuerySet, *, request: Any = None) -> None:
        # Only what is asked for: copying and checking forty unused fields would cost more than the query.
        self.base_filters = {name: one for name, one in type(self).base_filters.items() if name in data}
        super().__init__(data, queryset, request=request)

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The declared filters, and the negated ones behind them."""
        filters = super().get_filters()
        for name in cls.negatable:
            turned = copy.copy(filters[name])
            turned.exclude = not turned.exclude
            filters[f"{name}!"] = turned
        return filters


def ids_among(words: Iterable[str]) -> list[int]:
    """Those words that may be ids, as numbers."""
    return [int(word) for word in words if _ID.fullmatch(word) and int(word) <= MAX_ID]


def sources_by_id_or_slug(words: list[str]) -> list[int]:
    """Ids of the outlets that these ids or slugs name."""
    ids = ids_among(words)
    return list(Source.objects.filter(Q(id__in=ids) | Q(slug__in=words)).values_list("id", flat=True))


class SourceFilter(ExplicitFilterSet):
    """Filters of outlets."""

    negatable = ("kind",)

    id__in = IdsFilter("id", help_text="Any of these ids.")
    slug = TextFilter(help_text="The outlet's slug.")
    name = TextFilter(method="by_name", help_text="Any name of the outlet, whole; case, accents and “the” aside.")
    kind = ChoiceFilter(choices=Source.Kind.values, help_text="What sort of outlet it is.")
    kind__in = ManyChoicesFilter("kind", choices=Source.Kind.values, help_text="Any of these kinds.")
    domain = TextFilter(help_text="The outlet's web domain.")
    language = TextFilter(help_text="BCP 47, for example en or en-IN.")

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.named(source_key(value))
