import pytest

from claims.extraction.kinds import QuotedWords
from claims.extraction.values import Kind, Span

TABLE: list[tuple[str, str, list[str], Kind]] = [
    ("all quoted", "“The dam is safe,” she said.", ["“The dam is safe,”"], "direct"),
    ("marks left out of the span", "“The dam is safe,” she said.", ["The dam is safe"], "direct"),
    ("two quoted parts", "“The dam,” she said, “is safe.”", ["“The dam,”", "“is safe.”"], "direct"),
    (
        "one word in twenty unquoted",
        "that “" + "very " * 20 + "safe,” she said",
        ["that “" + "very " * 20 + "safe,”"],
        "direct",
    ),
    ("but not one in ten", "that “" + "very " * 8 + "safe,” she said", ["that “" + "very " * 8 + "safe,”"], "mixed"),
    ("one word quoted", "She said the dam is “safe” now.", ["the dam is “safe” now"], "mixed"),
    ("nothing quoted", "She said the dam is safe.", ["the dam is safe"], "indirect"),
    ("quote elsewhere in the sentence", "The “expert” said the dam is safe.", ["the dam is safe"], "indirect"),
    ("unclosed mark", "“The dam is safe, she said.", ["The dam is safe"], "indirect"),
    ("no words at all", "“…” she said.", ["“…”"], "indirect"),
]


@pytest.mark.parametrize(("text", "parts", "kind"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_kind(text: str, parts: list[str], kind: Kind) -> None:
    content = [Span(text.index(part), text.index(part) + len(part)) for part in parts]
    assert QuotedWords(text).kind(content) == kind
