"""How well a row fits a search, on SQLite.

FTS5's own bm25() weighs a word by all rows that there are, so that every row that comes or goes moves all others: a
cursor over it would lose and repeat rows. This rank is of the row alone, as PostgreSQL's `ts_rank` is: how often the
wanted terms occur, the first column counting most, for the length of the text.
"""

import json
import math
from functools import lru_cache
from typing import Any

from sources.search.words import SearchQuery, Term, count_found

FUNCTION = "fulltext_rank"
_WEIGHTS = (1.0, 0.4, 0.2, 0.1)  # PostgreSQL's, of A to D
MILLION = 1_000_000


def register(connection: Any, **_: Any) -> None:
    """Makes the function known on a new connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, -1, _rank, deterministic=True)


def written(query: SearchQuery) -> str:
    """The wanted terms as the function takes them."""
    return json.dumps([[term.words, term.is_prefix] for term in query.wanted])


def rank_of(terms: tuple[Term, ...], *texts: str) -> int:
    """The rank of a row, in millionths; greater is better.

    Args:
        terms: What was wanted.
        texts: The row's columns, the weightiest first.
    """
    score = sum(
        weight * (1 - 0.5**count)
        for weight, text in zip(_WEIGHTS, texts, strict=False)
        for count in count_found(text, terms)
    )
    return round(MILLION * score / len(terms) / (1 + math.log1p(sum(map(len, texts)) / 6))) if terms else 0


def _rank(terms: str, *texts: str | None) -> int:
    return rank_of(_read(terms), *(text or "" for text in texts))


@lru_cache(maxsize=64)
def _read(terms: str) -> tuple[Term, ...]:
    return tuple(Term(tuple(words), is_prefix) for words, is_prefix in json.loads(terms))
