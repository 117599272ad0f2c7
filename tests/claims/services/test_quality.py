"""Precision and recall from the editors' decisions, for every engine version that read an article."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import corrections as desk
from claims.services.quality import Share, Tally, measure_quality
from claims.services.reextraction import reextract_article
from claims.services.speaker_choices import SpeakerChoice
from claims.services.verification import set_review_status
from sources.models import Article
from tests.claims.services.conftest import store
from tests.claims.services.extractions import (
    ANA,
    ASKED,
    DELAYS,
    OPENING,
    RAIN,
    TOLLS,
    CannedEngine,
    claim,
    first_engine,
    unnamed,
)
from tests.claims.services.test_corrections import at

pytestmark = pytest.mark.django_db
MISSED = "A senior official warned of delays"


def numbers(tally: Tally) -> tuple[int, int, int, int]:
    return tally.right, tally.wrong, tally.found, tally.missed


def decide(article: Article, actor: User) -> None:
    """Of five claims: one rejected, two corrected, one done, one accepted; and one added."""
    desk.reject_claim(article.claims.get(text=DELAYS), actor=actor)
    desk.correct_act(article.claims.get(text=OPENING), actor=actor, act="attitude")
    desk.correct_speakers(article.claims.get(text=TOLLS), actor=actor, speakers=[SpeakerChoice(name="Ana Duarte")])
    set_review_status([article.claims.get(text=RAIN)], actor=actor, status="done")
    desk.accept_claim(article.claims.get(text=ASKED), actor=actor)
    desk.add_missed_claim(article, actor=actor, content=at(MISSED))


def test_nothing_decided_is_nothing_measured(article: Article) -> None:
    quality = measure_quality()
    assert (quality.claims, quality.versions, quality.groups["kind"]) == (0, {}, {})
    assert quality.fields["span"] == Share(0, 0)


def test_recall_is_counted_only_where_somebody_looked_for_what_is_missing(article: Article, checker: User) -> None:
    decide(article, checker)
    assert numbers(measure_quality().versions["1.0"]) == (4, 1, 0, 0)

    desk.finish_article(article, actor=checker)
    quality = measure_quality()
    assert numbers(quality.versions["1.0"]) == (4, 1, 4, 1)
    assert (quality.articles, quality.complete, quality.claims) == (1, 1, 6)
    assert quality.versions["1.0"].precision == Share(4, 5)
    assert quality.versions["1.0"].recall == Share(4, 5)

    undecided = claim("for money", ANA)
    reextract_article(article.pk, engine=CannedEngine("1.1", claim(OPENING, ANA), undecided, claim("May", ANA)))
    assert measure_quality().complete == 0  # a claim that nobody has looked at


def test_an_older_and_a_newer_version_are_held_against_the_same_decisions(article: Article, checker: User) -> None:
    decide(article, checker)
    desk.finish_article(article, actor=checker)
    newer = CannedEngine("2.0", claim(OPENING, ANA), claim(TOLLS, ANA), claim(MISSED, unnamed("A senior official")))
    reextract_article(article.pk, engine=newer)

    quality = measure_quality()
    assert list(quality.versions) == ["2.0", "1.0"]
    assert numbers(quality.versions["1.0"]) == (4, 1, 4, 1)
    assert numbers(quality.versions["2.0"]) == (3, 0, 3, 2)
    # the other tables go by the newest version that read the article
    assert numbers(quality.groups["outlet"]["Valley Post"]) == (3, 0, 3, 2)


def test_kind_act_cue_and_outlet_are_told_apart(article: Article, checker: User) -> None:
    decide(article, checker)
    desk.correct_cue(article.claims.get(text=OPENING), actor=checker, spans=at("said"))
    groups = measure_quality().groups

    assert numbers(groups["kind"]["direct"]) == (1, 0, 0, 0)
    assert numbers(groups["kind"]["indirect"]) == (3, 1, 0, 0)
    assert numbers(groups["act"]["attitude"]) == (2, 0, 0, 0)
    assert numbers(groups["cue"]["said"]) == (1, 0, 0, 0)
    assert set(groups["outlet"]) == {"Valley Post"}


def test_how_often_a_field_was_left_alone_counts_right_found_claims(article: Article, checker: User) -> None:
    decide(article, checker)
    fields = measure_quality().fields
    assert (fields["span"], fields["act"], fields["speaker"]) == (Share(4, 4), Share(3, 4), Share(3, 4))
    desk.undo_correction(article.claims.get(text=OPENING), actor=checker)
    assert measure_quality().fields["act"] == Share(3, 3)  # undone: not decided any more


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none of ten"),
        pytest.param(8, 10, 0.4902, 0.9433, id="eight of ten"),
        pytest.param(81, 263, 0.2553, 0.3662, id="a published example"),
    ],
)
def test_the_interval_is_wilsons(hits: int, cases: int, low: float, high: float) -> None:
    interval = Share(hits, cases).interval
    assert interval is not None
    assert interval == pytest.approx((low, high), abs=1e-4)


def test_few_cases_say_so() -> None:
    assert Share(20, 29).is_few
    assert not Share(20, 30).is_few
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_the_queries_do_not_grow(checker: User) -> None:
    counts = []
    for number in range(6):
        decide(store(first_engine(), source=f"Outlet {number}"), checker)
        with CaptureQueriesContext(connection) as captured:
            measure_quality()
        counts.append(len(captured))
    assert counts == [4] * 6
