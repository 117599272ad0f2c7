"""Speakers as rows: the look-up that the engine is given, and the storing of its plan.

An article may teach a speaker new short names and descriptions, but never a name that an editor split off
(`barred_names`), nor anything about a speaker whom it does not name.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from claims.extraction import Extraction
from claims.extraction.identity import KnownSpeaker, Lookup, MetAliases, NewSpeaker, SpeakerPlan, alias_key
from claims.extraction.role_keys import role_key
from claims.extraction.values import SpeakerReference, SpeakerType
from claims.models import Speaker, SpeakerAlias, SpeakerRole
from claims.services.barred import barred_names
from sources.models import Article
from sources.services import free_slug, slug_of, taken_slugs

MOST_ROLE = 300
ROLES_LAST = timedelta(days=730)
NEARBY = 160  # characters between a name and its description: a title before it, an apposition after it


def known_speakers(keys: Collection[str]) -> Mapping[str, Sequence[KnownSpeaker]]:
    """For each alias key the speakers that bear it; one query. Merged speakers' aliases belong to the survivor."""
    found: dict[str, list[KnownSpeaker]] = {}
    rows = SpeakerAlias.objects.filter(key__in=keys).order_by("speaker_id")
    for key, speaker_id, name, kind in rows.values_list("key", "speaker_id", "speaker__name", "speaker__kind"):
        found.setdefault(key, []).append(KnownSpeaker(speaker_id, name, cast(SpeakerType, kind)))
    return found


def holders_of_roles(article: Article) -> Lookup:
    """The look-up of who held a role on the article's date, by what the same outlet wrote in the two years before.

    "The finance minister" of one paper is another person than that of a paper abroad, so other outlets have no say. Of
    several holders the last one counts, unless an earlier one was called so again after the last one first was.
    """

    def look_up(keys: Collection[str]) -> Mapping[str, Sequence[KnownSpeaker]]:
        on = article.published_on
        if on is None:
            return {}
        rows = (
            SpeakerRole.objects.filter(
                role_key__in=keys, article__source_id=article.source_id, said_on__lte=on, said_on__gte=on - ROLES_LAST
            )
            .values("role_key", "speaker_id", "speaker__name", "speaker__kind")
            .annotate(first=Min("said_on"), last=Max("said_on"))
            .order_by("-last", "speaker_id")
        )
        held: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            held.setdefault(row["role_key"], []).append(dict(row))
        return {
            key: [
                KnownSpeaker(one["speaker_id"], one["speaker__name"], cast(SpeakerType, one["speaker__kind"]))
                for one in holders
                if one is holders[0] or one["last"] >= holders[0]["first"]
            ]
            for key, holders in held.items()
        }

    return look_up


def store_speakers(plan: SpeakerPlan) -> list[int]:
    """Makes the plan's new speakers and adds met aliases to known ones.

    Returns:
        The row id of each of `plan.new`, in its order.

    A name that another writer stored meanwhile gives that writer's row, not a second one.
    """
    # In the order of their keys, so that two writers of the same names never wait for each other in a circle.
    order = sorted(range(len(plan.new)), key=lambda position: plan.new[position].key)
    ids = dict(zip(order, _create([plan.new[position] for position in order]), strict=True))
    _add_aliases(plan.met)
    return [ids[position] for position in range(len(plan.new))]


def _create(new: Sequence[NewSpeaker]) -> list[int]:
    if not new:
        return []
    try:
        with transaction.atomic():
            return _create_all(new)
    except IntegrityError:
        return [_create_or_find(one) for one in new]


def _create_all(new: Sequence[NewSpeaker]) -> list[int]:
    bases = [slug_of(one.key) for one in new]
    taken = taken_slugs(Speaker, bases)
    rows = []
    for one, base in zip(new, bases, strict=True):
        slug = free_slug(base, taken)
        taken.add(slug)
        rows.append(Speaker(name=one.name[:300], slug=slug, kind=_kind(one.type)))
    Speaker.objects.bulk_create(rows)
    aliases = []
    for one, row in zip(new, rows, strict=True):
        aliases.append(SpeakerAlias(speaker=row, name=row.name, key=one.key[:300], is_identifying=True))
        aliases += _new_aliases(row.pk, one.aliases, {one.key[:300]})
    SpeakerAlias.objects.bulk_create(aliases)
    return [row.pk for row in rows]


