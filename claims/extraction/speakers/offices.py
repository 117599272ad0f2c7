"""Who holds an office: the finance minister is not the minister of works, and the mayor is not her deputy."""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.scene import Answer, Scene, named
from claims.extraction.speakers.vocabulary import POLICY

_FIRST_MINISTERS = frozenset(("chief", "prime"))
ONE_AT_A_TIME = word_set("mayor governor minister president chairman chairwoman chairperson premier principal speaker")
"""Offices whose deputies are not called by them; a deputy prosecutor is a prosecutor."""
_PREMIERS = word_set("premier president chancellor governor")
_LONGEST_PORTFOLIO = 4
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


def of_portfolio(scene: Scene, mention: Mention, candidates: list[Bearer]) -> list[Bearer]:
    """Returns those who may be "the finance minister": not the minister of works, and no chief minister of the rest."""
    words = scene.words
    head = mention.head
    described = words.low[mention.first : head]
    if words.low[head + 1 : head + 2] in (["of"], ["for"]):
        described = [*described, *words.low[head + 2 : head + _LONGEST_PORTFOLIO]]
    wanted = {word for part in described for word in part.split("-")}
    first = wanted & _FIRST_MINISTERS if words.low[head] == "minister" else set()
    if first:
        return [one for one in candidates if first & {*one.modifiers, *one.heads}]
    wanted &= POLICY
    if not wanted and words.low[head] == "minister":
        return [one for one in candidates if _FIRST_MINISTERS.isdisjoint(one.modifiers)] or candidates
    return [one for one in candidates if not wanted or not (has := one.modifiers & POLICY) or wanted & has]


def of_cabinet(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the chief minister" to the one after whom the text calls a government ("the Sol government")."""
    lows = scene.words.low
    first = lows[mention.head] == "minister" and _FIRST_MINISTERS & set(lows[mention.first : mention.head])
    if not first and lows[mention.head] not in _PREMIERS:
        return None
    leaders = [one for one in scene.persons[:40] if "head-of-government" in one.heads]
    return named(leaders, "cabinet", 0.75) if len(leaders) == 1 else None
