"""`import_claimreview`: what is stored, what happens the second time, what is said."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import ExternalReview, Verdict
from tests.conftest import Manage

pytestmark = pytest.mark.django_db


def review(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "url": f"https://www.check.example/{number}",
        "claimReviewed": f"Claim number {number}",
        "datePublished": "2026-02-03",
        "author": {"name": "Moon Check"},
        "itemReviewed": {"@type": "Claim", "author": "Bo Lind", "appearance": ["https://news.example/moon"]},
        "reviewRating": {"alternateName": "False", "ratingValue": "1", "bestRating": "5", "worstRating": "1"},
        "inLanguage": "en",
    } | changes


class Outcome:
    """Exit status and both outputs of one call."""

    def __init__(self, folder: Path, *documents: Any) -> None:
        paths = []
        for number, document in enumerate(documents):
            paths.append(folder / f"{number}.json")
            paths[-1].write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        self.status = 0
        try:
            call_command("import_claimreview", *map(str, paths), stdout=out, stderr=err)
        except SystemExit as stop:
            self.status = int(stop.code or 0)
        self.summary = out.getvalue().strip()
        self.errors = err.getvalue().strip().splitlines()


def test_all_that_is_said_is_stored(tmp_path: Path) -> None:
    outcome = Outcome(tmp_path, review(1, headline="No cheese"))
    assert (outcome.status, outcome.summary, outcome.errors) == (
        0,
        "1 stored, 0 changed, 0 known already, 0 rejected",
        [],
    )
    row = ExternalReview.objects.get()
    assert (row.url, row.site, row.claim) == ("https://www.check.example/1", "check.example", "Claim number 1")
    assert (row.claimant, row.publisher, row.title) == ("Bo Lind", "Moon Check", "No cheese")
    assert (row.rating, row.value, row.worst, row.best) == ("False", 1, 1, 5)
    assert (str(row.reviewed_on), row.claimed_on, row.language) == ("2026-02-03", None, "en")
    assert row.appearances == ["https://news.example/moon"]
    assert not Verdict.objects.exists()


def test_the_second_time_only_what_changed_is_written(tmp_path: Path) -> None:
    Outcome(tmp_path, [review(1), review(2)])
    before = dict(ExternalReview.objects.values_list("url", "id"))
    outcome = Outcome(tmp_path, [review(1), review(2, reviewRating="Half true"), review(3)])
    assert outcome.summary == "1 stored, 1 changed, 1 known already, 0 rejected"
    after = dict(ExternalReview.objects.values_list("url", "id"))
    assert before.items() <= after.items()
    assert ExternalReview.objects.get(url__endswith="/2").rating == "Half true"


def test_one_page_may_review_several_claims(tmp_path: Path) -> None:
    outcome = Outcome(
        tmp_path, [review(1), review(1, claimReviewed="Another"), review(1, claimReviewed="CLAIM number 1")]
    )
    assert outcome.summary.startswith("2 stored")


def test_each_that_cannot_be_stored_is_named_and_the_others_are_stored(tmp_path: Path) -> None:
    long_host = f"https://{'a.' * 140}example/1"
    outcome = Outcome(
        tmp_path,
        [review(1, reviewRating=None), review(2, datePublished="soon"), review(3, url=long_host), review(4)],
        "no JSON at all",
    )
    assert outcome.status == 1
    assert outcome.summary == "2 stored, 0 changed, 0 known already, 3 rejected"
    assert len(outcome.errors) == 4
    assert "0.json: https://www.check.example/1: it has no rating" in outcome.errors[0]
    assert "its host is longer than 253" in outcome.errors[1]
    assert "https://www.check.example/2: datePublished “soon” is no date; left out" in outcome.errors[2]
    assert "1.json: It is neither JSON" in outcome.errors[3]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("import_claimreview", str(tmp_path / "none.json"), stdout=io.StringIO(), stderr=err)
    assert stop.value.code == 1
    assert "none.json: No such file" in err.getvalue()


def test_many_cost_no_query_each(tmp_path: Path) -> None:
    counts = []
    for numbers in (range(1), range(1, 21)):
        with CaptureQueriesContext(connection) as captured:
            Outcome(tmp_path, [review(number) for number in numbers])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_page_from_standard_input_as_a_process(manage: Manage) -> None:
    manage("migrate", "--verbosity", "0")
    page = f'<html><script type="application/ld+json">{json.dumps(review(1))}</script></html>'
    done = manage("import_claimreview", "-", stdin=page)
    assert (done.returncode, done.stdout) == (0, "1 stored, 0 changed, 0 known already, 0 rejected\n")
    again = manage("import_claimreview", "-", stdin=page)
    assert again.stdout == "0 stored, 0 changed, 1 known already, 0 rejected\n"
    assert manage("import_claimreview").returncode == 2
