"""The claim's page: what it shows, what it saves, and what it refuses."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.forms import BooleanField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Change, Claim, Note, Rating, Verdict
from claims.services.verification import record_verdict, set_review_status
from tests.claims.factories import make_article, make_claim, make_note, make_speaker, make_user, make_verdict

TEXT = "Ilse <script>alert(1)</script> Marrow said “the mill & the 🌊 dam are shut”.\n\nTomas Vell denied it."


def spans(text: str, *quotes: str) -> list[dict[str, Any]]:
    return [{"start": text.index(q), "end": text.index(q) + len(q), "quote": q} for q in quotes]


def claim_in(text: str, content: str, cue: str, mention: str, **values: Any) -> Claim:
    article = values.pop("article", None) or make_article(text=text, headline="<i>Mill</i> shut")
    return make_claim(
        values.pop("speaker", None) or make_speaker(mention),
        article=article,
        text=content,
        spans=spans(text, content),
        start=text.index(content),
        cue_spans=spans(text, cue),
        mention_spans=spans(text, mention),
        **values,
    )


def address(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def sent(client: Client, claim: Claim, **changed: Any) -> dict[str, Any]:
    """What a browser would send: every field as the page shows it, but for `changed` (with `__` for `-`)."""
    data: dict[str, Any] = {}
    for form in client.get(address(claim)).context["desk"].all_forms():
        for field in form:
            value = field.value()
            if not isinstance(field.field, BooleanField):
                data[field.html_name] = "" if value is None else value
            elif value:
                data[field.html_name] = "on"
    return data | {name.replace("__", "-"): value for name, value in changed.items()}


def save(client: Client, claim: Claim, **changed: Any) -> Any:
    return client.post(address(claim), sent(client, claim, **changed))


def test_content_cue_and_mention_are_marked_in_place_and_escaped(editor: Callable) -> None:
    claim = claim_in(TEXT, "“the mill & the 🌊 dam are shut”", "said", "Marrow")
    page = editor().get(address(claim)).content.decode()
    assert '<mark class="ct-content ct-begins-content">“the mill &amp; the 🌊 dam are shut”</mark>' in page
    assert '<mark class="ct-cue ct-begins-cue">said</mark>' in page
    assert '<mark class="ct-mention ct-begins-mention">Marrow</mark>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "<i>Mill</i>" not in page


def test_other_claims_of_the_article_are_linked_from_the_text(editor: Callable) -> None:
    claim = claim_in(TEXT, "“the mill & the 🌊 dam are shut”", "said", "Marrow")
    inner = claim_in(TEXT, "the 🌊 dam", "said", "Marrow", article=claim.article, within=claim, speaker=make_speaker())
    other = claim_in(TEXT, "it", "denied", "Tomas Vell", article=claim.article, speaker=make_speaker())
    gone = make_claim(article=claim.article, is_current=False)
    page = editor().get(address(claim)).content.decode()
    text = page.split('class="ct-text"')[1].split("</section>")[0]
    assert f'<a class="ct-other" href="{address(inner)}"><mark class="ct-content">the 🌊 dam</mark></a>' in text
    assert f'href="{address(other)}"' in text
    assert address(gone) not in page


def test_no_inline_script_or_style(editor: Callable) -> None:
    claim = claim_in(TEXT, "it", "denied", "Tomas Vell")
    make_verdict(claim)
    page = editor("desk admin").get(address(claim)).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count("<script\n            src=")


def test_a_note_is_signed_by_whoever_is_logged_in(editor: Callable) -> None:
    client, claim, another = editor(), make_claim(make_speaker()), make_user("fact-checker")
    response = save(client, claim, note__text="Ask the <b>miller</b>.", note__kind="question", note__author=another.pk)
    assert response.status_code == 302
    note = Note.objects.get()
    assert (note.author, note.text, note.kind, note.is_public) == (
        client.user,
        "Ask the <b>miller</b>.",
        "question",
        False,
    )
    page = client.get(address(claim)).content.decode()
    assert "Ask the &lt;b&gt;miller&lt;/b&gt;." in page


def test_an_empty_save_stores_nothing(editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim(make_speaker())
    make_note(claim, author=client.user)
    make_verdict(claim, author=client.user, state="draft")
    response = save(client, claim)
    assert response.status_code == 302
    assert (Note.objects.count(), Verdict.objects.count(), Change.objects.count()) == (1, 1, 0)


def test_ones_own_note_can_be_edited_and_the_history_tells(editor: Callable) -> None:
    client, claim = editor(), make_claim(make_speaker())
    note = make_note(claim, author=client.user, text="Look at page 4.")
    save(client, claim, **{f"note__{note.pk}__text": "Look at page 5."})
    note.refresh_from_db()
    assert note.text == "Look at page 5."
    page = client.get(address(claim)).content.decode()
    history = page.split('id="h-history"')[1]
    assert "<del>Look at page 4.</del>" in history
    assert "<ins>Look at page 5.</ins>" in history


def test_somebody_elses_note_and_verdict_have_no_fields(editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim(make_speaker())
    note, verdict = make_note(claim), make_verdict(claim, state="draft", summary="Not so.")
    page = client.get(address(claim)).content.decode()
    assert "Look at the budget." in page
    assert "Not so." in page
    assert f'name="note-{note.pk}-text"' not in page
    assert f'name="verdict-{verdict.pk}-summary"' not in page
    # and what is sent nevertheless changes nothing
    data = {f"note-{note.pk}-text": "Changed.", f"verdict-{verdict.pk}-summary": "Changed."}
    client.post(address(claim), data)
    note.refresh_from_db()
    verdict.refresh_from_db()
    assert (note.text, verdict.summary) == ("Look at the budget.", "Not so.")


def test_status_and_assignee_move_through_the_ledger(editor: Callable) -> None:
    client, claim = editor(), make_claim(make_speaker())
    save(client, claim, work__review_status="in_review", work__assignee=client.user.pk, work__reason="Worth a look")
    claim.refresh_from_db()
    assert (claim.review_status, claim.assignee) == ("in_review", client.user)
    made = Change.objects.filter(claim=claim).order_by("id").values_list("action", "actor", "reason")
    assert list(made) == [
        ("set_review_status", client.user.pk, "Worth a look"),
        ("assign", client.user.pk, ""),
    ]
    history = client.get(address(claim)).content.decode().split('id="h-history"')[1]
    assert f"<ins>{client.user.username}</ins>" in history
    assert "<del>new</del> → <ins>in review</ins>" in " ".join(history.split())


def test_an_assignee_who_left_stays_until_somebody_changes_it(editor: Callable) -> None:
    gone = make_user("fact-checker", is_staff=False)
    client, claim = editor(), make_claim(make_speaker(), assignee=gone)
    save(client, claim, note__text="Still hers.")
    claim.refresh_from_db()
    assert claim.assignee == gone


def test_a_verdict_goes_from_draft_to_published_to_withdrawn(editor: Callable) -> None:
    checker, reviewer, claim = editor(), editor("reviewer"), make_claim(make_speaker())
    false = Rating.objects.get(slug="false")
    save(checker, claim, verdict__rating=false.pk, verdict__summary="The dam is open.", verdict__state="draft")
    verdict = Verdict.objects.get()
    assert (verdict.author, verdict.state) == (checker.user, "draft")
    save(checker, claim, **{f"verdict__{verdict.pk}__state": "proposed"})
    verdict.refresh_from_db()
    assert verdict.state == "proposed"
    save(reviewer, claim, _publish=verdict.pk)
    verdict.refresh_from_db()
    assert (verdict.state, verdict.reviewer) == ("published", reviewer.user)
    save(reviewer, claim, _withdraw=verdict.pk, **{f"reason__{verdict.pk}": "The dam was shut on Friday."})
    verdict.refresh_from_db()
    assert (verdict.state, verdict.reason) == ("withdrawn", "The dam was shut on Friday.")
    actions = Change.objects.filter(model="verdict").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["record_verdict", "edit_verdict", "publish_verdict", "withdraw_verdict"]


def test_a_second_published_verdict_needs_a_reason_and_supersedes_the_first(editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim(make_speaker())
    first = make_verdict(claim)
    second = record_verdict(claim, author=client.user, rating=Rating.objects.get(slug="true"), state="proposed")
    refused = save(client, claim, _publish=second.pk, note__text="Typed before the refusal.")
    assert "A reason is needed" in refused.content.decode()
    assert "Typed before the refusal." in refused.content.decode()
    assert not Note.objects.exists()  # one save, one transaction
    save(client, claim, _publish=second.pk, **{f"reason__{second.pk}": "New figures."})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"verdict__summary": "No rating."}, "Choose a rating.", id="verdict without a rating"),
        pytest.param({"note__is_public": "on"}, "A note needs a text.", id="note without a text"),
        pytest.param({"note__kind": "poem", "note__text": "x"}, "Select a valid choice", id="unknown kind"),
        pytest.param({"work__review_status": "lost"}, "Select a valid choice", id="unknown status"),
        pytest.param({"work__assignee": "999999"}, "Select a valid choice", id="no such editor"),
        pytest.param({"_publish": "999999"}, "no longer here", id="no such verdict"),
        pytest.param({"_publish": "x"}, "no longer here", id="no verdict at all"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(changed: dict, message: str, editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim(make_speaker())
    response = save(client, claim, **changed)
    assert response.status_code in (200, 409)
    assert message in response.content.decode()
    assert not Change.objects.exists()


def test_withdrawing_needs_a_reason(editor: Callable) -> None:
    client, claim = editor("reviewer"), make_claim(make_speaker())
    verdict = make_verdict(claim)
    assert "A reason is needed" in save(client, claim, _withdraw=verdict.pk).content.decode()
    verdict.refresh_from_db()
    assert verdict.state == "published"


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(editor: Callable) -> None:
    client, claim = editor(), make_claim(make_speaker())
    data = sent(client, claim, work__review_status="done", note__text="Finished.")
    set_review_status([claim], actor=make_user("reviewer"), status="second_check")
    response = client.post(address(claim), data)
    assert response.status_code == 409
    assert "Somebody changed the status" in response.content.decode()
    assert "Finished." in response.content.decode()
    claim.refresh_from_db()
    assert claim.review_status == "second_check"
    assert not Note.objects.exists()


def test_but_a_note_goes_through_when_somebody_else_changed_the_status(editor: Callable) -> None:
    client, claim = editor(), make_claim(make_speaker())
    data = sent(client, claim, note__text="Finished.")
    set_review_status([claim], actor=make_user("reviewer"), status="second_check")
    assert client.post(address(claim), data).status_code == 302
    claim.refresh_from_db()
    assert claim.review_status == "second_check"
    assert Note.objects.get().text == "Finished."


@pytest.fixture
def queue(db: None) -> list[Claim]:
    """Claims as the list shows them, newest first, the last two without a date."""
    days = [date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 7), None, None]
    claims = [make_claim(make_speaker(), said_on=day, article=make_article(published_on=day)) for day in days]
    make_claim(make_speaker(), said_on=date(2026, 3, 8), kind="direct")  # outside the filter
    key = Claim.objects.order_by("-said_on", "-id").filter(pk__in=[claim.pk for claim in claims])
    return list(key)


def test_save_and_next_walks_the_filtered_list_to_its_end(queue: list[Claim], editor: Callable) -> None:
    client = editor()
    kept = "?_changelist_filters=kind__exact%3Dindirect%26review_status__exact%3Dnew%26p%3D1"
    for claim, following in pairwise(queue):
        data = sent(client, claim, work__review_status="done", _next="1")  # and so it leaves the list
        response = client.post(address(claim) + kept, data)
        assert response.headers["Location"].startswith(address(following) + "?_changelist_filters=")
    response = client.post(address(queue[-1]) + kept, sent(client, queue[-1], _next="1"))
    assert response.headers["Location"].startswith(reverse("admin:claims_claim_changelist") + "?kind__exact=indirect")


def test_skipping_stores_nothing(queue: list[Claim], editor: Callable) -> None:
    response = editor().get(reverse("admin:claims_claim_next", args=[queue[0].pk]))
    assert response.headers["Location"].startswith(address(queue[1]))
    assert not Change.objects.exists()


def test_a_stale_filter_ends_the_queue_not_the_page(queue: list[Claim], editor: Callable) -> None:
    wrong = reverse("admin:claims_claim_next", args=[queue[0].pk]) + "?_changelist_filters=speaker%3Dx"
    response = editor().get(wrong)
    assert response.headers["Location"] == reverse("admin:claims_claim_changelist")


@pytest.mark.parametrize("object_id", ["999999", "x", "1" * 40])
def test_a_claim_that_is_not_there_sends_back_to_the_start(object_id: str, editor: Callable) -> None:
    response = editor().get(reverse("admin:claims_claim_change", args=[object_id]))
    assert (response.status_code, response.headers["Location"]) == (302, reverse("admin:index"))


def test_a_page_with_120_claims_opens_in_under_15_queries(editor: Callable) -> None:
    text = " ".join(f"Word{number} said nothing at all." for number in range(1000))
    claim = claim_in(text, "Word7 said", "said", "Word8")
    for number in range(10, 130):
        claim_in(
            text, f"Word{number} said", "said", "Word8", article=claim.article, speaker=make_speaker(), act="attitude"
        )
    make_note(claim)
    make_verdict(claim)
    client = editor("reviewer")
    save(client, claim, work__assignee=client.user.pk, note__text="Mine.")
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address(claim)).content.decode()
    assert len(captured) < 15, "\n".join(query["sql"][:300] for query in captured)
    assert page.count('class="ct-other"') >= 120


def test_candidates_and_the_reason_of_the_speaker_are_shown(editor: Callable) -> None:
    claim = make_claim(make_speaker("Ilse Marrow"), speaker_status="ambiguous", speaker_reason="shared-key")
    link = claim.links.get()
    link.candidates = [{"name": "Ilse <u>Marrow</u>", "speaker": link.speaker_id, "score": 0.5, "reason": "gender"}]
    link.save()
    page = editor().get(address(claim)).content.decode()
    for shown in ("Ambiguous, shared-key", "Ilse &lt;u&gt;Marrow&lt;/u&gt;", "0.50", "gender"):
        assert shown in page


def test_an_orphan_says_so(editor: Callable) -> None:
    client = editor()
    assert "does not find this claim any more" in client.get(address(make_claim(alignment="vanished"))).content.decode()
    assert "does not find this claim any more" not in client.get(address(make_claim(alignment="kept"))).content.decode()
