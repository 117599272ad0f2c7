"""What editors correct stands, the engine's own value stays beside it, and both outlive a newer engine."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, ClaimSpeaker, Correction, Rating, Speaker
from claims.services import corrections as desk
from claims.services.correction_rows import correction_version
from claims.services.merging import merge_speakers
from claims.services.speaker_choices import SpeakerChoice
from claims.services.verification import add_note, publish_verdict, record_verdict, set_review_status
from sources.models import Article
from tests.claims.services.extractions import OPENING, TEXT, TOLLS

pytestmark = pytest.mark.django_db


def at(*quotes: str) -> list[list[int]]:
    return [[TEXT.index(quote), TEXT.index(quote) + len(quote)] for quote in quotes]


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def speakers_of(claim: Claim) -> list[tuple[str | None, str]]:
    links = ClaimSpeaker.objects.filter(claim=claim).order_by("position")
    return [(link.speaker.name if link.speaker else None, link.words) for link in links]


def test_corrected_words_count_everywhere_and_the_engines_are_kept(claim: Claim, checker: User) -> None:
    row = desk.correct_content(claim, actor=checker, spans=at("bridge will open in May,” Ana Duarte said"), reason="!")

    after = fresh(claim)
    assert row is not None
    assert after.text == "bridge will open in May,” Ana Duarte said"
    assert (after.spans[0]["quote"], after.start, after.kind) == (after.text, TEXT.index("bridge"), "mixed")
    assert after.span_key == f"{after.spans[0]['start']}-{after.spans[0]['end']}"
    assert "Duarte hopes for rain" in after.context
    assert after.engine_values == {"span": {"spans": at(OPENING), "kind": "direct"}}
    assert (row.field, row.before, row.author, row.reason) == ("span", after.engine_values, checker, "!")
    change = Change.objects.get(claim=claim, action="correct_span")
    assert (change.before, change.after) == ({"span": OPENING}, {"span": after.text})


def test_several_stretches_and_an_editors_own_kind(claim: Claim, checker: User) -> None:
    desk.correct_kind(claim, actor=checker, kind="indirect")
    desk.correct_content(claim, actor=checker, spans=at("in May", "The bridge"))

    after = fresh(claim)
    assert (after.text, after.kind) == ("The bridge … in May", "indirect")
    assert after.engine_values is not None
    assert after.engine_values["kind"] == "direct"
    assert after.engine_values["span"] == {"spans": at(OPENING), "kind": "direct"}


def test_cue_mention_act_and_the_words_of_an_unnamed_source(article: Article, checker: User) -> None:
    claim = article.claims.get(text="of delays")
    desk.correct_claim(claim, actor=checker, cue=at("warned"), mention=at("senior official"), act="attitude")

    after = fresh(claim)
    assert (after.cue_text, after.mention_text, after.act) == ("warned", "senior official", "attitude")
    assert speakers_of(claim) == [(None, "senior official")]
    assert set(after.engine_values or {}) == {"cue", "mention", "act", "speaker"}
    assert desk.correct_claim(claim, actor=checker, cue=at("warned"), act="attitude") == []
    desk.correct_cue(claim, actor=checker, spans=[])
    assert fresh(claim).cue_spans == []


@pytest.mark.parametrize(
    ("choices", "expected", "status"),
    [
        pytest.param([("Bela Kos", "")], [("Bela Kos", "Ana Duarte")], "resolved", id="known-by-full-name"),
        pytest.param([("Cy Ode", "")], [("Cy Ode", "Ana Duarte")], "resolved", id="a-new-name"),
        pytest.param(
            [("Bela Kos", "Kos"), ("Cy Ode", "Ode")], [("Bela Kos", "Kos"), ("Cy Ode", "Ode")], "resolved", id="joint"
        ),
        pytest.param([("", "an official")], [(None, "an official")], "unnamed", id="words-alone"),
        pytest.param([], [], "none", id="nobody"),
    ],
)
def test_speakers_are_chosen_made_or_taken_off(
    choices: list, expected: list, status: str, claim: Claim, checker: User
) -> None:
    desk.correct_mention(claim, actor=checker, spans=at("Ana Duarte"))
    desk.correct_speakers(claim, actor=checker, speakers=[SpeakerChoice(name=n, words=w) for n, w in choices])

    after = fresh(claim)
    assert speakers_of(claim) == expected
    assert after.speaker_status == status
    assert Speaker.objects.filter(name="Bela Kos").count() == 1
    kept = (after.engine_values or {})["speaker"]
    assert (kept["status"], [link["name"] for link in kept["links"]]) == ("resolved", ["Ana Duarte"])


def test_a_new_name_identifies_only_if_it_is_full(claim: Claim, checker: User) -> None:
    desk.correct_speakers(claim, actor=checker, speakers=[SpeakerChoice(name="Cy Ode"), SpeakerChoice(name="Nim")])

    known = {one.name: one.aliases.get().is_identifying for one in Speaker.objects.filter(name__in=["Cy Ode", "Nim"])}
    assert known == {"Cy Ode": True, "Nim": False}


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        pytest.param(SpeakerChoice(name="Duarte"), "a name of Ana Duarte", id="a-short-form-of-another"),
        pytest.param(SpeakerChoice(name="—"), "neither letters nor digits", id="no-letters"),
        pytest.param(SpeakerChoice(name="Cy Ode", kind="place"), "person, organisation", id="no-such-kind"),
        pytest.param(SpeakerChoice(), "a row, a name, or the words", id="nothing"),
    ],
)
def test_a_speaker_that_cannot_be_is_refused(choice: SpeakerChoice, message: str, claim: Claim, checker: User) -> None:
    with pytest.raises(InvalidValue, match=message):
        desk.correct_speakers(claim, actor=checker, speakers=[choice])
    with pytest.raises(InvalidValue, match="named twice"):
        desk.correct_speakers(claim, actor=checker, speakers=[SpeakerChoice(name="Bela Kos")] * 2)
    assert speakers_of(claim) == [("Ana Duarte", "Ana Duarte")]


def test_a_merged_speaker_stands_for_its_survivor(claim: Claim, checker: User, desk_admin: User) -> None:
    ana, bela = Speaker.objects.get(name="Ana Duarte"), Speaker.objects.get(name="Bela Kos")
    desk.correct_speakers(claim, actor=checker, speakers=[SpeakerChoice(speaker=bela)])
    merge_speakers(ana, into=bela, actor=desk_admin, reason="one person")
    desk.correct_speakers(claim, actor=checker, speakers=[SpeakerChoice(words="she")])
    desk.undo_correction(claim, actor=checker)
    assert speakers_of(claim) == [("Bela Kos", "Bela Kos")]
    desk.undo_correction(claim, actor=checker)
    assert speakers_of(claim) == [("Bela Kos", "Ana Duarte")]  # the engine's own, merged since
    assert fresh(claim).engine_values is None


def test_undo_goes_back_step_by_step_to_the_engine(claim: Claim, checker: User, reviewer: User) -> None:
    def state() -> dict[str, Any]:
        hidden = {"modified_at", "engine_values"}
        row = Claim.objects.filter(pk=claim.pk).values().get()
        return {name: value for name, value in row.items() if name not in hidden} | {"who": speakers_of(claim)}

    states = [state()]
    desk.correct_content(claim, actor=checker, spans=at("The bridge"))
    states.append(state())
    desk.correct_kind(claim, actor=checker, kind="mixed")
    states.append(state())
    desk.correct_content(claim, actor=checker, spans=at("in May"))
    states.append(state())
    desk.correct_speakers(claim, actor=checker, speakers=[])
    states.append(state())
    desk.reject_claim(claim, actor=checker)
    for expected in reversed(states):
        desk.undo_correction(claim, actor=reviewer)
        assert state() == expected
    assert fresh(claim).engine_values is None
    with pytest.raises(Conflict, match="nothing to undo"):
        desk.undo_correction(claim, actor=reviewer)
    rows = Correction.objects.filter(claim=claim).order_by("id")
    assert [row.field for row in rows[:5]] == ["span", "kind", "span", "speaker", "rejected"]
    assert [(row.field, row.undoes_id) for row in rows[5:]] == [("undone", rows[n].pk) for n in (4, 3, 2, 1, 0)]


def test_rejecting_and_accepting_are_decisions_that_can_be_undone(claim: Claim, checker: User) -> None:
    assert desk.reject_claim(claim, actor=checker, reason="A caption.") is not None
    assert desk.reject_claim(claim, actor=checker) is None
    assert fresh(claim).review_status == "not_a_claim"
    desk.accept_claim(claim, actor=checker)
    assert desk.accept_claim(claim, actor=checker) is None
    assert fresh(claim).review_status == "in_review"
    desk.undo_correction(claim, actor=checker)
    assert fresh(claim).review_status == "not_a_claim"
    set_review_status([claim], actor=checker, status="done")
    desk.undo_correction(claim, actor=checker)
    assert fresh(claim).review_status == "done"  # what somebody decided since stays


def test_what_a_published_verdict_rests_on_changes_only_with_a_reason(
    claim: Claim, checker: User, reviewer: User
) -> None:
    verdict = record_verdict(claim, author=checker, rating=Rating.objects.get(slug="true"))
    publish_verdict(verdict, reviewer=reviewer)

    with pytest.raises(InvalidValue, match="say why"):
        desk.correct_content(claim, actor=checker, spans=at("The bridge"))
    with pytest.raises(InvalidValue, match="say why"):
        desk.correct_speakers(claim, actor=checker, speakers=[])
    with pytest.raises(Conflict, match="withdraw the verdict"):
        desk.reject_claim(claim, actor=checker, reason="No.")
    assert desk.correct_act(claim, actor=checker, act="attitude") is not None
    assert desk.correct_content(claim, actor=checker, spans=at("The bridge"), reason="Too long.") is not None


def test_a_page_made_before_anothers_correction_overwrites_nothing(claim: Claim, checker: User, reviewer: User) -> None:
    seen = correction_version(claim)
    desk.correct_act(claim, actor=reviewer, act="attitude", seen=seen)

    with pytest.raises(Conflict, match="Somebody corrected"):
        desk.correct_act(claim, actor=checker, act="question", seen=seen)
    assert fresh(claim).act == "attitude"
    assert desk.correct_act(claim, actor=checker, act="question", seen=correction_version(claim)) is not None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"content": []}, "needs at least one", id="no content"),
        pytest.param({"content": [[5, 5]]}, "no stretch", id="empty"),
        pytest.param({"content": [[5, 4000]]}, "no stretch", id="beyond the text"),
        pytest.param({"cue": [[-1, 4]]}, "no stretch", id="before the text"),
        pytest.param({"content": [[0, 12], [9, 20]]}, "share", id="overlapping itself"),
        pytest.param({"content": [[0, 1]]}, "holds no word", id="a quotation mark alone"),
        pytest.param({"content": [[1, 2, 3]]}, "pairs", id="no pair"),
        pytest.param({"content": [[True, 9]]}, "pairs", id="no numbers"),
        pytest.param({"kind": "loud"}, "direct, mixed", id="kind"),
        pytest.param({"act": "song"}, "statement, attitude", id="act"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_stored(values: dict, message: str, claim: Claim, checker: User) -> None:
    with pytest.raises(InvalidValue, match=message):
        desk.correct_claim(claim, actor=checker, **({"act": "question"} | values))
    assert not Correction.objects.exists()
    assert fresh(claim).engine_values is None


def test_two_claims_never_have_the_same_words(article: Article, claim: Claim, checker: User) -> None:
    with pytest.raises(Conflict, match="very words already"):
        desk.correct_content(claim, actor=checker, spans=at(TOLLS))
    with pytest.raises(Conflict, match="correct that one"):
        desk.add_missed_claim(article, actor=checker, content=at(TOLLS))
    other = article.claims.get(text=TOLLS)
    desk.reject_claim(other, actor=checker)
    with pytest.raises(Conflict, match="accept it"):
        desk.add_missed_claim(article, actor=checker, content=at(TOLLS))


def test_a_missed_claim_is_added_like_any_other(article: Article, checker: User) -> None:
    claim = desk.add_missed_claim(
        article,
        actor=checker,
        content=at("in May"),
        cue=at("said"),
        mention=at("Ana Duarte"),
        speakers=[SpeakerChoice(name="Ana Duarte")],
        reason="The date is a claim.",
    )

    after = fresh(claim)
    assert (after.text, after.kind, after.act, after.cue_text, after.mention_text) == (
        "in May",
        "direct",
        "statement",
        "said",
        "Ana Duarte",
    )
    assert (after.run, after.found_by, after.alignment, after.is_current) == (None, [], "added", True)
    assert (after.said_on, after.confidence, after.speaker_status) == (article.published_on, 1.0, "resolved")
    assert speakers_of(claim) == [("Ana Duarte", "Ana Duarte")]
    assert after in Claim.objects.touched().confirmed()

    desk.correct_content(claim, actor=checker, spans=at("open in May"))
    desk.undo_correction(claim, actor=checker)
    assert fresh(claim).text == "in May"
    desk.undo_correction(claim, actor=checker)
    assert fresh(claim) not in Claim.objects.current()
    again = desk.add_missed_claim(article, actor=checker, content=at("in May"))
    assert again.pk == claim.pk
    assert fresh(claim).is_current


def test_an_added_claim_that_others_work_on_is_not_undone(article: Article, checker: User, reviewer: User) -> None:
    claim = desk.add_missed_claim(article, actor=checker, content=at("in May"))
    add_note(claim, author=reviewer, text="Which May?")

    with pytest.raises(Conflict, match="Others have worked"):
        desk.undo_correction(claim, actor=checker)
    assert fresh(claim).is_current


def test_an_article_is_finished_once_all_its_claims_are_decided(article: Article, checker: User) -> None:
    with pytest.raises(Conflict, match="5 claims wait"):
        desk.finish_article(article, actor=checker)
    first, *others = article.claims.filter(depth=0)
    desk.reject_claim(first, actor=checker)
    set_review_status(others[:2], actor=checker, status="done")
    desk.accept_claim(others[2], actor=checker)
    desk.correct_act(others[3], actor=checker, act="question")

    review = desk.finish_article(article, actor=checker)
    assert desk.finish_article(article, actor=checker) == review
    desk.reopen_article(article, actor=checker)
    with pytest.raises(Conflict, match="not marked"):
        desk.reopen_article(article, actor=checker)
    actions = Change.objects.filter(model="article").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["finish_article", "reopen_article"]


MAY = {"checker", "reviewer", "desk_admin"}
CALLS: dict[str, Callable[[Claim, Any], object]] = {
    "content": lambda claim, actor: desk.correct_content(claim, actor=actor, spans=at("The bridge")),
    "cue": lambda claim, actor: desk.correct_cue(claim, actor=actor, spans=at("said")),
    "mention": lambda claim, actor: desk.correct_mention(claim, actor=actor, spans=at("Duarte")),
    "speakers": lambda claim, actor: desk.correct_speakers(claim, actor=actor, speakers=[]),
    "kind": lambda claim, actor: desk.correct_kind(claim, actor=actor, kind="mixed"),
    "act": lambda claim, actor: desk.correct_act(claim, actor=actor, act="question"),
    "reject": lambda claim, actor: desk.reject_claim(claim, actor=actor),
    "accept": lambda claim, actor: desk.accept_claim(claim, actor=actor),
    "add": lambda claim, actor: desk.add_missed_claim(claim.article, actor=actor, content=at("in May")),
    "finish": lambda claim, actor: desk.finish_article(claim.article, actor=actor),
}


@pytest.mark.parametrize("role", ["anonymous", "reader", "checker", "reviewer", "desk_admin"])
@pytest.mark.parametrize("action", [*CALLS, "undo", "reopen"])
def test_who_may_correct(
    action: str, role: str, article: Article, claim: Claim, request: pytest.FixtureRequest, checker: User
) -> None:
    actor = AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)
    if action in ("finish", "reopen"):
        set_review_status(list(article.claims.all()), actor=checker, status="done")
        if action == "reopen":
            desk.finish_article(article, actor=checker)
    if action == "undo":
        desk.correct_act(claim, actor=checker, act="question")
    calls = CALLS | {
        "undo": lambda claim, actor: desk.undo_correction(claim, actor=actor),
        "reopen": lambda claim, actor: desk.reopen_article(claim.article, actor=actor),
    }
    if role in MAY:
        calls[action](claim, actor)
    else:
        with pytest.raises(NotAllowed):
            calls[action](claim, actor)
