"""`ingest`: what it stores, what it says, and what it refuses, through the command itself."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.models import Claim, Speaker
from sources.models import Article
from tests.claims.commands.stories import jsonl, rows, story

pytestmark = pytest.mark.django_db

PAGE = """<html><head><title>Late again</title><meta property="og:site_name" content="Harbour Wire"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Late again</h1>{paragraphs}</article></body></html>"""


class Outcome:
    """Exit status and both outputs of one call."""

    def __init__(self, *arguments: str | Path) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.status = 0
        try:
            call_command("ingest", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as stop:
            self.status = int(stop.code or 0)
        self.summary = out.getvalue().strip()
        self.errors = err.getvalue().strip().splitlines()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def page(number: int) -> str:
    return PAGE.format(paragraphs="".join(f"<p>{line}</p>" for line in story(number).splitlines() if line))


def test_a_folder_is_walked_in_the_order_of_names_and_all_formats_are_read(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "Second.\n\n" + story(1))
    write(tmp_path, "a.html", page(0))
    (tmp_path / "c").mkdir()
    write(tmp_path, "c/rows.jsonl", jsonl(4).split("\n", 2)[2])
    write(tmp_path, "ignored.md", story(5))

    outcome = Outcome(tmp_path)

    assert (outcome.status, outcome.summary, outcome.errors) == (0, "4 stored, 0 known already, 0 rejected", [])
    first = Article.objects.order_by("id").first()
    assert first is not None
    assert (first.headline, first.source.name) == ("Late again", "Harbour Wire")
    assert Speaker.objects.filter(slug="ilse-brandauer").exists()
    for claim in Claim.objects.select_related("article"):
        assert all(claim.article.text[span["start"] : span["end"]] == span["quote"] for span in claim.spans)


def test_the_same_texts_again_store_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", jsonl(3))
    Outcome(path)
    before = list(Claim.objects.order_by("id").values())

    outcome = Outcome(path)

    assert outcome.summary == "0 stored, 3 known already, 0 rejected"
    assert list(Claim.objects.order_by("id").values()) == before


def test_a_broken_line_in_the_middle_is_named_and_the_others_are_stored(tmp_path: Path) -> None:
    first, second, third = jsonl(3).splitlines()
    path = write(tmp_path, "rows.jsonl", "\n".join([first, second[:-9], third]))

    outcome = Outcome(path)

    assert (outcome.status, outcome.summary) == (1, "2 stored, 0 known already, 1 rejected")
    assert len(outcome.errors) == 1
    assert "line 2" in outcome.errors[0]


def test_fields_that_are_not_stored_are_named_once(tmp_path: Path) -> None:
    content = "".join(json.dumps({**row, "mood": 1, "colour": "red"}) + "\n" for row in rows(3))

    outcome = Outcome(write(tmp_path, "rows.jsonl", content))

    assert outcome.status == 0
    assert len(outcome.errors) == 1
    assert "colour, mood" in outcome.errors[0]


def test_a_new_text_at_the_same_address_is_a_new_version(tmp_path: Path) -> None:
    address = "https://wire.example/late"
    Outcome(write(tmp_path, "one.txt", story(0)), "--source", "Harbour Wire", "--url", address)
    Outcome(write(tmp_path, "two.txt", story(0) + "\nCorrected.\n"), "--source", "Harbour Wire", "--url", address)

    older, newer = Article.objects.order_by("id")
    assert (older.supersedes, newer.supersedes) == (None, older)


NOISE = bytes((17 * number * number + 31) % 256 for number in range(5_000_000))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        pytest.param("empty.txt", "", "empty", id="empty"),
        pytest.param("blank.txt", " \n\t\n ", "empty", id="only-blanks"),
        pytest.param("noise.txt", NOISE, "", id="5-MB-of-noise"),
        pytest.param("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(2000), "PNG", id="an-image-named-txt"),
        pytest.param("nav.html", "<html><body><nav>Home</nav></body></html>", "article", id="page-without-an-article"),
        pytest.param("huge.txt", "word " * 2_000_001, "10,000,000", id="over-10-MB"),
        pytest.param("future.jsonl", json.dumps({**rows(1)[0], "published_on": "2226-01-01"}), "", id="future-date"),
        pytest.param("types.jsonl", json.dumps({**rows(1)[0], "text": ["a"]}), "`text`", id="wrong-type"),
        pytest.param("list.jsonl", "[1, 2]", "object", id="row-that-is-no-object"),
        pytest.param("odd.pdf.docx", "x", "", id="unknown-suffix"),
    ],
)
def test_bad_input_is_one_clear_line_and_stores_nothing(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    outcome = Outcome(write(tmp_path, name, content))

    assert (outcome.status, outcome.summary) == (1, "0 stored, 0 known already, 1 rejected")
    assert len(outcome.errors) == 1
    assert outcome.errors[0].startswith(f"{tmp_path / name}")
    assert says in outcome.errors[0]
    assert "Traceback" not in outcome.errors[0]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("content", "language"),
    [
        pytest.param("“He said “this is ‘not closed” and went. " + story(0), "en", id="unbalanced-and-nested-quotes"),
        pytest.param("महापौर ने सोमवार को कहा कि नया पुल देर से खुलेगा। " * 5, "hi", id="another-script"),
        pytest.param(
            "Le maire a déclaré lundi que le pont ne serait pas ouvert avant le mois de juin. " * 5, "fr", id="french"
        ),
    ],
)
def test_odd_texts_are_stored_with_the_language_as_found(tmp_path: Path, content: str, language: str) -> None:
    outcome = Outcome(write(tmp_path, "story.txt", content))

    assert outcome.status == 0
    article = Article.objects.get()
    assert article.language == language
    assert article.claims.exists() == (language == "en")


def test_a_10_mb_single_line_is_taken(tmp_path: Path) -> None:
    line = ("x" * 9_000_000) + " " + story(0).replace("\n", " ")

    outcome = Outcome(write(tmp_path, "line.txt", line))

    assert outcome.status == 0
    assert len(Article.objects.get().text) > 9_000_000


def test_a_path_that_is_not_there_and_a_wrong_address_are_named(tmp_path: Path) -> None:
    missing = Outcome(tmp_path / "nowhere.txt")
    address = Outcome(write(tmp_path, "a.txt", story(0)), "--url", "ftp://wire.example/a")

    assert (missing.status, address.status) == (1, 2)
    assert "nowhere.txt" in missing.errors[0]
    assert "http" in address.errors[0]
