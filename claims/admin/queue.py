"""What comes after this claim, in the list that the editor came from.

The list's filters travel in `_changelist_filters`, as in the stock admin. The next claim is found by place (date, then
id), not by row number: the claim just finished may have left the list ("status: new"), and others may have come.
"""

from copy import copy

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import SuspiciousOperation
from django.db import connections
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from claims.models import Claim

ORDER = ("-said_on", "-id")


def next_address(model_admin: ModelAdmin, request: HttpRequest, claim: Claim) -> str:
    """The address of the next claim, or of the list where there is none."""
    kept = model_admin.get_preserved_filters(request)
    try:
        listed = model_admin.get_changelist_instance(_list_request(request)).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):  # a stale or mistyped filter ends the queue
        return reverse("admin:claims_claim_changelist")
    following = listed.order_by(*ORDER).filter(_after(claim, listed.db))
    next_id = following.values_list("pk", flat=True).first()
    if next_id is None:
        model_admin.message_user(request, "That was the last claim of this list.", messages.INFO)
        return list_address(request)
    address = reverse("admin:claims_claim_change", args=[next_id])
    return f"{address}?{kept}" if kept else address


def list_address(request: HttpRequest) -> str:
    """The list with the filters that the editor had set."""
    query = request.GET.get("_changelist_filters", "")
    address = reverse("admin:claims_claim_changelist")
    return f"{address}?{query}" if query else address


def _list_request(request: HttpRequest) -> HttpRequest:
    """The request that showed the list: its filters, from its first page."""
    query = QueryDict(request.GET.get("_changelist_filters", ""), mutable=True)
    query.pop(PAGE_VAR, None)
    listing = copy(request)
    listing.GET = query  # type: ignore[assignment]
    return listing


def _after(claim: Claim, alias: str) -> Q:
    """Rows behind this one, newest first; claims without a date stand where the database puts NULL."""
    undated_first = connections[alias].features.nulls_order_largest
    same_day = Q(said_on=claim.said_on) if claim.said_on else Q(said_on=None)
    behind = same_day & Q(pk__lt=claim.pk)
    if claim.said_on is None:
        return behind | Q(said_on__isnull=False) if undated_first else behind
    behind |= Q(said_on__lt=claim.said_on)
    return behind if undated_first else behind | Q(said_on=None)
