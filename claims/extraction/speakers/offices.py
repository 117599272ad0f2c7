"""Who holds an office: the finance minister is not the minister of works, and the mayor is not her deputy.

A description that names another portfolio, house, nation or seat than the text gives somebody means somebody else, even
where nobody else of that role is named. What says nothing about it ("the veteran coach") fits everybody.
"""

from collections.abc import Iterable

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.scene import Answer, Scene, named
from claims.extraction.speakers.vocabulary import DEMONYMS, FUNCTION, PARTIES, PLACES, POLICY

_FIRST_MINISTERS = frozenset(("chief", "prime"))
ONE_AT_A_TIME = word_set("mayor governor minister president chairman chairwoman chairperson premier principal speaker")
"""Offices whose deputies are not called by them; a deputy prosecutor is a prosecutor."""
_PREMIERS = word_set("premier president chancellor governor")
_LEGISLATORS = word_set("mp mla senator deputy lawmaker legislator politician councillor member")
_MOST = 40
_LONGEST_PORTFOLIO = 4
_TERRITORIAL = word_set("mayor governor bishop archbishop sheriff commissioner")
"""Offices of one place each, so that another name before them is another's; who sits for a place has a party, too."""
_OF_TEAMS = word_set(
    "coach manager captain skipper striker goalkeeper midfielder defender winger forward batsman bowler"
)
_HOUSES = (load("organisation_nouns") | load("organisation_heads")) - word_set(
    "city state country county district town village kingdom nation office bureau fire power research house"
) | word_set("opposition defence defense prosecution prison farm mine rail police")
_ALIKE = """
company firm business group corporation corporate conglomerate chain giant start-up startup carrier airline carmaker
company firm factory manufacturer maker retailer supplier builder developer operator utility brewer bakery brewery
bank lender fund
museum gallery
hospital clinic
school college academy university institute laboratory lab
paper newspaper magazine publication outlet website news
party opposition caucus coalition alliance government
team club side
police force army military service
union trade-union labour labor workers
church parish
council city town municipal county
association society federation confederation league
foundation trust charity ngo nonprofit group organisation
court tribunal
parliament assembly legislature senate chamber
"""
"""Nouns by which papers vary the name of one house, a line for each kind."""
_FIELDS = word_set(
    "law biology history physics economics chemistry politics sociology geology medicine mathematics linguistics "
    "philosophy engineering theology archaeology anthropology psychology literature"
)
_CLASSES: dict[str, frozenset[str]] = {}
for _line in _ALIKE.splitlines():
    for _word in _line.split():
        _CLASSES[_word] = _CLASSES.get(_word, frozenset()) | frozenset(_line.split())
_KINDS = (POLICY, DEMONYMS - PARTIES, _FIELDS, PLACES)
"""Words of which somebody has one of a kind: who is told by another is another."""
_TURNS = word_set("acting interim incoming")


def in_office(scene: Scene, mention: Mention, candidates: list[Bearer]) -> list[Bearer]:
    """Returns those who may be "the acting mayor" or "the ex-mayor": not the mayor whom the text calls neither."""
    lows = scene.words.low
    deputy = "deputy" in lows[mention.first : mention.head + 1]
    of_rank = [one for one in candidates if ("deputy" in one.heads) == deputy]
    candidates = of_rank if lows[mention.head] in ONE_AT_A_TIME else of_rank or candidates
    told = {low for low in lows[mention.first : mention.head] if low in _TURNS}
    if told:
        return [one for one in candidates if told & one.modifiers]
    if lows[mention.head].startswith("ex-") or "former" in lows[mention.first : mention.head]:
        office = "ex-" + lows[mention.head].removeprefix("ex-")
        was = [one for one in candidates if office in one.heads or "former" in one.modifiers]
        return was or [one for one in candidates if one.places and one.places[0] < mention.first]
    return candidates


