"""Speakers: who is who, under which names, and what they said.

The stock form edits name, kind and visibility; aliases are an inline. All of it is written by the services, and merging
is an action with a page of its own (`merging`).
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import InvalidPage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.filters import DefaultFilter, FoldedChoices
from claims.admin.ledger import entries
from claims.admin.merging import merge_page, undo_page
from claims.admin.paging import LookaheadAdmin, LookaheadPaginator, count_of
from claims.admin.rendering import badge, short_day
from claims.admin.speaker_page import facts
from claims.admin.splitting import external_id_page, split_page, undo_split_page
from claims.errors import ClaimError
from claims.extraction.identity import alias_key
from claims.models import Change, ClaimSpeaker, Speaker, SpeakerAlias, SpeakerMerge
from claims.services.speaker_edits import add_alias, edit_speaker, remove_alias

CLAIMS_A_PAGE = 25


class StandingFilter(DefaultFilter):
    """Merged speakers keep their rows; the list shows those that stand."""

    title = "standing"
    parameter_name = "standing"
    template = "admin/filter.html"
    default_label = "not merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("hidden", "hidden"), ("merged", "merged into another"), ("all", "all")]

    def narrow(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if value == "all":
            return queryset
        if value == "merged":
            return queryset.filter(merged_into__isnull=False)
        return queryset.current().filter(is_hidden=True) if value else queryset.current()


class AliasForm(forms.ModelForm):
    """A new alias; refused here, before anything is saved, where its key is taken."""

    class Meta:
        model = SpeakerAlias
        fields = ("name", "is_identifying")
        widgets = {  # a table's head is no label to a screen reader
            "name": forms.TextInput(attrs={"aria-label": "Name", "class": "vTextField"}),
            "is_identifying": forms.CheckboxInput(attrs={"aria-label": "Is identifying"}),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        name = values.get("name") or ""
        if not any(char.isalnum() for char in name):
            if "name" in values:
                self.add_error("name", "An alias needs letters or digits.")
            return values
        key = alias_key(name)[:300]
        speaker_id = self.instance.speaker_id
        same = SpeakerAlias.objects.filter(key=key).exclude(pk=self.instance.pk)
        if speaker_id and same.filter(speaker=speaker_id).exists():
            self.add_error("name", "This speaker has that alias already, case and accents aside.")
        elif values.get("is_identifying") and (
            other := same.filter(is_identifying=True).select_related("speaker").first()
        ):
            self.add_error("name", f"It already identifies {other.speaker}: merge the two, or untick “identifying”.")
        return values


class AliasInline(admin.TabularInline):
    """The speaker's names; existing ones can be taken off, not rewritten."""

    model = SpeakerAlias
    form = AliasForm
    fields = ("name", "is_identifying", "came_from")
    readonly_fields = ("came_from",)
    extra = 1
    verbose_name = "name"
    verbose_name_plural = "Names"

    @admin.display(description="Came from")
    def came_from(self, alias: SpeakerAlias) -> str:
        return f"{alias.get_origin_display()}, {short_day(alias.created_at)}" if alias.pk else ""


