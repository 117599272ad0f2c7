"""Whom a description of an institution or a document means: "the bank", "the Sol campaign", "a new poll".

An institution's noun is resolved by the names of the article that contain it ("the fund" for a Monetary
Fund), then by who spoke last, then by a name nearby that could be called so; modifiers must fit, so that "the
weather service" is not the fire service. What belongs to a named body and has no name of its own is named
after it ("Sol campaign"). A poll by a named body stands for itself as an organisation. A report or brief with
an owner is its owner's; without one it is a document.

Do NOT take any institution that happens to stand nearby for "the ministry" or "the association".
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.genera import ABROAD, BROAD, FIRMS, OUTLET, may_be, may_be_firm, may_be_opaque
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.mentions import POLLS
from claims.extraction.speakers.owners import PRONOUNS, owner_of
from claims.extraction.speakers.pronouns import Range
from claims.extraction.speakers.roles import PEOPLE
from claims.extraction.speakers.scene import Answer, Ranked, Said, Scene, attach, named
from claims.extraction.speakers.tokens import key_word
from claims.extraction.speakers.vocabulary import DEMONYMS, FUNCTION

AUTHORED = load("authored_documents")
CAMPAIGN = word_set("campaign camp team")
_KINDS = word_set("newspaper chain company network magazine bank firm group website agency university foundation party")
_SURVEYS = word_set("survey census study index barometer report")
"""What figures are "from" that nobody said: a document of its own."""
_HELD = word_set("shares stock stake bonds interest investors")  # what one has "in" a firm
_INDEXES = word_set("ftse dax cac nasdaq nyse nikkei sensex nifty")  # "the FTSE 250 firm"
_STATE = word_set("government parliament cabinet ministry army police")
_TOP = word_set("top apex highest")
_PLAIN = word_set("the this that same embattled troubled giant big whole entire")
_POLL_STOPS = word_set("the a an this that new latest recent another and in of by to from for said says on with same")
_MEDIA = word_set("article piece story column editorial report headline")
_WORKS = word_set("film movie documentary book novel memoir album song essay exhibition play")
_FOR = word_set("for at of from with")
_AT = word_set("at in near outside around")  # what stands behind these is where something is
_COMMITTEES = word_set("committee panel commission")
_FAR = 1200  # words back to where a film or book was introduced
_MOST = 200  # institutions looked at for one mention


def resolve_attached(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves "the Sol campaign", "his campaign", "the campaign", "the Omani government"; `lost` for others."""
    words = scene.words
    head = words.low[mention.head]
    noun = "campaign" if head in CAMPAIGN else head
    if mention.owner >= 0:
        owner = owner_of(scene, mention.owner, own)
        if owner.bearer is not None and len(owner.bearer.key) == 1 and owner.bearer.key[0] in PEOPLE:
            return Answer("unnamed", reason="attached-to-office")  # "the CM's office"
        if owner.bearer is not None and _is_body(owner.bearer, head) and words.low[mention.owner] not in PRONOUNS:
            return _owned_institution(scene, mention, owner.bearer, head)
        if owner.bearer is not None:
            last = owner.bearer.key[-1]
            stem = next(
                (form for form in owner.bearer.forms if key_word(form.lower()) == last), owner.bearer.name.split()[-1]
            )
            name = f"{stem} {noun}"
            if words.low[mention.owner] in PRONOUNS and name.lower() not in scene.attached:
                return Answer("unnamed", reason="attached-to-pronoun")
            return named([attach(scene, name, owner.bearer)], "attached", 0.85)
        if owner.outcome == "ambiguous":
            return Answer("ambiguous", reason="attached-shared", ranked=owner.ranked)
    demonym = next((i for i in range(mention.first, mention.head) if words.capital[i] and words.low[i] in DEMONYMS), -1)
    if demonym >= 0 and head in _STATE:
        return named([attach(scene, f"{words.raw[demonym]} {noun}", None)], "attached", 0.8)
    if not _TOP.isdisjoint(words.low[mention.first : mention.head]):
        return Answer("lost")
    known = [one for one in islice(scene.attached.values(), _MOST) if noun in one.heads]
    for said in scene.last_said(mention.first):
        if said.answer.bearer in known:
            return named([said.answer.bearer], "attached-last-speaker", 0.7)
    if mention.determiner in ("the", "his", "her", "its") and len(known) == 1:
        return named(known, "attached-only", 0.6)
    return Answer("unnamed", reason="campaign-unknown") if head in CAMPAIGN else Answer("lost")