def of_description(scene: Scene, mention: Mention, candidates: list[Bearer]) -> list[Bearer]:
    """Returns those who may be "the finance minister": not the minister of works, and no chief minister of the rest."""
    words = scene.words
    head = mention.head
    around = list(range(mention.first, head))
    if words.low[head + 1 : head + 2] in (["of"], ["for"]):
        around += range(head + 2, min(len(words), head + _LONGEST_PORTFOLIO))
    wanted = {word for at in around for word in words.low[at].split("-")}
    first = wanted & _FIRST_MINISTERS if words.low[head] == "minister" else set()
    if first:
        return [one for one in candidates if first & {*one.modifiers, *one.heads}]
    if "assistant" in wanted:
        return [one for one in candidates if "assistant" in one.modifiers] or scene.by_head.get("assistant", [])[:_MOST]
    if words.low[head] == "minister" and wanted.isdisjoint(POLICY):
        candidates = [one for one in candidates if _FIRST_MINISTERS.isdisjoint(one.modifiers)] or candidates
    names = {words.low[at] for at in around if words.capital[at] and words.low[at] not in FUNCTION}
    if words.low[head] in _OF_TEAMS:
        candidates = [one for one in candidates if not _plays_elsewhere(scene, names, one)]
    seat = names if words.low[head] in _TERRITORIAL else set()
    return [one for one in candidates if not _contradicts(wanted, seat, one)]


def _plays_elsewhere(scene: Scene, names: set[str], bearer: Bearer) -> bool:
    """Whether "the Albion coach" is another than the coach of Rovers; a club may have both words in its name."""
    names = names - DEMONYMS
    theirs = {word for word in bearer.modifiers if word in bearer.seats or word in scene.by_word} - DEMONYMS
    if not names or not theirs or names & theirs:
        return False
    return not any(names & set(club.key) for word in theirs for club in scene.by_word.get(word, ()))


def _contradicts(wanted: set[str], seat: set[str], bearer: Bearer) -> bool:
    """Whether a description tells a portfolio, nation, house or seat other than a bearer's own."""
    told = bearer.modifiers
    for kind in _KINDS:
        asked, has = wanted & kind, told & kind
        if asked and has and not asked & has:
            return True
    asked, has = wanted & _HOUSES, told & _HOUSES
    if asked and has and not asked & has and not _alike(asked) & has:
        return True
    return bool(seat and told & bearer.seats and not seat & told)


def _alike(words: Iterable[str]) -> set[str]:
    """Returns the words by which papers may vary these."""
    return {word for one in words for word in _CLASSES.get(one, ())}


def of_seat(scene: Scene, mention: Mention) -> list[Bearer]:
    """Returns those of whom the text tells only with whom they sit: "the Green MP" for "Ana Sol of the Greens"."""
    words = scene.words
    if words.low[mention.head] not in _LEGISLATORS:
        return []
    names = {words.low[at] for at in range(mention.first, mention.head) if words.capital[at]} - FUNCTION
    return [one for one in scene.persons[:_MOST] if names & one.seats]


def of_cabinet(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the chief minister" to the one after whom the text calls a government ("the Sol government")."""
    lows = scene.words.low
    first = lows[mention.head] == "minister" and _FIRST_MINISTERS & set(lows[mention.first : mention.head])
    if not first and lows[mention.head] not in _PREMIERS:
        return None
    leaders = [one for one in scene.persons[:_MOST] if "head-of-government" in one.heads]
    return named(leaders, "cabinet", 0.75) if len(leaders) == 1 else None


def the_other(scene: Scene, mention: Mention, candidates: list[Bearer]) -> Answer:
    """Resolves "the other lawyer" to the one of two who has not just spoken; "the other man" mostly has no name."""
    heard = [said.answer.bearer for said in scene.last_said(mention.first) if said.answer.bearer in candidates][:1]
    rest = [one for one in candidates if one not in heard]
    return named(rest, "role-other", 0.8) if heard and len(rest) == 1 else Answer("unnamed", reason="indefinite")
