from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction.quotes import quote_spans

TABLE = [
    ("curly", "“We go,” he said.", ["“We go,”"]),
    ("straight", 'He said "we go" twice.', ['"we go"']),
    ("two on a line", '"We go," he said, "now."', ['"We go,"', '"now."']),
    ("doubled single marks", "''We go,'' she said.", ["''We go,''"]),
    ("backticks", "``We go,'' she said.", ["``We go,''"]),
    ("guillemets", "« On y va », dit-il.", ["« On y va »"]),
    ("low high", "„Wir gehen“, sagte er.", ["„Wir gehen“"]),
    ("single curly", "‘We go now,’ he said.", ["‘We go now,’"]),
    ("single straight", "'We go now,' he said.", ["'We go now,'"]),
    ("nested", "“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”"]),
    ("opened, not closed", "“We go, he said.\nShe left.", []),
    ("closed, not opened", "We go,” he said. She left.", []),
    ("stray mark does not turn the next line", 'A 5" pipe.\nHe said "we go" there.', ['"we go"']),
    ("apostrophes are no quotes", "The workers' hall and the ships' crews don't.", []),
    ("decade is no quote", "In the '90s the miners' pay fell.", []),
    ("speech of paragraphs", "“One.\n\n“Two,” he said.", ["“One.", "“Two,”"]),
    ("but not when the next paragraph is narration", "“One.\n\nTwo, he said.", []),
    ("closed on the next line", "“One\ntwo,” he said.", ["“One\ntwo,”"]),
    ("empty text", "", []),
    ("mark alone", "“", []),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_quote_spans(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in quote_spans(text)] == expected


@given(st.text(alphabet="ab 's\n“”\"‘’«»„`.,", max_size=80))
def test_spans_are_sorted_disjoint_and_in_range(text: str) -> None:
    spans = quote_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_one_stray_mark_changes_its_own_lines_only() -> None:
    quiet = 'He said "we go" there.\n' * 50
    stray = 'The pipe is 5" wide and "new.\n'
    before = _quotes(quiet + quiet)
    assert _quotes(quiet + stray + quiet) == before


def _quotes(text: str) -> list[str]:
    return [text[start:end] for start, end in quote_spans(text)]
