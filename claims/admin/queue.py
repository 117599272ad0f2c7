"""What comes after this claim, in the list that the editor came from.

The list's filters and order travel in `_changelist_filters`, as in the stock admin. The next claim is found by place in
that order, not by row number: the claim just finished may have left the list ("status: new"), and others may have come.
Its place is the one it had when the page was opened, so that a changed status does not throw a list by status about.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db import connections
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.paging import selection
from claims.models import Claim


def next_address(model_admin: ModelAdmin, request: HttpRequest, claim: Claim) -> str:
    """The address of the next claim, or of the list where there is none."""
    kept = model_admin.get_preserved_filters(request)
    try:
        listed = selection(model_admin, request, request.GET.get("_changelist_filters", "")).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):  # a stale or mistyped filter ends the queue
        return reverse("admin:claims_claim_changelist")
    following = listed.filter(_after(claim, list(listed.query.order_by), listed.db))
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


def _after(claim: Claim, order: list[str], alias: str) -> Q:
    """Rows behind this one in an order of columns, the last of which is the id."""
    behind, same = Q(pk__in=[]), Q()
    for name in order:
        field, is_descending = name.removeprefix("-"), name.startswith("-")
        value = getattr(claim, field)
        behind |= same & _beyond(field, value, is_descending, alias)
        same &= Q(**{field: value}) if value is not None else Q(**{f"{field}__isnull": True})
    return behind


def _beyond(field: str, value: Any, is_descending: bool, alias: str) -> Q:
    """Values that come after this one; nothing stands where the database puts NULL."""
    nulls_last = connections[alias].features.nulls_order_largest is not is_descending
    if value is None:
        return Q(pk__in=[]) if nulls_last else Q(**{f"{field}__isnull": False})
    beyond = Q(**{f"{field}__{'lt' if is_descending else 'gt'}": value})
    is_nullable = Claim._meta.pk.name != field != "pk" and Claim._meta.get_field(field).null
    return beyond | Q(**{f"{field}__isnull": True}) if nulls_last and is_nullable else beyond
