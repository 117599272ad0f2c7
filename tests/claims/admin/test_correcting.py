"""Corrections from the claim's page: what is sent, who may, and what comes back when somebody else was first."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.models import ArticleReview, Claim, Correction, Note, Speaker
from claims.services import corrections as desk
from claims.services.speaker_choices import SpeakerChoice
from tests.claims.admin.conftest import ROLES
from tests.claims.admin.test_claim_page import TEXT, address, claim_in
from tests.claims.factories import make_claim, make_speaker, make_user

MILL = "“the mill & the 🌊 dam are shut”"


def pairs(*quotes: str) -> str:
    return json.dumps([[TEXT.index(quote), TEXT.index(quote) + len(quote)] for quote in quotes])


@pytest.fixture
def claim(db: None) -> Claim:
    return claim_in(TEXT, MILL, "said", "Marrow", kind="direct", mention_text="Marrow")


def as_shown(response: Any) -> dict[str, Any]:
    """What the browser would send back of the forms for corrections."""
    data: dict[str, Any] = {}
    correcting = response.context["correcting"]
    for form in (correcting.fix, correcting.missed):
        for field in form:
            value = field.value()
            data[field.html_name] = value if value is not None else [] if field.name == "speakers" else ""
    return data


def send(client: Client, claim: Claim, data: dict[str, Any] | None = None, **changed: Any) -> Any:
    data = as_shown(client.get(address(claim))) if data is None else data
    return client.post(address(claim), data | {name.replace("__", "-"): value for name, value in changed.items()})


def test_an_unchanged_page_corrects_nothing(claim: Claim, editor: Callable) -> None:
    client = editor()
    for status in ("resolved", "ambiguous", "unresolved", "unnamed", "none"):
        Claim.objects.filter(pk=claim.pk).update(speaker_status=status)
        response = send(client, claim)
        assert response.status_code == 302, status
    assert not Correction.objects.exists()


def test_words_kind_act_and_speakers_are_corrected_in_one_save(claim: Claim, editor: Callable) -> None:
    client, tomas = editor(), make_speaker("Tomas Vell")
    response = send(
        client,
        claim,
        fix__content=pairs("the mill", "dam are shut"),
        fix__cue="[]",
        fix__mention=pairs("Ilse"),
        fix__act="attitude",
        fix__speakers=[tomas.pk],
        fix__new_name="Ana Duarte",
        fix__reason="Read it again.",
    )
    assert response.status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.cue_text, claim.mention_text, claim.act) == (
        "the mill … dam are shut",
        "",
        "Ilse",
        "attitude",
    )
    assert [str(link.speaker) for link in claim.links.all()] == ["Tomas Vell", "Ana Duarte"]
    assert set(Correction.objects.values_list("reason", flat=True)) == {"Read it again."}
    page = client.get(address(claim)).content.decode()
    assert "Engine: <q>“the mill &amp; the 🌊 dam are shut”</q>" in page
    assert "Engine: <q>statement</q>" in page
    assert "corrected what was said" in page
    assert "Undo: speaker (by" in page


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        pytest.param("unnamed", "unnamed", [(None, "Marrow")], id="not named"),
        pytest.param("none", "none", [], id="nobody"),
    ],
)
def test_a_claim_may_have_no_named_speaker(
    source: str, status: str, words: list, claim: Claim, editor: Callable
) -> None:
    send(editor(), claim, fix__source=source)
    claim.refresh_from_db()
    assert claim.speaker_status == status
    assert [(link.speaker, link.words) for link in claim.links.all()] == words


def test_a_missed_claim_is_added_beside_it(claim: Claim, editor: Callable) -> None:
    client, tomas = editor(), make_speaker("Tomas Vell")
    sent = {"missed__content": pairs("it"), "missed__cue": pairs("denied"), "missed__mention": pairs("Tomas Vell")}
    refused = send(client, claim, **sent)
    assert "Choose the speaker of the new claim" in refused.content.decode()
    assert json.loads(as_shown(refused)["missed-content"]) == json.loads(pairs("it"))
    assert send(client, claim, as_shown(refused), missed__speakers=[tomas.pk]).status_code == 302
    added = claim.article.claims.get(alignment="added")
    assert (added.text, added.cue_text, added.mention_text) == ("it", "denied", "Tomas Vell")
    assert added.speakers.get() == tomas
    assert "Added by an editor; no engine finds it yet." in client.get(address(added)).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"fix__content": "oops"}, "Select the words", id="no json"),
        pytest.param({"fix__content": "[" * 1500}, "Select the words", id="json without end"),
        pytest.param({"fix__content": "[3, 4]"}, "Select the words", id="no pairs"),
        pytest.param({"fix__content": "[[3, 4000]]"}, "no stretch of this text", id="beyond the text"),
        pytest.param({"fix__content": "[[3, null]]"}, "pairs of numbers", id="no number"),
        pytest.param({"fix__content": "[]"}, "needs at least one", id="nothing said"),
        pytest.param({"fix__kind": "loud"}, "Select a valid choice", id="no such kind"),
        pytest.param({"fix__speakers": [999_999]}, "Select a valid choice", id="no such speaker"),
        pytest.param({"fix__speakers": []}, "say that nobody is named", id="named, but no name"),
        pytest.param(
            {"missed__new_name": "Ana Duarte"}, "Select in the article what was said", id="claim without words"
        ),
        pytest.param({"missed__content": pairs("it"), "missed__source": "unnamed"}, "say who it is", id="no words"),
        pytest.param({"_confirm": "0:7"}, "no longer here", id="no such candidate"),
        pytest.param({"_confirm": "x"}, "no longer here", id="no candidate at all"),
        pytest.param({"_undo": "1", "fix__act": "statement"}, "nothing to undo", id="nothing to undo"),
        pytest.param({"_reopen": "1"}, "not marked", id="not reviewed"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    changed: dict, message: str, claim: Claim, editor: Callable
) -> None:
    response = send(editor(), claim, **{"fix__act": "question", **changed, "note-text": "Typed.", "note-kind": "note"})
    assert response.status_code in (200, 409)
    assert message in response.content.decode()
    assert "Typed." in response.content.decode()
    assert not Correction.objects.exists()
    assert not Note.objects.exists()


def test_somebody_elses_correction_is_shown_and_the_own_one_kept(claim: Claim, editor: Callable) -> None:
    client, ravi = editor(), make_user("reviewer")
    data = as_shown(client.get(address(claim))) | {"fix-content": pairs("the mill")}
    data |= {"note-text": "Too long.", "note-kind": "note"}
    desk.correct_claim(claim, actor=ravi, act="attitude", speakers=[SpeakerChoice(name="Ana Duarte")])

    refused = send(client, claim, data)
    assert refused.status_code == 409
    shown = as_shown(refused)
    assert (shown["fix-content"], shown["fix-act"]) == (pairs("the mill"), "attitude")
    assert [str(pk) for pk in shown["fix-speakers"]] == [str(Speaker.objects.get(name="Ana Duarte").pk)]

    assert send(client, claim, shown | {"note-text": "Too long.", "note-kind": "note"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.act, str(claim.speakers.get())) == ("the mill", "attitude", "Ana Duarte")
    assert Note.objects.get().text == "Too long."


def test_but_a_note_goes_through_whatever_somebody_corrected(claim: Claim, editor: Callable) -> None:
    client = editor()
    data = as_shown(client.get(address(claim)))
    desk.correct_act(claim, actor=make_user("reviewer"), act="attitude")
    assert send(client, claim, data, **{"note-text": "Fine.", "note-kind": "note"}).status_code == 302
    claim.refresh_from_db()
    assert claim.act == "attitude"
    assert Note.objects.get().text == "Fine."


def test_a_button_alone_is_refused_on_an_old_page(claim: Claim, editor: Callable) -> None:
    client = editor()
    data = as_shown(client.get(address(claim)))
    desk.correct_act(claim, actor=make_user("reviewer"), act="attitude")
    for button in ("_accept", "_reject", "_undo"):
        assert send(client, claim, data, **{button: "1"}).status_code == 409
    claim.refresh_from_db()
    assert (claim.act, claim.review_status) == ("attitude", "new")


def act_of(client: Client, claim: Claim, **changed: Any) -> None:
    """As somebody would who sends what the page did not offer."""
    act = {"fix-kind": claim.kind, "fix-act": claim.act, "fix-source": "named", "missed-kind": ""}
    speakers = [link.speaker_id for link in claim.links.all() if link.speaker_id]
    act |= {"fix-speakers": speakers, "missed-act": "statement"}
    if not speakers:
        act["fix-source"] = ""
    client.post(address(claim), act | {name.replace("__", "-"): value for name, value in changed.items()})


ACTIONS: dict[str, tuple[dict[str, Any], Callable[[Claim], bool]]] = {
    "correct": ({"fix__content": pairs("the mill")}, lambda claim: claim.text == "the mill"),
    "add": (
        {"missed__content": pairs("it"), "missed__source": "none"},
        lambda claim: claim.article.claims.count() == 2,
    ),
    "accept": ({"_accept": "1"}, lambda claim: claim.corrections.filter(field="accepted").exists()),
    "reject": ({"_reject": "1"}, lambda claim: claim.review_status == "not_a_claim"),
    "confirm": ({"_confirm": "0:0"}, lambda claim: str(claim.speakers.first()) == "Tomas Vell"),
    "undo": ({"_undo": "1"}, lambda claim: claim.act == "statement"),
    "finish": ({"_finish": "1"}, lambda claim: ArticleReview.objects.exists()),
    "reopen": ({"_reopen": "1"}, lambda claim: not ArticleReview.objects.exists()),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_correct(action: str, role: str, claim: Claim, editor: Callable) -> None:
    checker = make_user("fact-checker")
    if action == "confirm":
        tomas = make_speaker("Tomas Vell")
        candidates = [{"name": "Tomas Vell", "speaker": tomas.pk, "score": 0.4, "reason": "surname"}]
        claim.links.update(speaker=None, candidates=candidates)
    if action in ("undo", "finish", "reopen"):
        desk.correct_act(claim, actor=checker, act="attitude")
        claim.refresh_from_db()
    if action == "reopen":
        desk.finish_article(claim.article, actor=checker)
    data, is_done = ACTIONS[action]

    act_of(editor(role), claim, **data)

    assert is_done(Claim.objects.get(pk=claim.pk)) is (role in ROLES[2:])


def test_the_runner_up_of_a_sure_engine_can_be_chosen(claim: Claim, editor: Callable) -> None:
    reasons = [("Marrow", "surname"), ("Ina Finch", "pronoun-last-speaker")]
    candidates = [{"name": name, "speaker": None, "score": 0.5, "reason": reason} for name, reason in reasons]
    claim.links.update(candidates=candidates)
    client = editor()
    page = client.get(address(claim)).content.decode()
    assert 'value="0:1" class="ct-small-button" aria-label="Choose Ina Finch as the speaker"' in page
    assert 'value="0:0"' not in page  # the chosen one
    act_of(client, claim, _confirm="0:1")
    assert str(claim.speakers.get()) == "Ina Finch"


@pytest.mark.parametrize("role", ROLES[:2])
def test_who_may_not_correct_sees_no_fields_for_it(role: str, claim: Claim, editor: Callable) -> None:
    page = editor(role).get(address(claim)).content.decode()
    for piece in ('name="fix-', 'name="missed-', "ct-toolbar", "_accept", "select.js"):
        assert piece not in page


def test_a_text_that_was_taken_down_is_not_corrected(claim: Claim, editor: Callable) -> None:
    type(claim.article).objects.filter(pk=claim.article_id).update(text="", text_withheld="copyright")
    client = editor()
    page = client.get(address(claim)).content.decode()
    assert 'name="fix-content"' not in page
    act_of(client, claim, fix__cue="[]")
    claim.refresh_from_db()
    assert claim.cue_text == "said"


def test_more_speakers_cost_no_more_queries(claim: Claim, editor: Callable, django_assert_max_num_queries: Any) -> None:
    client = editor()
    for number in range(6):
        make_claim(make_speaker(f"Ada Quill{number}"), article=claim.article, text=f"said {number}", start=number)
    names = [SpeakerChoice(name=f"Bel Ode{number}") for number in range(6)]
    desk.correct_speakers(claim, actor=client.user, speakers=names)
    client.get(address(claim))
    with django_assert_max_num_queries(14):
        client.get(address(claim))
