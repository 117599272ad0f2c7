"""Which claims two versions of a story share: claims in, pairs out.

A claim is the same where its words are, whoever says them (a changed speaker is what an editor wants to see); changed
where at least half of its words are. The best pairs come first, and each claim is in one. Versions are texts of their
own, so offsets say nothing here; within one article `claims.extraction.alignment` compares by place.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claims.admin.differences import Piece, compare
from claims.models import Claim

MOST = 500  # claims of a version that are paired by likeness: the number of pairs grows with the square
SAME_CLAIM = 0.5
_WORD = re.compile(r"\w+")

Outcome = Literal["appeared", "changed", "re-attributed", "vanished", "same"]


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """What became of one claim from the older version to the newer one.

    Attributes:
        outcome: `re-attributed` where the speaker changed, whatever happened to the words.
        old: In the older version; None where it appeared.
        new: In the newer version; None where it vanished.
        pieces: How the words changed.
    """

    outcome: Outcome
    old: Claim | None
    new: Claim | None
    pieces: tuple[Piece, ...] = ()


def speakers_of(claim: Claim) -> tuple[str, ...]:
    """Names, or words where nobody is named; expects the links with their speakers at hand."""
    return tuple(link.speaker.name if link.speaker else link.words for link in claim.links.all())


def pair_claims(old: Sequence[Claim], new: Sequence[Claim]) -> list[ClaimPair]:
    """All claims of both versions: changed ones first in the newer text's order, then what vanished."""
    partners = _by_words(old, new)
    taken = {claim.pk for claim in partners.values()}
    left = [claim for claim in old if claim.pk not in taken][:MOST]
    partners |= _by_likeness(left, [claim for claim in new if claim.pk not in partners][:MOST])
    taken = {claim.pk for claim in partners.values()}
    pairs = [_pair(partners.get(claim.pk), claim) for claim in new]
    return [*pairs, *(ClaimPair("vanished", claim, None) for claim in old if claim.pk not in taken)]


def _pair(old: Claim | None, new: Claim) -> ClaimPair:
    if old is None:
        return ClaimPair("appeared", None, new)
    if set(speakers_of(old)) != set(speakers_of(new)):
        return ClaimPair("re-attributed", old, new, tuple(compare(old.text, new.text)))
    if old.text != new.text:
        return ClaimPair("changed", old, new, tuple(compare(old.text, new.text)))
    return ClaimPair("same", old, new)


def _by_words(old: Sequence[Claim], new: Sequence[Claim]) -> dict[int, Claim]:
    """By id of a newer claim, the older one with the same words; those of the same speaker first."""
    waiting: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in old:
        waiting[_words(claim)].append(claim)
    found: dict[int, Claim] = {}
    for same_speaker in (True, False):
        for claim in new:
            fitting = waiting[_words(claim)]
            for one in fitting:
                if claim.pk not in found and (not same_speaker or set(speakers_of(one)) == set(speakers_of(claim))):
                    found[claim.pk] = one
                    fitting.remove(one)
                    break
    return found


def _by_likeness(old: Sequence[Claim], new: Sequence[Claim]) -> dict[int, Claim]:
    """The same for claims that share at least half of their words, the most alike first."""
    left, right = [set(_words(claim)) for claim in old], [set(_words(claim)) for claim in new]
    scored = [
        (-len(mine & theirs) / len(mine | theirs), n, o)
        for n, mine in enumerate(right)
        for o, theirs in enumerate(left)
        if mine and theirs and len(mine & theirs) >= SAME_CLAIM * len(mine | theirs)
    ]
    found: dict[int, Claim] = {}
    used: set[int] = set()
    for _, n, o in sorted(scored):
        if new[n].pk not in found and o not in used:
            found[new[n].pk] = old[o]
            used.add(o)
    return found


def _words(claim: Claim) -> tuple[str, ...]:
    return tuple(_WORD.findall(claim.text.casefold()))
