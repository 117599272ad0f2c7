"""One mention taken apart, and the names of an article by word position: the values that reading mentions gives."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from claims.extraction.speakers.name import Name

Shape = Literal["pronoun", "name", "joint", "nominal", "nothing"]


@dataclass(slots=True)
class Mention:
    """One mention taken apart.

    Attributes:
        shape: What its head is.
        first, last: The words of the mention, both inclusive.
        pronoun: The pronoun's folded form.
        name: Index of the naming `Name` in the directory, else -1.
        head: Index of the head noun of a nominal, else -1.
        determiner: The folded word that opens a nominal ("the", "a", "his"), or "".
        owner: Index of the word that owns a nominal ("Sol's", "his", "Sol campaign"), else -1.
        parts: The members of a joint mention.
    """

    shape: Shape
    first: int
    last: int
    pronoun: str = ""
    name: int = -1
    head: int = -1
    determiner: str = ""
    owner: int = -1
    parts: list["Mention"] = field(default_factory=list)


@dataclass(slots=True)
class NameIndex:
    """Names by word position."""

    names: list[Name]
    outers: list[int]

    @classmethod
    def of(cls, names: list[Name]) -> "NameIndex":
        """Builds the index; names come in text order and do not overlap."""
        return cls(names, [name.outer for name in names])

    def covering(self, index: int) -> int:
        """Returns the position of the name that covers a word, or -1."""
        at = bisect_left(self.outers, index + 1) - 1
        return at if at >= 0 and self.names[at].last >= index else -1

    def next_after(self, index: int) -> int:
        """Returns the position of the first name that begins after a word; `len` past the last."""
        return bisect_left(self.outers, index + 1)