def _create_or_find(one: NewSpeaker) -> int:
    """One by one, after a collision with another writer."""
    while True:
        identifying = SpeakerAlias.objects.filter(key=one.key[:300], is_identifying=True).first()
        if identifying:
            return identifying.speaker_id
        try:
            with transaction.atomic():
                return _create_all([one])[0]
        except IntegrityError:
            continue  # the name or the slug was taken in between


def _add_aliases(met: Sequence[MetAliases]) -> None:
    if not met:
        return
    known: dict[int, set[str]] = {one.id: set() for one in met}
    for speaker_id, key in SpeakerAlias.objects.filter(speaker_id__in=known).values_list("speaker_id", "key"):
        known[speaker_id].add(key)
    rows = [row for one in met for row in _new_aliases(one.id, one.aliases, known[one.id])]
    if rows:
        barred = barred_names({row.speaker_id for row in rows}, {row.key for row in rows})
        free = [row for row in rows if (row.speaker_id, row.key) not in barred]
        SpeakerAlias.objects.bulk_create(free, ignore_conflicts=True)


def _new_aliases(speaker_id: int, names: Sequence[str], seen: set[str]) -> list[SpeakerAlias]:
    """Rows for names whose keys are not in `seen`, which grows by them."""
    rows = []
    for name in names:
        key = alias_key(name)[:300]
        if key and key not in seen:
            seen.add(key)
            rows.append(SpeakerAlias(speaker_id=speaker_id, name=name[:300], key=key))
    return rows


def _kind(speaker_type: str) -> str:
    return speaker_type if speaker_type in Speaker.Kind.values else Speaker.Kind.UNKNOWN


def store_roles(article: Article, extraction: Extraction, plan: SpeakerPlan, new_ids: Sequence[int]) -> None:
    """Stores how the article describes its speakers: each description once a speaker, with its place in the text.

    Args:
        article: The stored article; gives text and date.
        extraction: The engine's output over exactly that text.
        plan: Its speakers across articles.
        new_ids: Row ids of `plan.new`.
    """
    references = [claim.speaker for claim in extraction.claims] + [claim.speaker for claim in extraction.relayed]
    rows: dict[tuple[int, str], SpeakerRole] = {}
    for reference, planned in zip(references, (*plan.claims, *plan.relayed), strict=True):
        for member, one in zip(_members(reference), planned, strict=True):
            speaker_id = one.known if one.known is not None else None if one.new is None else new_ids[one.new]
            for text in member.roles if speaker_id is not None else ():
                role = " ".join(text.split())[:MOST_ROLE]
                if role and speaker_id is not None and (speaker_id, role) not in rows:
                    rows[speaker_id, role] = _role(article, speaker_id, role, text, one.name or "")
    SpeakerRole.objects.bulk_create(rows.values(), batch_size=100)


def renew_roles(article: Article, extraction: Extraction, plan: SpeakerPlan, new_ids: Sequence[int]) -> None:
    """As `store_roles`, in place of what an older engine found in the article."""
    article.speaker_roles.all().delete()
    store_roles(article, extraction, plan, new_ids)


def _role(article: Article, speaker_id: int, role: str, text: str, name: str) -> SpeakerRole:
    start = _place(article.text, text, name)
    return SpeakerRole(
        speaker_id=speaker_id,
        article=article,
        text=role,
        key=alias_key(name)[:300] if name else "",
        role_key=role_key(role),
        start=start,
        end=None if start is None else start + len(text),
        said_on=article.published_on,
    )


def _place(text: str, words: str, name: str) -> int | None:
    """Where the words stand: beside the name's first place if there, else where they first stand."""
    at = text.find(name) if name else -1
    if at >= 0:
        end = at + len(name)
        after = text.find(words, end, end + NEARBY + len(words))
        before = text.rfind(words, max(0, at - NEARBY), at)
        if after >= 0 and (before < 0 or after - end <= at - before - len(words)):
            return after
        if before >= 0:
            return before
    first = text.find(words)
    return first if first >= 0 else None


def _members(reference: SpeakerReference | None) -> Sequence[SpeakerReference]:
    return (reference.members or (reference,)) if reference else ()
