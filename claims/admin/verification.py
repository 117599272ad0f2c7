"""Rating scales, which are data, and read-only lists of what the desk wrote.

Notes, verdicts and the ledger are written on a claim's page, through the services; here they can be found. A rating
that a verdict uses cannot be deleted: the database protects it, and the stock page says by what.
"""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims.admin.filters import FoldedChoices
from claims.admin.ledger import verb
from claims.admin.paging import LookaheadAdmin
from claims.admin.rendering import badge, rating_badge
from claims.models import Change, Note, Rating, Scale, SpeakerMerge, Verdict
from claims.services.history import readable_changes
from claims.services.second_checks import agreement_by_pair

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class RatingForm(forms.ModelForm):
    """A rating; its colour comes from the browser's own picker."""

    class Meta:
        model = Rating
        fields = ("scale", "order", "label", "slug", "value", "colour")
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def clean_colour(self) -> str:
        colour = self.cleaned_data["colour"]
        if not _COLOUR.fullmatch(colour):
            raise forms.ValidationError("A colour is written #rrggbb, for example #1a7f37.")
        return colour.lower()


class RatingInline(admin.TabularInline):
    """The steps of a scale."""

    model = Rating
    form = RatingForm
    fields = ("order", "label", "slug", "value", "colour")
    prepopulated_fields = {"slug": ("label",)}
    extra = 0


@admin.register(Scale)
class ScaleAdmin(admin.ModelAdmin):
    """Scales with their ratings."""

    list_display = ("name", "slug", "needs_second_check")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (RatingInline,)
    show_full_result_count = False

    class Media:
        css = {"all": ["claims/admin.css"]}


@admin.register(Rating)
class RatingAdmin(admin.ModelAdmin):
    """Single ratings, with a delete that is refused while a verdict uses one."""

    form = RatingForm
    list_display = ("name", "scale", "order", "value")
    list_select_related = ("scale",)
    prepopulated_fields = {"slug": ("label",)}
    show_full_result_count = False

    class Media:
        css = {"all": ["claims/admin.css"]}

    @admin.display(description="rating", ordering="label")
    def name(self, rating: Rating) -> SafeString:
        return rating_badge(rating, Verdict.State.PUBLISHED)


class ReadOnlyAdmin(LookaheadAdmin):
    """A list of what is written elsewhere; a row leads to the page where it was written."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(self.home_of(row))

    def home_of(self, row: Any) -> str:
        """The page where the row was written."""
        return reverse("admin:claims_claim_change", args=[row.claim_id])


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    """Verdicts, for example those that wait for a reviewer."""

    list_display = ("finding", "claim_text", "author", "reviewer", "modified_at")
    list_display_links = ("finding", "claim_text")
    list_filter = ("state", ("rating", admin.RelatedFieldListFilter))
    search_fields = ("summary",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        """All but what is sealed from the editor: their claims' pages ask for a rating first."""
        return super().get_queryset(request).readable_by(request.user)

    def for_list(self, queryset: QuerySet[Verdict]) -> QuerySet[Verdict]:
        return queryset.select_related("rating", "claim", "author", "reviewer").defer("claim__spans", "claim__context")

    def get_urls(self) -> list[URLPattern]:
        page = path("agreement/", self.admin_site.admin_view(self.agreement_view), name="claims_verdict_agreement")
        return [page, *super().get_urls()]

    def agreement_view(self, request: HttpRequest) -> HttpResponse:
        """How often each pair of editors found the same."""
        if not request.user.has_perm("claims.check_verdict"):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Agreement",
            "opts": self.opts,
            "pairs": agreement_by_pair(),
        }
        return TemplateResponse(request, "claims/admin/agreement.html", context)

    @admin.display(description="verdict", ordering="state")
    def finding(self, verdict: Verdict) -> SafeString:
        return format_html(
            "{} {}",
            rating_badge(verdict.rating, Verdict.State.PUBLISHED),
            badge(verdict.state, f"state-{verdict.state}"),
        )

    @admin.display(description="claim")
    def claim_text(self, verdict: Verdict) -> str:
        return Truncator(verdict.claim.text).chars(120)


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    """All notes, newest first."""

    list_display = ("words", "kind", "is_public", "author", "created_at", "claim_text")
    list_filter = (("kind", FoldedChoices), "is_public")
    search_fields = ("text",)
    ordering = ("-id",)

    def for_list(self, queryset: QuerySet[Note]) -> QuerySet[Note]:
        return queryset.select_related("claim", "author").defer("claim__spans", "claim__context")

    @admin.display(description="note")
    def words(self, note: Note) -> str:
        return Truncator(note.text).chars(140)

    @admin.display(description="claim")
    def claim_text(self, note: Note) -> str:
        return Truncator(note.claim.text).chars(80)


@admin.register(SpeakerMerge)
class SpeakerMergeAdmin(ReadOnlyAdmin):
    """The ledger of merges; undoing one is on the survivor's page."""

    list_display = ("what", "reason", "merged_by", "merged_at", "undone")

    def for_list(self, queryset: QuerySet[SpeakerMerge]) -> QuerySet[SpeakerMerge]:
        return queryset.select_related("survivor", "absorbed", "merged_by", "undone_by").defer("moved")

    @admin.display(description="merge")
    def what(self, merge: SpeakerMerge) -> str:
        return str(merge)

    @admin.display(description="undone")
    def undone(self, merge: SpeakerMerge) -> str:
        return f"{merge.undone_by}: {merge.undo_reason}" if merge.undone_at else ""

    def home_of(self, row: SpeakerMerge) -> str:
        return reverse("admin:claims_speaker_change", args=[row.survivor_id]) + "#merges"


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The change ledger: who did what when."""

    list_display = ("when", "who", "what", "model", "object_id", "reason")
    list_filter = (("model", admin.AllValuesFieldListFilter),)
    search_fields = ("reason", "actor__username")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return super().get_queryset(request) & readable_changes(request.user)

    def for_list(self, queryset: QuerySet[Change]) -> QuerySet[Change]:
        return queryset.select_related("actor").defer("before", "after")

    @admin.display(description="when", ordering="id")
    def when(self, change: Change) -> str:
        return formats.date_format(change.at, "j M Y, H:i")

    @admin.display(description="what")
    def what(self, change: Change) -> str:
        return verb(change)

    @admin.display(description="who")
    def who(self, change: Change) -> str:
        return str(change.actor) if change.actor else "the engine"

    def home_of(self, row: Change) -> str:
        if row.claim_id:
            return super().home_of(row)
        if row.model == "evidence":
            return reverse("admin:claims_evidence_change", args=[row.object_id])
        if row.model == "speaker":
            return reverse("admin:claims_speaker_change", args=[row.object_id])
        return reverse("admin:claims_change_changelist")
