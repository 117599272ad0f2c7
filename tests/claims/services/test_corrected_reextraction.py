"""A newer engine over corrected claims: corrections stand, the engine's opinion is renewed beside them."""

import pytest
from django.contrib.auth.models import User

from claims.models import Change, Claim, Correction
from claims.services import corrections as desk
from claims.services.reextraction import reextract_article
from claims.services.speaker_choices import SpeakerChoice
from sources.models import Article
from tests.claims.services.extractions import (
    ANA,
    BELA,
    DELAYS,
    OPENING,
    RAIN,
    TEXT,
    TOLLS,
    CannedEngine,
    claim,
    first_engine,
    relayed,
    unnamed,
)
from tests.claims.services.test_corrections import at, fresh, speakers_of

pytestmark = pytest.mark.django_db


def test_corrections_stand_and_the_engines_values_are_the_newest(article: Article, checker: User) -> None:
    stored = article.claims.get(text=OPENING)
    desk.correct_claim(
        stored,
        actor=checker,
        content=at("The bridge will open"),
        speakers=[SpeakerChoice(name="Bela Kos")],
        act="attitude",
    )
    shorter = "The bridge will open in May,"

    reextract_article(article.pk, engine=CannedEngine("2.0", claim(shorter, unnamed("somebody"), confidence=0.4)))

    after = fresh(stored)
    assert (after.text, after.act, after.speaker_status) == ("The bridge will open", "attitude", "resolved")
    assert speakers_of(stored) == [("Bela Kos", "Bela Kos")]
    assert (after.confidence, after.found_by, after.run.engine_version) == (0.4, ["1.0", "2.0"], "2.0")
    assert (after.is_current, after.alignment) == (True, "re_attributed")
    kept = after.engine_values
    assert kept["span"] == {"spans": at(shorter), "kind": "indirect"}
    assert (kept["act"], kept["speaker"]["status"]) == ("statement", "unnamed")
    change = Change.objects.get(claim=stored, action="reextract")
    assert (change.before["text"], change.after["text"]) == (OPENING, shorter)

    for _ in range(3):
        desk.undo_correction(stored, actor=checker)
    after = fresh(stored)
    assert (after.text, after.act, after.kind, after.engine_values) == (shorter, "statement", "indirect", None)
    assert speakers_of(stored) == [(None, "somebody")]


def test_what_nobody_corrected_is_the_engines_still(article: Article, checker: User) -> None:
    stored = article.claims.get(text=OPENING)
    desk.correct_act(stored, actor=checker, act="attitude")

    reextract_article(article.pk, engine=CannedEngine("2.0", claim("The bridge will open in May,", BELA)))

    after = fresh(stored)
    assert (after.text, after.act) == ("The bridge will open in May,", "attitude")
    assert speakers_of(stored) == [("Bela Kos", "Bela Kos")]


def test_a_corrected_claim_is_met_again_at_its_corrected_place(article: Article, checker: User) -> None:
    stored = article.claims.get(text=RAIN)
    desk.correct_content(stored, actor=checker, spans=at("Duarte hopes for rain"))

    learned = claim("Duarte hopes for rain", ANA, act="attitude")
    run = reextract_article(article.pk, engine=CannedEngine("2.0", learned))

    assert (run.created, fresh(stored).text) == (0, "Duarte hopes for rain")
    assert fresh(stored).engine_values["span"]["spans"] == at("Duarte hopes for rain")
    assert article.claims.current().get() == stored


def test_both_the_old_and_the_corrected_place_make_one_claim(article: Article, checker: User) -> None:
    stored = article.claims.get(text=RAIN)
    desk.correct_content(stored, actor=checker, spans=at("Duarte hopes for rain"))

    both = [claim(RAIN, ANA, act="attitude"), claim("Duarte hopes for rain", ANA, act="attitude")]
    run = reextract_article(article.pk, engine=CannedEngine("2.0", *both))

    assert run.created == 0
    assert [one.text for one in article.claims.current()] == ["Duarte hopes for rain"]


