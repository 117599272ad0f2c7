"""Corrections as a list, and what they say about each engine version: the quality page.

Nothing is changed here. A share is never shown without its counts, and one of few cases says so.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims.admin.paging import LookaheadAdmin
from claims.models import Correction
from claims.services.quality import FEW, MOST_CLAIMS, Share, Tally, measure_quality

_FIELDS = {"span": "what was said", "mention": "who said it, in words"}


@admin.register(Correction)
class CorrectionAdmin(LookaheadAdmin):
    """Every correction, the newest first."""

    list_display = ("what", "quote", "author", "created_at", "reason", "stands")
    list_display_links = None
    list_filter = ("field", "author", "created_at")
    search_fields = ("claim__text", "reason")
    search_help_text = "Words of the claim or of the reason."
    ordering = ("-id",)
    actions = None
    change_list_template = "claims/admin/correction_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return False

    def for_list(self, queryset: Any) -> Any:
        return queryset.select_related("claim", "author", "undoes").defer("claim__context", "before", "after")

    @admin.display(description="what", ordering="field")
    def what(self, correction: Correction) -> str:
        undone = correction.undoes
        return f"undone: {undone.get_field_display()}" if undone else correction.get_field_display()

    @admin.display(description="claim")
    def quote(self, correction: Correction) -> SafeString:
        address = reverse("admin:claims_claim_change", args=[correction.claim_id])
        return format_html('<a href="{}">{}</a>', address, Truncator(correction.claim.text).chars(110))

    @admin.display(description="stands", boolean=True)
    def stands(self, correction: Correction) -> bool:
        return not correction.is_undone and correction.undoes_id is None

    def get_urls(self) -> list[URLPattern]:
        page = path("quality/", self.admin_site.admin_view(self.quality_view), name="claims_correction_quality")
        return [page, *super().get_urls()]

    def quality_view(self, request: HttpRequest) -> HttpResponse:
        """Precision and recall from the editors' decisions."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        quality = measure_quality()
        tables = [("engine version", _rows(quality.versions))]
        tables += [(title, _rows(table)) for title, table in quality.groups.items()]
        context = {
            **self.admin_site.each_context(request),
            "title": "Quality",
            "opts": self.opts,
            "media": self.media,
            "quality": quality,
            "tables": tables,
            "fields": [(_FIELDS.get(name, name), _cell(share)) for name, share in quality.fields.items()],
            "few": FEW,
            "most": MOST_CLAIMS,
        }
        return TemplateResponse(request, "claims/admin/quality.html", context)


def _rows(table: dict[str, Tally]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    return [(name, _cell(tally.precision), _cell(tally.recall)) for name, tally in table.items()]


def _cell(share: Share) -> dict[str, Any]:
    """A share ready to print; the bar is drawn in hundredths."""
    interval = share.interval
    return {
        "share": share,
        "percent": None if share.value is None else round(100 * share.value, 1),
        "interval": interval and [round(100 * end) for end in interval],
        "width": round(100 * (share.value or 0)),
    }
