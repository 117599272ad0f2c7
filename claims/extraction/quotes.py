"""Which characters stand inside quotation marks.

News text closes quotes carelessly: a mark is forgotten, an apostrophe looks like one, a speech of several
paragraphs opens each paragraph and closes only the last. So the state is decided line by line and never carried
through an article: an opening mark without a partner is dropped, unless the next line shows that the speech goes on
(it starts with an opening mark again, or it brings the closing one). Do NOT pair marks in sequence over the whole
text: one stray mark would turn every quote after it inside out.

Known marks: “ ”, " ", '' '', `` '', « », „ “, ‹ ›, and single quotes ‘ ’ and ' ' where they cannot be apostrophes.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from claims.extraction.values import Span

MAX_SINGLE = 600
"""Longest stretch in single quotes; a partner farther away is more likely an apostrophe."""

_MARKS = re.compile(r"''|``|[“”„‟\"«»‹›]")
_SINGLES = re.compile(r"['‘’]")
_OPENERS = frozenset("“„‟«‹") | {"``"}
_CLOSERS = {"“": '”"‟', "„": '“”‟"', "‟": '”"', "«": "»", "»": "«", "‹": "›", "``": "''\"”", '"': '"”', "''": "''\"”"}
_NEUTRAL = frozenset(('"', "''"))
_BEFORE_OPENING = frozenset("([{—–-―/:…‘'’“„«") | {""}
_CONTINUES = re.compile(r"[ \t]*(?:''|``|[“„‟\"«‹])")
_LINE = re.compile(r"[^\n]*")


class _Open(NamedTuple):
    """An opening mark that waits for its partner."""

    mark: str
    start: int


def quote_spans(text: str) -> list[Span]:
    """Return the stretches inside quotation marks, marks included, merged and in text order.

    Args:
        text: Any text. The work is linear in its length.
    """
    spans = list(_double_spans(text))
    spans.extend(_single_spans(text))
    spans.sort()
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _double_spans(text: str) -> Iterator[Span]:
    lines = [match.span() for match in _LINE.finditer(text) if match.end() > match.start()]
    carried: _Open | None = None
    for number, (start, end) in enumerate(lines):
        opened = carried
        carried = None
        for match in _MARKS.finditer(text, start, end):
            mark, at = match.group(), match.start()
            if opened is not None and _closes(text, mark, at, match.end(), end, opened):
                yield Span(opened.start, match.end())
                opened = None
            elif _opens(text, mark, at, match.end(), start, end):
                opened = _Open(mark, at)
        if opened is None:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is None or opened.start < start:
            continue
        if _CONTINUES.match(text, *following):
            yield Span(opened.start, end)
        elif opened.mark not in _NEUTRAL and _brings_closer(text, following, opened):
            carried = opened


def _closes(text: str, mark: str, at: int, end: int, line_end: int, opened: _Open) -> bool:
    if mark not in _closing_marks(opened.mark) or at < opened.start + len(opened.mark):
        return False
    if mark not in _NEUTRAL:
        return True
    space_before = text[at - 1].isspace()
    word_after = end < line_end and text[end].isalnum()
    return not (space_before and word_after)


def _closing_marks(mark: str) -> tuple[str, ...]:
    closers = _CLOSERS.get(mark, "")
    return ("''", *closers.replace("''", "")) if "''" in closers else tuple(closers)


def _opens(text: str, mark: str, at: int, end: int, line_start: int, line_end: int) -> bool:
    if mark in _OPENERS:
        return True
    if end >= line_end or text[end].isspace():
        return False
    if mark not in _NEUTRAL and mark != "»":
        return False
    before = text[at - 1] if at > line_start else ""
    return before in _BEFORE_OPENING or before.isspace()


def _brings_closer(text: str, line: tuple[int, int], opened: _Open) -> bool:
    match = _MARKS.search(text, *line)
    return match is not None and match.group() in _closing_marks(opened.mark)


def _single_spans(text: str) -> Iterator[Span]:
    opened: _Open | None = None
    for match in _SINGLES.finditer(text):
        mark, at = match.group(), match.start()
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        if before in "'`" or after == "'":
            continue
        if opened is not None and ("\n" in text[opened.start : at][:MAX_SINGLE] or at - opened.start > MAX_SINGLE):
            opened = None
        if opened is not None and mark in ("’" if opened.mark == "‘" else "'") and not before.isspace():
            sure = before in ",.!?…;:" or not (before in "sS" and opened.mark == "'")
            if not after.isalnum() and sure:
                yield Span(opened.start, at + 1)
                opened = None
                continue
        if mark in "‘'" and not before.isalnum() and after.isalnum() and not after.isdigit() and opened is None:
            opened = _Open(mark, at)
