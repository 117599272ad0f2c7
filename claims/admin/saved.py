"""Saved filters of the triage list: the bar above it, and the page where they are renamed, shared and deleted."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.choices import desk_choices
from claims.admin.paging import selection
from claims.errors import ClaimError, InvalidValue
from claims.models import SavedFilter
from claims.services.saved_filters import delete_filter, edit_filter, filters_for, normal_query, save_filter

LIST = "admin:claims_claim_changelist"
MANAGE = "admin:claims_savedfilter_manage"


@dataclass(frozen=True, slots=True)
class SavedLink:
    """One saved filter in the bar."""

    label: str
    address: str
    is_current: bool
    shared_by: str


def saved_bar(request: HttpRequest) -> dict[str, Any]:
    """What the bar above the list needs; no query beyond the list's choices."""
    try:
        query = normal_query(request.GET.urlencode())
    except InvalidValue:  # too long to be anybody's saved filter
        query = ""
    me = request.user.get_username()
    links = [
        SavedLink(
            one.label,
            f"{reverse(LIST)}?{one.detail}" if one.detail else reverse(LIST),
            one.detail == query,
            one.owner if one.is_shared and one.owner != me else "",
        )
        for one in desk_choices(request).saved
    ]
    return {
        "saved_links": links,
        "saved_query": query,
        "is_saved": any(link.is_current for link in links),
        "may_save": request.user.has_perm("claims.add_savedfilter"),
        "may_share": request.user.has_perm("claims.share_savedfilter"),
    }


def save_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Keeps the selection that the list shows under a name."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _require_view(model_admin, request)
    query = request.POST.get("query", "")
    try:
        normal = normal_query(query)
        selection(model_admin, request, normal)
        saved = save_filter(
            actor=request.user,
            name=request.POST.get("name", ""),
            query=normal,
            is_shared="is_shared" in request.POST,
        )
    except ClaimError as error:
        messages.error(request, error.message)
    except (IncorrectLookupParameters, SuspiciousOperation):
        messages.error(request, "This selection has a filter that does not exist, so it was not saved.")
        return HttpResponseRedirect(reverse(LIST))
    else:
        messages.success(request, f"Saved as “{saved.name}”.")
        query = saved.query
    return HttpResponseRedirect(f"{reverse(LIST)}?{query}")


def manage_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """One's own filters with their names, and the shared ones."""
    _require_view(model_admin, request)
    if request.method == "POST":
        _change(request)
        return HttpResponseRedirect(reverse(MANAGE))
    rows = list(filters_for(request.user))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Saved filters",
        "opts": model_admin.opts,
        "media": model_admin.media,
        "own": [row for row in rows if row.owner_id == request.user.pk],
        "shared": [row for row in rows if row.owner_id != request.user.pk],
        "list_address": reverse(LIST),
        "may_share": request.user.has_perm("claims.share_savedfilter"),
        "may_clear": request.user.has_perm("claims.delete_savedfilter"),
    }
    return TemplateResponse(request, "claims/admin/saved_filters.html", context)


def _change(request: HttpRequest) -> None:
    number = request.POST.get("filter", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    saved = get_object_or_404(SavedFilter, pk=int(number) if is_number else 0)
    try:
        if "_delete" in request.POST:
            delete_filter(saved, actor=request.user)
            messages.success(request, f"“{saved.name}” is deleted.")
        else:
            shared = "is_shared" in request.POST
            saved = edit_filter(saved, actor=request.user, name=request.POST.get("name", ""), is_shared=shared)
            messages.success(request, f"“{saved.name}” is saved.")
    except ClaimError as error:
        messages.error(request, error.message)


def _require_view(model_admin: ModelAdmin, request: HttpRequest) -> None:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
