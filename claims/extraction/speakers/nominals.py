"""Whom a description means: "the mayor", "the bank", "his lawyer", "Sol's father", "the Sol campaign".

A description is resolved by what the article says elsewhere about its bearers (`roles`), never by what the
world knows. Groups, indefinite persons ("a senior official") and nouns of unnamed sources stay unnamed. A
report, film or brief with an owner is that owner's; without one it is a document.

Do NOT fall back to the nearest person for a role that nobody in the article has: no name is better than a
wrong one.
"""

from collections.abc import Sequence

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.clusters import Bearer
from claims.extraction.speakers.mentions import DOCUMENTS, POLLS, Mention, is_group
from claims.extraction.speakers.names import DEMONYMS, ORGANISATION_HEADS
from claims.extraction.speakers.pronouns import Range, decide, gender_of, named, rank_persons
from claims.extraction.speakers.roles import KIN, ORGANISATIONS, PEOPLE, same_role
from claims.extraction.speakers.scene import Answer, Ranked, Scene, attach

ATTACHED = load("attached_organisations")
AUTHORED = load("authored_documents")
_KIN_MALE, _KIN_FEMALE = load("kin_male"), load("kin_female")
_KINDS = word_set("newspaper chain company network magazine bank firm group website agency university foundation party")
_CAMPAIGN = word_set("campaign camp team")
_MEN = word_set("man boy gentleman guy father husband")
_WOMEN = word_set("woman girl lady mother wife")
_ANYONE = word_set("suspect defendant victim speaker author candidate teenager teen politician celebrity")
_POLL_STOPS = word_set("the a an this that new latest recent another and in of by to from for said says on with same")
_MEDIA = word_set("article piece story column editorial report headline")
_OTHERS = word_set(
    "spokesman spokeswoman spokesperson lawyer attorney judge justice officer prosecutor reporter official expert "
    "analyst witness driver doctor journalist interviewer host moderator anchor investigator detective narrator "
    "correspondent editor coroner pollster user reader viewer juror clerk"
)
_OUTLET = word_set(
    "post times news journal herald tribune gazette express daily weekly magazine press guardian telegraph review "
    "chronicle globe standard observer inquirer sun mail mirror broadcasting tv radio network"
)
_INDEFINITE = word_set("a an one another some any no every each")


