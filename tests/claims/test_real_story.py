"""The whole path on a real wire story, where `../shared` holds it: command line, HTTP, database.

Only offsets stand here: where a person finds statements in the body, without a word of the text.
"""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from rest_framework.test import APIClient

from claims.services.tokens import create_token
from sources.parsing import parse_bytes
from tests.conftest import ROOT, run_manage

STORIES = sorted((ROOT.parent / "shared" / "articles").glob("ians-2026-01-02-*.txt"))
pytestmark = pytest.mark.skipif(not STORIES, reason="../shared is absent: no real wire story")

# Content of each statement in the clean body; all but the second are by one speaker.
BY_ANOTHER = 1
STATEMENTS = [
    (192, 285), (400, 440), (782, 878), (939, 1029), (1044, 1149), (1189, 1237), (1247, 1461), (1472, 1522),
    (1558, 1570), (1691, 1763), (1935, 2003), (2014, 2055), (2352, 2423), (2426, 2519), (2594, 2682), (2685, 2912),
    (2931, 2984), (3073, 3203), (3206, 3306), (3335, 3444), (3806, 3848), (3851, 4055),
]  # fmt: skip
SPEAKER = "syed-qasim-rasool-ilyas"
NAME = SPEAKER.replace("-", " ").title()


def story() -> Path:
    return STORIES[0]


def body() -> str:
    return parse_bytes(story().read_bytes(), today=date(2026, 1, 3), filename=story().name).text


def words(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Where the words of these spans begin."""
    pattern = re.compile(r"\w+(?:['’]\w+)*")
    return {match.start() for start, end in spans for match in pattern.finditer(text, start, end)}


def matches(text: str, claims: list[list[tuple[int, int]]]) -> dict[int, int]:
    """Statement to claim, one to one, best Jaccard of words first, at least one half; as the scorers pair them."""
    gold = [words(text, [span]) for span in STATEMENTS]
    found = [words(text, spans) for spans in claims]
    pairs = sorted(
        ((len(one & other) / len(one | other), i, j) for i, one in enumerate(gold) for j, other in enumerate(found)),
        reverse=True,
    )
    result: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= 0.5 and i not in result and j not in result.values():
            result[i] = j
    return result


def test_extract_finds_what_a_person_finds_and_little_else() -> None:
    raw = story().read_text(encoding="utf-8")
    shift = raw.index(body()[:200])

    result = run_manage("extract", story())

    claims = json.loads(result.stdout)["claims"]
    spans = [[(start - shift, end - shift) for start, end in claim["content"]] for claim in claims]
    found = matches(body(), spans)
    names = [(claims[j]["speaker"] or {}).get("name") for i, j in found.items() if i != BY_ANOTHER]
    extra = [
        claim for j, claim in enumerate(claims) if j not in found.values() and claim["act"] in ("statement", "attitude")
    ]
    assert len(found) >= 21
    assert names.count(NAME) == 21
    assert len(extra) <= 2
    assert {"refusal", "question", "topic"} <= {claim["act"] for claim in claims}


@pytest.mark.django_db
def test_posted_it_can_be_asked_for_by_its_speaker() -> None:
    user = User.objects.create_user("wire")
    user.groups.add(Group.objects.get(name="contributor"))
    _, token = create_token(user, scope="write")
    client = APIClient()
    post = client.post(
        "/api/v1/articles/",
        {"text": story().read_text(encoding="utf-8")},
        format="json",
        HTTP_AUTHORIZATION=f"Bearer {token}",
    )
    assert post.status_code == 201, post.content
    text = client.get(f"/api/v1/articles/{post.json()['id']}/").json()["text"]

    by_slug = client.get("/api/v1/claims/", {"speaker": SPEAKER, "page_size": 100}).json()["results"]
    by_name = client.get("/api/v1/claims/", {"speaker_name": "Syed Qasim Rasool", "page_size": 100}).json()["results"]

    assert (post.json()["published_on"], post.json()["dateline_place"]) == ("2026-01-02", "New Delhi")
    assert post.json()["source"]["slug"] == "ians"
    assert text == body()
    assert {claim["id"] for claim in by_slug} == {claim["id"] for claim in by_name}
    spans = [[(span["start"], span["end"]) for span in claim["spans"]] for claim in by_slug]
    assert len(matches(text, spans).keys() - {BY_ANOTHER}) == 21
    for claim in by_slug:
        for part in (claim, claim["cue"], claim["mention"]):
            assert all(text[span["start"] : span["end"]] == span["quote"] for span in part["spans"])
