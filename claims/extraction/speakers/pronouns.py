"""Whom a pronoun means.

"He" and "she" weigh two habits of news prose against each other: the pronoun continues the last speaker, and
it takes up the nearest name of fitting gender, subjects before objects. Either alone is clearly worse (the
last speaker alone is right for nine in ten, recency alone for three in four).

Names inside the question of an interview ("When asked whether A would meet B, she said") and inside the
speaker's own words are no candidates of weight: the running speaker goes on. Two candidates whose scores
nearly tie are `ambiguous`. Do NOT resolve "they" to a single person.

The weights below were set by hand on the annotated PolNeAR dev articles and the tuning half of `seeds/`, where
"he" and "she" taken up from the last speaker are right in 128 of 131 cases and from the nearest name in 7 of 7.
"""

from collections.abc import Sequence
from math import log2

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.collectives import group_before, organisation_before
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.mentions import HE, IT, RELATIVE, SELF, SHE
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import PEOPLE
from claims.extraction.speakers.scene import Answer, Ranked, Said, Scene, named
from claims.extraction.speakers.topic import new_topic

_WINDOW = 220  # words before the pronoun
_MOST_NAMES = 45
_BY_SENTENCE = (1.6, 1.2, 0.6, 0.2)
_LONGEST_OPENING = 6
_PER_SENTENCE = -0.15
_SUBJECT = 0.8
_POSSESSIVE = -0.3
_OBJECT = -0.3
_IN_QUOTE = -1.4
_IN_QUESTION = -2.5
_IN_OWN_WORDS = -2.5
_LAST_SPEAKER = 1.8
_FADE = 0.08  # of the bonus, for every sentence beyond two since one spoke
_LEAST = 0.4
_ASIDE = 0.5
_SPEAKER_BEFORE = 0.6
_RUNNING_SPEAKER = 0.8
_ASKED = 2.4  # of whom the sentence before puts a question to: "I asked Sol if he knew. He did not, he said."
_CUT_OFF = 0.1  # of the last speaker's bonus where a paragraph on somebody else has begun: "Sol scored. He said …"
_TOPIC = 0.5  # of whom the sentence before is about: as much as a gender that nothing tells costs
_GENDER = 0.6
_NO_GENDER = -0.5
_PROMINENCE = 0.15
_TIE = 0.12
_ASKING = word_set("asked ask asks asking pressed questioned quizzed")
_QUESTION_OPENERS = word_set(
    "asked when on regarding responding replying answering questioned pressed commenting about"
)
_CLAUSE_OPENERS = word_set("and but that as when while because if after before since although though so or then")
_PREPOSITIONS = word_set("of for from at in on to with by about against over between like")

_MOUTHPIECES = word_set(
    "spokesman spokeswoman spokesperson clerk aide agent publicist assistant secretary lawyer attorney"
)
_TELLING = word_set("said says that added confirmed insisted told called described")
_RESTRICTING = word_set("from in with who at behind on")
_GENERIC = word_set("woman man girl boy")
_ANYBODY = PEOPLE | _MOUTHPIECES | _GENERIC
_BEFORE_NOUNS = word_set("the a an his her")
_TOLD_WITHIN = 9
_SOMEBODY = Bearer(-1, "", ("",), votes={"person": 1})
_ONE_UNNAMED = word_set(
    "indefinite owner-without-relation relation-unknown role-unknown same-unnamed pronoun-unnamed-speaker "
    "person-noun-unnamed-speaker"
)

Range = tuple[int, int]


def first_word(mention: Mention, own: Sequence[Range]) -> int:
    """Returns the first word of a statement: of what is said, where that comes before who says it."""
    return min([mention.first, *(first for first, _ in own)])


def gender_of(pronoun: str) -> str:
    """Returns "m", "f" or ""."""
    return "m" if pronoun in HE else "f" if pronoun in SHE else ""


