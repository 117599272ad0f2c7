"""The triage list of claims, and the door to a claim's page (`claim_page`).

What the engine wrote is read-only here; whatever an editor changes goes through the services, which check the role and
write the ledger. So Django's own change permission plays no part: nobody has it.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims.admin import claim_filters
from claims.admin.bulk import run_action
from claims.admin.claim_page import ClaimPage
from claims.admin.exporting import export_response
from claims.admin.filters import FoldedChoices, autocomplete_media
from claims.admin.findings import finding_badge, finding_words, newest_finding, tag_badge
from claims.admin.paging import LookaheadAdmin, LookaheadChangeList, count_of
from claims.admin.queue import next_address
from claims.admin.rendering import badge, short_day
from claims.admin.saved import manage_view, save_view, saved_bar
from claims.extraction.identity import alias_key
from claims.models import Claim, ClaimSpeaker, Note, SpeakerAlias
from claims.services.looks import note_look


class TriageList(LookaheadChangeList):
    """The list as one editor may see it."""

    def columns(self, queryset: QuerySet, request: HttpRequest) -> QuerySet:
        return super().columns(queryset, request).annotate(found=newest_finding(request.user))


@admin.register(Claim)
class ClaimAdmin(LookaheadAdmin):
    """The triage list."""

    list_display = (
        "quote",
        "who",
        "outlet",
        "day",
        "sureness",
        "review",
        "finding",
        "assignee_name",
        "note_count",
    )
    list_display_links = ("quote",)
    list_filter = (
        claim_filters.DeskFilter,
        claim_filters.SpeakerFilter,
        claim_filters.ClaimSourceFilter,
        claim_filters.SaidOnFilter,
        claim_filters.AssigneeFilter,
        claim_filters.TagFilter,
        ("review_status", FoldedChoices),
        claim_filters.VerdictFilter,
        claim_filters.RatingFilter,
        claim_filters.NotesFilter,
        ("kind", FoldedChoices),
        claim_filters.ActFilter,
        ("speaker_status", FoldedChoices),
        claim_filters.ConfidenceFilter,
        claim_filters.AddedFilter,
        claim_filters.DepthFilter,
    )
    search_fields = ("text",)
    search_help_text = "Words of the claim, or the speaker’s name."
    ordering = ("-said_on", "-id")
    actions = (
        "assign",
        "change_status",
        "add_tags",
        "remove_tags",
        "mark_duplicates",
        "mark_as_seen",
        "export_csv",
        "export_ndjson",
    )
    actions_selection_counter = True
    change_list_template = "claims/admin/claim_list.html"

    @property
    def media(self) -> forms.Media:
        return (
            super().media
            + forms.Media(js=["claims/seen.js"])
            + autocomplete_media(claim_filters.SpeakerFilter.field, self.admin_site)
        )

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
        return (
            queryset.select_related("article__source", "assignee")
            .annotate(note_total=count_of(Note.objects.all(), "claim"))
            .defer("article__text", "spans", "cue_spans", "mention_spans", "context")
            .prefetch_related(Prefetch("links", links), "tags")
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
    def quote(self, claim: Claim) -> SafeString:
        text = Truncator(claim.text).chars(140)
        act = claim.get_act_display() if claim.act != Claim.Act.STATEMENT else ""
        marks = [badge(act, "quiet")] if act else []
        marks += [tag_badge(tag) for tag in claim.tags.all()]
        if not marks:
            return format_html("{}", text)
        return format_html(
            '{}<span class="ct-marks">{}</span>', text, format_html_join(" ", "{}", ((m,) for m in marks))
        )

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
        return finding_badge(claim)

    @admin.display(description="assignee")
    def assignee_name(self, claim: Claim) -> str:
        return str(claim.assignee) if claim.assignee else ""

    @admin.display(description="notes")
    def note_count(self, claim: Claim) -> str:
        return str(claim.note_total or "")  # type: ignore[attr-defined]

    # --- actions ---

    @admin.action(description="Assign…", permissions=["review"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "assign")

    @admin.action(description="Set review status…", permissions=["review"])
    def change_status(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "change_status")

    @admin.action(description="Add tags…", permissions=["review"])
    def add_tags(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "add_tags")

    @admin.action(description="Take tags off…", permissions=["review"])
    def remove_tags(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "remove_tags")

    @admin.action(description="Mark as duplicates…", permissions=["review"])
    def mark_duplicates(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "mark_duplicates")

    @admin.action(description="Mark as seen by me…", permissions=["view"])
    def mark_as_seen(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse:
        return run_action(self, request, queryset, "mark_as_seen")

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponseBase:
        return export_response(request, queryset, "csv", finding_words)

    @admin.action(description="Export as JSON lines", permissions=["view"])
    def export_ndjson(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponseBase:
        return export_response(request, queryset, "ndjson", finding_words)

    # --- the claim's page ---

    def get_urls(self) -> list[URLPattern]:
        protect = self.admin_site.admin_view
        own = [
            path("filters/", protect(partial(manage_view, self)), name="claims_savedfilter_manage"),
            path("filters/save/", protect(partial(save_view, self)), name="claims_savedfilter_save"),
            path("<path:object_id>/seen/", protect(self.seen_view), name="claims_claim_seen"),
            path("<path:object_id>/next/", protect(self.next_view), name="claims_claim_next"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, saved_bar(request) | (extra_context or {}))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TriageList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        response = ClaimPage(self, request, claim).response()
        if request.method == "POST" and response.status_code == 302:
            note_look(request.user, claim.pk)  # one's own change is no news; `seen.js` tells of mere looking
        return response

    def seen_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The claim's page is before the editor's eyes."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        claim = self._claim(request, object_id)
        if claim is None:
            return HttpResponse(status=404)
        note_look(request.user, claim.pk)
        return HttpResponse(status=204)

    def next_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Goes on to the next claim of the list that the editor came from."""
        claim = self._claim(request, object_id)
        if claim is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(next_address(self, request, claim))

    def _claim(self, request: HttpRequest, object_id: str) -> Claim | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Claim.objects.select_related(
            "article__source", "article__claim_review__reviewer", "assignee", "run", "within"
        )
        try:
            return rows.filter(pk=int(object_id)).first()
        except (ValueError, OverflowError):
            return None
