"""Filters of the triage list: one for each column, and the desk's own heaps.

Whatever narrows by verdict sees only what the editor may see: a rating that is sealed until the second editor has given
theirs is found by no filter either. Choices come from `desk_choices`, which asks once.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone

from claims.admin.choices import desk_choices
from claims.admin.filters import DayRangeFilter, DefaultFilter, FormFilter, SearchedRelationFilter, SourceFilter
from claims.extraction.confidence import THRESHOLDS
from claims.models import Claim, ClaimTag, Note, SecondOpinion, Speaker, Verdict
from claims.services.looks import changed_since_look

FIRST_ACTS = (Claim.Act.STATEMENT, Claim.Act.ATTITUDE)
LIVE_STATES = (Verdict.State.DRAFT, Verdict.State.PROPOSED, Verdict.State.PUBLISHED)
OPEN_STATUSES = (Claim.ReviewStatus.NEW, Claim.ReviewStatus.IN_REVIEW, Claim.ReviewStatus.SECOND_CHECK)
UNRESOLVED = (Claim.SpeakerStatus.AMBIGUOUS, Claim.SpeakerStatus.UNRESOLVED)


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
    """The desk's heaps: whose work it is, and what asks for a look."""

    title = "desk"
    parameter_name = "desk"
    template = "admin/filter.html"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.user = request.user
        return [
            ("todo", "mine and not done"),
            ("mine", "mine"),
            ("unassigned", "unassigned"),
            ("unresolved", "speaker unresolved"),
            ("orphaned", "orphaned by re-extraction"),
            ("changed", "changed since I looked"),
            ("disputed", "editors disagree"),
            ("tocheck", "waits for my rating"),
        ]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        heaps: dict[str, Callable[[], QuerySet]] = {
            "todo": lambda: queryset.filter(assignee=self.user.pk, review_status__in=OPEN_STATUSES),
            "mine": lambda: queryset.filter(assignee=self.user.pk),
            "unassigned": lambda: queryset.filter(assignee=None),
            "unresolved": lambda: queryset.filter(speaker_status__in=UNRESOLVED),
            "orphaned": queryset.orphans,
            "changed": lambda: queryset.filter(pk__in=changed_since_look(self.user).values("claim")),
            "tocheck": lambda: queryset.filter(pk__in=verdicts_to_check(self.user).values("claim")),
            "disputed": lambda: queryset.filter(pk__in=disputed_verdicts().values("claim")),
        }
        return heaps[value]() if value else queryset


class AddedFilter(DefaultFilter):
    """When the claim came to the desk."""

    title = "arrival"
    parameter_name = "added"
    default_label = "any time"
    days = {"yesterday": 1, "week": 7}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yesterday", "since yesterday"), ("week", "in the last seven days")]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        return queryset.filter(created_at__gte=since(self.days[value])) if value else queryset


class NotesFilter(DefaultFilter):
    """Whether somebody wrote about it."""

    title = "notes"
    parameter_name = "notes"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", "with notes"), ("none", "without notes"), *Note.Kind.choices]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        notes = Note.objects.filter(claim=OuterRef("pk"))
        if value == "none":
            return queryset.filter(~Exists(notes))
        if value == "any":
            return queryset.filter(pk__in=Note.objects.values("claim"))
        return queryset.filter(pk__in=Note.objects.filter(kind=value).values("claim")) if value else queryset


class VerdictFilter(DefaultFilter):
    """How far the desk's finding is."""

    title = "verdict"
    parameter_name = "verdict"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", "none yet"), *Verdict.State.choices, ("week", "published in the last seven days")]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return queryset
        verdicts = Verdict.objects.filter(claim=OuterRef("pk"))
        if value == "none":
            return queryset.filter(~Exists(verdicts.filter(state__in=LIVE_STATES)))
        if value == "week":
            return queryset.filter(pk__in=published_since(since(7)).values("claim"))
        return queryset.filter(Exists(verdicts.filter(state=value)))


class RatingFilter(DefaultFilter):
    """What the desk found, or is about to find, as far as this editor may know."""

    title = "rating"
    parameter_name = "rating"
    default_label = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.user = request.user
        return [(rating.detail, rating.label) for rating in desk_choices(request).ratings]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return queryset
        readable = Verdict.objects.readable_by(self.user)
        rated = readable.filter(claim=OuterRef("pk"), rating__slug=value, state__in=LIVE_STATES)
        return queryset.filter(Exists(rated))


class ConfidenceFilter(FormFilter):
    """How sure the engine is at least: any number, with the documented thresholds at hand."""

    title = "confidence"
    template = "claims/admin/confidence_filter.html"
    parameters = ("min_confidence",)
    thresholds = THRESHOLDS

    def form(self) -> forms.Form:
        """One number."""
        attrs = {"min": 0, "max": 1, "step": 0.01, "inputmode": "decimal"}
        field = forms.FloatField(label="At least", required=False, widget=forms.NumberInput(attrs=attrs))
        return type("ConfidenceForm", (forms.Form,), {"min_confidence": field})(
            self.used_parameters, auto_id="filter-%s"
        )

    def choices(self, changelist: Any) -> Iterable[dict[str, Any]]:
        """The form, and the thresholds by name."""
        chosen = str(self.used_parameters.get("min_confidence", ""))
        named = [
            (name, low, changelist.get_query_string({"min_confidence": low}), chosen == str(low))
            for name, low in THRESHOLDS.items()
        ]
        for choice in super().choices(changelist):
            yield choice | {"thresholds": named}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        text = str(self.used_parameters.get("min_confidence", ""))
        if not text:
            return queryset
        try:
            low = float(text)
        except ValueError:
            low = -1.0
        if not 0 <= low <= 1:
            raise IncorrectLookupParameters(f"min_confidence: {text!r} is no number from 0 to 1")
        return queryset.filter(confidence__gte=low)