def resolve_nominal(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a mention of shape `nominal`."""
    words = scene.words
    head = words.low[mention.head]
    text = words.text[words.start[mention.first] : words.end[mention.last]]
    if head in POLLS:
        answer = _poll(scene, mention)
    elif head in _CAMPAIGN or (head in ATTACHED and mention.owner >= 0):
        answer = _attached(scene, mention, own)
    elif head in DOCUMENTS and head not in PEOPLE and head not in ORGANISATIONS:
        answer = _document(scene, mention, own)
    elif is_group(words, mention):
        answer = _group(scene, mention)
    elif mention.owner >= 0 and (head in KIN or head in PEOPLE):
        answer = _relation(scene, mention, own)
    elif mention.owner >= 0 and head not in ORGANISATIONS and words.low[mention.owner] != words.low[mention.head]:
        answer = _belonging(scene, mention, own)
    else:
        answer = _role(scene, mention, own)
    answer.words = answer.words or text
    return answer


def _group(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the senators" to joint speakers who are senators; any other group is unnamed."""
    words = scene.words
    noun = words.low[mention.head].removesuffix("s")
    described = {words.low[i] for i in range(mention.first, mention.head)}
    if mention.determiner != "the" or noun not in PEOPLE:
        return Answer("unnamed", reason="group", confidence=0.9)
    roles = same_role(noun)
    for said in scene.last_said(mention.first):
        named_parts = [part.bearer for part in said.answer.parts if part.bearer is not None]
        if len(named_parts) > 1 and any(one.heads & roles for one in named_parts):
            return Answer("named", None, "group-joint", 0.75, parts=said.answer.parts)
    if "two" in described:
        pair = [one for one in _with_role(scene, noun) if any(at < mention.first for at in one.places)]
        if len(pair) == 2:
            parts = [named([one], "group-of-two", 0.7) for one in pair]
            return Answer("named", None, "group-of-two", 0.7, parts=parts)
    return Answer("unnamed", reason="group", confidence=0.9)


def _belonging(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves what someone has or makes ("Sol's claim", "his eyes") to its owner."""
    owner = owner_of(scene, mention.owner, own)
    if owner.outcome == "lost" or (owner.bearer is not None and owner.bearer.place):
        return _role(scene, mention, own)
    owner.reason = "belonging"
    owner.confidence *= 0.85
    return owner


def owner_of(scene: Scene, at: int, own: Sequence[Range]) -> Answer:
    """Resolves the owner of a nominal: a name, "his", "the latter's", or another word (lost)."""
    position = scene.index.covering(at)
    if position >= 0:
        return named(scene.bearers_at(position), "owner")
    low = scene.words.low[at]
    gender = gender_of(low)
    if gender or low == "latter":
        return decide(rank_persons(scene, at, gender, own), "owner")
    return Answer("lost", reason="owner-unknown")


def _relation(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves "Sol's father", "his lawyer": the one whom the text calls so."""
    nouns = same_role(scene.words.low[mention.head])
    related = [one for one in scene.relations if one.noun in nouns][:40]
    if not related:
        return _role(scene, mention, own, owned=True)
    bearers = list(dict.fromkeys(one.bearer for one in related))
    owner = owner_of(scene, mention.owner, own)
    if len(bearers) > 1 and owner.bearer is not None:
        fitting = [
            one.bearer
            for one in related
            if one.owner >= 0 and owner_of(scene, one.owner, ()).bearer in (owner.bearer, None)
        ]
        bearers = list(dict.fromkeys(fitting)) or bearers
    elif owner.bearer is not None and scene.index.covering(mention.owner) >= 0:
        if owner.bearer is bearers[0]:
            return Answer("unnamed", reason="relation-of-itself")
        stated = [owner_of(scene, one.owner, ()).bearer for one in related if one.owner >= 0]
        if stated and all(one is not None and one is not owner.bearer for one in stated):
            return Answer("unnamed", reason="relation-of-another")
    return named(bearers, "relation", 0.9)


def _role(scene: Scene, mention: Mention, own: Sequence[Range], *, owned: bool = False) -> Answer:
    """Resolves "the judge", "the Vermont senator", "the bank" by the roles that the article states."""
    words = scene.words
    head = words.low[mention.head]
    definite = mention.determiner not in _INDEFINITE and not (
        mention.determiner == "" and not _may_lack_article(scene, mention)
    )
    candidates = _with_role(scene, head)
    if not definite:
        return _announced(scene, mention, candidates)
    if candidates:
        return _best_role(scene, mention, candidates)
    if head in _MEN or head in _WOMEN or head in _ANYONE:
        gender = "m" if head in _MEN else "f" if head in _WOMEN else ""
        return decide(rank_persons(scene, mention.first, gender, own), "person-noun")
    if head in ORGANISATIONS and not owned:
        return _recent_organisation(scene, mention)
    if head in PEOPLE and head not in _OTHERS and not owned:
        return _main_person(scene, mention)
    return Answer("unnamed", reason="role-unknown")


def _main_person(scene: Scene, mention: Mention) -> Answer:
    """Resolves a role that the text never states ("the nominee") to the person the article is about.

    Papers vary the name of their main person by what readers know. Only one who is named far more often than
    anybody else is taken, and roles that mostly belong to bystanders (`_OTHERS`) are not.
    """
    persons = [one for one in scene.directory.bearers[:300] if one.type == "person" and not one.place]
    persons.sort(key=lambda one: (-len(one.places), one.number))
    if not persons or len(persons[0].places) < 3:
        return Answer("unnamed", reason="role-unknown")
    if len(persons) > 1 and len(persons[0].places) < 2 * len(persons[1].places):
        return Answer("unnamed", reason="role-unknown", ranked=[Ranked(persons[0], 0.0, "main-person")])
    return named(persons[:1], "main-person", 0.6)


def _may_lack_article(scene: Scene, mention: Mention) -> bool:
    """A bare role is definite in a headline or as a capitalised title ("Judge rejects request")."""
    words = scene.words
    return words.capital[mention.head] or words.paragraph[mention.first] == 0


def _with_role(scene: Scene, head: str) -> list[Bearer]:
    """Returns the bearers whom the article calls by a role."""
    found: dict[int, Bearer] = {}
    for noun in sorted(same_role(head)):
        for bearer in scene.by_head.get(noun, ())[:40]:
            found.setdefault(bearer.number, bearer)
    return list(found.values())


def _best_role(scene: Scene, mention: Mention, candidates: list[Bearer]) -> Answer:
    words = scene.words
    described = {words.low[i] for i in range(mention.first, mention.last + 1) if i != mention.head}
    speakers = [said.answer.bearer for said in scene.last_said(mention.first)]
    ranked = []
    for bearer in candidates:
        met = [place for place in bearer.places if place < mention.first][-1:]
        score = 1.0 * len(described & bearer.modifiers) + (0.5 if met else -0.5)
        if met:
            score += max(0.0, 1.0 - 0.1 * (words.sentence[mention.first] - words.sentence[met[0]]))
        if bearer in speakers:
            score += 0.6 if speakers[0] is bearer else 0.3
        ranked.append(Ranked(bearer, score, "role"))
    ranked.sort(key=lambda one: (-one.score, one.bearer.number))
    return decide(ranked, "role") if len(ranked) > 1 else named(candidates, "role", 0.88)


def _announced(scene: Scene, mention: Mention, candidates: list[Bearer]) -> Answer:
    """Resolves the lead's "a New York judge" to the one judge whom the next paragraphs name."""
    words = scene.words
    early = words.paragraph[mention.first] <= 2
    later = [one for one in candidates if one.places and one.places[0] > mention.first]
    if early and len(candidates) == len(later) == 1:
        distance = words.paragraph[later[0].places[0]] - words.paragraph[mention.first]
        if distance <= 4:
            return named(later, "announced", 0.75)
    return Answer("unnamed", reason="indefinite", confidence=0.9)


def _recent_organisation(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the company": the institution whose name ends so, else the last one mentioned nearby."""
    words = scene.words
    head = words.low[mention.head]
    at = mention.first
    titled = [
        bearer
        for bearer in scene.directory.bearers[:400]
        if not bearer.place and len(bearer.key) > 1 and head in bearer.key and bearer.type != "person"
    ]
    if titled:
        described = {words.low[i] for i in range(mention.first, mention.last + 1)}
        before = [one for one in titled if one.places and one.places[0] < at] or titled
        best = sorted(before, key=lambda one: (-len(described & set(one.key)), -max(one.places[:1] or [0])))
        return named(best[:1], "organisation-noun", 0.8)
    position = scene.index.next_after(at - 1) - 1
    looked = 0
    while position >= 0 and looked < 12:
        name = scene.directory.names[position]
        if words.sentence[at] - words.sentence[name.first] > 4:
            break
        meant = scene.bearers_at(position)
        if len(meant) == 1 and meant[0].type == "organisation" and not meant[0].place and not words.quoted[name.first]:
            return named(meant, "organisation-recent", 0.6)
        position, looked = position - 1, looked + 1
    return Answer("unnamed", reason="organisation-unknown")


def _attached(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves "the Sol campaign", "his campaign", "the campaign", "the Omani government"."""
    words = scene.words
    head = words.low[mention.head]
    noun = "campaign" if head in _CAMPAIGN else head
    if mention.owner >= 0:
        owner = owner_of(scene, mention.owner, own)
        if owner.bearer is not None and owner.bearer.type != "person":
            return _owned_institution(scene, mention, owner.bearer, head)
        if owner.bearer is not None:
            last = owner.bearer.key[-1]
            stem = next((form for form in owner.bearer.forms if form.lower() == last), owner.bearer.name.split()[-1])
            return named([attach(scene, f"{stem} {noun}", owner.bearer)], "attached", 0.85)
        if owner.outcome == "ambiguous":
            return Answer("ambiguous", reason="attached-shared", ranked=owner.ranked)
    demonym = next((i for i in range(mention.first, mention.head) if words.capital[i] and words.low[i] in DEMONYMS), -1)
    if demonym >= 0 and head in ("government", "parliament", "cabinet", "ministry", "army", "police"):
        return named([attach(scene, f"{words.raw[demonym]} {noun}", None)], "attached", 0.8)
    known = [one for one in scene.attached.values() if noun in one.heads]
    for said in scene.last_said(mention.first):
        if said.answer.bearer in known:
            return named([said.answer.bearer], "attached-last-speaker", 0.7)
    if mention.determiner in ("the", "his", "her", "its") and len(known) == 1:
        return named(known, "attached-only", 0.6)
    return _role(scene, mention, own) if head not in _CAMPAIGN else Answer("unnamed", reason="campaign-unknown")


def _owned_institution(scene: Scene, mention: Mention, owner: Bearer, head: str) -> Answer:
    """Resolves "the Harbour newspaper chain" to Harbour, "the Senate ethics panel" to its committee."""
    words = scene.words
    if head in _KINDS and not owner.place:
        return named([owner], "institution-of-a-kind", 0.8)
    if head in ("panel", "committee", "commission"):
        kin = [
            one
            for one in scene.directory.bearers[:400]
            if set(owner.key) < set(one.key) and {"committee", "panel", "commission"} & set(one.key)
        ]
        if len(kin) == 1:
            return named(kin, "institution-short", 0.75)
    first = (
        scene.directory.names[scene.index.covering(mention.owner)].first
        if scene.index.covering(mention.owner) >= 0
        else mention.owner
    )
    name = " ".join(words.text[words.start[first] : words.end[mention.head]].split())
    if words.possessive[mention.owner]:
        name = f"{owner.name} {head}"
    return named([attach(scene, name, owner)], "attached", 0.8)


def find_polls(scene: Scene) -> None:
    """Notes every poll that the article names, so that "a new poll" in the lead can mean it."""
    words = scene.words
    for at, low in enumerate(words.low):
        if low in POLLS and not words.capital[at]:
            name = _poll_name(scene, at)
            if name:
                _same_poll(scene, name).places.append(at)


def _poll_name(scene: Scene, at: int) -> str:
    """Returns a poll's own name, from the first name in its noun phrase on; "" where nobody is named."""
    words = scene.words
    first, start = at, -1
    while first > 0 and at - first < 9 and words.gap(first - 1) in (" ", "\u00a0", "/", "\n"):
        low = words.low[first - 1]
        position = scene.index.covering(first - 1)
        if words.possessive[first - 1] or low in _POLL_STOPS or (position < 0 and low in PEOPLE):
            break
        first -= 1
        if position >= 0 and not scene.directory.names[position].place:
            start = max(scene.directory.names[position].outer, 0)
    return " ".join(words.text[words.start[start] : words.end[at]].split()) if start >= 0 else ""


def _poll(scene: Scene, mention: Mention) -> Answer:
    """Resolves a poll: one by a named body is an organisation under the poll's own name."""
    name = _poll_name(scene, mention.head)
    if name:
        return named([_same_poll(scene, name)], "poll", 0.85)
    polls = [one for one in scene.attached.values() if one.heads & POLLS and one.places]
    before = [one for one in polls if one.places[0] < mention.first]
    if scene.words.low[mention.head] not in ("poll", "survey") or not polls:
        return Answer("document", reason="poll-unnamed")
    if before and mention.determiner in ("the", "this", "that"):
        last = max(before, key=lambda one: max(at for at in one.places if at < mention.first))
        return named([last], "poll-last", 0.7)
    if not before and scene.words.paragraph[mention.first] <= 2:
        return named([min(polls, key=lambda one: one.places[0])], "poll-announced", 0.6)
    return Answer("document", reason="poll-unnamed")


def _same_poll(scene: Scene, name: str) -> Bearer:
    """Returns the poll already met whose name begins alike, with the longer name, or a new one."""
    key = name.lower().split()
    for bearer in scene.attached.values():
        if bearer.heads & POLLS and bearer.key[0] == key[0]:
            bearer.forms.setdefault(name)
            if len(key) > len(bearer.key):
                bearer.name, bearer.key = name, tuple(key)
            return bearer
    return attach(scene, name, None)


def _document(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a report, letter or film: its owner's, else a document."""
    words = scene.words
    head = words.low[mention.head]
    if mention.owner >= 0 and head in AUTHORED:
        owner = owner_of(scene, mention.owner, own)
        if owner.bearer is not None and not owner.bearer.place:
            owner.reason = "author"
            owner.confidence *= 0.9
            return owner
    if head in _MEDIA and mention.determiner == "the":
        outlet = _recent_outlet(scene, mention.first)
        if outlet is not None:
            return named([outlet], "outlet", 0.65)
    return Answer("document", reason="document", confidence=0.8)


def _recent_outlet(scene: Scene, at: int) -> Bearer | None:
    """Returns the outlet that published "the article": an organisation that speaks or is named just before."""
    for said in scene.last_said(at):
        bearer = said.answer.bearer
        if bearer is not None and bearer.type == "organisation" and _OUTLET & set(bearer.key):
            return bearer
    return None


def is_institution(word: str) -> bool:
    """Whether a folded word heads the name of an institution or describes one."""
    return word in ORGANISATION_HEADS or word in ORGANISATIONS
