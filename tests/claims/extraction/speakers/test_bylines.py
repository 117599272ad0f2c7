"""The reporter's own "I": whom a byline names, and when that is nobody."""

import pytest

from claims.extraction import extract
from claims.extraction.speakers.bearers import Directory
from claims.extraction.speakers.bylines import author_of
from claims.extraction.speakers.tokens import read_words

COLUMN = "I believe that the bridge at Oldmere should be closed at once. The ferry would do for a year."
QUOTED = '"I believe that the bridge should be closed," Maren Osei said on Monday.'


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        pytest.param("Ann Carr", "Ann Carr", id="name"),
        pytest.param("By Ann Carr", "Ann Carr", id="by"),
        pytest.param("By ANN B. CARR", "Ann B. Carr", id="capitals"),
        pytest.param("Ann Carr, Health Editor, Oldmere Post", "Ann Carr", id="with-her-post"),
        pytest.param("Ann Carr @anncarr", "Ann Carr", id="with-a-handle"),
        pytest.param("", None, id="but-not-nothing"),
        pytest.param("Oldmere News Agency", None, id="but-not-an-agency"),
        pytest.param("Editorial Board", None, id="but-not-a-board"),
        pytest.param("Ann Carr and Ben Moss", None, id="but-not-two"),
        pytest.param("Ann Carr, Ben Moss and Cleo Iqbal", None, id="but-not-three"),
        pytest.param("carr", None, id="but-not-one-word"),
        pytest.param("by " * 5000, None, id="but-not-endless"),
    ],
)
def test_a_byline_of_one_person_names_the_author(byline: str, name: str | None) -> None:
    author = author_of(byline, Directory(read_words(COLUMN), []))
    assert (author.name if author else None) == name


def test_the_writers_i_is_the_writer() -> None:
    (claim,) = extract(COLUMN, byline="By ANN CARR").claims
    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker.type, claim.speaker.reason) == ("Ann Carr", "person", "byline")


def test_without_a_byline_the_writer_has_no_name() -> None:
    (claim,) = extract(COLUMN).claims
    assert claim.speaker is not None
    assert claim.speaker.name is None


def test_the_i_of_a_quotation_is_never_the_writer() -> None:
    names = {claim.speaker.name for claim in extract(QUOTED, byline="Ann Carr").claims if claim.speaker}
    assert names == {"Maren Osei"}
