"""Whom a paragraph has turned to: who opens a sentence of it is "he" rather than whoever spoke last."""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.roles import PEOPLE
from claims.extraction.speakers.scene import Scene

_LONGEST = 60  # words of a paragraph that only introduces somebody
_LONGEST_QUOTE = 150  # words before "he said"
_MOST = 8
_LONGEST_LEAD_IN = 16
_MOST_PERSONS = 40
_TWO = 2  # sentences back to which somebody new, and nobody else, is still spoken of
_INVERTING = word_set("among in at beside behind outside inside next on with")
_PERSONAL = word_set("he him she her")
_STANDING = word_set("was is were are sat stood came sits stands")
_LONGEST_INVERSION = 12
_CLAUSES = word_set("asked when after before as while although though if because since until despite told")


def new_topic(scene: Scene, at: int) -> tuple[int, Bearer | None]:
    """Returns where the paragraph of word `at` begins, and the person that opens its sentence before, or None.

    Where "her rival, Bo Lee," is new, or somebody new comes right before a quotation, what went before in the paragraph
    is over too: his sentence begins anew.
    """
    words = scene.words
    begin = at
    least = max(0, at - _LONGEST_QUOTE)
    while begin > least and words.quoted[begin - 1] and words.paragraph[begin - 1] == words.paragraph[at]:
        begin -= 1  # a quotation before "he said" may hold several sentences
    start = opening = begin
    while start > 0 and begin - start < _LONGEST and words.paragraph[start - 1] == words.paragraph[at]:
        start -= 1
        opening = start if words.sentence[begin] - words.sentence[start] <= 1 else opening
    distance = words.sentence[begin] - words.sentence[start]
    if start > 0 and distance == 0:
        found = _introduced_before(scene, start)
        if found is not None:
            return found
    position = _subject(scene, opening) if words.sentence[begin] - words.sentence[opening] == 1 else -1
    if position >= 0:
        name = scene.index.names[position]
        topic = scene.bearers_at(position)[0]
        new = topic.places[0] == name.first
        if words.possessive[name.last] and not (new and opening == start):
            return start, None
        anew = new and (begin < at or words.low[opening] in ("his", "her"))
        return opening if anew else start, topic
    if distance == _TWO and (early := _subject(scene, start, alone=False)) >= 0:
        topic = scene.bearers_at(early)[0]
        new = topic.places[0] == scene.index.names[early].first
        if (new or _goes_on(scene, start, begin)) and _is_alone(scene, early, begin):
            return start, topic
    if 0 < distance <= _TWO and (described := _described(scene, start)) is not None:
        others = [one for one in scene.persons[:_MOST_PERSONS] if one is not described]
        alone = not any(start <= at < begin for one in others for at in one.places)
        if alone and (distance == 1 or _goes_on(scene, start, begin)):
            return start, described
    return start, None


def _described(scene: Scene, start: int) -> Bearer | None:
    """Returns whom "the prefect" means that is the subject of a paragraph's first sentence, or of its main clause."""
    words = scene.words
    for at in range(start + 1, min(len(words), start + _LONGEST_LEAD_IN)):
        if words.sentence[at] != words.sentence[start]:
            return None
        article = at - 1 if words.low[at - 1] == "the" else at - 2  # "the deputy minister"
        opens = article == start or (article > start and words.gap(article - 1).strip() == ",")
        bearers = scene.by_head.get(words.low[at], ()) if opens and words.low[article] == "the" else ()
        if len(bearers) == 1 and not words.possessive[at] and not words.gap(at).strip():
            return bearers[0]
    return None


def _subject(scene: Scene, opening: int, *, alone: bool = True) -> int:
    """Returns the position of the person that a sentence is about, or -1; `alone` for one who is no subject too."""
    words = scene.words
    position = scene.index.covering(opening)
    if position < 0:
        for subject in (_apposed_at_start, _behind_clause, _behind_verb, *([_introduced_alone] if alone else [])):
            position = subject(scene, opening) if position < 0 else position
    elif scene.index.names[position].outer != opening:
        return -1
    meant = scene.bearers_at(position) if position >= 0 and not words.quoted[opening] else []
    if len(meant) != 1 or meant[0].place:
        return -1
    presented = words.low[opening] in ("his", "her") or len(meant[0].key) > 1
    return position if meant[0].type == "person" or (presented and meant[0].may_be_person) else -1


def _is_alone(scene: Scene, position: int, stop: int) -> bool:
    """Whether no other person is named between a name and a word."""
    topic = scene.bearers_at(position)
    for other in range(position + 1, min(position + _MOST, len(scene.index.names))):
        if scene.index.names[other].first >= stop:
            return True
        if any(one not in topic and one.type == "person" for one in scene.bearers_at(other)):
            return False
    return True


def _goes_on(scene: Scene, start: int, stop: int) -> bool:
    """Whether the second sentence of a paragraph goes on with "he": "Sol has 71 wickets. He last played in May."""
    words = scene.words
    second = next((at for at in range(start, stop) if words.sentence[at] != words.sentence[start]), stop)
    return second < stop and words.low[second] in ("he", "she") and not words.quoted[second]


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
    return (first, meant[0]) if _is_alone(scene, position, start) else None


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
            before = words.low[start : name.outer]
            object_of = before and (before[-1].endswith("ed") or before[-1] in ("met", "saw", "sued"))
            before = before[1:] if words.low[start] in ("his", "her") else before
            if found >= 0 or meant[0].places[0] != name.first or object_of or not _PERSONAL.isdisjoint(before):
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