def _is_body(owner: Bearer, head: str) -> bool:
    """Whether an owner counts as an institution; one without evidence does unless a campaign follows."""
    return owner.type == "organisation" or (owner.type == "unknown" and head not in CAMPAIGN)


def _owned_institution(scene: Scene, mention: Mention, owner: Bearer, head: str) -> Answer:
    """Resolves "the Harbour newspaper chain" to Harbour, "the Senate ethics panel" to its committee."""
    words = scene.words
    if owner.key[0] in _INDEXES:
        return _recent_organisation(scene, replace(mention, owner=-1, first=mention.head))
    if head in _KINDS and not owner.place:
        _call_body(owner)
        return named([owner], "institution-of-a-kind", 0.8)
    if head in _COMMITTEES:
        short = _committee(scene, mention, owner)
        if short is not None:
            return named([short], "institution-short", 0.75)
    position = scene.index.covering(mention.owner)
    first = scene.directory.names[position].first if position >= 0 else mention.owner
    name = " ".join(words.text[words.start[first] : words.end[mention.head]].split())
    if words.possessive[mention.owner] or mention.owner > mention.head:
        name = f"{owner.name} {head}"
    return named([attach(scene, name, owner)], "attached", 0.8)


def _committee(scene: Scene, mention: Mention, owner: Bearer) -> Bearer | None:
    """Returns the committee that "a House panel" announces or "the House panel" takes up."""
    kin = [
        one
        for one in scene.by_word.get(owner.key[-1], ())[:_MOST]
        if one.places and set(owner.key) < set(one.key) and _COMMITTEES & set(one.key)
    ]
    before = [one for one in kin if one.places[0] < mention.first]
    if before:
        return max(before, key=lambda one: max(place for place in one.places[:_MOST] if place < mention.first))
    return min(kin, key=lambda one: one.places[0], default=None)


