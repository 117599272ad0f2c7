"""A role that earlier articles of the same outlet gave to somebody names who is meant in a later one."""

from datetime import date

import pytest

from claims.models import Claim, SpeakerRole
from claims.services.articles import process_article
from sources.parsing import Given, parse_text

pytestmark = pytest.mark.django_db

FIRST = "Transport Minister Ann Carr opened the bridge. Ann Carr, the transport minister, said that it is safe.\n"
OTHER = "Transport Minister Ben Moss took office. Ben Moss, the transport minister, said that he is proud.\n"
LATER = "The ferry sank at dawn. The transport minister said on Friday that nobody was hurt.\n"
FORMER = "The ferry sank at dawn. The former transport minister said on Friday that nobody was hurt.\n"


def ingest(text: str, day: str | None, source: str = "Oldmere Post") -> list[Claim]:
    parsed = parse_text(
        text,
        today=date(2026, 11, 1),
        given=Given(source_name=source, published_on=date.fromisoformat(day) if day else None),
    )
    return list(Claim.objects.filter(article=process_article(parsed).article).prefetch_related("links__speaker"))


def speaker_of(claims: list[Claim]) -> str | None:
    (claim,) = claims
    (link,) = claim.links.all()
    return link.speaker.name if link.speaker else None


def test_the_role_names_the_one_whom_an_earlier_article_gave_it() -> None:
    ingest(FIRST, "2026-03-02")
    assert SpeakerRole.objects.filter(role_key="transport minister").exists()
    claims = ingest(LATER, "2026-05-01")
    assert speaker_of(claims) == "Ann Carr"
    assert (claims[0].speaker_status, claims[0].speaker_reason) == ("resolved", "role-earlier")
    assert claims[0].speaker_confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("text", "day", "source", "first"),
    [
        pytest.param(LATER, "2026-03-01", "Oldmere Post", "2026-03-02", id="before-that-article"),
        pytest.param(LATER, "2026-05-01", "Oldmere Post", "2023-03-02", id="years-later"),
        pytest.param(LATER, "2026-05-01", "Farland Times", "2026-03-02", id="another-outlet"),
        pytest.param(LATER, None, "Oldmere Post", "2026-03-02", id="no-date"),
        pytest.param(FORMER, "2026-05-01", "Oldmere Post", "2026-03-02", id="former"),
    ],
)
def test_but_not(text: str, day: str | None, source: str, first: str) -> None:
    ingest(FIRST, first)
    claims = ingest(text, day, source)
    assert speaker_of(claims) is None
    assert claims[0].speaker_status == "unnamed"


def test_a_successor_takes_the_role_over() -> None:
    ingest(FIRST, "2026-03-02")
    ingest(OTHER, "2026-04-02")
    assert speaker_of(ingest(LATER, "2026-05-01")) == "Ben Moss"


def test_two_who_hold_it_at_the_same_time_are_ambiguous_with_both_kept() -> None:
    ingest(FIRST, "2026-03-02")
    ingest(OTHER, "2026-04-02")
    ingest("In Oldmere, " + FIRST, "2026-04-20")
    (claim,) = ingest(LATER, "2026-05-01")
    assert claim.speaker_status == "ambiguous"
    (link,) = claim.links.all()
    assert {one["name"] for one in link.candidates} >= {"Ann Carr", "Ben Moss"}
