"""Saved filters: kept by name, shared, changed by their owner; and the next claim in whatever order the list has."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, SavedFilter
from claims.services.saved_filters import delete_filter, edit_filter, filters_for, normal_query, save_filter
from tests.claims.factories import make_claim, make_user

LIST, SAVE, MANAGE = (f"admin:claims_{name}" for name in ("claim_changelist", "savedfilter_save", "savedfilter_manage"))


def bar(client: Client, query: str = "") -> list[tuple[str, bool]]:
    links = client.get(f"{reverse(LIST)}?{query}").context["saved_links"]
    return [(link.label, link.is_current) for link in links]


def test_a_selection_is_saved_shown_and_recognised(editor: Callable) -> None:
    client = editor("fact-checker")
    answer = client.post(reverse(SAVE), {"name": "  My   desk ", "query": "desk=mine&act=all&p=3"})
    assert answer.headers["Location"] == f"{reverse(LIST)}?act=all&desk=mine"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.owner, saved.is_shared) == (
        "My desk",
        "act=all&desk=mine",
        client.user,
        False,
    )
    assert bar(client) == [("My desk", False)]
    assert bar(client, "desk=mine&act=all&p=2") == [("My desk", True)]
    assert "Save this selection" not in client.get(f"{reverse(LIST)}?act=all&desk=mine").content.decode()
    change = Change.objects.get()
    assert (change.action, change.actor, change.after["query"]) == ("save_filter", client.user, saved.query)


def test_ones_own_and_the_shared_ones_are_there(editor: Callable) -> None:
    client, ravi = editor("fact-checker"), make_user("reviewer")
    save_filter(actor=client.user, name="Own", query="desk=mine")
    save_filter(actor=ravi, name="Everybody’s", query="desk=unassigned", is_shared=True)
    save_filter(actor=ravi, name="Ravi’s", query="desk=mine")
    assert bar(client) == [("Everybody’s", False), ("Own", False)]
    page = client.get(reverse(LIST)).content.decode()
    assert f"Shared by {ravi.username}" in page
    assert "Ravi’s" not in page + client.get(reverse(MANAGE)).content.decode()


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        pytest.param(" ", "desk=mine", "needs a name", id="no name"),
        pytest.param("n" * 61, "desk=mine", "at most 60", id="a long name"),
        pytest.param("Mine", "q=" + "a" * 1000, "at most 1000", id="a long query"),
        pytest.param("Taken", "desk=mine", "already", id="a name that one has"),
        pytest.param("Mine", "colour=blue", "does not exist", id="a filter that does not exist"),
        pytest.param("Mine", "desk=yours", "does not exist", id="a value that does not exist"),
    ],
)
def test_what_cannot_be_saved_is_said(name: str, query: str, message: str, editor: Callable) -> None:
    client = editor("fact-checker")
    save_filter(actor=client.user, name="Taken", query="desk=todo")
    page = client.post(reverse(SAVE), {"name": name, "query": query}, follow=True)
    assert message in " ".join(str(line) for line in page.context["messages"])
    assert SavedFilter.objects.count() == 1


def test_filters_are_renamed_shared_and_deleted_where_they_are_managed(editor: Callable) -> None:
    client = editor("reviewer")
    saved = save_filter(actor=client.user, name="Old", query="desk=mine")
    client.post(reverse(MANAGE), {"filter": saved.pk, "name": "New", "is_shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("New", True)
    client.post(reverse(MANAGE), {"filter": saved.pk, "_delete": "1"})
    assert not SavedFilter.objects.exists()
    actions = Change.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["save_filter", "edit_filter", "delete_filter"]
    assert client.post(reverse(MANAGE), {"filter": "²"}).status_code == 404


ROLES = [
    pytest.param("contributor", False, False, False, id="contributor"),
    pytest.param("fact-checker", True, False, False, id="fact-checker"),
    pytest.param("reviewer", True, True, False, id="reviewer"),
    pytest.param("desk admin", True, True, True, id="desk admin"),
]


@pytest.mark.parametrize(("role", "saves", "shares", "clears"), ROLES)
def test_who_may_save_share_and_clear_up(role: str, saves: bool, shares: bool, clears: bool, editor: Callable) -> None:
    client = editor(role)
    others = save_filter(actor=make_user("reviewer"), name="Theirs", query="desk=mine", is_shared=True)
    client.post(reverse(SAVE), {"name": "Own", "query": "desk=mine"})
    assert SavedFilter.objects.filter(name="Own").exists() is saves
    client.post(reverse(SAVE), {"name": "Ours", "query": "desk=mine", "is_shared": "on"})
    assert SavedFilter.objects.filter(name="Ours").exists() is shares
    client.post(reverse(MANAGE), {"filter": others.pk, "name": "Taken over"})
    assert not SavedFilter.objects.filter(name="Taken over").exists()
    client.post(reverse(MANAGE), {"filter": others.pk, "_delete": "1"})
    assert SavedFilter.objects.filter(pk=others.pk).exists() is not clears


def test_the_services_refuse_what_the_pages_do_not_offer(db: None) -> None:
    owner, other, admin = make_user("reviewer"), make_user("fact-checker"), make_user("desk admin")
    saved = save_filter(actor=owner, name="Mine", query="desk=mine")
    with pytest.raises(NotAllowed, match="Only its owner"):
        edit_filter(saved, actor=other, name="Ours")
    for actor in (other, admin):
        with pytest.raises(NotAllowed, match="somebody else's own"):
            delete_filter(saved, actor=actor)
    save_filter(actor=owner, name="Next", query="desk=todo")
    with pytest.raises(Conflict, match="“Next” already"):
        edit_filter(saved, actor=owner, name="Next")
    for number in range(48):
        save_filter(actor=owner, name=f"Filter {number}", query="")
    with pytest.raises(InvalidValue, match="delete one first"):
        save_filter(actor=owner, name="One more", query="")
    assert not filters_for(other).exists()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("?b=2&a=1", "a=1&b=2", id="in order"),
        pytest.param("a=1&p=7&e=1", "a=1", id="without page and error"),
        pytest.param("a=2&a=1", "a=1&a=2", id="repeated ones stay"),
        pytest.param("q=“rain” & more", "q=%E2%80%9Crain%E2%80%9D+", id="as a browser reads it"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_equal_selections_have_one_form(query: str, expected: str) -> None:
    assert normal_query(query) == expected


# --- the next claim, in the list's own order ---


@pytest.fixture
def claims(db: None) -> dict[str, Claim]:
    return {
        "a": make_claim(confidence=0.9, said_on=date(2026, 3, 1), review_status="new"),
        "b": make_claim(confidence=0.5, said_on=date(2026, 3, 3), review_status="done"),
        "c": make_claim(confidence=0.7, said_on=date(2026, 3, 2), review_status="in_review"),
        "d": make_claim(confidence=0.7, said_on=None, review_status="done"),
    }


ORDERS = [
    pytest.param("", id="newest first"),
    pytest.param("o=4", id="oldest first"),
    pytest.param("o=5", id="least sure first, equal ones by id"),
    pytest.param("o=-5", id="surest first"),
    pytest.param("o=6.-5", id="by status, then surest first"),
    pytest.param("o=-4&min_confidence=0.6", id="with a filter"),
]


@pytest.mark.parametrize("query", ORDERS)
def test_the_queue_goes_through_the_list_in_the_lists_order(query: str, editor: Callable, claims: dict) -> None:
    client = editor("fact-checker")
    listed = [row.pk for row in client.get(f"{reverse(LIST)}?{query}").context["cl"].result_list]
    assert len(listed) >= 3
    walked: list[Any] = [listed[0]]
    while len(walked) < 9:
        address = reverse("admin:claims_claim_next", args=[walked[-1]])
        onward = client.get(address, {"_changelist_filters": query}).headers["Location"]
        if "/change/" not in onward:
            break
        walked.append(int(onward.split("/")[-3]))
    assert walked == listed


def test_a_claim_that_leaves_the_list_by_being_saved_does_not_end_the_queue(editor: Callable, claims: dict) -> None:
    client, kept = editor("fact-checker"), "o=-4&review_status__exact=new"
    later = make_claim(said_on=date(2026, 2, 1))
    address = reverse("admin:claims_claim_change", args=[claims["a"].pk])
    data = {"work-review_status": "done", "work-seen": "new:", "work-assignee": "", "_next": "1"}
    onward = client.post(f"{address}?_changelist_filters={kept.replace('&', '%26').replace('=', '%3D')}", data)
    assert f"/{later.pk}/change/" in onward.headers["Location"]
    claims["a"].refresh_from_db()
    assert claims["a"].review_status == "done"
