"""What a newer engine would do, shown first; applied only if it still does that."""

import pytest

from claims.errors import Conflict, InvalidValue, NotAllowed, TextWithheld
from claims.models import Claim, ExtractionRun, Speaker
from claims.services import reextraction_preview
from claims.services.merging import merge_speakers
from claims.services.reextraction_preview import apply_preview, preview_reextraction
from claims.services.takedown import take_down_text
from claims.services.verification import add_note, set_review_status
from sources.models import Article
from tests.claims.factories import make_speaker, make_user
from tests.claims.services.dumps import dump
from tests.claims.services.extractions import (
    ANA,
    DELAYS,
    OPENING,
    RAIN,
    TOLLS,
    CannedEngine,
    claim,
    first_engine,
    person,
    unnamed,
)

pytestmark = pytest.mark.django_db
RUI = person("Rui Sol")


def newer() -> CannedEngine:
    """Keeps one claim, moves one, gives one to another speaker, loses three and finds one."""
    return CannedEngine(
        "2.0",
        claim(OPENING, ANA),
        claim("hopes for rain", ANA),
        claim("A senior official", RUI),
        claim(TOLLS, RUI),
    )


def preview(article: Article, engine: CannedEngine | None = None) -> reextraction_preview.Preview:
    return preview_reextraction(article, engine=engine or newer())  # type: ignore[arg-type]


def apply(article: Article, fingerprint: str, actor: object = None) -> ExtractionRun:
    actor = actor or make_user("desk admin")
    return apply_preview(article, actor=actor, fingerprint=fingerprint, engine=newer())  # type: ignore[arg-type]


def test_every_claim_is_shown_with_what_becomes_of_it(article: Article) -> None:
    found = {
        (change.outcome, change.claim.text if change.claim else article.text[slice(*change.after[0])])
        for change in preview(article).changes
    }
    assert found == {
        ("kept", OPENING),
        ("moved", RAIN),
        ("re_attributed", TOLLS),
        ("new", "A senior official"),
        ("vanished", DELAYS),
        ("vanished", "that Duarte asked for money"),
        ("vanished", "for money"),
    }
    (given,) = [change for change in preview(article).changes if change.outcome == "re_attributed"]
    assert (given.speakers_before, given.speakers_after) == (("Ana Duarte", "Bela Kos"), ("Rui Sol",))


def test_looking_writes_nothing(article: Article) -> None:
    before = dump()
    assert preview(article).fingerprint == preview(article).fingerprint
    assert dump() == before


def test_what_is_applied_is_what_was_shown(article: Article) -> None:
    shown = preview(article)
    outcomes = {change.claim.pk: change.outcome for change in shown.changes if change.claim}

    run = apply(article, shown.fingerprint)

    assert (run.created, run.kept, run.moved, run.re_attributed, run.vanished) == (1, 1, 1, 1, 3)
    assert {one.pk: one.alignment for one in Claim.objects.filter(pk__in=outcomes)} == outcomes
    assert preview(article).is_known


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda one: add_note(one, author=make_user("fact-checker"), text="Ask again."), id="a-note-on-a-claim"
        ),
        pytest.param(
            lambda one: set_review_status([one], actor=make_user("fact-checker"), status="in_review"), id="a-status"
        ),
        pytest.param(lambda one: make_speaker("Rui Sol"), id="a-speaker-of-a-new-claim-became-known"),
        pytest.param(
            lambda one: merge_speakers(
                Speaker.objects.get(name="Ana Duarte"),
                into=make_speaker("Ana Sol"),
                actor=make_user("desk admin"),
                reason="the same",
            ),
            id="speakers-were-merged",
        ),
    ],
)
def test_nothing_is_applied_that_was_not_seen(article: Article, change: object) -> None:
    shown = preview(article)
    change(article.claims.get(text=DELAYS))  # type: ignore[operator]
    with pytest.raises(Conflict, match="nothing was applied"):
        apply(article, shown.fingerprint)
    assert article.runs.count() == 1
    apply(article, preview(article).fingerprint)
    assert article.runs.count() == 2


def test_a_touched_claim_that_vanishes_is_said_to_become_an_orphan(article: Article) -> None:
    add_note(article.claims.get(text=DELAYS), author=make_user("fact-checker"), text="Who?")
    touched = {change.claim.text for change in preview(article).changes if change.claim and change.is_touched}
    assert touched == {DELAYS}


def test_what_is_gone_already_is_not_shown_again(article: Article) -> None:
    apply(article, preview(article).fingerprint)
    third = CannedEngine("3.0", claim(OPENING, ANA), claim(DELAYS, unnamed("A senior official")))
    outcomes = {(change.outcome, change.claim and change.claim.text) for change in preview(article, third).changes}
    assert ("kept", DELAYS) in outcomes
    assert ("vanished", "for money") not in outcomes


def test_the_same_version_has_nothing_to_do(article: Article) -> None:
    assert preview(article, first_engine()).is_known


def test_what_is_refused(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = preview(article)
    with pytest.raises(NotAllowed):
        apply(article, shown.fingerprint, make_user("reviewer"))
    with monkeypatch.context() as context:
        context.setattr(reextraction_preview, "MOST_CHARACTERS", 100)
        with pytest.raises(InvalidValue, match="reextract"):
            preview(article)
    take_down_text(article, actor=make_user("desk admin"), code="privacy", reason="Asked for.", keep_quotes=True)
    article.refresh_from_db()
    with pytest.raises(TextWithheld):
        preview(article)
    with pytest.raises(TextWithheld):
        apply(article, shown.fingerprint)
