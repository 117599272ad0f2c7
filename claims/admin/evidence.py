"""Evidence as the desk finds it again: by address, title or passage, with the claims and verdicts that rest on it.

Read here, written on the claims' pages and through this page's own form; both by the services. The list's search takes
a whole address in any spelling, or words.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims.admin.ledger import entries
from claims.admin.paging import LookaheadAdmin
from claims.errors import ClaimError, InvalidValue
from claims.models import Evidence, EvidenceLink, Verdict
from claims.services import evidence as service
from claims.services.history import readable_changes

MOST_CLAIMS = 200
MOST_CHANGES = 100
_FIELDS = ("url", "title", "passage", "archived_url", "accessed_on")


class EvidencePageForm(forms.Form):
    """All of a piece of evidence but its stances, which stand on the claims' pages."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    url = forms.CharField(max_length=2000, label="Address")
    title = forms.CharField(required=False, max_length=service.MOST_TITLE)
    passage = forms.CharField(required=False, widget=forms.Textarea, max_length=service.MOST_PASSAGE)
    archived_url = forms.CharField(required=False, max_length=2000, label="Archived at")
    accessed_on = forms.DateField(required=False, label="Read on", widget=forms.DateInput(attrs={"type": "date"}))


@admin.register(Evidence)
class EvidenceAdmin(LookaheadAdmin):
    """The list of evidence, and a page for each with what rests on it."""

    list_display = ("what", "address", "claims_using", "author", "accessed_on", "created")
    list_display_links = ("what",)
    search_fields = ("title", "url", "passage")
    search_help_text = "An address in any spelling, or words of title or passage."
    ordering = ("-id",)
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def for_list(self, queryset: QuerySet[Evidence]) -> QuerySet[Evidence]:
        links = EvidenceLink.objects.filter(evidence=OuterRef("pk")).order_by().values("evidence")
        uses = Subquery(links.annotate(total=Count("pk")).values("total"))
        return queryset.select_related("author").annotate(uses=Coalesce(uses, 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Evidence], search_term: str
    ) -> tuple[QuerySet[Evidence], bool]:
        """What was found at an address, or all words in title, address or passage."""
        try:
            return queryset.filter(url_key=service.address_key(search_term)), False
        except InvalidValue:
            pass
        for word in search_term.split()[:12]:
            queryset = queryset.filter(Q(title__icontains=word) | Q(url__icontains=word) | Q(passage__icontains=word))
        return queryset, False

    @admin.display(description="evidence")
    def what(self, evidence: Evidence) -> str:
        return Truncator(evidence.title or evidence.passage or evidence.url).chars(90)

    @admin.display(description="address", ordering="url_key")
    def address(self, evidence: Evidence) -> str:
        return Truncator(evidence.url_key).chars(60)

    @admin.display(description="claims")
    def claims_using(self, evidence: Evidence) -> int:
        return evidence.uses  # type: ignore[attr-defined]

    @admin.display(description="stored", ordering="id")
    def created(self, evidence: Evidence) -> SafeString:
        return format_html("{}", evidence.created_at.strftime("%-d %b %Y"))

    # --- the page of one ---

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = self._form(row, request.POST if request.method == "POST" else None)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                return self._save(request, row, form)
            except ClaimError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
                status = 403 if error.code == "forbidden" else 200
        return self._page(request, row, form, status)

    def _form(self, row: Evidence, data: Any) -> EvidencePageForm:
        initial = {name: getattr(row, name) for name in _FIELDS} | {"seen": row.modified_at.isoformat()}
        return EvidencePageForm(data, initial=initial)

    def _save(self, request: HttpRequest, row: Evidence, form: EvidencePageForm) -> HttpResponse:
        if form.cleaned_data["seen"] not in ("", row.modified_at.isoformat()):
            raise InvalidValue("Somebody changed this evidence while the page was open: reload to see theirs.")
        service.edit_evidence(row, actor=request.user, **{name: form.cleaned_data[name] for name in _FIELDS})
        messages.success(request, "Saved.")
        return HttpResponseRedirect(request.get_full_path())

    def _page(self, request: HttpRequest, row: Evidence, form: EvidencePageForm, status: int) -> HttpResponse:
        user = request.user
        sealed_here = Verdict.objects.sealed_from(user).filter(claim__evidence_links__evidence=row)
        sealed = set(sealed_here.values_list("claim_id", flat=True))
        links = row.links.select_related("claim__article__source", "added_by").defer("claim__spans", "claim__context")
        verdicts = service.verdicts_resting_on(row.url).readable_by(user).select_related("rating", "claim", "author")
        changes = readable_changes(user).filter(model="evidence", object_id=row.pk).select_related("actor")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Evidence {row.pk}",
            "opts": self.opts,
            "media": self.media,
            "evidence": row,
            "form": form,
            "links": [(link, link.claim_id in sealed) for link in links.order_by("-pk")[:MOST_CLAIMS]],
            "verdicts": list(verdicts[:MOST_CLAIMS]),
            "others": list(Evidence.objects.at(row.url_key).exclude(pk=row.pk)[:MOST_CLAIMS]),
            "history": entries(changes[:MOST_CHANGES]) if user.has_perm("claims.view_change") else [],
            "may_edit": user.has_perm("claims.change_evidence"),
        }
        return TemplateResponse(request, "claims/admin/evidence.html", context, status=status)