@admin.register(Speaker)
class SpeakerAdmin(LookaheadAdmin):
    """Speakers with their names, claims and merges."""

    list_display = ("name", "kind", "claim_count", "alias_count", "standing")
    list_filter = (StandingFilter, ("kind", FoldedChoices))
    search_fields = ("name",)
    search_help_text = "Any name or alias, or a part of one; case and accents aside."
    ordering = ("name", "id")
    fields = ("name", "kind", "is_hidden", "slug")
    readonly_fields = ("slug",)
    inlines = (AliasInline,)
    actions = ("merge", "hide", "unhide")
    change_form_template = "claims/admin/speaker.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # speakers come from articles; a name alone is nobody

    def has_delete_permission(self, request: HttpRequest, obj: Speaker | None = None) -> bool:
        return False  # old ids and slugs keep answering

    def has_change_permission(self, request: HttpRequest, obj: Speaker | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Asked by the merge action; the service asks again."""
        return request.user.has_perm("claims.merge_speaker")

    # --- the list ---

    def for_list(self, queryset: QuerySet[Speaker]) -> QuerySet[Speaker]:
        # Subqueries, not joins: the database counts for the rows of the page only.
        return queryset.select_related("merged_into").annotate(
            claim_total=count_of(ClaimSpeaker.objects.all(), "speaker"),
            alias_total=count_of(SpeakerAlias.objects.all(), "speaker"),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Speaker], search_term: str
    ) -> tuple[QuerySet[Speaker], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        named = SpeakerAlias.objects.filter(key__contains=alias_key(term) or term)
        return queryset.filter(Q(name__icontains=term) | Q(pk__in=named.values("speaker"))), False

    @admin.display(description="claims")
    def claim_count(self, speaker: Speaker) -> int:
        return speaker.claim_total  # type: ignore[attr-defined]

    @admin.display(description="names")
    def alias_count(self, speaker: Speaker) -> int:
        return speaker.alias_total  # type: ignore[attr-defined]

    @admin.display(description="")
    def standing(self, speaker: Speaker) -> SafeString | str:
        if speaker.merged_into:
            return format_html("merged into {}", speaker.merged_into)
        return badge("hidden", "warn") if speaker.is_hidden else ""

    # --- actions ---

    @admin.action(description="Merge into one…", permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> HttpResponse | None:
        return merge_page(self, request, queryset)

    @admin.action(description="Hide from the public", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> None:
        self._set_hidden(request, queryset, True)

    @admin.action(description="Show to the public again", permissions=["change"])
    def unhide(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> None:
        self._set_hidden(request, queryset, False)

    def _set_hidden(self, request: HttpRequest, queryset: QuerySet[Speaker], is_hidden: bool) -> None:
        chosen = list(queryset.order_by("pk")[:1000])
        try:
            with transaction.atomic():
                for speaker in chosen:
                    edit_speaker(speaker, actor=request.user, is_hidden=is_hidden)
        except ClaimError as error:
            self.message_user(request, error.message, messages.ERROR)
            return
        self.message_user(request, f"{len(chosen)} now {'hidden' if is_hidden else 'shown'}.", messages.SUCCESS)

    # --- one speaker ---

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("merges/<int:merge_id>/undo/", undo_page, "claims_speakermerge_undo"),
            ("splits/<int:split_id>/undo/", undo_split_page, "claims_speakersplit_undo"),
            ("<int:speaker_id>/split/", split_page, "claims_speaker_split"),
            ("<int:speaker_id>/external/", external_id_page, "claims_speaker_external"),
        )
        own = [path(route, self.admin_site.admin_view(partial(page, self)), name=name) for route, page, name in pages]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            speaker = self.get_object(request, object_id)
        except ClaimError:
            speaker = None
        context = dict(extra_context or {})
        if speaker is not None and self.has_view_permission(request, speaker):
            context |= self._about(request, speaker)
        return super().change_view(request, object_id, form_url, context)

    def _about(self, request: HttpRequest, speaker: Speaker) -> dict[str, Any]:
        links = (
            ClaimSpeaker.objects.filter(speaker=speaker, claim__is_current=True)
            .select_related("claim__article__source")
            .defer("claim__article__text", "claim__spans", "claim__context")
            .order_by("-said_on", "-claim_id")
        )
        asked = request.GET.get("claims", "1")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
        paginator = LookaheadPaginator(links, CLAIMS_A_PAGE, asked=number)
        try:
            page = paginator.page(number)
        except InvalidPage:
            page = paginator.page(1)
        merges = SpeakerMerge.objects.filter(Q(survivor=speaker) | Q(absorbed=speaker))
        changes = Change.objects.filter(model="speaker", object_id=speaker.pk).select_related("actor")[:50]
        return {
            "speaker": speaker,
            "claims_page": page,
            "has_more_claims": paginator.has_more,
            **facts(speaker, may_edit=request.user.has_perm("claims.change_speaker")),
            "merges": merges.select_related("survivor", "absorbed", "merged_by", "undone_by"),
            "may_merge": self.has_merge_permission(request),
            "may_edit": self.has_change_permission(request, speaker),
            "history": entries(changes),
        }

    def save_model(self, request: HttpRequest, obj: Speaker, form: forms.ModelForm, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        edit_speaker(obj, actor=request.user, **values)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for alias in formset.deleted_objects:
            remove_alias(alias, actor=request.user)
        for alias in formset.new_objects:
            if "name" in form.changed_data:  # the new name made this alias a moment ago; the row says if it identifies
                form.instance.aliases.filter(key=alias_key(alias.name)[:300]).delete()
            add_alias(form.instance, actor=request.user, name=alias.name, is_identifying=alias.is_identifying)
