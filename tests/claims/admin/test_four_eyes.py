"""A second check in the admin: nothing of the first rating is to be seen before the second is given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from claims.models import Claim, Rating, Scale, SecondOpinion, Verdict
from claims.services.evidence import add_evidence, set_stance
from claims.services.second_checks import decide_opinion, give_opinion
from claims.services.verification import edit_verdict, record_verdict
from tests.claims.factories import make_claim, make_speaker, make_token, make_user

SUMMARY = "Zanzibarian summary of the first editor."
RATING = "Misleading"


@pytest.fixture
def proposal(db: None) -> Verdict:
    """Proposed by a fact-checker named mira, with evidence, on a scale with a second check."""
    Scale.objects.update(needs_second_check=True)
    mira, claim = make_user("fact-checker", username="mira"), make_claim(make_speaker())
    link = add_evidence(claim, author=mira, url="https://dam.example/log", title="The dam's log")
    set_stance(link, actor=mira, stance="refutes")
    draft = record_verdict(claim, author=mira, rating=Rating.objects.get(slug="true"), summary="First words.")
    return edit_verdict(
        draft, actor=mira, rating=Rating.objects.get(slug="misleading"), summary=SUMMARY, state="proposed"
    )


def path_of(name: str, *ids: int) -> str:
    return reverse(f"admin:{name}", args=ids)


PLACES: dict[str, Callable[[Verdict], tuple[str, dict[str, str]]]] = {
    "claim page": lambda verdict: (path_of("claims_claim_change", verdict.claim_id), {}),
    "claim list": lambda verdict: (path_of("claims_claim_changelist"), {"act": "all"}),
    "claim list by rating": lambda verdict: (path_of("claims_claim_changelist"), {"rating": "misleading"}),
    "verdict list": lambda verdict: (path_of("claims_verdict_changelist"), {}),
    "verdict list by rating": lambda verdict: (
        path_of("claims_verdict_changelist"),
        {"rating__id__exact": str(verdict.rating_id)},
    ),
    "verdict search": lambda verdict: (path_of("claims_verdict_changelist"), {"q": "Zanzibarian"}),
    "verdict page": lambda verdict: (path_of("claims_verdict_change", verdict.pk), {}),
    "ledger": lambda verdict: (path_of("claims_change_changelist"), {}),
    "evidence page": lambda verdict: (
        path_of("claims_evidence_change", verdict.claim.evidence_links.get().evidence_id),
        {},
    ),
    "agreement": lambda verdict: (path_of("claims_verdict_agreement"), {}),
    "start page": lambda verdict: (path_of("index"), {}),
    "article page": lambda verdict: (path_of("sources_article_change", verdict.claim.article_id), {}),
    "speaker page": lambda verdict: (path_of("claims_speaker_change", verdict.claim.speakers.get().pk), {}),
    "API verdicts": lambda verdict: ("/api/v1/verdicts/", {}),
    "API verdicts by rating": lambda verdict: ("/api/v1/verdicts/", {"rating": "misleading"}),
    "API verdict": lambda verdict: (f"/api/v1/verdicts/{verdict.pk}/", {}),
    "API evidence": lambda verdict: ("/api/v1/evidence/", {"claim": str(verdict.claim_id)}),
    "API changes": lambda verdict: ("/api/v1/changes/", {"kind": "claim,evidence,note,verdict"}),
    "API claim": lambda verdict: (f"/api/v1/claims/{verdict.claim_id}/", {}),
    "API claims by rating": lambda verdict: ("/api/v1/claims/", {"rating": "misleading"}),
    "API export": lambda verdict: ("/api/v1/claims/export/", {"format": "ndjson"}),
    "API feed": lambda verdict: ("/api/v1/claims/feed.json", {}),
}


def words_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ["fact-checker", "reviewer", "desk admin"])
def test_the_first_rating_is_nowhere_before_the_second(
    place: str, role: str, proposal: Verdict, editor: Callable
) -> None:
    client = editor(role)
    address, query = PLACES[place](proposal)
    shown = words_of(client.get(address, query, follow=True))
    assert SUMMARY not in shown
    assert "First words." not in shown
    assert "ct-stance-refutes" not in shown
    # What is chosen from (a filter, a form) names every rating; what was chosen stands in a badge or an object.
    marks = (f"</svg>{RATING}", f"{RATING}</strong>", f'"label":"{RATING}"', "<ins>Misleading", "refutes</")
    for mark in (*marks, '"stance":"refutes"'):
        assert mark not in shown.replace("Refutes</option", ""), mark
    if "by rating" in place:
        assert str(proposal.claim) not in shown


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("claim page", SUMMARY),
        ("claim page", "ct-stance-refutes"),
        ("claim list", RATING),
        ("verdict list", RATING),
        ("verdict search", RATING),
        ("evidence page", "Refutes"),
        ("API verdict", f'"label":"{RATING}"'),
    ],
)
def test_but_where_no_second_check_is_asked_for_it_is(
    place: str, words: str, proposal: Verdict, editor: Callable
) -> None:
    Scale.objects.update(needs_second_check=False)
    address, query = PLACES[place](proposal)
    shown = words_of(editor("reviewer").get(address, query))
    assert words in shown.split('id="changelist-filter"')[0].replace(f"{RATING}</option>", "")


def test_a_superuser_is_an_editor_like_any_other(proposal: Verdict, editor: Callable) -> None:
    client = editor(user=make_user(is_superuser=True, is_staff=True))
    assert SUMMARY not in client.get(path_of("claims_claim_change", proposal.claim_id)).content.decode()


def test_after_the_second_rating_both_are_shown_and_decided_upon(proposal: Verdict, editor: Callable) -> None:
    claim, client = proposal.claim, editor("reviewer")
    path = path_of("claims_claim_change", claim.pk)
    assert "This scale asks for a second check" in client.get(path).content.decode()
    rate(client, proposal, "true", comment="It opened in May.")
    shown = client.get(path).content.decode()
    assert all(words in shown for words in (SUMMARY, "without seeing the first rating", "ct-stance-refutes"))

    opinion = SecondOpinion.objects.get()
    refused = client.post(path, {"_publish": proposal.pk})
    assert refused.status_code == 409
    assert "asks for a second check" in refused.content.decode()
    client.post(path, {"_disagree": opinion.pk, f"comment-{opinion.pk}": "The log is of another dam."})
    assert "<strong>disagrees</strong>" in client.get(path).content.decode()
    client.post(path, {"_agree": opinion.pk, f"comment-{opinion.pk}": ""})
    opinion.refresh_from_db()
    assert (opinion.decision, opinion.comment) == ("agrees", "The log is of another dam.")
    assert client.post(path, {"_publish": proposal.pk}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reviewer) == ("published", client.user)
    shown = client.get(path).content.decode()
    assert shown.count("decided on the proposed verdict") == 2
    assert "The log is of another dam." in shown


def rate(client: Client, verdict: Verdict, slug: str, comment: str = "") -> Any:
    prefix = f"opinion-{verdict.pk}"
    data = {f"{prefix}-rating": Rating.objects.get(slug=slug).pk, f"{prefix}-comment": comment}
    return client.post(path_of("claims_claim_change", verdict.claim_id), data)


def test_a_dissent_without_a_reason_is_refused(proposal: Verdict, editor: Callable) -> None:
    client = editor("reviewer")
    rate(client, proposal, "true")
    path = path_of("claims_claim_change", proposal.claim_id)
    response = client.post(path, {"_disagree": SecondOpinion.objects.get().pk})
    assert "A dissent needs a comment" in response.content.decode()
    assert SecondOpinion.objects.get().decision == "open"


def test_who_proposed_sees_no_form_to_rate_and_cannot_send_one(proposal: Verdict, editor: Callable) -> None:
    client = editor(user=proposal.author)
    type(proposal.author).objects.filter(pk=proposal.author_id).update(is_staff=True)
    assert SUMMARY in client.get(path_of("claims_claim_change", proposal.claim_id)).content.decode()
    rate(client, proposal, "true")
    assert not SecondOpinion.objects.exists()


@pytest.mark.parametrize("role", ["API reader", "contributor"])
def test_whose_role_does_not_check_cannot_rate(role: str, proposal: Verdict, editor: Callable) -> None:
    client = editor(role)
    shown = client.get(path_of("claims_claim_change", proposal.claim_id)).content.decode()
    assert f"opinion-{proposal.pk}-rating" not in shown
    assert SUMMARY not in shown
    rate(client, proposal, "true")
    assert not SecondOpinion.objects.exists()


def test_the_api_shows_it_to_who_has_rated(proposal: Verdict) -> None:
    user = make_user("fact-checker")
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=user)}")
    address = f"/api/v1/verdicts/{proposal.pk}/"
    assert client.get(address).status_code == 404
    give_opinion(proposal, reviewer=user, rating=proposal.rating)
    assert client.get(address).json()["summary"] == SUMMARY


def test_agreement_is_listed_by_pair(proposal: Verdict, editor: Callable) -> None:
    client = editor("reviewer")
    opinion = give_opinion(proposal, reviewer=client.user, rating=proposal.rating)
    decide_opinion(opinion, actor=client.user, decision="agrees")
    path = path_of("claims_verdict_agreement")
    assert "No second ratings yet" in client.get(path).content.decode()
    client.post(path_of("claims_claim_change", proposal.claim_id), {"_publish": proposal.pk})
    shown = client.get(path).content.decode()
    assert f"<td>mira</td><td>{client.user.username}</td><td>1</td><td>1</td>" in shown
    assert "too few" in shown
    assert editor("contributor").get(path).status_code == 403


def test_changing_a_published_verdict_needs_a_reason_and_makes_a_new_one(editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim()
    path = path_of("claims_claim_change", claim.pk)
    true, false = (Rating.objects.get(slug=slug).pk for slug in ("true", "false"))
    client.post(path, {"verdict-rating": true, "verdict-summary": "Open.", "verdict-state": "proposed"})
    client.post(path, {"_publish": Verdict.objects.get().pk})
    change = {"verdict-rating": false, "verdict-summary": "Shut.", "verdict-state": "proposed"}
    assert "say why in a sentence" in client.post(path, {**change, "verdict-reason": " "}).content.decode()
    client.post(path, {**change, "verdict-reason": "A newer log."})
    second = Verdict.objects.first()
    assert second is not None
    client.post(path, {"_publish": second.pk})
    assert list(Verdict.objects.values_list("state", "summary", "reason")) == [
        ("published", "Shut.", "A newer log."),
        ("superseded", "Open.", "A newer log."),
    ]
    shown = client.get(path).content.decode()
    assert all(words in shown for words in ("Open.", "Shut.", "A newer log.", "superseded a verdict"))
    assert Claim.objects.get().verdicts.count() == 2
