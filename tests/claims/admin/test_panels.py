"""Evidence, tags, checklist, repeated claims and notes on a claim's page; evidence on its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import (
    ChecklistItem,
    ChecklistTick,
    Claim,
    Duplicate,
    Evidence,
    EvidenceLink,
    Note,
    Rating,
    Tag,
    Verdict,
)
from claims.services import evidence as evidence_service
from claims.services import tags as tag_service
from claims.services.checklists import tick
from claims.services.corrections import correct_kind
from claims.services.second_checks import give_opinion
from claims.services.verification import add_note, edit_note, record_verdict
from claims.services.wording import text_key
from tests.claims.factories import make_claim, make_note, make_speaker, make_user, make_verdict

URL = "https://stats.example/mills/2026"
WORDS = "The mill at Halm has been shut since March."


def address(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def send(client: Client, claim: Claim, **data: Any) -> Any:
    return client.post(address(claim), {key.replace("__", "-"): value for key, value in data.items()})


def page(client: Client, claim: Claim) -> str:
    return client.get(address(claim)).content.decode()


@pytest.fixture
def claim(db: None) -> Claim:
    return make_claim(make_speaker(), text=WORDS, text_key=text_key(WORDS))


NEW = {"evidence__url": URL, "evidence__stance": "refutes"}


class TestEvidence:
    def test_it_is_added_with_all_that_is_known(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        given = {
            "evidence__title": "Mills & dams <2026>",
            "evidence__passage": "Four mills\nclosed.",
            "evidence__archived_url": "https://archive.example/1",
            "evidence__accessed_on": "2026-03-01",
        }
        assert send(client, claim, **NEW, **given).status_code == 302
        link = EvidenceLink.objects.get()
        assert (link.evidence.url, link.stance, link.added_by) == (URL, "refutes", client.user)
        shown = page(client, claim)
        assert "Mills &amp; dams &lt;2026&gt;" in shown
        assert "Four mills<br>closed." in shown
        assert f'href="{URL}" rel="nofollow noopener noreferrer"' in shown

    def test_an_empty_form_adds_nothing(self, editor: Callable, claim: Claim) -> None:
        empty = {"url": "", "stance": "context", "title": "", "passage": "", "archived_url": "", "accessed_on": ""}
        send(editor(), claim, **{f"evidence__{name}": value for name, value in empty.items()})
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            pytest.param({"evidence__url": "", "evidence__title": "x"}, "Evidence needs an address", id="no address"),
            pytest.param({"evidence__url": "javascript:alert(1)"}, "must begin with http", id="a script"),
            pytest.param({"evidence__accessed_on": "soon"}, "valid date", id="date"),
            pytest.param({"evidence__stance": "proves"}, "Select a valid choice", id="stance"),
        ],
    )
    def test_what_is_wrong_is_named_and_what_was_typed_stays(
        self, wrong: dict[str, str], says: str, editor: Callable, claim: Claim
    ) -> None:
        response = send(editor(), claim, **(NEW | wrong), note__text="Kept here.", note__kind="note")
        shown = response.content.decode()
        assert says in shown
        assert "Kept here." in shown
        assert not Evidence.objects.exists()
        assert not Note.objects.exists()

    def test_it_is_changed_and_taken_off(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        link = evidence_service.add_evidence(claim, author=make_user("fact-checker"), url=URL, title="Mils")
        seen = f"{link.modified_at.isoformat()} {link.evidence.modified_at.isoformat()}"
        given = {"seen": seen, "url": URL, "stance": "supports", "title": "Mills"}
        data = {f"evidence-{link.pk}-{name}": value for name, value in given.items()}
        assert send(client, claim, **data).status_code == 302
        link = EvidenceLink.objects.get()
        assert (link.stance, link.evidence.title) == ("supports", "Mills")

        data[f"evidence-{link.pk}-title"] = "Older"
        refused = send(client, claim, **data)
        assert refused.status_code == 409
        assert "Somebody changed this evidence" in refused.content.decode()

        send(client, claim, _unlink=link.pk, **{f"unlink-reason-{link.pk}": "Of another year."})
        assert not EvidenceLink.objects.exists()
        assert "Of another year." in page(client, claim)

    def test_stored_evidence_is_used_again(self, editor: Callable, claim: Claim) -> None:
        client, other = editor(), make_claim()
        stored = evidence_service.add_evidence(other, author=client.user, url=URL).evidence
        send(client, claim, stored__stored=stored.pk, stored__stance="supports")
        assert list(stored.links.order_by("id").values_list("claim", "stance")) == [
            (other.pk, "context"),
            (claim.pk, "supports"),
        ]
        assert "used for 2 claims" in page(client, claim)
        found = client.get(
            reverse("admin:autocomplete"),
            {"app_label": "claims", "model_name": "evidencelink", "field_name": "evidence", "term": "mills"},
        )
        assert [one["id"] for one in found.json()["results"]] == [str(stored.pk)]

    @pytest.mark.parametrize(
        ("term", "is_found"),
        [
            pytest.param(f"http://www.{URL[8:]}/?utm_source=x#top", True, id="the address in another spelling"),
            pytest.param("mills statistics", True, id="words of title and address"),
            pytest.param("https://stats.example/", False, id="but not another address"),
            pytest.param("harvest", False, id="but not other words"),
        ],
    )
    def test_it_is_found(self, term: str, is_found: bool, editor: Callable, claim: Claim) -> None:
        client = editor()
        evidence_service.add_evidence(claim, author=client.user, url=URL, title="Statistics")
        shown = client.get(reverse("admin:claims_evidence_changelist"), {"q": term}).content.decode()
        assert ("Statistics" in shown) is is_found

    def test_its_page_tells_what_rests_on_the_address(self, editor: Callable, claim: Claim) -> None:
        client, other = editor(), make_claim(text="Another claim of the same address.")
        link = evidence_service.add_evidence(claim, author=client.user, url=URL)
        evidence_service.add_evidence(other, author=client.user, url=f"{URL}#page-2", title="Page two")
        make_verdict(claim, rating="false")
        make_verdict(other, rating="misleading", state="withdrawn")
        path = reverse("admin:claims_evidence_change", args=[link.evidence_id])
        shown = client.get(path).content.decode()
        assert all(words in shown for words in (WORDS, other.text, "Misleading", "Page two", "stored evidence"))

        seen = link.evidence.modified_at.isoformat()
        client.post(path, {"url": URL, "title": "Mills", "seen": seen})
        assert Evidence.objects.get(pk=link.evidence_id).title == "Mills"
        assert "Somebody changed" in client.post(path, {"url": URL, "title": "X", "seen": seen}).content.decode()
        assert editor("API reader").get(path).status_code == 403


class TestTagsAndChecklist:
    def test_tags_are_added_by_name_and_taken_off(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        budget = tag_service.make_tag("Budget", actor=client.user)
        send(client, claim, tags__shown="", tags__new="BUDGET, Mills , mills,")
        assert sorted(tag.name for tag in claim.tags.all()) == ["Budget", "Mills"]
        mills = Tag.objects.get(name="Mills")
        send(client, claim, tags__shown=f"{budget.pk},{mills.pk}", tags__on=[mills.pk], tags__new="")
        assert [tag.name for tag in claim.tags.all()] == ["Mills"]
        assert "tagged the claim" in page(client, claim)

    def test_a_tag_that_somebody_put_on_meanwhile_stays(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        tag = tag_service.make_tag("Budget", actor=client.user)
        tag_service.tag_claims([claim], actor=make_user("fact-checker"), tags=[tag])
        send(client, claim, tags__shown="", tags__new="Mills")
        assert sorted(tag.name for tag in claim.tags.all()) == ["Budget", "Mills"]

    def test_items_are_ticked_and_unticked(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        first, second = ChecklistItem.objects.all()[:2]
        tick(claim, actor=make_user("reviewer", username="ravi"), item=first)
        send(client, claim, checklist__shown=f"{first.pk}", checklist__on=[first.pk, second.pk])
        assert list(ChecklistTick.objects.order_by("id").values_list("item", "done_by__username")) == [
            (first.pk, "ravi"),
            (second.pk, client.user.username),
        ]
        send(client, claim, checklist__shown=f"{first.pk},{second.pk}", checklist__on=[second.pk])
        assert claim.ticks.get().item == second
        assert client.user.username in page(client, claim)

    def test_both_are_data_for_desk_admins(self, editor: Callable) -> None:
        desk = editor("desk admin")
        desk.post(reverse("admin:claims_tag_add"), {"name": "Budget", "colour": "#123456"})
        tag = Tag.objects.get()
        again = desk.post(reverse("admin:claims_tag_add"), {"name": "BUDGET", "colour": "#123456"})
        assert "There is a tag “Budget” already." in again.content.decode()
        desk.post(reverse("admin:claims_tag_change", args=[tag.pk]), {"name": "Money", "colour": "#654321"})
        assert Tag.objects.get().name == "Money"
        tag_service.tag_claims([make_claim()], actor=desk.user, tags=[tag])
        desk.post(reverse("admin:claims_tag_delete", args=[tag.pk]), {"post": "yes"})
        assert Tag.objects.exists()

        desk.post(reverse("admin:claims_checklistitem_add"), {"text": "Called", "order": 9, "is_active": "on"})
        item = ChecklistItem.objects.get(text="Called")
        tick(make_claim(), actor=desk.user, item=item)
        path = reverse("admin:claims_checklistitem_change", args=[item.pk])
        assert "retire it" in desk.post(path, {"text": "Rang", "order": 9, "is_active": "on"}).content.decode()
        desk.post(path, {"text": "Called", "order": 9})
        assert not ChecklistItem.objects.get(pk=item.pk).is_active
        assert (
            desk.post(reverse("admin:claims_checklistitem_delete", args=[item.pk]), {"post": "yes"}).status_code == 403
        )


class TestRepeatedElsewhere:
    def test_the_same_words_are_offered(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        other = make_claim(text=WORDS.upper(), text_key=claim.text_key)
        verdict = make_verdict(other, rating="misleading")
        shown = page(client, claim)
        assert "Repeated elsewhere (1)" in shown
        assert "Misleading" in shown

        send(client, claim, _reuse=verdict.pk)
        draft = Verdict.objects.get(claim=claim)
        assert (draft.rating.slug, draft.state, draft.author) == ("misleading", "draft", client.user)
        send(client, claim, _duplicate=other.pk)
        assert Duplicate.objects.get().original == other
        assert "duplicate of <a" in page(client, claim)
        assert f"claim {claim.pk}</a>" in page(client, other)
        send(client, claim, _unduplicate=claim.pk)
        assert not Duplicate.objects.exists()

    def test_a_duplicate_by_number(self, editor: Callable, claim: Claim) -> None:
        other = make_claim()
        send(editor(), claim, _duplicate="0", **{"duplicate-of": f" {other.pk} "})
        assert Duplicate.objects.get().original == other

    @pytest.mark.parametrize("number", ["", "x", "99999", "²"])
    def test_but_not_of_what_is_not_there(self, number: str, editor: Callable, claim: Claim) -> None:
        response = send(editor(), claim, _duplicate="0", **{"duplicate-of": number})
        assert "There is no such claim" in response.content.decode()
        assert not Duplicate.objects.exists()


class TestNotes:
    def test_markdown_is_shown_safe(self, editor: Callable, claim: Claim) -> None:
        make_note(
            claim, text="**Look**: [log](https://dam.example)\n\n<script>alert(1)</script> [x](javascript:alert(1))"
        )
        shown = page(editor(), claim)
        assert "<strong>Look</strong>" in shown
        assert '<a href="https://dam.example" rel="nofollow noopener noreferrer">log</a>' in shown
        assert "<script>alert(1)" not in shown
        assert 'href="javascript' not in shown

    def test_an_edited_note_shows_what_it_said(self, editor: Callable, claim: Claim) -> None:
        client = editor()
        note = add_note(claim, author=client.user, text="It is *open*.")
        edit_note(note, actor=client.user, is_public=True)
        assert "what it said before" not in page(client, claim)
        edit_note(note, actor=client.user, text="It is shut.")
        assert "It is <em>open</em>." in page(editor("reviewer"), claim)

    def test_internal_notes_stay_inside_the_desk(self, editor: Callable, claim: Claim) -> None:
        make_note(claim, text="Between us.")
        make_note(claim, text="For everybody.", is_public=True)
        shown = page(editor("contributor"), claim)
        assert "For everybody." in shown
        assert "Between us." not in shown


def test_a_page_with_everything_on_it_opens_in_under_15_queries(editor: Callable, claim: Claim) -> None:
    client, mira = editor("reviewer"), make_user("fact-checker")
    for number in range(4):
        evidence_service.add_evidence(claim, author=mira, url=f"{URL}/{number}")
        edit_note(add_note(claim, author=mira, text=f"Note {number}."), actor=mira, text=f"Mended {number}.")
        make_verdict(make_claim(text=WORDS, text_key=claim.text_key))
        make_claim(make_speaker(), article=claim.article)
    tag_service.tag_claims([claim], actor=mira, tags=[tag_service.make_tag("Budget", actor=mira)])
    tick(claim, actor=mira, item=ChecklistItem.objects.all()[0])
    true = Rating.objects.get(slug="true")
    proposal = record_verdict(claim, author=mira, rating=true, state="proposed")
    give_opinion(proposal, reviewer=client.user, rating=true)
    correct_kind(claim, actor=mira, kind="mixed")
    page(client, claim)
    with CaptureQueriesContext(connection) as captured:
        shown = page(client, claim)
    assert "Repeated elsewhere (4)" in shown
    assert len(captured) < 15, "\n".join(query["sql"][:200] for query in captured)
