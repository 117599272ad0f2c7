"""Taking words out of stored text without moving the rest: strings and JSON in, the same shape out.

A name is masked by as many blocks as it has characters, so every offset into the text stays true and
`text[start:end] == quote` holds for masked quotes as well. Names are compared letter by letter without case and
accents; anything but letters and digits may stand between their words, so that "Ilse Marrow", "ilse-marrow" and
"ILSE  MARROW" are one. Do not use this to find speakers, and do not replace by something shorter.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

MASK = "█"
WITHHELD = "[withheld]"
JOINT = " … "  # between the quotes of one claim (claims.services.claim_rows)
LONGEST_QUOTE = 300  # characters of one short quote; what is longer is the text itself, not a quotation
_FEWEST = 6  # characters, a blank among them: a single word, such as a kind's or a status's, is no copy of a text
_MOST_NAMES = 500


class NameMask:
    """Finds and masks names.

    Args:
        names: As people write them; those without a letter or digit are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        forms = {tuple(_WORD.findall(fold(name))) for name in names}
        ordered = sorted((form for form in forms if form), key=lambda form: (-len(form), form))[:_MOST_NAMES]
        # Between two words of a name: at most four marks or blanks ("Marrow,  Ilse" is another order, not this).
        patterns = (r"[\W_]{1,4}".join(map(re.escape, form)) for form in ordered)
        pattern = "|".join(patterns)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])") if pattern else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in the text: (start, end) in code points."""
        return [match.span() for match in self._pattern.finditer(fold(text))] if self._pattern else []

    def mask(self, text: str, by: str = MASK) -> str:
        """The text with each name under blocks, as long as before."""
        return blank(text, self.places(text), by)

    def mask_json(self, value: Any) -> Any:
        """The same for every string in a JSON value."""
        return map_strings(value, self.mask)


class Rewriter:
    """Carries what was changed in an article's text into everything that was copied from it.

    Args:
        old: The text before.
        new: The text after, as long as `old`; empty where it was taken down altogether.
        names: What is masked besides, wherever it stands.
        kept: Of a text taken down: the quotes that stay, one a line.
        spare: Strings that stay though they occur in the text, such as its speakers' names.
    """

    def __init__(
        self,
        old: str,
        new: str,
        names: NameMask | None = None,
        *,
        kept: str = "",
        spare: frozenset[str] = frozenset(),
    ) -> None:
        self.old, self.new, self.names = old, new, names or NameMask(())
        self.kept, self.spare = kept, spare

    def quote(self, start: int, end: int, quote: str) -> str:
        """What a span quotes now."""
        if self.new:
            return self.new[start:end]
        return quote if quote in self.kept else ""

    def string(self, value: str) -> str:
        """A string that may be a copy of a stretch of the text, or several of them joined."""
        if value in self.spare:
            return value
        return self.names.mask(JOINT.join(map(self._piece, value.split(JOINT))))

    def json(self, value: Any) -> Any:
        """A JSON value: quotes with their places by place, other strings by what they say."""
        if isinstance(value, dict):
            if {"start", "end", "quote"} <= value.keys() and isinstance(value["quote"], str):
                return value | {"quote": self.quote(value["start"], value["end"], value["quote"])}
            return {key: self.json(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.json(inner) for inner in value]
        return self.string(value) if isinstance(value, str) else value

    def _piece(self, piece: str) -> str:
        is_phrase = len(piece) >= _FEWEST and any(map(str.isspace, piece))
        at = self.old.find(piece) if is_phrase else -1
        if at < 0:
            return piece
        if self.new:
            return self.new[at : at + len(piece)]
        return piece if piece in self.kept else WITHHELD


def shortened(quote: str) -> str:
    """A quote of at most `LONGEST_QUOTE` characters."""
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"


def blank(text: str, places: Sequence[tuple[int, int]], by: str = MASK) -> str:
    """The text with these stretches under blocks; line breaks stay."""
    parts, at = [], 0
    for start, end in sorted(places):
        if end > at:
            parts += [text[at:start], "".join("\n" if char == "\n" else by for char in text[max(start, at) : end])]
            at = end
    return "".join([*parts, text[at:]]) if parts else text


def map_strings(value: Any, change: Any) -> Any:
    """A JSON value with every string changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_strings(inner, change) for inner in value]
    if isinstance(value, dict):
        return {key: map_strings(inner, change) for key, inner in value.items()}
    return value


_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text without case and accents, character for character: as long as before."""
    if text.isascii():
        return text.lower()
    return "".join(char.lower() if char < "\x80" else _fold_char(char) for char in text)


@lru_cache(maxsize=10_000)
def _fold_char(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0].casefold()[0]
