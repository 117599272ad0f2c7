"""Who may be the same as a speaker, with the reason: a suggestion for an editor, never a merge.

Found by index alone, in four look-ups whatever the number of speakers: the same external id, the same full name, the
same first and last word, the same sound. What the last two find is checked in Python against the rule that the reason
names, so that "Ann B. Carr" is not offered as "Ann D. Carr". Single words never count: half of the world is called
"Khan". Two that an editor has split are not offered again.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from claims.models import Speaker, SpeakerAlias, SpeakerExternalId, SpeakerSplit

MOST_FOUND = 200  # rows a look-up reads at most
MOST_SHOWN = 10
MOST_EDITS = 2  # letters by which spellings of one name differ
_ORDER = ("the same external id", "the same name", "the same but for a middle name", "a close spelling")


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """A speaker that may be the same one, and why, strongest reason first."""

    speaker: Speaker
    reasons: tuple[str, ...]


def possible_duplicates(speaker: Speaker) -> list[PossibleDuplicate]:
    """Those that may be the same as `speaker`, best reasons first; at most ten."""
    own = list(SpeakerAlias.objects.filter(speaker=speaker))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    _by_external_id(speaker, found)
    _by_name(speaker, own, found)
    apart = _split_from(speaker)
    speakers = Speaker.objects.current().in_bulk([pk for pk in found if pk not in apart])
    likely = [
        PossibleDuplicate(one, tuple(found[pk][reason] for reason in _ORDER if reason in found[pk]))
        for pk, one in speakers.items()
        if one.kind == speaker.kind or Speaker.Kind.UNKNOWN in (one.kind, speaker.kind) or _ORDER[0] in found[pk]
    ]
    likely.sort(key=lambda one: ([reason not in found[one.speaker.pk] for reason in _ORDER], one.speaker.name))
    return likely[:MOST_SHOWN]


def _by_external_id(speaker: Speaker, found: dict[int, dict[str, str]]) -> None:
    values = SpeakerExternalId.objects.filter(speaker=speaker).values("value")
    same = SpeakerExternalId.objects.filter(value__in=values).exclude(speaker=speaker)
    for pk, value in same.values_list("speaker_id", "value")[:MOST_FOUND]:
        found[pk].setdefault(_ORDER[0], f"the same external id: {value}")


def _by_name(speaker: Speaker, own: list[SpeakerAlias], found: dict[int, dict[str, str]]) -> None:
    full = [alias for alias in own if " " in alias.key]
    if not full:
        return
    same = Q(key__in={alias.key for alias in full})
    same |= Q(core_key__in={alias.core_key for alias in full} - {""})
    same |= Q(sound_key__in={alias.sound_key for alias in full} - {""})
    rows = SpeakerAlias.objects.filter(same).exclude(speaker=speaker).order_by("pk")[:MOST_FOUND]
    for row in rows:
        for alias in full:
            reason = _reason(alias, row)
            if reason:
                found[row.speaker_id].setdefault(*reason)


def _reason(alias: SpeakerAlias, other: SpeakerAlias) -> tuple[str, str] | None:
    if alias.key == other.key:
        return _ORDER[1], f"the same name: {other.name}"
    if alias.core_key == other.core_key and _middles_agree(alias.key, other.key):
        return _ORDER[2], f"the same but for a middle name: {other.name}"
    if alias.sound_key == other.sound_key and 0 < edits(alias.core_key, other.core_key, MOST_EDITS) <= MOST_EDITS:
        return _ORDER[3], f"a close spelling: {other.name}"
    return None


def _middles_agree(key: str, other: str) -> bool:
    """Whether one has no middle name, or its initials are the other's."""
    one, two = key.split()[1:-1], other.split()[1:-1]
    if not one or not two:
        return True
    shorter, longer = sorted((_initials(one), _initials(two)), key=len)
    written_out = all(len(word) > 1 for word in (*one, *two))
    return longer.startswith(shorter) and not written_out


def _initials(words: Iterable[str]) -> str:
    # A run of initials is one word of the key ("jk"); a name of two letters is too rare to spoil this.
    return "".join(word if len(word) <= 2 else word[0] for word in words)


def edits(one: str, two: str, most: int) -> int:
    """Letters to change, add or drop to make one of the other (Levenshtein); `most` + 1 where it takes more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    above = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        if min(line) > most:
            return most + 1
        above = line
    return above[-1]


def _split_from(speaker: Speaker) -> set[int]:
    """Those that an editor has told apart from this one."""
    splits = SpeakerSplit.objects.filter(Q(speaker=speaker) | Q(into=speaker), undone_at=None)
    return {pk for pair in splits.values_list("speaker_id", "into_id") for pk in pair}