def test_a_claim_moved_onto_a_corrected_one_neither_breaks_the_run_nor_is_lost(article: Article, checker: User) -> None:
    tolls, delays = article.claims.get(text=TOLLS), article.claims.get(text=DELAYS)
    desk.correct_content(delays, actor=checker, spans=at("tolls would rise"))

    both = [claim("tolls would rise", ANA), claim(DELAYS, unnamed("A senior official"))]
    reextract_article(article.pk, engine=CannedEngine("2.0", *both))

    assert fresh(tolls).text == fresh(delays).text == "tolls would rise"
    reextract_article(article.pk, engine=first_engine_as("3.0"))
    assert (fresh(tolls).text, fresh(delays).text) == (TOLLS, "tolls would rise")


def first_engine_as(version: str) -> CannedEngine:
    engine = first_engine()
    engine.version = version
    return engine


def test_an_added_claim_survives_and_is_joined_once_an_engine_finds_it(article: Article, checker: User) -> None:
    added = desk.add_missed_claim(
        article, actor=checker, content=at("asked for money"), speakers=[SpeakerChoice(name="Ana Duarte")]
    )
    desk.correct_content(added, actor=checker, spans=at("Duarte asked for money"))

    run = reextract_article(article.pk, engine=first_engine_as("2.0"))
    after = fresh(added)
    assert (after.is_current, after.alignment, after.run, run.vanished) == (True, "added", None, 0)
    assert after not in Claim.objects.orphans()

    # The engine's own words for it, and another claim that it relays within it.
    found = CannedEngine("3.0", claim("asked for money", BELA), relayed=(relayed("money", ANA, 0),))
    run = reextract_article(article.pk, engine=found)
    after = fresh(added)
    assert (after.found_by, after.run, run.created) == (["3.0"], run, 0)
    assert (after.text, speakers_of(added)) == ("Duarte asked for money", [("Ana Duarte", "Ana Duarte")])
    assert after.engine_values["span"] == {"spans": at("asked for money"), "kind": "indirect"}
    assert [link["name"] for link in after.engine_values["speaker"]["links"]] == ["Bela Kos"]
    assert article.claims.current().get(depth=1).within_id == added.pk
    assert article.claims.current().filter(depth=0).count() == 1

    reextract_article(article.pk, engine=CannedEngine("4.0"))
    assert fresh(added) in Claim.objects.orphans()


def test_an_added_claim_that_was_taken_back_is_the_engines_when_it_is_found(article: Article, checker: User) -> None:
    added = desk.add_missed_claim(article, actor=checker, content=at("in May"), act="question")
    desk.undo_correction(added, actor=checker)

    reextract_article(article.pk, engine=CannedEngine("2.0", claim("in May", ANA)))

    after = fresh(added)
    assert (after.is_current, after.act, after.engine_values, after.alignment) == (
        True,
        "statement",
        None,
        "re_attributed",
    )


@pytest.mark.parametrize(
    "found", [pytest.param(OPENING, id="as it was"), pytest.param("bridge will open in May,", id="moved a little")]
)
def test_a_rejected_claim_is_not_born_again(found: str, article: Article, checker: User) -> None:
    stored = article.claims.get(text=OPENING)
    desk.reject_claim(stored, actor=checker)
    reextract_article(article.pk, engine=CannedEngine("2.0"))

    run = reextract_article(article.pk, engine=CannedEngine("3.0", claim(found, BELA)))

    assert run.created == 0
    assert fresh(stored).review_status == "not_a_claim"
    assert article.claims.current().exclude(review_status="not_a_claim").count() == 0


def test_a_second_run_of_one_version_leaves_corrections_alone(article: Article, checker: User) -> None:
    stored = article.claims.get(text=OPENING)
    desk.correct_claim(stored, actor=checker, content=at("The bridge"), speakers=[])
    reextract_article(article.pk, engine=first_engine_as("2.0"))
    rows = list(Claim.objects.order_by("id").values())

    reextract_article(article.pk, engine=first_engine_as("2.0"))

    assert list(Claim.objects.order_by("id").values()) == rows
    assert Correction.objects.filter(is_undone=False).count() == 2
    assert TEXT[rows[0]["start"] :].startswith("The bridge")
