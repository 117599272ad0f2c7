"""Stories with their attributions marked in the text itself."""

import re

from claims.extraction.speakers import name_speakers
from claims.extraction.values import Attribution, Span, SpeakerReference

_MARK = re.compile(r"[\[\]{}]")


def attributions_of(marked: str) -> tuple[str, list[Attribution]]:
    """Returns a story without its marks, and its attributions.

    Args:
        marked: Each mention stands in square brackets; what it says in braces, in the same order. A mention
            without braces of its own says nothing that matters.
    """
    text, opened = "", {"[": 0, "{": 0}
    mentions: list[Span] = []
    contents: list[Span] = []
    position = 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        mark = match.group()
        if mark in "[{":
            opened[mark] = len(text)
        elif mark == "]":
            mentions.append(Span(opened["["], len(text)))
        else:
            contents.append(Span(opened["{"], len(text)))
    text += marked[position:]
    said = [(one,) for one in contents] + [()] * len(mentions)
    return text, [
        Attribution(said[number], (), (mention,) if mention.end > mention.start else (), 1.0, 1.0)
        for number, mention in enumerate(mentions)
    ]


def references(marked: str) -> list[SpeakerReference | None]:
    """Returns the references of a marked story's mentions."""
    return name_speakers(*attributions_of(marked))


def names(marked: str) -> list[str | None]:
    """Returns the names of a marked story's mentions; None for an unnamed or missing one."""
    return [one.name if one else None for one in references(marked)]
