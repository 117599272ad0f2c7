"""Merging two speakers that are one, and undoing it exactly.

A merge moves the absorbed speaker's aliases and claims to the survivor and writes every moved row into the ledger; undo
reads the ledger and puts the same rows back. The absorbed row stays, so its id and slug keep answering. Claims that
arrive between merge and undo under a name that goes back go back with it. No row is stamped as modified, so that undo
restores exactly; who follows merges reads the change ledger. Do not delete speakers, and do not merge a speaker that
is itself merged: follow it to its survivor first.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.models import (
    BarredName,
    Speaker,
    SpeakerAlias,
    SpeakerExternalId,
    SpeakerMerge,
    SpeakerRole,
)
from claims.services.history import record_change, require, require_reason
from claims.services.moved_rows import move_rows, put_back, return_links, return_rows, take_out
from claims.services.outbox import Event, publish_event

# What else belongs to a speaker, and the fields in which two rows of one speaker must differ.
_FACTS = (
    ("roles", SpeakerRole, ("article", "text")),
    ("external_ids", SpeakerExternalId, ("scheme", "value")),
    ("barred_names", BarredName, ("split", "key")),
)


@transaction.atomic
def merge_speakers(absorbed: Speaker, *, into: Speaker, actor: Any, reason: str) -> SpeakerMerge:
    """Makes `into` the speaker of all that `absorbed` is said to have said.

    Raises:
        NotAllowed: the actor may not merge speakers.
        InvalidValue: the two are one, or no reason is given.
        Conflict: one of them is merged already.
    """
    require(actor, "claims.merge_speaker")
    reason = require_reason(reason)
    if absorbed.pk == into.pk:
        raise InvalidValue("A speaker cannot be merged into itself: choose two.", field="into")
    absorbed, into = _locked(absorbed, into)
    for speaker in (absorbed, into):
        if speaker.merged_into_id:
            raise Conflict(f"{speaker.name} is merged into speaker {speaker.merged_into_id} already: choose that one.")
    moved = {"aliases": _move_aliases(absorbed, into), "links": _move_links(absorbed, into)}
    moved |= _move_facts(absorbed, into)
    absorbed.merged_into = into
    absorbed.save(update_fields=["merged_into"])
    merge = SpeakerMerge.objects.create(survivor=into, absorbed=absorbed, reason=reason, merged_by=actor, moved=moved)
    after = {"merged_into": into.pk}
    record_change(absorbed, "merge_speakers", actor=actor, before={"merged_into": None}, after=after, reason=reason)
    publish_event(Event.SPEAKER_MERGED, survivor=into.pk, absorbed=absorbed.pk)
    return merge


@transaction.atomic
def undo_merge(merge: SpeakerMerge, *, actor: Any, reason: str) -> None:
    """Gives the absorbed speaker back its aliases and claims: the same rows as before the merge.

    Raises:
        NotAllowed: the actor may not merge speakers.
        InvalidValue: no reason is given.
        Conflict: the merge is undone already, or its survivor was merged since (undo that first).
    """
    require(actor, "claims.merge_speaker")
    reason = require_reason(reason)
    merge = SpeakerMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Conflict("This merge is undone already.")
    survivor, absorbed = _locked(merge.survivor, merge.absorbed)
    if survivor.merged_into_id:
        raise Conflict(f"{survivor.name} was merged into another speaker since: undo that merge first.")
    if survivor.merges.filter(undone_at=None, pk__gt=merge.pk).exists():
        raise Conflict(f"Another speaker was merged into {survivor.name} since: undo the newest merge first.")
    _return_aliases(merge, absorbed)
    _return_links(merge, survivor, absorbed)
    _return_facts(merge, survivor, absorbed)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    merge.undone_at, merge.undone_by, merge.undo_reason = timezone.now(), actor, reason
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    before = {"merged_into": survivor.pk}
    record_change(absorbed, "undo_merge", actor=actor, before=before, after={"merged_into": None}, reason=reason)
    publish_event(Event.SPEAKER_SPLIT, speaker=survivor.pk, into=absorbed.pk)


def _locked(first: Speaker, second: Speaker) -> tuple[Speaker, Speaker]:
    """Both rows, locked in the order of their ids, so that two editors cannot wait for each other in a circle."""
    pair = Speaker.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk")
    rows = {row.pk: row for row in pair}
    return rows[first.pk], rows[second.pk]


def _move_aliases(absorbed: Speaker, into: Speaker) -> dict[str, Any]:
    known = into.aliases.values("key")
    doubled = absorbed.aliases.filter(key__in=known)
    # A name of both that identifies the absorbed one must go on identifying somebody.
    identifying = doubled.filter(is_identifying=True).values("key")
    raised = list(into.aliases.filter(is_identifying=False, key__in=identifying).values_list("pk", flat=True))
    dropped = take_out(doubled)
    into.aliases.filter(pk__in=raised).update(is_identifying=True)
    return move_rows(absorbed.aliases.all(), into, absorbed.aliases.none()) | {"dropped": dropped, "raised": raised}


def _move_links(absorbed: Speaker, into: Speaker) -> dict[str, Any]:
    return move_rows(absorbed.links.all(), into, absorbed.links.filter(claim__in=into.links.values("claim")))


def _move_facts(absorbed: Speaker, into: Speaker) -> dict[str, Any]:
    """Descriptions, external ids and barred names."""
    moved = {}
    for name, model, fields in _FACTS:
        same = {field: OuterRef(field) for field in fields}
        rows = model.objects.filter(speaker=absorbed)
        moved[name] = move_rows(rows, into, rows.filter(Exists(model.objects.filter(speaker=into, **same))))
    return moved


def _return_aliases(merge: SpeakerMerge, absorbed: Speaker) -> None:
    moved = merge.moved["aliases"]
    SpeakerAlias.objects.filter(pk__in=moved["ids"]).update(speaker=absorbed)
    SpeakerAlias.objects.filter(pk__in=moved["raised"]).update(is_identifying=False)
    put_back(SpeakerAlias, moved["dropped"])


def _return_links(merge: SpeakerMerge, survivor: Speaker, absorbed: Speaker) -> None:
    # Claims stored since the merge belong to whoever owns the full name under which they came.
    names = absorbed.aliases.filter(is_identifying=True).values("key")
    newer = survivor.links.filter(claim__created_at__gt=merge.merged_at, key__in=names)
    return_links(merge.moved["links"], newer, absorbed)


def _return_facts(merge: SpeakerMerge, survivor: Speaker, absorbed: Speaker) -> None:
    for name, model, _ in _FACTS:
        if name in merge.moved:  # older merges moved none
            return_rows(model, merge.moved[name], absorbed)
    names = absorbed.aliases.filter(is_identifying=True).values("key")
    SpeakerRole.objects.filter(speaker=survivor, created_at__gt=merge.merged_at, key__in=names).update(speaker=absorbed)
