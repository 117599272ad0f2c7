"""From whatever names a speaker to the speakers that stand for it today.

A merged speaker's id and slug go on working: they mean the survivor. Nothing here guesses: an id or slug is exact, a
name is exact but for case, accents and titles (`alias_key`), and a name of two speakers means both.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from claims.extraction.identity import alias_key
from claims.models import Speaker
from claims.querysets import SpeakerQuerySet
from sources.api.statements import Slot, Statement, statements


def survivors(speakers: SpeakerQuerySet) -> list[int]:
    """Ids of these speakers, or of those that they were merged into, each once; a query more for a chain of merges."""
    return _followed(list(speakers.values_list("id", "merged_into_id")))


def _followed(rows: Sequence[Sequence[Any]]) -> list[int]:
    """Where speakers led to, given as (id, id of the one that it was merged into)."""
    found: set[int] = set()
    met: set[int] = set()
    while True:
        found |= {pk for pk, into in rows if into is None}
        ahead = {into for _, into in rows if into is not None} - met
        if not ahead:
            return sorted(found)
        met |= ahead
        rows = list(Speaker.objects.filter(pk__in=ahead).values_list("id", "merged_into_id"))


def by_id_or_slug(words: list[str]) -> list[int]:
    """Ids of the speakers that these ids or slugs mean; never by alias."""
    if len(words) > 1:
        return survivors(Speaker.objects.by_id_or_slug(words))
    (word,) = words  # what most readers ask for, so it is compiled once
    pk = int(word) if word.isdecimal() and len(word) < 19 else 0
    return _followed(statements.get("speaker by id or slug", _by_id_or_slug).rows({"id": pk, "slug": word}))


def survivor_of(pk: int) -> int:
    """The speaker that stands for this one today: itself where it was never merged, or is not there."""
    found = _followed(statements.get("speaker by id or slug", _by_id_or_slug).rows({"id": pk, "slug": ""}))
    return found[0] if found else pk


def _by_id_or_slug() -> Statement:
    speakers = Speaker.objects.filter(Q(id=Slot("id")) | Q(slug=Slot("slug"))).order_by()
    return Statement(speakers.values_list("id", "merged_into_id"))


def by_name(name: str) -> list[int]:
    """Ids of all speakers that bear this name, whole."""
    return survivors(Speaker.objects.with_alias_key([alias_key(name)]))


def absorbed_by(ids: list[int]) -> dict[int, list[int]]:
    """For each speaker the ids that were merged into it, directly or through another; oldest first."""
    survivor_of = {pk: pk for pk in ids}
    merged: dict[int, list[int]] = {pk: [] for pk in ids}
    ahead = list(ids)
    while ahead:
        rows = Speaker.objects.filter(merged_into__in=ahead).values_list("id", "merged_into_id")
        ahead = []
        for pk, into in rows:
            if pk not in survivor_of:
                survivor_of[pk] = survivor_of[into]
                merged[survivor_of[into]].append(pk)
                ahead.append(pk)
    return {pk: sorted(old) for pk, old in merged.items()}
