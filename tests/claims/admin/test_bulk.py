"""Actions over all claims that match: asked with their number, done in batches, safe to repeat."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Change, Claim, Duplicate, Look, Tag
from tests.claims.factories import make_article, make_claim, make_note, make_speaker, make_user, make_verdict

LIST = "admin:claims_claim_changelist"


def ask(client: Client, action: str, *chosen: Claim, query: str = "", across: bool = False) -> Any:
    data = {"action": action, "index": "0", "_selected_action": [one.pk for one in chosen]}
    return client.post(f"{reverse(LIST)}?{query}", data | {"select_across": str(int(across))})


def confirm(client: Client, action: str, *chosen: Claim, query: str = "", across: bool = False, **values: Any) -> Any:
    newest = Claim.objects.order_by("-pk").values_list("pk", flat=True).first()
    data = {"action": action, "_selected_action": [one.pk for one in chosen], "select_across": str(int(across))}
    data |= {"_confirmed": "1", "_until": newest, "_total": len(chosen)}
    data |= {name if name.startswith("_") else f"bulk-{name}": value for name, value in values.items()}
    return client.post(f"{reverse(LIST)}?{query}", data)


def told(client: Client) -> str:
    return " ".join(str(message) for message in client.get(reverse(LIST)).context["messages"])


@pytest.fixture
def many(db: None) -> list[Claim]:
    """Sixty indirect claims, more than a page."""
    article = make_article()
    return [make_claim(article=article) for _ in range(60)]


def test_an_action_tells_how_many_it_means_before_it_does_anything(editor: Callable, many: list[Claim]) -> None:
    client, direct = editor("fact-checker"), make_claim(kind="direct")
    page = ask(client, "change_status", many[0], query="kind__exact=indirect", across=True).content.decode()
    assert "<strong>60</strong> claims are meant" in page
    assert "and 55 more" in page
    one = ask(client, "change_status", direct, query="kind__exact=direct").content.decode()
    assert "<strong>1</strong> claim is meant" in one
    assert not Change.objects.exists()


def test_an_action_over_all_that_match_not_only_the_page(editor: Callable, many: list[Claim]) -> None:
    client, kept = editor("fact-checker"), make_claim(kind="direct")
    query = "kind__exact=indirect"
    answer = confirm(client, "change_status", many[0], query=query, across=True, status="out_of_scope", reason="Old.")
    assert answer.headers["Location"] == f"{reverse(LIST)}?{query}"
    assert Claim.objects.filter(review_status="out_of_scope").count() == 60
    changes = Change.objects.filter(action="set_review_status", actor=client.user, reason="Old.")
    assert set(changes.values_list("claim", flat=True)) == {claim.pk for claim in many}
    kept.refresh_from_db()
    assert kept.review_status == "new"
    assert "60 claims are now “out of scope”" in told(client)


def test_a_run_that_is_longer_than_a_request_goes_on_where_it_was(
    editor: Callable, many: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.services.bulk.BATCH", 25)
    monkeypatch.setattr("claims.services.bulk.change_in_batches.__kwdefaults__", {"seconds": 0.0})
    client, steps = editor("fact-checker"), 0
    values: dict[str, Any] = {"status": "done"}
    while True:
        steps += 1
        answer = confirm(client, "change_status", many[0], query="review_status__exact=new", across=True, **values)
        if answer.status_code == 302:
            break
        page = answer.content.decode()
        assert "data-continue" in page
        for name in ("_after", "_seen", "_changed", "_refused", "_errors"):
            values[name] = page.split(f'name="{name}" value="')[1].split('"')[0].replace("&quot;", '"')
    assert steps == 3
    assert Claim.objects.filter(review_status="done").count() == 60
    assert "60 claims are now “Done”" in told(client)


def test_a_run_that_was_lost_half_way_is_simply_repeated(editor: Callable, many: list[Claim]) -> None:
    client = editor("fact-checker")
    confirm(client, "change_status", *many[:35], status="done")
    confirm(client, "change_status", many[0], across=True, status="done")
    assert Change.objects.filter(action="set_review_status").count() == 60
    assert "25 claims are now “Done” (35 were already)" in told(client)


def test_what_came_after_the_confirming_is_not_meant(editor: Callable, many: list[Claim]) -> None:
    client, newest = editor("fact-checker"), many[-1].pk
    late = make_claim()
    confirm(client, "change_status", many[0], across=True, status="done", _until=newest)
    late.refresh_from_db()
    assert late.review_status == "new"


ASKED = [
    pytest.param("change_status", {"status": ""}, "This field is required", id="no status"),
    pytest.param("change_status", {"status": "lost"}, "Select a valid choice", id="no such status"),
    pytest.param("assign", {"assignee": "987654"}, "Select a valid choice", id="nobody of the desk"),
    pytest.param("add_tags", {}, "Choose one or more tags", id="no tag"),
    pytest.param("mark_duplicates", {"original": "0"}, "greater than or equal to 1", id="no claim's number"),
    pytest.param("mark_duplicates", {"original": "987654"}, "There is no claim 987654", id="no such claim"),
]


@pytest.mark.parametrize(("action", "values", "message"), ASKED)
def test_an_action_that_lacks_something_is_asked_again(
    action: str, values: dict, message: str, editor: Callable, db: None
) -> None:
    Tag.objects.create(name="flood", key="flood")
    page = confirm(editor("fact-checker"), action, make_claim(), **values).content.decode()
    assert message in page
    assert "Nothing was changed" in page
    assert not Change.objects.exists()


def test_assigning_to_oneself_to_another_and_to_nobody(editor: Callable) -> None:
    client, mira, claim = editor("fact-checker"), make_user("reviewer", is_staff=True), make_claim()
    for value, expected in (("me", client.user), (str(mira.pk), mira), ("nobody", None)):
        confirm(client, "assign", claim, assignee=value)
        claim.refresh_from_db()
        assert claim.assignee == expected
    assert Change.objects.filter(action="assign").count() == 3


def test_tags_are_put_on_and_taken_off(editor: Callable, many: list[Claim]) -> None:
    client = editor("fact-checker")
    tags = [Tag.objects.create(name=name, key=name) for name in ("flood", "harbour")]
    ids = [tag.pk for tag in tags]
    confirm(client, "add_tags", many[0], across=True, tags=ids)
    assert [tag.links.count() for tag in tags] == [60, 60]
    assert "60 claims are now tagged “flood”, “harbour”" in told(client)
    confirm(client, "remove_tags", many[0], many[1], tags=ids[:1])
    assert [tag.links.count() for tag in tags] == [58, 60]


def test_duplicates_but_not_the_original_and_not_those_of_another(editor: Callable) -> None:
    client, original = editor("fact-checker"), make_claim()
    repeats, other, of_other = make_claim(), make_claim(), make_claim()
    confirm(client, "mark_duplicates", of_other, original=other.pk)
    confirm(client, "mark_duplicates", original, repeats, of_other, original=original.pk, reason="The same speech.")
    assert Duplicate.objects.get(claim=repeats).original == original
    assert Duplicate.objects.get(claim=of_other).original == other
    assert not Duplicate.objects.filter(claim=original).exists()
    page = told(client)
    assert "1 could not be changed" in page
    assert f"Claim {of_other.pk} is marked as a duplicate of claim {other.pk}" in page


def test_marking_as_seen_is_nobody_elses_business(editor: Callable, many: list[Claim]) -> None:
    client = editor("API reader")
    confirm(client, "mark_as_seen", many[0], across=True)
    assert Look.objects.filter(user=client.user).count() == 60
    assert not Change.objects.exists()
    assert "60 claims are now marked as seen by you" in told(client)


def test_ones_own_action_is_no_news_to_oneself(editor: Callable) -> None:
    client, claim = editor("fact-checker"), make_claim()
    colleague = editor("fact-checker")
    for one in (client, colleague):
        assert one.post(reverse("admin:claims_claim_seen", args=[claim.pk])).status_code == 204
    confirm(client, "change_status", claim, status="in_review")
    changed = f"{reverse(LIST)}?desk=changed"
    assert not client.get(changed).context["cl"].result_count
    assert colleague.get(changed).context["cl"].result_count == 1
    colleague.post(reverse("admin:claims_claim_seen", args=[claim.pk]))
    assert not colleague.get(changed).context["cl"].result_count


@pytest.mark.parametrize("action", ["assign", "change_status", "add_tags", "remove_tags", "mark_duplicates"])
def test_who_may_not_review_may_not_act_on_many(action: str, editor: Callable) -> None:
    claim, tag = make_claim(), Tag.objects.create(name="flood", key="flood")
    values = {"assignee": "me", "status": "done", "tags": [tag.pk], "original": make_claim().pk}
    confirm(editor("contributor"), action, claim, **values)
    assert not Change.objects.exists()
    assert not claim.tag_links.exists()


def exported(answer: Any) -> bytes:
    assert answer.streaming
    return b"".join(answer.streaming_content)


def test_an_export_is_the_whole_selection_in_a_spreadsheet(
    editor: Callable, many: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.admin.exporting.PAGE", 7)
    client = editor("reviewer")
    claim = make_claim(make_speaker("Ilse Marrow"), make_speaker("Tomas Vell"), text="=1+1", assignee=client.user)
    make_note(claim)
    make_verdict(claim, rating="misleading")
    Tag.objects.create(name="flood", key="flood").links.create(claim=claim, added_by=client.user)
    answer = ask(client, "export_csv", claim, query="kind__exact=indirect", across=True)
    rows = list(csv.DictReader(io.StringIO(exported(answer).decode())))
    assert [int(row["id"]) for row in rows] == sorted([one.pk for one in (*many, claim)], reverse=True)
    assert (
        rows[0] | {"speakers": "Ilse Marrow; Tomas Vell", "quote": "'=1+1", "finding": "Misleading (published)"}
        == (rows[0])
    )
    assert (rows[0]["tags"], rows[0]["notes"], rows[0]["assignee"]) == ("flood", "1", client.user.username)


def test_an_export_as_lines_and_of_chosen_rows_only(editor: Callable, many: list[Claim]) -> None:
    lines = exported(ask(editor("API reader"), "export_ndjson", *many[:3])).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [one.pk for one in reversed(many[:3])]


def test_a_sealed_finding_stays_sealed_in_list_file_and_filter(editor: Callable) -> None:
    author = make_user("fact-checker")
    verdict = make_verdict(rating="half-true", state="proposed", author=author)
    verdict.rating.scale.needs_second_check = True
    verdict.rating.scale.save()
    client, own = editor("reviewer"), editor(user=make_user("reviewer", is_staff=True))
    verdict.opinions.create(reviewer=own.user, rating=verdict.rating, first_rating=verdict.rating, is_blind=True)
    for one, is_shown in ((client, False), (own, True)):
        row = one.get(reverse(LIST)).content.decode().split("<tbody>")[1].split("</tbody>")[0]
        assert ("Half true" in row, "roposed" in row) == (is_shown, True)
        text = exported(ask(one, "export_ndjson", verdict.claim)).decode()
        assert json.loads(text)["finding"] == ("Half true (proposed)" if is_shown else "proposed")
        found = one.get(f"{reverse(LIST)}?rating=half-true").context["cl"].result_count
        assert found == int(is_shown)
