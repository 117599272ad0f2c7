"""A newer engine over stored articles: ids, notes and verdicts stay; what vanished waits for an editor."""

import pytest
from django.contrib.auth.models import User

from claims.models import Change, Claim, Rating, Speaker
from claims.services.merging import merge_speakers
from claims.services.reextraction import outdated_articles, reextract_article
from claims.services.verification import add_note, publish_verdict, record_verdict, set_review_status
from sources.models import Article
from tests.claims.services.conftest import store
from tests.claims.services.extractions import (
    ANA,
    ASKED,
    BELA,
    DELAYS,
    OPENING,
    RAIN,
    TOLLS,
    CannedEngine,
    claim,
    first_engine,
    person,
    relayed,
    unnamed,
)

pytestmark = pytest.mark.django_db

LONGER_RAIN = "hopes for rain"


def claim_of(article: Article, text: str) -> Claim:
    return article.claims.get(text=text)


@pytest.mark.parametrize(
    ("found", "alignment"),
    [
        pytest.param(claim(OPENING, ANA), "kept", id="same-span-same-speaker"),
        pytest.param(claim(OPENING, ANA, confidence=0.3), "kept", id="another-confidence-is-no-move"),
        pytest.param(claim("The bridge will open in May,", ANA), "moved", id="span-changed"),
        pytest.param(claim(OPENING, BELA), "re_attributed", id="speaker-changed"),
        pytest.param(claim("The bridge will open in May,", BELA), "re_attributed", id="both-changed"),
        pytest.param(claim(DELAYS, unnamed("A senior official")), "vanished", id="not-found-again"),
        pytest.param(claim("in May", ANA), "vanished", id="less-than-half-is-another-statement"),
    ],
)
def test_each_stored_claim_ends_in_one_of_four_ways(article: Article, found: object, alignment: str) -> None:
    before = claim_of(article, OPENING)

    reextract_article(article.pk, engine=CannedEngine("2.0", found))  # type: ignore[arg-type]

    after = Claim.objects.get(pk=before.pk)
    assert after.alignment == alignment
    for one in article.claims.all():
        assert [article.text[span["start"] : span["end"]] for span in one.spans] == [
            span["quote"] for span in one.spans
        ]


def test_ids_notes_verdicts_and_status_stay_while_values_are_renewed(
    article: Article, checker: User, reviewer: User
) -> None:
    stored = claim_of(article, OPENING)
    add_note(stored, author=checker, text="Called the ministry.")
    verdict = record_verdict(stored, author=checker, rating=Rating.objects.get(slug="true"))
    publish_verdict(verdict, reviewer=reviewer)
    set_review_status([stored], actor=checker, status="done")

    reextract_article(article.pk, engine=CannedEngine("2.0", claim("The bridge will open in May,", BELA)))

    renewed = Claim.objects.get(pk=stored.pk)
    assert renewed.text == "The bridge will open in May,"
    assert [link.speaker.name for link in renewed.links.all()] == ["Bela Kos"]
    assert renewed.review_status == "done"
    assert renewed.notes.get().text == "Called the ministry."
    assert renewed.verdicts.get().state == "published"
    change = Change.objects.get(claim=stored, action="reextract")
    assert change.before == {"text": OPENING, "speakers": ["Ana Duarte"]}
    assert change.after["speakers"] == ["Bela Kos"]
    assert change.actor is None


def test_a_vanished_claim_that_an_editor_touched_is_an_orphan_and_one_untouched_leaves_the_lists(
    article: Article, checker: User
) -> None:
    touched, untouched = claim_of(article, OPENING), claim_of(article, DELAYS)
    add_note(touched, author=checker, text="Look at this.")

    reextract_article(article.pk, engine=CannedEngine("2.0"))

    assert list(Claim.objects.orphans()) == [touched]
    assert list(Claim.objects.current()) == [touched]
    assert Claim.objects.filter(pk=untouched.pk).exists()


def test_a_claim_that_an_engine_finds_again_comes_back_under_its_id(article: Article) -> None:
    stored = claim_of(article, RAIN)
    reextract_article(article.pk, engine=CannedEngine("2.0"))

    reextract_article(article.pk, engine=CannedEngine("3.0", claim(LONGER_RAIN, ANA, act="attitude")))

    again = Claim.objects.get(pk=stored.pk)
    assert (again.is_current, again.text, again.alignment) == (True, LONGER_RAIN, "moved")


def test_two_claims_may_swap_their_places_and_new_ones_join(article: Article) -> None:
    tolls = claim_of(article, TOLLS)

    run = reextract_article(
        article.pk,
        engine=CannedEngine("2.0", claim(OPENING, ANA), claim(TOLLS, ANA), claim("asked for money", BELA)),
    )

    assert (run.kept, run.moved, run.re_attributed, run.vanished, run.created) == (1, 1, 1, 3, 0)
    assert Claim.objects.get(pk=tolls.pk).alignment == "re_attributed"


def test_a_relayed_claim_keeps_its_id_and_follows_its_parent(article: Article) -> None:
    inner = article.claims.get(depth=1)

    reextract_article(
        article.pk,
        engine=CannedEngine(
            "2.0", claim("Duarte asked for money", BELA), relayed=(relayed("asked for money", ANA, 0),)
        ),
    )

    after = article.claims.get(depth=1, is_current=True, text="asked for money")
    assert after.within.text == "Duarte asked for money"
    assert Claim.objects.get(pk=inner.pk).within_id == claim_of(article, "Duarte asked for money").pk


def test_a_second_run_of_one_version_changes_nothing(article: Article) -> None:
    engine = CannedEngine("2.0", claim(OPENING, ANA))
    run = reextract_article(article.pk, engine=engine)
    rows = list(Claim.objects.order_by("id").values())

    assert reextract_article(article.pk, engine=engine) == run
    assert list(Claim.objects.order_by("id").values()) == rows


def test_what_did_not_change_is_not_stamped_as_modified(article: Article) -> None:
    before = dict(article.claims.values_list("id", "modified_at"))
    newer = first_engine()
    newer.version = "2.0"

    run = reextract_article(article.pk, engine=newer)

    assert run.kept == 6
    assert dict(article.claims.values_list("id", "modified_at")) == before


def test_an_editors_merge_outlives_re_extraction(article: Article, desk_admin: User) -> None:
    ana, bela = Speaker.objects.get(slug="ana-duarte"), Speaker.objects.get(slug="bela-kos")
    merge_speakers(bela, into=ana, actor=desk_admin, reason="One person under two names.")

    reextract_article(article.pk, engine=CannedEngine("2.0", claim(ASKED, BELA)))

    assert claim_of(article, ASKED).links.get().speaker == ana
    assert claim_of(article, ASKED).alignment == "kept"


def test_outdated_articles_are_those_that_a_version_has_not_seen(article: Article) -> None:
    other = store(CannedEngine("2.0", claim(OPENING, person("Cy Ode"))), source="Hill Gazette")

    assert list(outdated_articles("2.0")) == [article.pk]
    assert list(outdated_articles("3.0")) == [article.pk, other.pk]


def test_an_article_that_is_not_there_is_named() -> None:
    with pytest.raises(Article.DoesNotExist):
        reextract_article(987_654, engine=CannedEngine("2.0"))
