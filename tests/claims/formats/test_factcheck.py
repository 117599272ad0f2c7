"""Fact Check Tools: what is left out, and how errors look."""

import pytest

from claims.formats.factcheck import error_answer, search_answer, site_of
from claims.formats.values import Desk, Party


def test_a_whole_answer(claim, desk: Desk) -> None:
    made = claim(finding={})
    assert search_answer([(made, made.finding)], desk, "token") == {
        "claims": [
            {
                "text": "“The bridge is safe,”",
                "claimant": "Ada Quill",
                "claimDate": "2026-03-01T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Valley Desk", "site": "desk.example"},
                        "url": "https://desk.example/api/v1/verdicts/7/",
                        "title": "Ada Quill: “The bridge is safe,”",
                        "reviewDate": "2026-04-01T23:30:00Z",
                        "textualRating": "Mostly false",
                        "languageCode": "en",
                    }
                ],
            }
        ],
        "nextPageToken": "token",
    }


def test_but_what_is_not_known_is_left_out(claim, desk: Desk) -> None:
    made = claim(finding={}, speakers=(), said_on=None, original={"language": "und"})
    (built,) = search_answer([(made, made.finding)], desk, "")["claims"]
    assert set(built) == {"text", "claimReview"}
    assert "languageCode" not in built["claimReview"][0]


def test_nothing_found_is_an_empty_object(desk: Desk) -> None:
    assert search_answer([], desk, "") == {}


def test_joint_speakers_are_one_claimant(claim, desk: Desk) -> None:
    made = claim(finding={}, speakers=(Party("A", "person", ""), Party("B", "person", "")))
    assert search_answer([(made, made.finding)], desk, "")["claims"][0]["claimant"] == "A, B"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        *((400, "INVALID_ARGUMENT"), (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"), (406, "INVALID_ARGUMENT")),
        *((429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "INTERNAL")),
    ],
)
def test_errors(status: int, name: str) -> None:
    assert error_answer(status, "No.") == {"error": {"code": status, "message": "No.", "status": name}}


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.desk.example/a", "desk.example"),
        ("http://Checks.Desk.example:8000/", "checks.desk.example"),
        ("//desk.example", "desk.example"),
        ("desk.example", ""),
        ("", ""),
    ],
)
def test_sites(url: str, site: str) -> None:
    assert site_of(url) == site
