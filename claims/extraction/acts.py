"""Which act an attribution reports: statement, attitude, question, refusal or topic.

A lexicon of cues decides, without a parse: first the cue's own words, then the words that adjoin it, since
the tagger may give "refused" where the text goes on "to comment". A verb of saying in the cue outranks the
rest ("spoke about the flood, saying ..." states something). What the content is about never counts: "said he
hoped ..." is a statement about a hope, and a quoted question that someone "said" is still said.

An unknown cue is a `statement`: the desk's queue shows those first, so a mistake costs a glance, while a
statement hidden among topics is lost. Do NOT add a cue whose meaning turns on its object; the adjoining
words are there for that ("asked him to leave" is no question).
"""

import re

from claims.extraction.lexicons import fold, load, word_set
from claims.extraction.values import Act, Attribution, Span

_ATTITUDE = load("cues_attitude")
_QUESTION = load("cues_question")
_REFUSAL = load("cues_refusal")
_STATEMENT = load("cues_statement")
_TOPIC = load("cues_topic")
_WITHHELD = load("withheld_verbs")
_TOPIC_WORDS = frozenset(phrase for phrase in _TOPIC if " " not in phrase)
_TOPIC_PHRASES = tuple(f" {phrase} " for phrase in sorted(_TOPIC) if " " in phrase)

_ATTITUDE_PHRASES = tuple(f" {phrase} " for phrase in sorted(_ATTITUDE) if " " in phrase)

_WINDOW = 60  # characters looked at on either side of a cue: eight words or so
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[?]")
_NEGATION = word_set("not n't didn't don't doesn't hasn't haven't wouldn't couldn't won't never")
_SILENCE = word_set("respond responded reply replied answer answered return returned comment commented")
_WILL = word_set("would wouldn't won't")
_EXPRESS = word_set("express expresses expressed expressing voice voices voiced voicing show shows showed")
_CLAUSE_OF_QUESTION = word_set("if whether what how why when who which where whom about ?")
_TALKING = word_set("talk talks talked talking speak speaks spoke speaking")
_SAYING = word_set("say says said saying")
_CANNOT = re.compile(
    r"(?:that )?(?:[^ ]+ ){1,3}(?:could|would|can|will) ?not (?:comment|discuss|elaborate|speculate|disclose)"
)
_REQUEST = word_set("for that to")


def act_of(text: str, attribution: Attribution) -> Act:
    """Returns the act that an attribution's cue reports.

    Args:
        text: The article, into which the attribution's spans point.
        attribution: Its cue and the words around it decide; no cue at all is a `statement`.
    """
    cue = [word for span in attribution.cue for word in _words(text[span.start : span.end])]
    if not cue:
        return "question" if _asks(text, attribution) else "statement"
    before, after = _around(text, attribution.cue)
    if _is_refusal(cue, before, after):
        return "refusal"
    saying = any(word in _STATEMENT for word in cue)
    if any(word in _QUESTION for word in cue):
        return "question" if _is_question(cue, after) else "attitude"
    if "know" in cue and cue[0] in ("want", "wants", "wanted", "asked", "demanded"):
        return "question"
    if saying and not any(word in _EXPRESS for word in cue):
        return "statement"
    if _is_topic(cue, after):
        return "topic"
    if _is_attitude(cue, after):
        return "attitude"
    return "statement"


def _asks(text: str, attribution: Attribution) -> bool:
    """Whether a turn of a transcript, whose cue is a colon or nothing, ends as a question."""
    if not attribution.content:
        return False
    last = attribution.content[-1]
    return text[max(last.start, last.end - 3) : last.end].rstrip("\"”’') ").endswith("?")


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _around(text: str, cue: tuple[Span, ...]) -> tuple[list[str], list[str]]:
    """Returns up to four words before the first cue span and eight after the last one, within the sentence."""
    start, end = cue[0].start, cue[-1].end
    before = re.split(r"[.!?\n]", text[max(0, start - _WINDOW) : start])[-1]
    after = re.split(r"[.!\n]", text[end : end + _WINDOW])[0]
    return _words(before)[-4:], _words(after)[:8]


def _is_refusal(cue: list[str], before: list[str], after: list[str]) -> bool:
    joined = [*cue, *after]
    for position, word in enumerate(cue):
        following = joined[position + 1 : position + 5]
        if word in _SAYING and _CANNOT.match(" ".join(joined[position + 1 : position + 9])):
            return True
        if word in _REFUSAL:
            return "to" in following[:2] or following[:1] in (["comment"], ["request"], ["requests"])
        negated = word in _NEGATION or (position == 0 and bool(_NEGATION & set(before[-2:])))
        if negated and _SILENCE & {word, *following[:2]}:
            return True
        if negated and {"want", "wish", "care", "agree"} & {word, *following[:1]} and "to" in following[:3]:
            return bool(_WITHHELD & set(following[1:5]))
        if word in _WILL and (word != "would" or following[:1] == ["not"]):
            rest = [one for one in following if one not in ("not", "immediately", "directly")]
            return rest[:1] != [] and rest[0] in _WITHHELD - {"be", "give", "provide", "name"}
    return "no comment" in " ".join(joined[: len(cue) + 1])


def _is_question(cue: list[str], after: list[str]) -> bool:
    position = next(i for i, word in enumerate(cue) if word in _QUESTION)
    following = [*cue[position + 1 :], *after]
    if not cue[position].startswith("ask"):
        return True
    if following[:1] and following[0] in _REQUEST:
        return False
    if _CLAUSE_OF_QUESTION & set(following[:4]):
        return True
    return "to" not in following[1:7]


def _is_topic(cue: list[str], after: list[str]) -> bool:
    if cue[0] in _TALKING:
        return bool({"about", "on", "of"} & set([*cue[1:], *after][:4]))
    joined = f" {' '.join([*cue, *after[:2]])} "
    if any(phrase in joined and joined.index(phrase) < len(" ".join(cue)) + 1 for phrase in _TOPIC_PHRASES):
        return True
    return any(word in _TOPIC_WORDS for word in cue)


def _is_attitude(cue: list[str], after: list[str]) -> bool:
    if any(word in _ATTITUDE for word in cue):
        return True
    if any(phrase in f" {' '.join([*cue, *after[:1]])} " for phrase in _ATTITUDE_PHRASES):
        return True
    return cue[-1] in _EXPRESS and any(word in _ATTITUDE for word in after[:3])
