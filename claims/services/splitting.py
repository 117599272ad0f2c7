"""Taking a wrong name off a speaker: it, and the claims that came through it, belong to somebody else.

The names go to a speaker that is made for them or to one that exists. Where only some of a name's claims go, two people
bear one name: both keep it, it identifies neither from then on, and the next article that uses it is ambiguous between
the two. Either way the split is remembered: articles no longer give a barred name back to a speaker by the way
(`barred`), only an editor does. Undo reads the ledger and puts the same rows back; what came since goes along.
Do not undo anything but the newest split of two speakers.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.models import BarredName, ClaimSpeaker, Speaker, SpeakerAlias, SpeakerRole, SpeakerSplit
from claims.services.history import record_change, require, require_reason
from claims.services.merging import merge_speakers
from claims.services.moved_rows import move_rows, put_back, return_links, return_rows, take_out
from claims.services.outbox import Event, publish_event
from sources.services import free_slug, slug_of, taken_slugs


def links_through(speaker: Speaker, keys: Collection[str]) -> QuerySet[ClaimSpeaker]:
    """The speaker's claims that came through these names."""
    return speaker.links.filter(key__in=keys)


@transaction.atomic
def split_speaker(
    speaker: Speaker,
    *,
    aliases: Sequence[SpeakerAlias],
    actor: Any,
    reason: str,
    into: Speaker | None = None,
    leave: Collection[int] = (),
) -> SpeakerSplit:
    """Gives names of a speaker, and the claims that came through them, to another one.

    Args:
        speaker: Who bore the names wrongly.
        aliases: The names; the longest names the new speaker.
        actor: Who decides.
        reason: Why they are two.
        into: Who they belong to; None makes a new speaker.
        leave: Ids of claims that stay, though they came through these names.

    Raises:
        NotAllowed: the actor may not merge and split speakers.
        InvalidValue: no name, no reason, a name of somebody else's, or the two are one.
        Conflict: one of the two is merged, or the speaker would be left without any name.
    """
    require(actor, "claims.merge_speaker")
    reason = require_reason(reason)
    speaker, into = _locked(speaker, into)
    names = list(speaker.aliases.filter(pk__in=[alias.pk for alias in aliases]).order_by("pk"))
    if not names or len(names) < len(aliases):
        raise InvalidValue(f"Choose one or more names of {speaker.name}.", field="aliases")
    keys = {alias.key for alias in names}
    through = links_through(speaker, keys)
    going = through.exclude(claim__in=list(leave))
    staying = set(through.exclude(pk__in=going.values("pk")).values_list("key", flat=True))
    if not speaker.aliases.exclude(pk__in=[one.pk for one in names if one.key not in staying]).exists():
        raise Conflict(f"{speaker.name} would have no name left: rename the speaker, or leave a name or a claim.")
    made_new = into is None
    into = into or _make(speaker, max(names, key=lambda alias: len(alias.name)).name)
    moved = {
        "links": move_rows(going, into, going.filter(claim__in=into.links.values("claim"))),
        "aliases": _move_aliases(names, staying, into),
    }
    moved["roles"] = _move_roles(speaker, keys, into, moved["links"])
    split = SpeakerSplit.objects.create(
        speaker=speaker, into=into, made_new=made_new, reason=reason, moved=moved, split_by=actor
    )
    _bar(split, gone=keys - staying)
    after = {"names": [alias.name for alias in names], "split_off_to": into.pk, "claims": len(moved["links"]["ids"])}
    record_change(speaker, "split_speaker", actor=actor, after=after, reason=reason)
    if not made_new:
        record_change(into, "receive_split", actor=actor, after=after | {"split_off_from": speaker.pk}, reason=reason)
    publish_event(Event.SPEAKER_SPLIT, speaker=speaker.pk, into=into.pk)
    return split


@transaction.atomic
def undo_split(split: SpeakerSplit, *, actor: Any, reason: str) -> None:
    """Gives the names and claims back: the same rows as before, and what came through these names since.

    A speaker that the split had made is merged into the one it came from, so that its id goes on answering.

    Raises:
        NotAllowed: the actor may not merge and split speakers.
        InvalidValue: no reason is given.
        Conflict: it is undone already, one of the two was merged since, or a newer split of them stands.
    """
    require(actor, "claims.merge_speaker")
    reason = require_reason(reason)
    split = SpeakerSplit.objects.select_for_update().get(pk=split.pk)
    if split.undone_at:
        raise Conflict("This split is undone already.")
    speaker, into = _locked(split.speaker, split.into)
    assert into is not None  # noqa: S101  (given, so locked and returned)
    newer = SpeakerSplit.objects.filter(speaker__in=[speaker, into], undone_at=None, pk__gt=split.pk)
    if newer.exists():
        raise Conflict("A newer split of these speakers stands: undo that first.")
    barred = split.barred.filter(speaker=speaker).values("key")
    since = into.links.filter(claim__created_at__gt=split.split_at, key__in=barred)
    return_links(split.moved["links"], since, speaker)
    _return_aliases(split.moved["aliases"], speaker)
    return_rows(SpeakerRole, split.moved["roles"], speaker)
    split.barred.all().delete()
    split.undone_at, split.undone_by, split.undo_reason = timezone.now(), actor, reason
    split.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    record_change(speaker, "undo_split", actor=actor, before={"split_off_to": into.pk}, reason=reason)
    if split.made_new:
        merge_speakers(into, into=speaker, actor=actor, reason=reason)
    else:
        publish_event(Event.SPEAKER_SPLIT, speaker=into.pk, into=speaker.pk)


