"""Attributions that stand in the layout, not in a sentence: turns of a transcript and signed quotations.

`NAME: What was said.` opens a turn; `“What was said.” ― Name, teacher` signs a quotation. There the cue is a mark,
which a model trained on sentences does not learn from the few it sees, while the layout itself is plain to read. Both
rules ask for more than one look: a label counts only in a text that has several turns, a signature only behind a
closing mark and at the end of its line. Do NOT loosen them to single labels ("Note:", "Correction:") or to dashes
inside sentences.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claims.extraction.values import Act, Attribution, Span

FEWEST_TURNS = 2
FEWEST_TITLE_TURNS = 4
"""Labels not in capitals must come back more often: "Tags:", "Scorers:" and headlines with a colon look like them."""
CONFIDENCE = 0.9
"""Of the 34 layout claims on PolNeAR dev 32 were right."""

_LINE = re.compile(r"[^\n]+")
_CAPITALS = re.compile(
    r"[ \t]*[“\"]?([A-Z][A-Z.'’-]{1,30}(?: [A-Z][A-Z.'’-]{0,30}){0,4})"
    r"(?: \([^()\n]{1,30}\)|, [A-Za-z][^:\n]{1,50})?(:)[ \t\xa0]+(?=\S)"
)
_TITLE = re.compile(r"[ \t]*[“\"]?([A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){0,3})(:)[ \t\xa0]+(?=\S)")
_ASKED = re.compile(r"[ \t]*(Q|A|Question|Answer)([.:])[ \t\xa0]+(?=\S)")
_NO_SPEAKERS = frozenset(
    """ALSO ANALYSIS BREAKING CAPTION CORRECTION EDITOR'S EXCLUSIVE FACT FILE LIVE MORE NB NOTE OPINION PHOTO PHOTOS
    PICTURE PS READ RELATED SEE SOURCE SOURCES TAGS TIMELINE TOPICS TRANSCRIPT UPDATE UPDATED VIDEO WARNING
    WATCH""".split()  # noqa: SIM905
)
_DIRECTION = re.compile(r"[ \t]*[“\"]?[(\[][^()\[\]\n]*[)\]][\"”.]{0,2}[ \t]*$")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s|[Yy]ou|[Yy]our)\b")
_CLOSING = '"”’») '
_OPENING = '“"”„«'
_SIGNATURE = re.compile(
    r"[”\"»][ \t\xa0]*(―|—|–|--|-)[ \t\xa0]*"
    r"([A-Z][\w.'’-]{0,30}(?:(?: (?:and|&|of|de|da|van|von|al|bin|del|la))?[ -][A-Z][\w.'’-]{0,30}){0,7})"
    r"((?:, [^\n“”\"]{1,80}| \([^()\n]{1,40}\))?)[ \t\xa0.]*$"
)
_UNNAMED_SIGNATURE = re.compile(
    r"[”\"»][ \t\xa0]*(―|—|–)[ \t\xa0]*((?:an?|the|one|name) [^\n“”\".!?]{1,80})[ \t\xa0.]*$"
)
_LOOK_BACK = 220
"""Longest signature, closing mark included: the expression runs over the end of a line only."""


class _Turn(NamedTuple):
    label: Span
    colon: Span
    content: tuple[Span, ...]


def layout_attributions(text: str) -> list[Attribution]:
    """Return the turns, or else the signed quotations, of a text, in text order, their contents disjoint."""
    lines = [match.span() for match in _LINE.finditer(text)]
    turns = _turns(text, lines)
    if turns:
        return [_attribution(turn.content, turn.colon, turn.label) for turn in turns]
    return list(_signed(text, lines))


def with_layout(found: Sequence[Attribution], layout: Sequence[Attribution]) -> list[Attribution]:
    """Join what the model found with the layout, which wins where both speak of the same words.

    Args:
        found: The model's attributions, contents disjoint.
        layout: Those of `layout_attributions`.

    Returns:
        All of them in text order, contents disjoint.
    """
    taken = sorted(span for attribution in layout for span in attribution.content)
    kept = [attribution for attribution in found if not any(_meets(taken, span) for span in attribution.content)]
    return sorted([*kept, *layout], key=lambda attribution: attribution.content)


def act_of_speech(text: str, attribution: Attribution) -> Act:
    """Return the act of a turn or signed quotation, which has no cue word: a question if it ends as one."""
    start, end = attribution.content[-1]
    return "question" if text[start:end].rstrip(_CLOSING).endswith("?") else "statement"


def _meets(taken: Sequence[Span], span: Span) -> bool:
    at = bisect_left(taken, (span.end, 0))
    return at > 0 and taken[at - 1].end > span.start


def _attribution(content: tuple[Span, ...], cue: Span, mention: Span) -> Attribution:
    return Attribution(content, (cue,), (mention,), CONFIDENCE, CONFIDENCE)


def _turns(text: str, lines: list[tuple[int, int]]) -> list[_Turn]:
    pattern, labels = _labels(text, lines)
    if not labels:
        return []
    turns: list[_Turn] = []
    last = max(number for number, line in enumerate(lines) if _label(text, line, pattern, labels))
    for number, line in enumerate(lines[: last + 1]):
        match = _label(text, line, pattern, labels)
        if match:
            content = _trimmed(text, match.end(), line[1])
            if content:
                turns.append(_Turn(Span(*match.span(1)), Span(*match.span(2)), (content,)))
        elif turns and number < last and _goes_on(text, line, turns[-1]):
            content = _trimmed(text, *line)
            if content:
                turns[-1] = turns[-1]._replace(content=(*turns[-1].content, content))
    return turns


def _labels(text: str, lines: list[tuple[int, int]]) -> tuple[re.Pattern[str], frozenset[str]]:
    """Return the pattern and the labels of a text that is a transcript; no labels if it is none."""
    asked = Counter(match.group(1) for line in lines if (match := _ASKED.match(text, *line)))
    if len(asked) > 1 and asked.total() >= FEWEST_TITLE_TURNS and min(asked.values()) > 1:
        return _ASKED, frozenset(asked)
    for pattern, fewest in ((_CAPITALS, FEWEST_TURNS), (_TITLE, FEWEST_TITLE_TURNS)):
        matches = (pattern.match(text, *line) for line in lines)
        counts = Counter(match.group(1) for match in matches if match and match.group(1).upper() not in _NO_SPEAKERS)
        if pattern is _TITLE:
            counts = Counter({label: count for label, count in counts.items() if count > 1})
        if len(counts) > 1 and counts.total() >= fewest and max(counts.values()) > 1:
            return pattern, frozenset(counts)
    return _CAPITALS, frozenset()


def _label(text: str, line: tuple[int, int], pattern: re.Pattern[str], labels: frozenset[str]) -> re.Match[str] | None:
    match = pattern.match(text, *line)
    return match if match and match.group(1) in labels else None


def _goes_on(text: str, line: tuple[int, int], turn: _Turn) -> bool:
    """Tell whether a line without label goes on with the turn: it opens a quotation again, or says I and you."""
    start, end = line
    if _DIRECTION.match(text, start, end):
        return False
    if text[turn.label.start - 1 : turn.label.start] in tuple(_OPENING):
        return text[start] in _OPENING
    return _FIRST_PERSON.search(text, start, min(end, start + 400)) is not None


def _signed(text: str, lines: list[tuple[int, int]]) -> Iterator[Attribution]:
    for start, end in lines:
        match = _SIGNATURE.search(text, max(start, end - _LOOK_BACK), end) or _plain_signature(text, start, end)
        opening = _opening_before(text, start, match.start()) if match else None
        if match and opening is not None:
            content = _trimmed(text, opening, match.start() + 1)
            signature = text[match.start(2) : match.end()].rstrip(" \t\xa0.")
            if content and signature:
                mention = Span(match.start(2), match.start(2) + len(signature))
                yield _attribution((content,), Span(*match.span(1)), mention)


def _plain_signature(text: str, start: int, end: int) -> re.Match[str] | None:
    """Find a signature without a name ("― a porter") where the line is nothing but a quotation and its signature."""
    while start < end and text[start].isspace():
        start += 1
    if start == end or text[start] not in _OPENING:
        return None
    return _UNNAMED_SIGNATURE.search(text, max(start, end - _LOOK_BACK), end)


def _opening_before(text: str, line_start: int, closing: int) -> int | None:
    """Return where the quotation that closes here was opened in its line."""
    first = line_start
    while first < closing and text[first].isspace():
        first += 1
    if text[first] in _OPENING and not any(mark in text[first + 1 : closing] for mark in "“”"):
        return first
    opener = {"”": "“", "»": "«"}.get(text[closing], text[closing])
    opened = text.rfind(opener, line_start, closing)
    return opened if opened >= 0 else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if any(character.isalpha() for character in text[start : min(end, start + 200)]) else None
