"""Filters of the triage list kept by name: made, shared, changed and deleted, each with its line in the ledger.

What a parameter means is the list's business; here a query is a text in one normal form, so that the list can tell
which saved filter it is showing. Do not store rows or counts with it.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import SavedFilter
from claims.services.history import record_change, require

MOST_NAME = 60
MOST_QUERY = 1_000
MOST_OF_ONE = 50  # own filters; a longer bar is no help
NOT_KEPT = frozenset({"p", "e", "all", "_changelist_filters"})  # a page, an error, and what is no filter


def normal_query(query: str) -> str:
    """The query string in the form in which two equal selections are equal.

    Raises:
        InvalidValue: too long.
    """
    pairs = [(name, value) for name, value in parse_qsl(query.lstrip("?")) if name not in NOT_KEPT]
    normal = urlencode(sorted(pairs))
    if len(normal) > MOST_QUERY:
        raise InvalidValue(f"A saved filter has at most {MOST_QUERY} characters.", field="query")
    return normal


def filters_for(user: Any) -> QuerySet[SavedFilter]:
    """One's own and the shared ones, by name."""
    mine = SavedFilter.objects.filter(Q(owner=user.pk) | Q(is_shared=True))
    return mine.select_related("owner").order_by("name", "id")


@transaction.atomic
def save_filter(*, actor: Any, name: str, query: str, is_shared: bool = False) -> SavedFilter:
    """Keeps a selection under a name.

    Raises:
        NotAllowed: the actor may not save filters, or not share them.
        InvalidValue: no name, one too long, a query too long, or too many filters.
        Conflict: the actor has a filter of that name.
    """
    require(actor, "claims.add_savedfilter")
    if is_shared:
        require(actor, "claims.share_savedfilter")
    name = _name(name)
    values = {"name": name, "query": normal_query(query), "is_shared": is_shared}
    if actor.saved_filters.count() >= MOST_OF_ONE:
        raise InvalidValue(f"You have {MOST_OF_ONE} saved filters: delete one first.")
    try:
        with transaction.atomic():
            row = SavedFilter.objects.create(owner=actor, **values)
    except IntegrityError:
        raise _taken(name) from None
    record_change(row, "save_filter", actor=actor, after=values)
    return row


@transaction.atomic
def edit_filter(
    saved: SavedFilter, *, actor: Any, name: str | None = None, query: str | None = None, is_shared: bool | None = None
) -> SavedFilter:
    """Renames, shares or changes one's own filter. None leaves a value as it is.

    Raises:
        NotAllowed: it is somebody else's, or the actor may not share.
        InvalidValue: as for a new one.
        Conflict: the actor has another one of that name.
    """
    require(actor, "claims.add_savedfilter")
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    if saved.owner_id != actor.pk:
        raise NotAllowed("Only its owner may change a saved filter; save one of your own.")
    if is_shared and not saved.is_shared:
        require(actor, "claims.share_savedfilter")
    before = {"name": saved.name, "query": saved.query, "is_shared": saved.is_shared}
    saved.name = saved.name if name is None else _name(name)
    saved.query = saved.query if query is None else normal_query(query)
    saved.is_shared = saved.is_shared if is_shared is None else is_shared
    after = {"name": saved.name, "query": saved.query, "is_shared": saved.is_shared}
    if after != before:
        try:
            with transaction.atomic():
                saved.save(update_fields=[*after, "modified_at"])
        except IntegrityError:
            raise _taken(saved.name) from None
        record_change(saved, "edit_filter", actor=actor, before=before, after=after)
    return saved


@transaction.atomic
def delete_filter(saved: SavedFilter, *, actor: Any) -> None:
    """Deletes one's own filter, or with the permission another's shared one.

    Raises:
        NotAllowed: it is somebody else's, and the actor may not clear up.
    """
    require(actor, "claims.add_savedfilter")
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    if saved.owner_id != actor.pk:
        if not saved.is_shared:
            raise NotAllowed("This filter is somebody else's own.")
        require(actor, "claims.delete_savedfilter")
    before = {"name": saved.name, "query": saved.query, "is_shared": saved.is_shared, "owner_id": saved.owner_id}
    record_change(saved, "delete_filter", actor=actor, before=before)
    saved.delete()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidValue("A saved filter needs a name.", field="name")
    if len(name) > MOST_NAME:
        raise InvalidValue(f"A saved filter's name has at most {MOST_NAME} characters.", field="name")
    return name


def _taken(name: str) -> Conflict:
    return Conflict(f"You have a saved filter “{name}” already: choose another name.", field="name")
