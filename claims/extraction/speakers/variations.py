"""How papers vary a name by a description that the text ties to nobody: "the nominee", "the Dane", "the grandmother".

Such a description goes on with who has just spoken, takes up who has just been named, or means the one whom the article
is about. Each rule asks for more than nearness, since nearness alone gives wrong names.
"""

from collections.abc import Sequence
from itertools import pairwise

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.institutions import firm_behind
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.pronouns import Range, decide, first_word, rank_persons
from claims.extraction.speakers.roles import KIN
from claims.extraction.speakers.scene import Answer, Ranked, Scene, named
from claims.extraction.speakers.topic import new_topic
from claims.extraction.speakers.vocabulary import DEMONYMS, NATIONALS, PARTIES, PLACES

MEN = word_set("man boy gentleman guy")
WOMEN = word_set("woman girl lady")
_ANYONE = word_set("suspect defendant victim author teenager teen politician celebrity")
_TRIED = word_set("suspect defendant victim accused")
_COURT = word_set(
    "judge justice magistrate prosecutor lawyer attorney barrister solicitor detective constable sergeant inspector "
    "superintendent officer"
)
BYSTANDERS = word_set(
    "spokesman spokeswoman spokesperson lawyer attorney judge justice officer prosecutor reporter official expert "
    "analyst witness driver doctor journalist interviewer host moderator anchor investigator detective narrator "
    "correspondent editor coroner pollster user reader viewer juror clerk"
)
_ELECTED = word_set("senator governor congressman congresswoman lawmaker representative nominee candidate front-runner")
"""Roles by which papers vary the name of a politician in the next sentence."""
OF_COMPANIES = word_set("miner operator developer owner publisher producer builder supplier grower rival bidder")
"""Nouns by which papers vary the name of a company as well."""
_KIN_MALE, _KIN_FEMALE = load("kin_male"), load("kin_female")
_OF_COURTS = word_set("president chief chairman chairwoman chair member vice-president")
_PARAGRAPH = 60  # words back in which the court must stand
_FOR_OTHERS = word_set(
    "spokesman spokeswoman spokesperson interviewer host moderator reporter journalist narrator lawyer attorney"
)
_APART = tuple(
    tuple(map(word_set, sides))
    for sides in (
        ("doctor dr surgeon physician", "nurse", "patient"),
        ("pilot captain", "co-pilot copilot", "passenger"),
        ("coach manager", "goalkeeper keeper striker midfielder defender winger", "referee umpire"),
        ("minister premier chancellor", "monarch king queen", "president"),
        ("teacher lecturer professor", "pupil student"),
        ("landlord landlady", "tenant"),
        ("challenger", "incumbent"),
    )
)
"""Callings of which nobody has two of a line at a time."""
_MINORS = frozenset(map(str, range(3, 17)))
_OF_CHILDREN = word_set(
    "son daughter child boy girl pupil student sister brother nephew niece grandson granddaughter victim"
)
_TEENS = frozenset(map(str, range(13, 20)))
_JUDGED = word_set("is was remains disagrees disagreed agrees agreed differs begs")
_SHORT = 10
_BEFORE_COURT = word_set("court jury inquest inquiry tribunal hearing panel coroner judge magistrate commission")
_HEARINGS = word_set("inquest trial court tribunal inquiry hearing")
_OPENING = 80  # words in which a report of a hearing says that it is one
_ANSWERED = 4
_TESTIFIED = word_set("testified testifies testifying")
_TESTIMONY = 12
_MOST_PERSONS = 40
_LONGEST_QUESTION = 40
_ASKED = word_set("asked questioned pressed quizzed")
_OFTEN = 4  # names of one who is no longer being introduced
_YOUNG = word_set("boy girl teenager teen")
_PARENTS = word_set("father mother dad mum mom grandfather grandmother uncle aunt husband wife")
_ONE_OF_A_NATION = ("an", "i", "er", "eek", "ak", "ech", "ot")  # "the Iraqi", "the Czech"; "the British" are many
_TURNED = "-turned-"
_YEARS = "-year-old"
_MOST_NAMES = 16
_JUST = 2  # sentences back to which somebody counts as just named


