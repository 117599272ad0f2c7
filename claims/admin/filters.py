"""What the desk's filters have in common; those of the claim list are in `claim_filters`.

Speakers and outlets are searched, never listed: fifty thousand of them would make the page, not the filter. A wrong
value is refused as the stock filters refuse it (`IncorrectLookupParameters`), not ignored.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field, QuerySet
from django.http import HttpRequest

from sources.models import Article

FOLDED = "claims/admin/filter.html"


class FoldedChoices(admin.ChoicesFieldListFilter):
    """The stock filter over a field's choices, folded until it is used."""

    template = FOLDED


class DefaultFilter(admin.SimpleListFilter):
    """A filter whose unset state already narrows the list; `all` lifts it."""

    template = FOLDED
    default_label = ""

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """The default first, then the rest."""
        for value, label in ((None, self.default_label), *self.lookup_choices):
            query = changelist.get_query_string({str(self.parameter_name): value})
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrows to the default, or to what was chosen."""
        value = self.value()
        if value is not None and value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters(f"{self.parameter_name}: {value!r} is none of the choices")
        return self.narrow(queryset, value)

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        """The rows for a value; None stands for the default."""
        raise NotImplementedError


class ChosenSelect(AutocompleteSelect):
    """The admin's autocomplete, told the name of what is chosen instead of reading it."""

    named: Iterable[tuple[Any, str]] | None = None

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        # An empty box does not say that it filters nothing.
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": "any"}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        if self.named is None:
            return super().optgroups(name, value, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        rows = [self.create_option(name, pk, label, True, index) for index, (pk, label) in enumerate(self.named, 1)]
        return [(None, [*empty, *rows], 0)]


class FormFilter(admin.ListFilter):
    """A filter with input fields instead of links; the other filters' values travel along as hidden fields."""

    template = "claims/admin/form_filter.html"
    parameters: tuple[str, ...] = ()

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: type, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        self.admin_site = model_admin.admin_site
        for name in self.parameters:
            value = params.pop(name, [""])[-1]
            if value:
                self.used_parameters[name] = value

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:
        return list(self.parameters)

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """One item: the form and what it must carry along."""
        kept = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name not in self.parameters and name != "p"
            for value in (values if isinstance(values, list) else [values])
        ]
        yield {
            "form": self.form(),
            "kept": kept,
            "selected": bool(self.used_parameters),
            "clear": changelist.get_query_string(remove=list(self.parameters)),
        }

    def form(self) -> forms.Form:
        """The bound form with this filter's fields."""
        raise NotImplementedError


class SearchedRelationFilter(FormFilter):
    """A related row found by typing its name."""

    model: Any = None
    field: Field

    @property
    def parameter(self) -> str:
        """Its one query parameter."""
        return self.parameters[0]

    def chosen(self) -> Iterable[tuple[Any, str]] | None:
        """The chosen row with its name, where a list has it at hand; None reads it."""
        return None

    def form(self) -> forms.Form:
        """A select that the admin's autocomplete fills."""
        widget = ChosenSelect(self.field, self.admin_site)
        widget.named = self.chosen()
        if widget.named is not None:  # the value was checked by `value`; a row is not asked for again
            choice: forms.Field = forms.CharField(required=False, widget=widget, label=self.title)
        else:
            rows = self.model.objects.all()
            choice = forms.ModelChoiceField(rows, required=False, widget=widget, label=self.title)
        form = type("RelationForm", (forms.Form,), {self.parameter: choice})
        return form(self.used_parameters, auto_id=f"filter-{self.parameter}")

    def value(self) -> int | None:
        """The chosen row's id."""
        value = str(self.used_parameters.get(self.parameter, ""))
        if value and not (value.isascii() and value.isdecimal() and len(value) < 19):
            raise IncorrectLookupParameters(f"{self.parameter}: {value!r} is no id")
        return int(value) if value else None


class SourceFilter(SearchedRelationFilter):
    """Claims in articles of one outlet."""

    title = "source"
    parameters = ("source",)
    path = "article__source"
    model = Article._meta.get_field("source").related_model
    field = Article._meta.get_field("source")

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        source_id = self.value()
        return queryset if source_id is None else queryset.filter(**{self.path: source_id})


class ArticleSourceFilter(SourceFilter):
    """Articles of one outlet."""

    path = "source"


class DayRangeFilter(FormFilter):
    """From one day to another, both included."""

    title = "date"

    def form(self) -> forms.Form:
        """Two date fields, named like the parameters."""
        fields = dict(zip(self.parameters, (_day("From"), _day("To")), strict=True))
        return type("DayRangeForm", (forms.Form,), fields)(self.used_parameters, auto_id="filter-%s")

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        try:
            days = {name: date.fromisoformat(str(value)) for name, value in self.used_parameters.items()}
        except ValueError as error:
            raise IncorrectLookupParameters(f"dates are written 2026-01-31: {error}") from error
        return queryset.filter(**days)


class PublishedOnFilter(DayRangeFilter):
    """When the article came out."""

    parameters = ("published_on__gte", "published_on__lte")


def autocomplete_media(field: Any, admin_site: Any) -> forms.Media:
    """The scripts of the admin's autocomplete, which a list does not load by itself."""
    return AutocompleteSelect(field, admin_site).media


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
