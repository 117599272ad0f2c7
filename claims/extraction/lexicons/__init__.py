"""Word lists of the engine, one lower-case entry a line, unique and sorted (tests hold them to it).

Lists are data: closed word classes, common first names, titles, kinship. What must NOT go in: the name of
a person who is in the news, or any word added to make one known article come out right. An entry earns its
place by being common in the language.

Entries use straight apostrophes and single spaces; look up with the same folding (`fold`).
"""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def fold(words: str) -> str:
    """Lower-cases, straightens apostrophes and collapses space: the form in which entries are kept."""
    return " ".join(words.replace("’", "'").replace("‘", "'").lower().split())


@cache
def load(name: str) -> frozenset[str]:
    """Returns the entries of one list, e.g. `load("honorifics")`; read once, at import of its user.

    Raises:
        OSError: The installation lacks that list.
    """
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line)


def word_set(words: str) -> frozenset[str]:
    """Returns the words of a string: closed classes too small for a list of their own."""
    return frozenset(words.split())
