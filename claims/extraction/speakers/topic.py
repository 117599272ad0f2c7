"""Whom a paragraph has turned to: who opens a sentence of it is "he" rather than whoever spoke last."""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.roles import PEOPLE
from claims.extraction.speakers.scene import Scene

_LONGEST = 60  # words of a paragraph that only introduces somebody
_MOST = 8
_INVERTING = word_set("among in at beside behind outside inside next on with")
_STANDING = word_set("was is were are sat stood came sits stands")
_LONGEST_INVERSION = 12
_CLAUSES = word_set("asked when after before as while although though if because since until despite told")


def new_topic(scene: Scene, at: int) -> tuple[int, Bearer | None]:
    """Returns where the paragraph of word `at` begins, and the person that opens its sentence before, or None.

    Where "her rival, Bo Lee," is new, what went before in the paragraph is over too: its sentence begins anew.
    """
    words = scene.words
    while at > 0 and words.quoted[at - 1] and words.paragraph[at - 1] == words.paragraph[at]:
        at -= 1  # a quotation before "he said" may hold several sentences
    start = opening = at
    while start > 0 and at - start < 60 and words.paragraph[start - 1] == words.paragraph[at]:
        start -= 1
        opening = start if words.sentence[at] - words.sentence[start] <= 1 else opening
    if start > 0 and words.sentence[at] == words.sentence[start]:
        found = _introduced_before(scene, start)
        if found is not None:
            return found
    position = scene.index.covering(opening)
    if position < 0:
        for subject in (_apposed_at_start, _behind_clause, _behind_verb, _introduced_alone):
            position = subject(scene, opening) if position < 0 else position
    elif scene.index.names[position].outer != opening:
        return start, None
    if position < 0 or words.sentence[at] - words.sentence[opening] != 1:
        return start, None
    meant = scene.bearers_at(position)
    last = scene.index.names[position].last
    hers = words.low[opening] in ("his", "her")
    someone = hers or (words.low[opening] in _INVERTING and len(meant[0].key) > 1)
    alone = (
        len(meant) == 1
        and (meant[0].type == "person" or (someone and meant[0].may_be_person))
        and not meant[0].place
        and not words.possessive[last]
    )
    if not alone or words.quoted[opening]:
        return start, None
    new = hers and meant[0].places[0] == scene.index.names[position].first
    return opening if new else start, meant[0]


def _introduced_before(scene: Scene, start: int) -> tuple[int, Bearer] | None:
    """Returns whom the whole paragraph before introduces ("Bo Lee was clearing snow."), and where that begins.

    He opens it, was never named before, and nobody else is named or speaks in it.
    """
    words = scene.words
    first = start - 1
    while first > 0 and start - first < _LONGEST and words.paragraph[first - 1] == words.paragraph[start - 1]:
        first -= 1
    position = scene.index.covering(first)
    if position < 0 or scene.index.names[position].outer != first or words.quoted[first]:
        return None
    meant = scene.bearers_at(position)
    if len(meant) != 1 or meant[0].type != "person" or meant[0].places[0] != scene.index.names[position].first:
        return None
    for other in range(position + 1, min(position + _MOST, len(scene.index.names))):
        if scene.index.names[other].first >= start:
            break
        if any(one is not meant[0] and one.type == "person" for one in scene.bearers_at(other)):
            return None
    return first, meant[0]


def _behind_clause(scene: Scene, start: int) -> int:
    """Returns the name that is the subject behind a clause ("Asked if he was lonely, Bo laughed."), or -1."""
    words = scene.words
    if words.low[start] not in _CLAUSES:
        return -1
    position = scene.index.next_after(start)
    for _ in range(4):
        if position >= len(scene.index.names):
            return -1
        name = scene.index.names[position]
        if words.sentence[name.first] != words.sentence[start]:
            return -1
        after = name.last + 1
        goes_on = after < len(words) and not words.capital[after] and words.gap(name.last) == " "
        if words.gap(name.outer - 1).strip() == "," and goes_on:
            return position
        position += 1
    return -1


def _behind_verb(scene: Scene, start: int) -> int:
    """Returns the name that is the subject behind its verb ("Among the guests was Bo Lee"), or -1."""
    words = scene.words
    if words.low[start] not in _INVERTING:
        return -1
    for at in range(start + 1, min(len(words) - 1, start + _LONGEST_INVERSION)):
        if words.low[at] in _STANDING:
            position = scene.index.covering(at + 1)
            return position if position >= 0 and scene.index.names[position].outer == at + 1 else -1
        if words.sentence[at] != words.sentence[start] or words.gap(at).strip():
            return -1
    return -1


def _introduced_alone(scene: Scene, start: int) -> int:
    """Returns the name of the only person of a sentence, introduced there ("The last word is with Bo Lee."), or -1."""
    words = scene.words
    found = -1
    position = scene.index.next_after(start)
    for at in range(position, min(position + 6, len(scene.index.names))):
        name = scene.index.names[at]
        if words.sentence[name.first] != words.sentence[start]:
            break
        meant = scene.bearers_at(at)
        if len(meant) != 1 or words.quoted[name.first]:
            return -1
        if meant[0].type == "person" and not meant[0].place:
            if found >= 0 or meant[0].places[0] != name.first:
                return -1
            found = at
    return found


def _apposed_at_start(scene: Scene, start: int) -> int:
    """Returns the name beside the role that opens a paragraph ("The captain, Bo Lee, was"), or -1."""
    words = scene.words
    position = scene.index.next_after(start)
    if position >= len(scene.index.names) or words.low[start] not in ("the", "his", "her", "their", "its"):
        return -1
    before = scene.index.names[position].outer - 1
    near = before - start < 6 and words.sentence[before] == words.sentence[start]
    somebody = words.low[before] in PEOPLE or (words.low[start] in ("his", "her") and before - start < 3)
    return position if near and somebody and words.gap(before).strip() == "," else -1