class ChoiceFilter(FormFilter):
    """One of some dozens of rows, in a select."""

    def options(self) -> list[tuple[str, str]]:
        """Values and labels."""
        raise NotImplementedError

    def form(self) -> forms.Form:
        """The select."""
        field = forms.ChoiceField(label=self.title, required=False, choices=[("", "all"), *self.options()])
        name = self.parameters[0]
        return type("ChoiceForm", (forms.Form,), {name: field})(self.used_parameters, auto_id=f"filter-{name}")

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = str(self.used_parameters.get(self.parameters[0], ""))
        if not value:
            return queryset
        if value not in dict(self.options()):
            raise IncorrectLookupParameters(f"{self.parameters[0]}: {value!r} is none of the choices")
        return self.narrow(queryset, int(value))

    def narrow(self, queryset: QuerySet, chosen: int) -> QuerySet:
        """The rows for an id."""
        raise NotImplementedError


class AssigneeFilter(ChoiceFilter):
    """Whose it is."""

    title = "assignee"
    parameters = ("assignee",)

    def options(self) -> list[tuple[str, str]]:
        return [(str(one.pk), one.label) for one in desk_choices(self.request).people]

    def narrow(self, queryset: QuerySet, chosen: int) -> QuerySet:
        return queryset.filter(assignee=chosen)


class TagFilter(ChoiceFilter):
    """Which tag it bears."""

    title = "tag"
    parameters = ("tag",)

    def options(self) -> list[tuple[str, str]]:
        return [(str(one.pk), one.label) for one in desk_choices(self.request).tags]

    def has_output(self) -> bool:
        return bool(self.used_parameters or desk_choices(self.request).tags)

    def narrow(self, queryset: QuerySet, chosen: int) -> QuerySet:
        return queryset.filter(pk__in=ClaimTag.objects.filter(tag=chosen).values("claim"))


class SpeakerFilter(SearchedRelationFilter):
    """Claims of one speaker, joint ones included; a merged speaker's id stands for the survivor."""

    title = "speaker"
    parameters = ("speaker",)
    model = Speaker
    field = Claim._meta.get_field("speakers")

    def chosen(self) -> list[tuple[Any, str]]:
        return [(one.pk, one.label) for one in desk_choices(self.request).speakers]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        speaker_id = self.value()
        if speaker_id is None:
            return queryset
        links = Claim.speakers.through.objects.filter(speaker=survivor(speaker_id))
        return queryset.filter(pk__in=links.values("claim"))


class ClaimSourceFilter(SourceFilter):
    """Claims in articles of one outlet."""

    def chosen(self) -> list[tuple[Any, str]]:
        return [(one.pk, one.label) for one in desk_choices(self.request).sources]


class SaidOnFilter(DayRangeFilter):
    """When it was said."""

    parameters = ("said_on__gte", "said_on__lte")


def survivor(speaker_id: int) -> RawSQL:
    """The id of the speaker that stands for this one after any chain of merges; no query of its own."""
    table = Speaker._meta.db_table
    steps = (
        "WITH RECURSIVE step(id, onward) AS ("  # noqa: S608  (a table's name)
        f"SELECT id, merged_into_id FROM {table} WHERE id = %s UNION "
        f"SELECT one.id, one.merged_into_id FROM {table} one JOIN step ON one.id = step.onward) "
        "SELECT id FROM step WHERE onward IS NULL"
    )
    return RawSQL(f"({steps})", [speaker_id])  # noqa: S611


def disputed_verdicts() -> QuerySet[Verdict]:
    """Proposals with which a second editor disagrees."""
    dissent = SecondOpinion.objects.filter(verdict=OuterRef("pk"), decision=SecondOpinion.Decision.DISAGREES)
    return Verdict.objects.filter(Exists(dissent), state=Verdict.State.PROPOSED)


def verdicts_to_check(user: Any) -> QuerySet[Verdict]:
    """Proposals that wait for a second rating, which this editor has not given."""
    return Verdict.objects.sealed_from(user).filter(state=Verdict.State.PROPOSED)


def published_since(moment: Any) -> QuerySet[Verdict]:
    """Published verdicts that are no older."""
    return Verdict.objects.filter(state=Verdict.State.PUBLISHED, published_at__gte=moment)


def first_acts() -> Q:
    """What the list shows as long as nobody asks for more."""
    return Q(depth=0, act__in=FIRST_ACTS)


def since(days: int) -> Any:
    """The midnight that many days before today's, by the desk's clock."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)
