"""Whom "the Ohio Republican" means: the one of that party and place, or the one who has just been speaking.

Papers vary a lawmaker's name by party and state. The text tells both: "Sen. Ana Sol (R-Ohio)", "Republican Bo Lee of
Utah". Where it tells neither, only a running speaker is taken, and never the main person of the article: both parties
have many.
"""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.scene import Answer, Scene, named
from claims.extraction.speakers.vocabulary import DEMONYMS, MEMBERS

_SAME = {"republican": word_set("republican gop"), "democrat": word_set("democrat democratic")}
_NO_PLACE = word_set("the a an this that former longtime top senior leading moderate conservative liberal")
_MOST = 60  # persons looked at


def resolve_member(scene: Scene, mention: Mention) -> Answer:
    """Resolves a mention whose head is a member of a party."""
    words = scene.words
    unknown = Answer("unnamed", reason="role-unknown")
    if mention.determiner not in ("the", ""):
        return Answer("unnamed", reason="indefinite", confidence=0.9)
    party = words.low[mention.head]
    places = [
        words.low[at].removesuffix("'s") for at in range(mention.first, mention.head) if words.low[at] not in _NO_PLACE
    ]
    met = [one for one in scene.persons[:_MOST] if one.places and one.places[0] < mention.first]
    same = [one for one in met if not _other_party(one, party)]
    known = [one for one in same if not _SAME.get(party, {party}).isdisjoint(one.modifiers | one.heads)]
    if places:
        of_place = [one for one in known if _is_of(one, places)] or [one for one in same if _is_of(one, places)]
        if len(of_place) == 1:
            return named(of_place, "member-of-place", 0.8)
        if of_place:
            return unknown
    running = next((said.answer.bearer for said in scene.last_said(mention.first) if not said.relative), None)
    if running in (known or same) and running is not None:
        return named([running], "member-last-speaker", 0.65)
    return unknown


def _other_party(bearer: Bearer, party: str) -> bool:
    told = (bearer.modifiers | bearer.heads) & (MEMBERS | {"democratic", "gop"})
    return bool(told) and told.isdisjoint(_SAME.get(party, {party}))


def _is_of(bearer: Bearer, places: list[str]) -> bool:
    return all(any(place == word or _abbreviates(word, place) for word in bearer.modifiers) for place in places)


def _abbreviates(short: str, place: str) -> bool:
    """Whether the letters of "ky" or "wis" stand in a place's name in this order, the first one first."""
    bare = short.replace(".", "")
    if not 1 < len(bare) < 6 or bare[0] != place[0] or bare in DEMONYMS:
        return False
    rest = iter(place)
    return all(letter in rest for letter in bare)
