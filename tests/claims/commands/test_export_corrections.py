"""What editors decided comes out as rows that the trainer and readers of Citron's annotations take."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.extraction.encoder import load_tokenizer
from claims.extraction.training.corpus import ROLES, prepare, read_rows, swap_repairs
from claims.services import corrections as desk
from claims.services.speaker_choices import SpeakerChoice
from claims.services.verification import set_review_status
from sources.models import Article
from tests.claims.services.conftest import editor, store
from tests.claims.services.extractions import DELAYS, OPENING, RAIN, TEXT, TOLLS, first_engine
from tests.claims.services.test_corrections import at

pytestmark = pytest.mark.django_db
MODEL = Path(__file__).parents[3] / "claims" / "extraction" / "model"
SCORER = Path(__file__).parents[4] / "shared" / "bench" / "score_attribution.py"


@pytest.fixture
def checker(db: None) -> User:
    return editor("checker", "fact-checker")


@pytest.fixture
def article(db: None) -> Article:
    return store(first_engine())


def review(article: Article, actor: User) -> None:
    """One claim corrected, one accepted, one rejected, one done, one left; and one added."""
    desk.correct_claim(
        article.claims.get(text=OPENING), actor=actor, cue=at("said"), mention=at("Ana Duarte"), act="attitude"
    )
    desk.accept_claim(article.claims.get(text=RAIN), actor=actor)
    desk.reject_claim(article.claims.get(text=DELAYS), actor=actor)
    set_review_status([article.claims.get(text=TOLLS)], actor=actor, status="done")
    desk.add_missed_claim(
        article,
        actor=actor,
        content=at("A senior official warned of delays"),
        mention=[[TEXT.rindex("Kos"), TEXT.rindex("Kos") + 3]],
        speakers=[SpeakerChoice(name="Bela Kos")],
    )


def finish(article: Article, actor: User) -> None:
    for claim in article.claims.undecided().filter(depth=0):
        desk.accept_claim(claim, actor=actor)
    desk.finish_article(article, actor=actor)


def export(*options: str) -> tuple[list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("export_corrections", *options, stdout=out, stderr=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue().strip()


def words(row: dict[str, Any], spans: list) -> list[str]:
    return [row["text"][start:end] for start, end in spans]


def test_only_articles_reviewed_to_the_end_are_written_unless_asked(article: Article, checker: User) -> None:
    assert export() == ([], "0 articles (0 reviewed to the end), 0 claims, 0 rejected")
    review(article, checker)
    rows, told = export()
    assert (rows, told.endswith("1 reviewed in part left out (--partial adds them)")) == ([], True)
    (partial,), told = export("--partial")
    assert told == "1 articles (0 reviewed to the end), 4 claims, 1 rejected"
    assert partial["complete"] is False
    assert [words(partial, one["content"]) for one in partial["undecided"]] == [["that Duarte asked for money"]]

    finish(article, checker)
    (row,), _ = export()
    assert (row["complete"], row["undecided"]) == (True, [])
    assert export("--partial")[0] == [row]


def test_a_row_says_what_was_decided_and_by_whom_it_was_found(article: Article, checker: User) -> None:
    review(article, checker)
    finish(article, checker)
    (row,), _ = export()

    told = {words(row, one["content"])[0]: one for one in row["attributions"]}
    assert {quote: one["decision"] for quote, one in told.items()} == {
        OPENING: "corrected",
        RAIN: "accepted",
        TOLLS: "accepted",
        "A senior official warned of delays": "added",
        "that Duarte asked for money": "accepted",
    }
    assert (told[OPENING]["corrected"], told[OPENING]["found_by"], told[OPENING]["act"]) == (
        ["cue", "mention", "act"],
        ["1.0"],
        "attitude",
    )
    assert words(row, told[OPENING]["cue"]) == ["said"]
    assert told["A senior official warned of delays"]["found_by"] == []
    assert [words(row, one["content"]) for one in row["rejected"]] == [[DELAYS]]
    assert [(one["name"], one["type"]) for one in row["speakers"]][:3] == [
        ("Ana Duarte", "person"),
        ("Ana Duarte", "person"),
        ("Ana Duarte & Bela Kos", "person"),
    ]
    assert (row["publisher"], row["published"], row["title"]) == ("valley-post", "2026-03-01", "Bridge")


def test_the_trainers_reader_takes_the_rows(article: Article, checker: User, tmp_path: Path) -> None:
    review(article, checker)
    finish(article, checker)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in export()[0]), encoding="utf-8")

    rows = read_rows(path)
    assert swap_repairs(rows) == 0
    prepared = prepare(rows[0], load_tokenizer(MODEL), core=128)
    assert prepared.key == rows[0]["id"]
    assert len(prepared.spans[ROLES.index("content")]) == len(rows[0]["attributions"])


def test_the_corpora_s_scorer_takes_the_rows(article: Article, checker: User, tmp_path: Path) -> None:
    if not SCORER.exists():
        pytest.skip("the corpora's scorer is not here")
    review(article, checker)
    finish(article, checker)
    (row,), _ = export()
    found = [{"content": one["content"], "mention": one["source"]} for one in row["attributions"][1:]]
    gold, answers = tmp_path / "gold.jsonl", tmp_path / "answers.jsonl"
    gold.write_text(json.dumps(row), encoding="utf-8")
    answers.write_text(json.dumps({"id": row["id"], "claims": found}), encoding="utf-8")

    done = subprocess.run([sys.executable, SCORER, gold, answers], capture_output=True, text=True, check=True)
    assert '"p": 1.0, "r": 0.8' in done.stdout


def test_citrons_annotations_have_words_at_their_offsets(article: Article, checker: User) -> None:
    review(article, checker)
    finish(article, checker)
    (row,), _ = export("--format", "citron")

    assert set(row) == {"id", "text", "complete", "quotes", "coreference_groups", "undecided"}
    assert len(row["quotes"]) == 5
    spans = [span for quote in row["quotes"] for name in ("sources", "contents") for span in quote[name]]
    spans += [quote["cue"] for quote in row["quotes"]] + [span for group in row["coreference_groups"] for span in group]
    assert all(row["text"][span["start"] : span["end"]] == span["text"] for span in spans)
    assert [[span["text"] for span in group] for group in row["coreference_groups"]] == [["Bela Kos", "Kos"]]
    assert row["quotes"][0]["cue"]["text"] == "said"


def test_what_an_editor_reopens_is_in_part_again(article: Article, checker: User) -> None:
    review(article, checker)
    finish(article, checker)
    desk.reopen_article(article, actor=checker)
    assert export()[0] == []


def test_a_block_of_articles_costs_the_same_queries(checker: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            export("--partial")
        return len(captured)

    counts = []
    for number in range(8):
        article = store(first_engine(), source=f"Outlet {number}")
        review(article, checker)
        counts.append(queries())
    assert counts[0] == counts[-1]


def test_a_wrong_format_is_a_wrong_usage() -> None:
    with pytest.raises(Exception, match="invalid choice"):
        call_command("export_corrections", "--format", "xml")