def resolve_person_noun(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer | None:
    """Resolves "the woman", "the defendant", "the Dane", "the mother of three"; None for any other noun."""
    words = scene.words
    head = words.low[mention.head]
    if head in ("teenager", "teen"):
        teens = [one for one in scene.persons[:_MOST_PERSONS] if not _TEENS.isdisjoint(one.modifiers)]
        if len(teens) == 1:
            return named(teens, "age", 0.85)
    if head in MEN or head in WOMEN or head in _ANYONE:
        gender = "m" if head in MEN else "f" if head in WOMEN else ""
        ranked = rank_persons(scene, mention.first, gender, own)
        if head in _YOUNG:
            ranked = [one for one in ranked if one.bearer.heads.isdisjoint(_PARENTS)]
        if head in _TRIED:
            ranked = [one for one in ranked if _COURT.isdisjoint(one.bearer.heads)]
        return decide(ranked, "person-noun")
    if _TURNED in head:  # "the lawyer-turned-politician"
        return decide(rank_persons(scene, mention.first, "", own), "person-noun")
    aged = _of_age(scene, mention)
    if len(aged) == 1:
        return named(aged, "age", 0.9)
    nation = head in NATIONALS or (head in DEMONYMS - PARTIES and head.endswith(_ONE_OF_A_NATION))
    nation |= words.capital[mention.head] and head.endswith(("man", "woman"))  # "the Yorkshireman"
    by_age = any(low.endswith(_YEARS) for low in words.low[mention.first : mention.head + 1])
    if mention.determiner == "the" and (nation or by_age):
        just_named = _named_before(scene, first_word(mention, own))
        if just_named is not None:
            return named([just_named], "person-noun-recency", 0.8)
        ranked = rank_persons(scene, mention.first, "", own)
        if any(low.removesuffix(_YEARS) in _MINORS for low in words.low[mention.first : mention.head + 1]):
            ranked = [one for one in ranked if one.bearer.heads <= _OF_CHILDREN]
        return decide(ranked, "person-noun")
    if (
        mention.owner < 0
        and head in _KIN_MALE | _KIN_FEMALE
        and words.low[mention.last + 1 : mention.last + 2] == ["of"]
    ):
        return decide(rank_persons(scene, mention.first, "m" if head in _KIN_MALE else "f", own), "person-noun")
    return None


def _of_age(scene: Scene, mention: Mention) -> list[Bearer]:
    """Returns those of the age that a description tells ("the 47-year-old", "the 47-year-old teacher")."""
    lows = scene.words.low[mention.first : mention.last + 1]
    age = next((low.removesuffix(_YEARS) for low in lows if low.endswith(_YEARS)), "")
    return [one for one in scene.persons[:_MOST_PERSONS] if age and age in one.modifiers]


def _named_before(scene: Scene, at: int) -> Bearer | None:
    """Returns the only person named in the sentence before, whom a description by nation takes up."""
    words = scene.words
    found: list[Bearer] = []
    last = scene.index.next_after(at - 1)
    for position in range(last - 1, max(-1, last - 1 - _MOST_NAMES), -1):
        if words.sentence[at] - words.sentence[scene.index.names[position].first] > 1:
            break
        meant = scene.bearers_at(position)
        found += [one for one in meant if one.type == "person" and not one.place and one not in found]
    return found[0] if len(found) == 1 else None


def running_relative(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the grandmother" to the one who speaks in this paragraph or the one before, and may be one."""
    noun = scene.words.low[mention.head]
    gender = "m" if noun in _KIN_MALE else "f" if noun in _KIN_FEMALE else ""
    speaker = scene.running(mention.first, scene.persons[:_MOST_PERSONS], sentences=2, paragraphs=1)
    if speaker is None or (gender and speaker.gender not in ("", gender)):
        return Answer("unnamed", reason="role-unknown")
    return named([speaker], "varied-speaker", 0.65)


def running_witness(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the witness" to who has just told a court something ("Sol told the jury")."""
    words = scene.words
    speaker = scene.running(mention.first, scene.persons[:_MOST_PERSONS], sentences=2, paragraphs=1)
    if mention.determiner == "the" and not _HEARINGS.isdisjoint(words.low[:_OPENING]):
        for said in scene.last_said(mention.first)[:2]:  # who is asked, not the lawyer who asks
            near = words.sentence[mention.first] - words.sentence[said.at] <= _ANSWERED
            heard = said.answer.bearer
            if near and heard is not None and heard.may_be_person and heard.heads.isdisjoint(_COURT):
                return named([heard], "varied-speaker", 0.6)
    if speaker is not None and mention.determiner == "the":
        at = scene.last_said(mention.first)[0].at
        end = min(at + _TESTIMONY, mention.first)
        lows = words.low[at:end]
        told = any(low == "told" and not _BEFORE_COURT.isdisjoint(lows[i : i + 5]) for i, low in enumerate(lows))
        if told or not _TESTIFIED.isdisjoint(lows):
            return named([speaker], "varied-speaker", 0.65)
    return Answer("unnamed", reason="role-unknown")


def running_judge(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the judge" to the president of a court who has just spoken in this paragraph."""
    words = scene.words
    speaker = scene.running(mention.first, scene.persons[:_MOST_PERSONS], sentences=2)
    if speaker is not None and mention.determiner == "the" and speaker.heads & _OF_COURTS:
        lows = words.low[max(0, mention.first - _PARAGRAPH) : mention.first]
        if "court" in lows or "tribunal" in lows:
            return named([speaker], "varied-speaker", 0.65)
    return Answer("unnamed", reason="role-unknown")


def running_bystander(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves "the driver" behind a quotation to who has just spoken, if the text calls him nothing else."""
    begins = first_word(mention, own)
    speaker = scene.running(mention.first, scene.persons[:_MOST_PERSONS], sentences=2)
    quote_first = begins < mention.first and scene.words.quoted[begins]
    head = scene.words.low[mention.head]
    if speaker is None or speaker.heads or not quote_first or mention.determiner != "the" or head in _FOR_OTHERS:
        return Answer("unnamed", reason="role-unknown")
    return named([speaker], "varied-speaker", 0.65) if _may_be_called(speaker, head) else Answer("unnamed")


def running_with(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the editor of the Daily Lark" to who has just spoken, if nothing has told yet what he is."""
    noun = scene.words.low[mention.head]
    speaker = scene.running(mention.first, scene.persons[:_MOST_PERSONS], sentences=1)
    if speaker is None or noun in KIN or mention.determiner != "the":
        return None
    if noun not in speaker.heads and (speaker.heads or speaker.modifiers):
        return None
    theirs = scene.words.low[mention.owner]
    told = [one.owner for one in scene.relations if one.bearer is speaker and one.noun == noun]
    if any(scene.words.low[at] != theirs and scene.index.covering(at) >= 0 for at in told):
        return None  # the editor of another paper
    return named([speaker], "varied-speaker", 0.6)


def main_person(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a role that the text never states ("the nominee") to the person the article is about.

    Papers vary the name of their main person by what readers know. Only one who is named far more often than
    anybody else is taken; roles that mostly belong to bystanders (`BYSTANDERS`) are not, nor whom the article calls a
    relative or a bystander.
    """
    words, head = scene.words, scene.words.low[mention.head]
    if head.endswith("-elect"):  # whoever won: no variation for one who goes on
        return Answer("unnamed", reason="role-unknown")
    everybody = [one for one in scene.persons[:_MOST_PERSONS] if _may_be_called(one, head)]
    if "opposition" in words.low[mention.first : mention.last + 1]:
        everybody = [one for one in everybody if "minister" not in one.heads]
    running = [said.answer.bearer for said in scene.last_said(mention.first)]
    if len(running) > 2 and running[0] in everybody and len(set(map(id, running))) == 1:
        return named(running[:1], "running-speaker", 0.65)  # type: ignore[arg-type]
    if mention.determiner != "the" or words.capital[mention.head] or "local" in words.low[mention.first : mention.head]:
        return Answer("unnamed", reason="role-unknown")
    lows = words.low[mention.first : mention.head]
    places = {low for low in lows if low in PLACES or low in DEMONYMS - PARTIES}
    places |= {two[-1] for two in pairwise(lows) if " ".join(two) in PLACES}
    before = next((said for said in scene.last_said(mention.first) if said.answer.outcome == "named"), None)
    begins = first_word(mention, own)
    if before is not None and _follows_on(scene, before.at, begins):
        speaker = before.answer.bearer
        quote_first = begins < mention.first and words.quoted[begins]
        is_near = (
            head in _ELECTED
            or quote_first
            or _is_asked(scene, mention.first)
            or words.paragraph[before.at] == words.paragraph[mention.first]
        )
        is_person = speaker in everybody and speaker.heads.isdisjoint(KIN | BYSTANDERS)
        is_person |= speaker in everybody and quote_first and _is_only_kin(speaker, everybody[0], head)
        is_person &= not (speaker and speaker.heads and _someone_else(scene, speaker, begins))
        if speaker and ((is_near and is_person) or (head in OF_COMPANIES and speaker.type == "organisation")):
            return named([speaker], "varied-speaker", 0.65)
    introduced = _named_before(scene, begins) if begins < mention.first and words.quoted[begins] else None
    if introduced in everybody and introduced and not introduced.heads and len(introduced.places) < _OFTEN:
        return named([introduced], "introduced-speaker", 0.6)
    _, subject = new_topic(scene, mention.first) if scene.words.first[mention.first] else (0, None)
    aged = subject in everybody and subject and any(word.isdecimal() for word in subject.modifiers)
    aged = aged or (subject in everybody and subject and _is_only_judged(scene, subject, mention.first))
    if aged and subject and not subject.heads and len(subject.places) < _OFTEN:  # "Bo Lee, 78, lives near by. The …"
        return named([subject], "introduced-subject", 0.6)
    if head in OF_COMPANIES:
        firm = firm_behind(scene, mention)
        if firm is not None:
            return named([firm], "organisation-of-speaker", 0.65)
    persons = [one for one in everybody if one.heads.isdisjoint(KIN | BYSTANDERS)]
    if places and persons and not places <= persons[0].modifiers:
        return Answer("unnamed", reason="role-unknown", ranked=[Ranked(persons[0], 0.0, "main-person")])
    near = persons and any(0 <= words.sentence[mention.first] - words.sentence[at] <= 2 for at in persons[0].places)
    if not persons or len(persons[0].places) < (2 if near else 3):
        return Answer("unnamed", reason="role-unknown")
    if len(persons) > 1 and len(persons[0].places) < 2 * len(persons[1].places):
        return Answer("unnamed", reason="role-unknown", ranked=[Ranked(persons[0], 0.0, "main-person")])
    return named(persons[:1], "main-person", 0.6)


def _is_only_judged(scene: Scene, subject: Bearer, at: int) -> bool:
    """Whether the short sentence before says no more of somebody new than his mind: "Bo Lee is harder to please."."""
    words = scene.words
    position = scene.index.covering(subject.places[0])
    if position < 0:
        return False
    name = scene.index.names[position]
    verb = name.last + 1
    stop = next((i for i in range(verb, min(at, verb + _SHORT)) if words.sentence[i] != words.sentence[name.first]), at)
    judged = verb + 1 < at and words.low[verb] in _JUDGED and words.low[verb + 1] not in ("a", "an", "the")
    return judged and stop < verb + _SHORT and words.sentence[at] - words.sentence[name.first] == 1


def _is_only_kin(speaker: Bearer, main: Bearer, noun: str) -> bool:
    """Whether a relative who speaks may be "the schoolteacher": the main person has a calling, and it is another."""
    return bool(speaker.heads & KIN) and speaker is not main and bool(main.heads - KIN) and noun not in main.heads


def _is_asked(scene: Scene, at: int) -> bool:
    """Whether the sentence of a word begins with the question put to whoever speaks ("Asked if he knew, …")."""
    words = scene.words
    first = at
    while first > 0 and at - first < _LONGEST_QUESTION and not words.first[first]:
        first -= 1
    return words.low[first] in _ASKED or words.low[first : first + 2] == ["when", "asked"]


def _may_be_called(bearer: Bearer, noun: str) -> bool:
    """Whether a noun fits: "the fisherman" is no woman, "the nurse" no doctor."""
    for sides in _APART:
        own = next((side for side in sides if noun in side), None)
        if own and own.isdisjoint(bearer.heads) and any(not side.isdisjoint(bearer.heads) for side in sides):
            return False
    gender = "f" if noun.endswith("woman") else "m" if noun.endswith("man") else ""
    return bearer.gender in ("", gender or bearer.gender)


def _someone_else(scene: Scene, speaker: Bearer, at: int) -> bool:
    """Whether a person without a role was just named, to whom a new one fits better than to a speaker who has one."""
    last = scene.index.next_after(at - 1)
    for position in range(last - 1, max(-1, last - 1 - _MOST_NAMES), -1):
        if scene.words.sentence[at] - scene.words.sentence[scene.index.names[position].first] > _JUST:
            return False
        for one in scene.bearers_at(position):
            if one is not speaker and one.type == "person" and not one.place and not one.heads:
                return True
    return False


def _follows_on(scene: Scene, said: int, at: int) -> bool:
    """Whether a description may take up who spoke: in the next sentence, or in the next clause of the same."""
    words = scene.words
    distance = words.sentence[at] - words.sentence[said]
    if distance == 2 and words.quoted[at - 1] and words.paragraph[at] == words.paragraph[said]:
        return True  # "…,” said Sol. “….” The schoolteacher said"
    return distance == 1 or (distance == 0 and at > 0 and words.low[at - 1] in ("and", "but", "while", "as"))
