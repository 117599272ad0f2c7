"""One place where an article names someone: the value that finding, checking and grouping names share."""

from dataclasses import dataclass

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import SENTENCE_WORDS
from claims.extraction.values import SpeakerType

_VERBS = word_set(
    "said says say has have had is was are were will would could can may might also told reported announced found "
    "did does added noted warned called urged confirmed denied declined estimates reports believes wants"
)


@dataclass(slots=True)
class Name:
    """One place where the text names someone or something.

    Attributes:
        first, last: Index of the first and last word of the name proper, titles left out, both inclusive.
        outer: Index of the first word with titles and capitalised role words ("White House Press Secretary").
        key: The name's words folded for comparison; "j." and "j" are the same.
        titles: The lower-cased words between `outer` and `first`.
        type: `person`, `organisation`, or `unknown` for a run without evidence either way.
        place: Whether the words are a place, a people or a thing: no speaker by itself.
        surname: Index of the word lent by the next name ("Ana and Bo Sol"), which the key includes; else -1.
        nickname: Index of a nickname in quotation marks inside the name, which the key leaves out; else -1.
    """

    first: int
    last: int
    outer: int
    key: tuple[str, ...]
    titles: tuple[str, ...]
    type: SpeakerType
    place: bool = False
    nickname: int = -1
    surname: int = -1


def stands_alone(words: Words, last: int) -> bool:
    """Whether no common noun follows that the name only modifies ("the Smith campaign")."""
    if last + 1 >= len(words) or not words.gap(last).isspace() or words.possessive[last]:
        return True
    return words.low[last + 1] in _VERBS or words.low[last + 1] in SENTENCE_WORDS