def resolve_pronoun(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a pronoun that stands outside of any quotation, or inside one that is not first person.

    Args:
        scene: The article so far.
        mention: A mention of shape `pronoun`.
        own: Word ranges of what this mention says, half-open; their names hardly count.
    """
    pronoun = mention.pronoun
    words = scene.words.text[scene.words.start[mention.first] : scene.words.end[mention.last]]
    if pronoun in RELATIVE:
        answer = _antecedent(scene, mention.first, pronoun)
    elif pronoun in HE or pronoun in SHE:
        answer = decide(rank_persons(scene, mention.first, gender_of(pronoun), own), "pronoun")
    elif pronoun in IT:
        answer = organisation_before(scene, mention.first)
    elif pronoun in SELF:
        answer = Answer("unnamed", reason="reporter")
    else:
        answer = group_before(scene, mention.first)
    answer.words = answer.words or words
    return answer


def decide(ranked: list[Ranked], reason: str) -> Answer:
    """Returns the best of ranked candidates, or `ambiguous` where the first two tie."""
    if not ranked:
        return Answer("lost", reason=f"{reason}-without-antecedent")
    if len(ranked) > 1 and ranked[0].score - ranked[1].score < _TIE:
        if any(one.bearer is _SOMEBODY for one in ranked[:2]):
            return Answer("unnamed", reason=f"{reason}-unnamed-speaker", confidence=0.5)
        return Answer("ambiguous", reason=f"{reason}-tie", confidence=0.5, ranked=ranked)
    if ranked[0].bearer is _SOMEBODY:
        return Answer("unnamed", reason=f"{reason}-unnamed-speaker", confidence=0.7)
    margin = ranked[0].score - ranked[1].score if len(ranked) > 1 else 2.0
    confidence = min(0.95, 0.75 + 0.1 * margin)
    return Answer("named", ranked[0].bearer, f"{reason}-{ranked[0].reason}", confidence, ranked)


def rank_persons(scene: Scene, at: int, gender: str, own: Sequence[Range]) -> list[Ranked]:
    """Ranks the persons that a singular pronoun or a genderless "the man" at word `at` may mean."""
    best: dict[int, Ranked] = {}
    question = _question_start(scene, at)
    names = scene.directory.names
    position = scene.index.next_after(at - 1) - 1
    looked = 0
    while position >= 0 and looked < _MOST_NAMES and at - names[position].first <= _WINDOW:
        meant = scene.bearers_at(position)
        if len(meant) == 1 and fits_person(meant[0], gender):
            score = _place_score(scene, position, at, question, own)
            number = meant[0].number
            if number not in best or best[number].score < score:
                best[number] = Ranked(meant[0], score, "recency")
        position, looked = position - 1, looked + 1
    _add_described(scene, at, gender, best, question)
    _add_speakers(scene, at, gender, best, question)
    for number in scene.quoting:
        best.pop(number, None)
    for one in best.values():
        if gender and one.bearer is not _SOMEBODY:
            one.score += _GENDER if one.bearer.gender == gender else _NO_GENDER
        one.score += _PROMINENCE * min(4.0, log2(1 + len(one.bearer.places)))
        one.score += 0.4 if one.bearer.type == "person" else -0.4
    return sorted(best.values(), key=lambda one: (-one.score, one.bearer.number))


def fits_person(bearer: Bearer, gender: str) -> bool:
    """Whether a bearer can be meant by a personal pronoun of that gender ("" for either)."""
    if len(bearer.key) == 1 and bearer.type == "unknown" and not bearer.gender:
        return False
    return bearer.may_be_person and (not gender or bearer.gender in ("", gender)) and bearer.key[0][0] not in "@#"


def _place_score(scene: Scene, position: int, at: int, question: int, own: Sequence[Range]) -> float:
    words = scene.words
    name = scene.directory.names[position]
    distance = words.sentence[at] - words.sentence[name.first]
    score = _BY_SENTENCE[distance] if distance < len(_BY_SENTENCE) else _PER_SENTENCE * (distance - 3)
    score -= 0.1 * min(5, words.paragraph[at] - words.paragraph[name.first])
    before = name.outer - 1
    if words.possessive[name.last]:
        score += _POSSESSIVE
    elif words.first[name.outer] or before < 0 or words.low[before] in _CLAUSE_OPENERS or "," in words.gap(before):
        score += _SUBJECT
    elif words.low[before] in _PREPOSITIONS:
        score += _OBJECT
    if distance == 1 and before >= 0 and words.low[before] in _ASKING:
        score += _ASKED
    if words.quoted[name.first] and not words.quoted[at]:
        score += _IN_QUOTE
    if 0 <= question <= name.first:
        score += _IN_QUESTION
    if any(first <= name.first < last for first, last in own):
        score += 0.0 if _is_introduced(scene, name) else _IN_OWN_WORDS
    return score


def _is_introduced(scene: Scene, name: Name) -> bool:
    """Whether a statement opens by saying who makes it: "But his aunt, Ana Sol, will vote against it, she said"."""
    words = scene.words
    first = name.outer - 1
    while first > 0 and name.outer - first < _LONGEST_OPENING and not words.first[first]:
        first -= 1
    opens = words.first[first] and {words.low[first], words.low[first + 1]} & {"his", "her"}
    return bool(opens) and words.gap(name.outer - 1).strip() == "," and words.gap(name.last).strip() == ","


def _question_start(scene: Scene, at: int) -> int:
    """Returns the first word of an interviewer's question that leads into the sentence of `at`, or -1."""
    words = scene.words
    first = at
    while first > 0 and at - first < 60 and not words.first[first]:
        first -= 1
    if words.low[first] not in _QUESTION_OPENERS or words.quoted[first] or first == at:
        return -1
    if words.low[first] == "when" and words.low[first + 1] not in ("asked", "questioned", "pressed", "quizzed"):
        return -1
    return first


def _add_described(scene: Scene, at: int, gender: str, best: dict[int, Ranked], question: int) -> None:
    """Takes "the mayor" as a naming of the one mayor, within two sentences."""
    words = scene.words
    for place in range(at - 1, max(0, at - 60), -1):
        if words.sentence[at] - words.sentence[place] > 2:
            return
        bearers = scene.by_head.get(words.low[place])
        if not bearers and _is_newcomer(scene, place, at):
            speaks = words.low[place + 1] in _TELLING
            score = _BY_SENTENCE[1] + (_LAST_SPEAKER if speaks else _OBJECT)
            reason = "unnamed-speaker" if speaks else "unnamed-described"
            best.setdefault(_SOMEBODY.number, Ranked(_SOMEBODY, score, reason))
        if not bearers or len(bearers) != 1 or words.capital[place] or words.low[place - 1] != "the":
            continue
        if words.quoted[place] or 0 <= question <= place or not fits_person(bearers[0], gender):
            continue
        score = _BY_SENTENCE[words.sentence[at] - words.sentence[place]]
        opens = words.first[place - 1] or words.low[place - 2] in _CLAUSE_OPENERS
        score += _POSSESSIVE if words.possessive[place] else _SUBJECT if opens else 0.0
        number = bearers[0].number
        if number not in best or best[number].score < score:
            best[number] = Ranked(bearers[0], score, "described")


def _is_newcomer(scene: Scene, place: int, at: int) -> bool:
    """Whether the sentence before brings in somebody without a name: "praised the caretaker, who had …. He …"."""
    words = scene.words
    noun = words.low[place]
    if noun not in _ANYBODY or words.capital[place] or words.quoted[place] or place + 1 >= len(words):
        return False
    distance = words.sentence[at] - words.sentence[place]
    opens = place > 1 and words.paragraph[place - 2] != words.paragraph[place - 1]
    if opens and words.low[place + 1] in _RESTRICTING and noun in _GENERIC and distance <= 1:
        return True  # "The woman from Tannery Street stopped."
    if distance != 1 or not (words.low[place - 1] in _BEFORE_NOUNS or words.possessive[place - 1]):
        return False
    if noun in _MOUTHPIECES and words.low[place + 1] in _TELLING and words.low[place - 1] in ("a", "an"):
        return True
    return words.low[place + 1] == "who" and words.gap(place).strip() in (",", "")


def _add_speakers(scene: Scene, at: int, gender: str, best: dict[int, Ranked], question: int) -> None:
    """Weighs in who spoke last and who spoke before that."""
    somebody = best.get(_SOMEBODY.number)
    rank = int(somebody is not None and somebody.reason == "unnamed-speaker")
    paragraph, topic = new_topic(scene, at)
    if topic is not None and topic.number in best:
        best[topic.number].score = max(best[topic.number].score, _BY_SENTENCE[1] + _SUBJECT) + _TOPIC
    for said in scene.last_said(at):
        bearer = said.answer.bearer
        if 0 <= question <= said.at:
            continue
        if rank == 0 and _speaks_for_another(scene, said, gender):
            continue
        if rank == 0 and _is_somebody(said) and scene.words.sentence[at] - scene.words.sentence[said.at] <= 2:
            near = _BY_SENTENCE[max(0, scene.words.sentence[at] - scene.words.sentence[said.at])]
            turned = topic is not None and said.at < paragraph and fits_person(topic, gender)
            bonus = _LAST_SPEAKER * (_CUT_OFF if turned else 1.0)
            best[_SOMEBODY.number] = Ranked(_SOMEBODY, near + 0.3 + bonus, "unnamed-speaker")
            rank += 1
            continue
        if bearer is None or not fits_person(bearer, gender):
            rank += said.answer.outcome == "named" and bearer is not None and bearer.may_be_person
            continue
        bonus = _LAST_SPEAKER if rank == 0 else _SPEAKER_BEFORE if rank == 1 else 0.0
        if rank == 0 and question >= 0:
            bonus += _RUNNING_SPEAKER
        distance = scene.words.sentence[at] - scene.words.sentence[said.at]
        if topic is not None and topic is not bearer and said.at < paragraph and fits_person(topic, gender):
            bonus *= _CUT_OFF
        bonus *= max(_LEAST, 1.0 - _FADE * max(0, distance - 2)) * (_ASIDE if said.relative else 1.0)
        near = _BY_SENTENCE[distance] if distance < len(_BY_SENTENCE) else _PER_SENTENCE * (distance - 3)
        entry = best.get(bearer.number)
        if entry is None:
            best[bearer.number] = Ranked(bearer, near + bonus, "last-speaker")
        elif entry.reason != "last-speaker":
            best[bearer.number] = Ranked(bearer, max(entry.score, near + 0.3) + bonus, "last-speaker")
        else:
            continue
        rank += 1
        if rank > 1:
            break


def _is_somebody(said: Said) -> bool:
    """Whether one unnamed person spoke ("a senior official"), whom the next "he" then means."""
    return said.answer.outcome == "unnamed" and said.answer.reason in _ONE_UNNAMED


def _speaks_for_another(scene: Scene, said: Said, gender: str) -> bool:
    """Whether somebody's clerk has told what she did ("A clerk said she was ill"): the next "she" is not the clerk."""
    if not _is_somebody(said) or _MOUTHPIECES.isdisjoint(said.answer.words.lower().split()):
        return False
    lows = scene.words.low[said.at + 1 : said.at + _TOLD_WITHIN]
    pronouns = HE if gender == "m" else SHE
    return any(low in pronouns and lows[i - 1] in _TELLING for i, low in enumerate(lows) if i)


def _antecedent(scene: Scene, at: int, pronoun: str) -> Answer:
    """Resolves "who" and "which": the name right before, else the subject of the clause."""
    words = scene.words
    before = at - 1
    if before < 0:
        return Answer("lost", reason="relative-without-antecedent")
    if words.low[before] in ("of", "to", "with", "for", "from") and pronoun in ("whom", "which"):
        before -= 1
        if before >= 0 and words.low[before] in (
            "some",
            "many",
            "most",
            "all",
            "both",
            "none",
            "several",
            "one",
            "few",
        ):
            return Answer("unnamed", reason="relative-group")
    if before < 0 or words.sentence[before] != words.sentence[at]:
        return Answer("lost", reason="relative-without-antecedent")
    position = scene.index.covering(before)
    if (
        position < 0
        and words.text[words.end[before] : words.start[at]].lstrip()[:1] != ","
        and words.low[before] not in PEOPLE
    ):
        position = _bracketed_name(scene, before)
    if position >= 0 and not (pronoun in ("who", "whom") and scene.directory.names[position].place):
        return named(scene.bearers_at(position), "relative")
    personal = pronoun in ("who", "whom", "whose")
    if "," in words.gap(at - 1):
        found = _name_left_of(scene, before, personal)
        if found >= 0:
            return named(scene.bearers_at(found), "relative-apposition", confidence=0.7)
    return Answer("lost", reason="relative-noun")


def _bracketed_name(scene: Scene, before: int) -> int:
    """Returns the name whose bracket "(D-Mass.)" ends right before a relative pronoun, or -1."""
    text, words = scene.words.text, scene.words
    tail = text[words.end[before] : words.end[before] + 3]
    if ")" not in tail:
        return -1
    opening = text.rfind("(", max(0, words.end[before] - 40), words.end[before])
    return scene.index.covering(max(0, words.at(opening) - 1)) if opening > 0 else -1


def _name_left_of(scene: Scene, at: int, personal: bool) -> int:
    """Returns the nearest name left of an apposition in the same sentence that fits, or -1."""
    words = scene.words
    position = scene.index.next_after(at) - 1
    looked = 0
    while position >= 0 and looked < 4:
        name = scene.directory.names[position]
        if words.sentence[name.first] != words.sentence[at] or at - name.last > 16:
            return -1
        meant = scene.bearers_at(position)
        opens = name.last + 1 <= at and "," in words.gap(name.last)
        if len(meant) == 1 and not meant[0].place and opens and meant[0].may_be_person == personal:
            return position
        position, looked = position - 1, looked + 1
    return -1
