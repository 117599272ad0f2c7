"""The triage list of claims, and the door to a claim's page (`claim_page`).

What the engine wrote is read-only here; whatever an editor changes goes through the services, which check the role and
write the ledger. So Django's own change permission plays no part: nobody has it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims.admin import filters
from claims.admin.claim_page import ClaimPage
from claims.admin.paging import LookaheadAdmin, count_of
from claims.admin.queue import next_address
from claims.admin.rendering import badge, rating_badge, short_day
from claims.errors import ClaimError
from claims.extraction.identity import alias_key
from claims.models import Claim, ClaimSpeaker, Note, SpeakerAlias, Verdict
from claims.services.verification import assign, set_review_status

MOST_AT_ONCE = 5_000  # claims one action may change in one request; the ledger gets a row for each
SHOWN_FIRST = (Verdict.State.PUBLISHED, Verdict.State.PROPOSED, Verdict.State.DRAFT)


class TriageForm(ActionForm):
    """The action bar, with the status that "set review status" sets."""

    status = forms.ChoiceField(
        label="Status:", required=False, choices=[("", "choose a status"), *Claim.ReviewStatus.choices]
    )


@admin.register(Claim)
class ClaimAdmin(LookaheadAdmin):
    """The triage list."""

    list_display = (
        "quote",
        "who",
        "outlet",
        "day",
        "kind_and_act",
        "sureness",
        "review",
        "finding",
        "assignee_name",
        "note_count",
    )
    list_display_links = ("quote",)
    list_filter = (
        filters.DeskFilter,
        filters.SpeakerFilter,
        filters.SourceFilter,
        filters.SaidOnFilter,
        ("review_status", filters.FoldedChoices),
        filters.VerdictFilter,
        filters.RatingFilter,
        ("kind", filters.FoldedChoices),
        filters.ActFilter,
        ("speaker_status", filters.FoldedChoices),
        filters.ConfidenceFilter,
        filters.DepthFilter,
    )
    search_fields = ("text",)
    search_help_text = "Words of the claim, or the speaker’s name."
    ordering = ("-said_on", "-id")
    action_form = TriageForm
    actions = ("assign_to_me", "unassign", "change_status")
    actions_selection_counter = True

    @property
    def media(self) -> forms.Media:
        return super().media + filters.autocomplete_media(filters.SpeakerFilter.field, self.admin_site)

    # --- who may what ---

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return False

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Asked by the actions; the services ask again."""
        return request.user.has_perm("claims.review_claim")

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).current()

    def for_list(self, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        links = ClaimSpeaker.objects.select_related("speaker")
        verdicts = Verdict.objects.filter(state__in=SHOWN_FIRST).select_related("rating")
        return (
            queryset.select_related("article__source", "assignee")
            .annotate(note_total=count_of(Note.objects.all(), "claim"))
            .defer("article__text", "spans", "cue_spans", "mention_spans", "context")
            .prefetch_related(
                Prefetch("links", links),
                Prefetch("verdicts", verdicts.only("claim_id", "state", "rating")),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """All words in the claim, or the whole term in a name of its speaker."""
        words = search_term.split()[:12]
        if not words:
            return queryset, False
        in_text = Q()
        for word in words:
            in_text &= Q(text__icontains=word)
        named = SpeakerAlias.objects.filter(key__contains=alias_key(search_term))
        links = ClaimSpeaker.objects.filter(speaker__in=named.values("speaker"))
        return queryset.filter(in_text | Q(pk__in=links.values("claim"))), False

    @admin.display(description="quote")
    def quote(self, claim: Claim) -> str:
        return Truncator(claim.text).chars(140)

    @admin.display(description="speaker")
    def who(self, claim: Claim) -> SafeString | str:
        links = list(claim.links.all())
        names = format_html_join(", ", "{}", ((link.speaker.name if link.speaker else link.words,) for link in links))
        if claim.speaker_status == Claim.SpeakerStatus.RESOLVED:
            return names
        return format_html("{} {}", names, badge(claim.get_speaker_status_display(), "quiet"))

    @admin.display(description="source")
    def outlet(self, claim: Claim) -> str:
        return claim.article.source.name

    @admin.display(description="date", ordering="said_on")
    def day(self, claim: Claim) -> str:
        return short_day(claim.said_on)

    @admin.display(description="kind, act", ordering="kind")
    def kind_and_act(self, claim: Claim) -> SafeString:
        return format_html("{}<br>{}", claim.get_kind_display(), claim.get_act_display())

    @admin.display(description="confidence", ordering="confidence")
    def sureness(self, claim: Claim) -> str:
        return f"{claim.confidence:.2f}"

    @admin.display(description="status", ordering="review_status")
    def review(self, claim: Claim) -> SafeString:
        orphan = claim.alignment == Claim.Alignment.VANISHED
        status = badge(claim.get_review_status_display(), f"status-{claim.review_status}")
        return format_html("{} {}", status, badge("not found any more", "warn")) if orphan else status

    @admin.display(description="verdict")
    def finding(self, claim: Claim) -> SafeString | str:
        verdicts = sorted(claim.verdicts.all(), key=lambda verdict: SHOWN_FIRST.index(verdict.state))
        if not verdicts:
            return ""
        return rating_badge(verdicts[0].rating, verdicts[0].state)

    @admin.display(description="assignee")
    def assignee_name(self, claim: Claim) -> str:
        return str(claim.assignee) if claim.assignee else ""

    @admin.display(description="notes")
    def note_count(self, claim: Claim) -> str:
        return str(claim.note_total or "")  # type: ignore[attr-defined]

    # --- actions ---

    @admin.action(description="Assign to me", permissions=["review"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        self._apply(
            request, queryset, lambda claims: assign(claims, actor=request.user, assignee=request.user), "assigned"
        )

    @admin.action(description="Assign to nobody", permissions=["review"])
    def unassign(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        self._apply(request, queryset, lambda claims: assign(claims, actor=request.user, assignee=None), "unassigned")

    @admin.action(description="Set review status", permissions=["review"])
    def change_status(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        status = request.POST.get("status", "")
        if not status:
            self.message_user(request, "Choose the status to set, beside the action.", messages.WARNING)
            return
        label = dict(Claim.ReviewStatus.choices).get(status, status)
        self._apply(
            request, queryset, lambda claims: set_review_status(claims, actor=request.user, status=status), f"“{label}”"
        )

    def _apply(
        self, request: HttpRequest, queryset: QuerySet[Claim], change: Callable[[Sequence[Claim]], int], done: str
    ) -> None:
        """Runs a service over the chosen claims, all or none."""
        matching = Claim.objects.filter(pk__in=queryset.order_by().values("pk"))
        chosen = list(matching.only("pk")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            self.message_user(
                request, f"More than {MOST_AT_ONCE} claims match: narrow the filters and try again.", messages.ERROR
            )
            return
        try:
            with transaction.atomic():
                # A hundred at a time keeps the list of ids within what every database takes.
                changed = sum(change(chosen[start : start + 100]) for start in range(0, len(chosen), 100))
        except ClaimError as error:
            self.message_user(request, error.message, messages.ERROR)
            return
        noun = "claim is" if changed == 1 else "claims are"
        same = f" ({len(chosen) - changed} were already)" if changed < len(chosen) else ""
        self.message_user(request, f"{changed} {noun} now {done}{same}.", messages.SUCCESS)

    # --- the claim's page ---

    def get_urls(self) -> list[URLPattern]:
        step = path("<path:object_id>/next/", self.admin_site.admin_view(self.next_view), name="claims_claim_next")
        return [step, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return ClaimPage(self, request, claim).response()

    def next_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Goes on to the next claim of the list that the editor came from."""
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(next_address(self, request, claim))

    def _claim(self, request: HttpRequest, object_id: str) -> Claim | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Claim.objects.select_related("article__source", "assignee", "run", "within")
        try:
            return rows.filter(pk=int(object_id)).first()
        except (ValueError, OverflowError):
            return None
