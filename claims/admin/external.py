"""What other desks found, to look up; imported (`manage.py import_claimreview`), never written here.

Whoever may read verdicts may read these: they are others' published work, so no permission of their own is needed.
"""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from claims.admin.paging import LookaheadAdmin
from claims.models import ExternalReview


@admin.register(ExternalReview)
class ExternalReviewAdmin(LookaheadAdmin):
    """Reviews of others, the last imported first."""

    list_display = ("claim", "claimant", "rating", "publisher", "reviewed_on")
    search_fields = ("claim", "claimant", "publisher", "site")
    list_filter = ("reviewed_on",)
    exclude = ("url",)
    readonly_fields = ("link",)

    def has_view_permission(self, request: HttpRequest, obj: ExternalReview | None = None) -> bool:
        return request.user.has_perm("claims.view_verdict")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ExternalReview | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ExternalReview | None = None) -> bool:
        return False

    @admin.display(description="address")
    def link(self, review: ExternalReview) -> str:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', review.url, review.url)