def _locked(speaker: Speaker, other: Speaker | None) -> tuple[Speaker, Speaker | None]:
    """The rows, locked in the order of their ids.

    Raises:
        InvalidValue: the two are one.
        Conflict: one of them is merged.
    """
    if other is not None and other.pk == speaker.pk:
        raise InvalidValue("A name cannot be split off to the same speaker: choose another.", field="into")
    ids = [speaker.pk, *([other.pk] if other else [])]
    rows = {row.pk: row for row in Speaker.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for row in rows.values():
        if row.merged_into_id:
            raise Conflict(f"{row.name} is merged into speaker {row.merged_into_id}: undo that first.")
    return rows[speaker.pk], rows[other.pk] if other else None


def _make(speaker: Speaker, name: str) -> Speaker:
    base = slug_of(name)
    return Speaker.objects.create(
        name=name, slug=free_slug(base, taken_slugs(Speaker, [base])), kind=speaker.kind, is_hidden=speaker.is_hidden
    )


def _move_aliases(names: Sequence[SpeakerAlias], staying: Collection[str], into: Speaker) -> dict[str, Any]:
    """Names whose claims all go move; a name that others keep is copied, and identifies nobody any more."""
    going = [alias for alias in names if alias.key not in staying]
    mine = SpeakerAlias.objects.filter(pk__in=[alias.pk for alias in going])
    known = set(into.aliases.values_list("key", flat=True))
    doubled = mine.filter(key__in=known)
    # A name of both that identified the one must go on identifying somebody.
    identifying = doubled.filter(is_identifying=True).values("key")
    raised = list(into.aliases.filter(is_identifying=False, key__in=identifying).values_list("pk", flat=True))
    dropped = take_out(doubled)
    into.aliases.filter(pk__in=raised).update(is_identifying=True)
    mine.update(speaker=into)
    shared = [alias for alias in names if alias.key in staying]
    lowered = [alias.pk for alias in shared if alias.is_identifying]
    SpeakerAlias.objects.filter(pk__in=lowered).update(is_identifying=False)
    copies = [
        SpeakerAlias(speaker=into, name=alias.name, key=alias.key, origin=SpeakerAlias.Origin.EDITOR)
        for alias in shared
        if alias.key not in known
    ]
    SpeakerAlias.objects.bulk_create(copies)
    ids = [alias.pk for alias in going if alias.key not in known]
    copied = [alias.pk for alias in copies]
    return {"ids": ids, "dropped": dropped, "raised": raised, "lowered": lowered, "copied": copied}


def _move_roles(speaker: Speaker, keys: Collection[str], into: Speaker, links: dict[str, Any]) -> dict[str, Any]:
    """Descriptions go with their claims: by name, and only of articles from which a claim went."""
    articles = ClaimSpeaker.objects.filter(pk__in=links["ids"]).values("claim__article")
    roles = SpeakerRole.objects.filter(speaker=speaker, key__in=keys, article__in=articles)
    held = [
        role.pk
        for role in roles
        if SpeakerRole.objects.filter(speaker=into, article=role.article_id, text=role.text).exists()
    ]
    return move_rows(roles, into, roles.filter(pk__in=held))


def _return_aliases(moved: dict[str, Any], speaker: Speaker) -> None:
    SpeakerAlias.objects.filter(pk__in=moved["copied"]).delete()
    SpeakerAlias.objects.filter(pk__in=moved["raised"]).update(is_identifying=False)
    SpeakerAlias.objects.filter(pk__in=moved["ids"]).update(speaker=speaker)
    SpeakerAlias.objects.filter(pk__in=moved["lowered"]).update(is_identifying=True)
    put_back(SpeakerAlias, moved["dropped"])


def _bar(split: SpeakerSplit, gone: Collection[str]) -> None:
    """Neither of the two gets a name of the other from an article that uses both."""
    other = set(split.speaker.aliases.values_list("key", flat=True)) - set(
        split.into.aliases.values_list("key", flat=True)
    )
    rows = [BarredName(split=split, speaker=split.speaker, key=key) for key in sorted(gone)]
    rows += [BarredName(split=split, speaker=split.into, key=key) for key in sorted(other)]
    BarredName.objects.bulk_create(rows)
