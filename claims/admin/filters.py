"""Filters of the claim list.

Speakers and outlets are searched, never listed: fifty thousand of them would make the page, not the filter. A wrong
value is refused as the stock filters refuse it (`IncorrectLookupParameters`), not ignored.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Exists, Field, OuterRef, QuerySet
from django.http import HttpRequest

from claims.models import Claim, Rating, Speaker, Verdict
from sources.models import Article

FOLDED = "claims/admin/filter.html"
FIRST_ACTS = (Claim.Act.STATEMENT, Claim.Act.ATTITUDE)
LIVE_STATES = (Verdict.State.DRAFT, Verdict.State.PROPOSED, Verdict.State.PUBLISHED)


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


class ActFilter(DefaultFilter):
    """What the speaker does; statements and attitudes first, since only they can be checked."""

    title = "act"
    parameter_name = "act"
    default_label = "statements and attitudes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", "all"), *Claim.Act.choices]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if value == "all":
            return queryset
        return queryset.filter(act=value) if value else queryset.filter(act__in=FIRST_ACTS)


class DepthFilter(DefaultFilter):
    """Whether the claim stands within another one."""

    title = "relayed"
    parameter_name = "relayed"
    default_label = "said directly"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", "all"), ("yes", "relayed by another speaker")]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if value == "all":
            return queryset
        return queryset.filter(depth__gt=0) if value else queryset.filter(depth=0)


class DeskFilter(DefaultFilter):
    """Whose work it is."""

    title = "desk"
    parameter_name = "desk"
    template = "admin/filter.html"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.user_id = request.user.pk
        return [
            ("mine", "mine"),
            ("unassigned", "unassigned"),
            ("orphaned", "no longer found by the engine"),
        ]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if value == "mine":
            return queryset.filter(assignee=self.user_id)
        if value == "unassigned":
            return queryset.filter(assignee=None)
        return queryset.orphans() if value else queryset


class ConfidenceFilter(DefaultFilter):
    """How sure the engine is that this is a claim."""

    title = "confidence"
    parameter_name = "sure"
    default_label = "all"
    bounds = {"low": (0.0, 0.5), "middle": (0.5, 0.8), "high": (0.8, 1.01)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("high", "0.8 and more"), ("middle", "0.5 to 0.8"), ("low", "below 0.5")]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return queryset
        low, high = self.bounds[value]
        return queryset.filter(confidence__gte=low, confidence__lt=high)


class VerdictFilter(DefaultFilter):
    """How far the desk's finding is."""

    title = "verdict"
    parameter_name = "verdict"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", "none yet"), *Verdict.State.choices]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return queryset
        verdicts = Verdict.objects.filter(claim=OuterRef("pk"))
        if value == "none":
            return queryset.filter(~Exists(verdicts.filter(state__in=LIVE_STATES)))
        return queryset.filter(Exists(verdicts.filter(state=value)))


class RatingFilter(DefaultFilter):
    """What the desk found, or is about to find."""

    title = "rating"
    parameter_name = "rating"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Rating.objects.values_list("slug", "label"))

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return queryset
        rated = Verdict.objects.filter(claim=OuterRef("pk"), rating__slug=value, state__in=LIVE_STATES)
        return queryset.filter(Exists(rated))


class FormFilter(admin.ListFilter):
    """A filter with input fields instead of links; the other filters' values travel along as hidden fields."""

    template = "claims/admin/form_filter.html"
    parameters: tuple[str, ...] = ()

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: type, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
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

    def form(self) -> forms.Form:
        """A select that the admin's autocomplete fills."""
        widget = AutocompleteSelect(self.field, self.admin_site)
        choice = forms.ModelChoiceField(self.model.objects.all(), required=False, widget=widget, label=self.title)
        form = type("RelationForm", (forms.Form,), {self.parameter: choice})
        return form(self.used_parameters, auto_id=f"filter-{self.parameter}")

    def value(self) -> int | None:
        """The chosen row's id."""
        value = str(self.used_parameters.get(self.parameter, ""))
        if value and not (value.isascii() and value.isdecimal() and len(value) < 19):
            raise IncorrectLookupParameters(f"{self.parameter}: {value!r} is no id")
        return int(value) if value else None


class SpeakerFilter(SearchedRelationFilter):
    """Claims of one speaker, joint ones included; a merged speaker's id stands for the survivor."""

    title = "speaker"
    parameters = ("speaker",)
    model = Speaker
    field = Claim._meta.get_field("speakers")

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        speaker_id = self.value()
        if speaker_id is None:
            return queryset
        links = Claim.speakers.through.objects.filter(speaker=survivor_id(speaker_id))
        return queryset.filter(pk__in=links.values("claim"))


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


class SaidOnFilter(DayRangeFilter):
    """When it was said."""

    parameters = ("said_on__gte", "said_on__lte")


class PublishedOnFilter(DayRangeFilter):
    """When the article came out."""

    parameters = ("published_on__gte", "published_on__lte")


def autocomplete_media(field: Any, admin_site: Any) -> forms.Media:
    """The scripts of the admin's autocomplete, which a list does not load by itself."""
    return AutocompleteSelect(field, admin_site).media


def survivor_id(speaker_id: int) -> int:
    """The speaker that now stands for this one: itself, unless merges absorbed it."""
    seen: set[int] = set()
    while speaker_id not in seen:
        seen.add(speaker_id)
        into = Speaker.objects.filter(pk=speaker_id).values_list("merged_into", flat=True).first()
        if into is None:
            break
        speaker_id = into
    return speaker_id


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