def resolve_institution(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the company", "the fund", "the fire service of Altamar"."""
    seated = _seated(scene, mention)
    if seated:
        return named([attach(scene, seated, None)], "seated-institution", 0.7)
    return _recent_organisation(scene, mention)


def _seated(scene: Scene, mention: Mention) -> str:
    """Returns the name of an institution known by its seat ("the fire service of Altamar"), or ""."""
    words = scene.words
    if mention.determiner != "the" or mention.last + 2 >= len(words):
        return ""
    position = scene.index.covering(mention.last + 2)
    if words.low[mention.last + 1] not in ("of", "in") or position < 0 or words.gap(mention.last).strip():
        return ""
    name = scene.directory.names[position]
    if not (name.place or name.type == "unknown") or words.possessive[name.last]:
        return ""
    return " ".join(words.text[words.start[mention.first + 1] : words.end[name.last]].split())


def _recent_organisation(scene: Scene, mention: Mention) -> Answer:
    words = scene.words
    head = words.low[mention.head]
    at = mention.first
    described = {words.low[i] for i in range(mention.first, mention.head) if words.low[i] not in _PLAIN}
    if head == "court":  # "the apex court"
        described = {"supreme" if low in _TOP else low for low in described}
    called = [one for word in (head, *ABROAD.get(head, ())) for one in scene.by_word.get(word, ())[:_MOST]]
    titled = [one for one in called if described <= {*one.key, *one.modifiers}]
    if titled:
        before = [one for one in titled if one.places and one.places[0] < at] or titled
        best = max(before, key=lambda one: max((place for place in one.places[:_MOST] if place < at), default=-1))
        return named([best], "organisation-noun", 0.8)
    if described and head not in FIRMS:
        return Answer("unnamed", reason="organisation-unknown")
    for said in scene.last_said(at):
        distance = words.sentence[at] - words.sentence[said.at]
        bearer = said.answer.bearer
        if bearer is not None and distance <= 12 and may_be(bearer, head):
            if head in BROAD or head in ("agency", "regulator"):
                return _unless_nearer(scene, said.at, at, bearer)
            return named([bearer], "organisation-last-speaker", 0.7)
        if bearer is not None and distance <= 4 and (may_be_firm(bearer, head) or may_be_opaque(bearer, head)):
            _call_body(bearer)
            return named([bearer], "organisation-last-speaker", 0.65)
        behind = _behind_speaker(scene, said, head) if distance <= 6 and said.answer.outcome == "unnamed" else None
        if behind is not None:
            _call_body(behind)
            return named([behind], "organisation-of-speaker", 0.7)
    return _near_organisation(scene, at, head)


def _call_body(bearer: Bearer) -> None:
    bearer.votes["organisation"] = bearer.votes.get("organisation", 0) + 1


def _unless_nearer(scene: Scene, start: int, at: int, bearer: Bearer) -> Answer:
    """Returns a speaker as what a general noun means, unless an acronym of its kind was named since, just before."""
    words = scene.words
    for position in range(scene.index.next_after(start), min(scene.index.next_after(at - 1), len(scene.index.names))):
        name = scene.index.names[position]
        meant = scene.bearers_at(position)
        near = words.sentence[at] - words.sentence[name.first] <= 1 and words.raw[name.first].isupper()
        if near and len(meant) == 1 and meant[0].type == "organisation" and meant[0] is not bearer:
            return Answer("unnamed", reason="organisation-unknown", ranked=[Ranked(bearer, 0.0, "last-speaker")])
    return named([bearer], "organisation-last-speaker", 0.7)


def firm_behind(scene: Scene, mention: Mention) -> Bearer | None:
    """Returns the company for which someone unnamed has just spoken, whom papers then call "the developer"."""
    words = scene.words
    for said in scene.last_said(mention.first)[:1]:
        if said.answer.outcome == "unnamed" and words.sentence[mention.first] - words.sentence[said.at] <= 2:
            return _behind_speaker(scene, said, "company")
    return None


def _behind_speaker(scene: Scene, said: Said, head: str) -> Bearer | None:
    """Returns the institution for which someone unnamed spoke ("a spokesman for Kestrel", "officials at the Board")."""
    words = scene.words
    position = scene.index.next_after(said.at - 1)
    if position >= len(scene.index.names):
        return None
    name = scene.index.names[position]
    near = name.outer - said.at <= 6 and words.sentence[name.first] == words.sentence[said.at]
    before = words.low[name.outer - 1] if name.outer else ""
    if before == "the" and name.outer > 1:
        before = words.low[name.outer - 2]
    meant = scene.bearers_at(position)
    if not near or len(meant) != 1 or (before not in _FOR and not words.possessive[name.last]):
        return None
    return meant[0] if may_be(meant[0], head) or may_be_firm(meant[0], head) else None


def _subject_firm(scene: Scene, at: int) -> Bearer | None:
    """Returns the firm that the sentence is about, told by one word: "Kestrel will close, the company said"."""
    words = scene.words
    position = scene.index.next_after(at - 1) - 1
    found = None
    for number in range(position, max(-1, position - 16), -1):
        name = scene.index.names[number]
        if words.sentence[name.first] != words.sentence[at]:
            break
        found = number
    if found is None:
        return None
    name, meant = scene.index.names[found], scene.bearers_at(found)
    opens = words.first[name.outer] or (
        words.low[name.outer - 1] not in FUNCTION and any(words.first[max(0, name.outer - 4) : name.outer])
    )
    firm = len(meant) == 1 and (may_be(meant[0], "company") or may_be_firm(meant[0], "company"))
    return meant[0] if opens and firm and len(name.key) == 1 and not words.quoted[name.first] else None


def _near_organisation(scene: Scene, at: int, head: str) -> Answer:
    """Resolves an institution's noun by a name of the last sentences: the nearest; of a broad noun the only one."""
    words = scene.words
    position = scene.index.next_after(at - 1) - 1
    looked = 0
    found: list[Bearer] = []
    subject = _subject_firm(scene, at) if head in FIRMS else None
    if subject is not None:
        return named([subject], "organisation-subject", 0.65)
    while position >= 0 and looked < 16:
        name = scene.directory.names[position]
        if words.sentence[at] - words.sentence[name.first] > 5:
            break
        meant = scene.bearers_at(position)
        located = name.outer > 0 and words.low[name.outer - 1] in _AT
        located &= words.low[name.outer - 2] not in _HELD
        told = len(name.key) > 1 or (len(meant) == 1 and bool(meant[0].heads & FIRMS))  # "the start-up Keyloop"
        fits = len(meant) == 1 and told and may_be(meant[0], head)
        if fits and not located and not words.quoted[name.first]:
            if head not in BROAD:
                return named(meant, "organisation-recent", 0.6)
            found += [one for one in meant if one not in found]
        position, looked = position - 1, looked + 1
    return (
        named(found, "organisation-recent", 0.6)
        if len(found) == 1
        else Answer("unnamed", reason="organisation-unknown")
    )


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


def resolve_poll(scene: Scene, mention: Mention) -> Answer:
    """Resolves a poll: one by a named body is an organisation under the poll's own name."""
    name = _poll_name(scene, mention.head)
    if name:
        return named([_same_poll(scene, name)], "poll", 0.85)
    polls = [one for one in islice(scene.attached.values(), _MOST) if one.heads & POLLS and one.places]
    before = [one for one in polls if one.places[0] < mention.first]
    if scene.words.low[mention.head] not in ("poll", "survey") or not polls:
        return Answer("document", reason="poll-unnamed")
    if before and mention.determiner in ("the", "this", "that"):
        last = max(before, key=lambda one: max(at for at in one.places[:_MOST] if at < mention.first))
        return named([last], "poll-last", 0.7)
    if not before and scene.words.paragraph[mention.first] <= 2:
        return named([min(polls, key=lambda one: one.places[0])], "poll-announced", 0.6)
    return Answer("document", reason="poll-unnamed")


def _same_poll(scene: Scene, name: str) -> Bearer:
    """Returns the poll already met whose name begins alike, with the longer name, or a new one."""
    key = name.lower().split()
    for bearer in islice(scene.attached.values(), _MOST):
        if bearer.heads & POLLS and bearer.key[0] == key[0]:
            bearer.forms.setdefault(name)
            if len(key) > len(bearer.key):
                bearer.name, bearer.key = name, tuple(key)
            return bearer
    return attach(scene, name, None)


def resolve_document(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a report, letter or film: its owner's, else a document."""
    words = scene.words
    head = words.low[mention.head]
    if mention.owner >= 0 and (head in AUTHORED or mention.owner > mention.head):
        owner = owner_of(scene, mention.owner, own)
        if owner.bearer is not None and owner.bearer.key[-1] in _SURVEYS and "geological" not in owner.bearer.key:
            return Answer("document", reason="document", confidence=0.8, words=owner.bearer.name)
        acts = mention.owner > mention.head and owner.bearer is not None and owner.bearer.type == "organisation"
        if owner.bearer is not None and (acts or not owner.bearer.place):
            owner.reason = "author"
            owner.confidence *= 0.9
            return owner
    if head in _MEDIA and mention.determiner == "the":
        outlet = _recent_outlet(scene, mention.first)
        if outlet is not None:
            return named([outlet], "outlet", 0.65)
    if head in _WORKS and mention.determiner in ("the", "this"):
        author = _author_of(scene, mention.first)
        if author is not None:
            return named([author], "author-of-work", 0.6)
    for said in scene.last_said(mention.first):
        if mention.determiner == "the" and said.answer.outcome == "document" and said.answer.words.endswith(head):
            return Answer("document", reason="document-again", confidence=0.8, words=said.answer.words)
    return Answer("document", reason="document", confidence=0.8)


def _author_of(scene: Scene, at: int) -> Bearer | None:
    """Returns the one whose film or book the article has been about: "her new documentary", "Sol's novel"."""
    words = scene.words
    for place in range(max(0, at - _FAR), at):
        if words.low[place] not in _WORKS:
            continue
        for before in range(place - 1, max(-1, place - 5), -1):
            if words.possessive[before] or words.low[before] in ("his", "her"):
                return owner_of(scene, before, ()).bearer
            if words.gap(before).strip():
                break
    return None


def _recent_outlet(scene: Scene, at: int) -> Bearer | None:
    """Returns the outlet that published "the article": an organisation that speaks or is named just before."""
    for said in scene.last_said(at):
        bearer = said.answer.bearer
        if bearer is not None and bearer.type == "organisation" and OUTLET & set(bearer.key):
            return bearer
    outlets = {one.number: one for word in sorted(OUTLET) for one in scene.by_word.get(word, ())[:8]}
    ranked = sorted(outlets.values(), key=lambda one: -len(one.places))
    if not ranked or len(ranked[0].places) < 3 or ranked[0].places[0] > at:
        return None
    return ranked[0] if len(ranked) == 1 or len(ranked[0].places) >= 2 * len(ranked[1].places) else None
