"""Evidence: addresses that agree, use by several claims, and what rests on it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, Evidence, EvidenceLink
from claims.services import evidence as desk
from tests.claims.factories import make_claim, make_verdict

URL = "https://stats.example/mills/2026"


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        pytest.param(URL, URL, True, id="itself"),
        pytest.param(URL, "HTTP://WWW.Stats.example:80/mills/2026/", True, id="scheme, www, port and last slash"),
        pytest.param(URL, URL + "#table-3", True, id="a place in the page"),
        pytest.param(URL, URL + "?utm_source=letter&fbclid=1", True, id="tracking"),
        pytest.param(URL, URL + "?year=2025", False, id="but not another query"),
        pytest.param(URL, "https://stats.example/Mills/2026", False, id="but not a path in other letters"),
        pytest.param(URL, "https://data.stats.example/mills/2026", False, id="but not another host"),
        pytest.param(URL + "/a" * 300, URL + "/a" * 300, True, id="long, the same"),
        pytest.param(URL + "/a" * 300, URL + "/a" * 301, False, id="long, but not another"),
    ],
)
def test_two_spellings_of_an_address(first: str, second: str, is_same: bool) -> None:
    keys = desk.address_key(first), desk.address_key(second)
    assert (keys[0] == keys[1]) is is_same
    assert max(map(len, keys)) <= 255


def test_evidence_is_stored_and_used(claim: Claim, checker: User) -> None:
    link = desk.add_evidence(
        claim,
        author=checker,
        url=f"{URL}?utm_source=letter",
        title=" Mills ",
        passage="Four mills closed.",
        stance="refutes",
        archived_url="https://archive.example/1",
        accessed_on=date(2026, 3, 1),
    )

    stored = link.evidence
    assert (stored.url, stored.title, stored.author, link.stance) == (URL, "Mills", checker, "refutes")
    actions = Change.objects.filter(claim=claim).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["add_evidence", "link_evidence"]


def test_it_is_used_for_further_claims_with_another_stance(claim: Claim, checker: User) -> None:
    first = desk.add_evidence(claim, author=checker, url=URL, stance="refutes")
    other = make_claim()

    second = desk.link_evidence(first.evidence, claim=other, actor=checker, stance="supports")
    with pytest.raises(Conflict, match="uses that evidence already"):
        desk.link_evidence(first.evidence, claim=other, actor=checker)

    assert Evidence.objects.count() == 1
    assert set(first.evidence.claims.all()) == {claim, other}
    assert (first.stance, second.stance) == ("refutes", "supports")
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceLink.objects.create(evidence=first.evidence, claim=other, added_by=checker)


def test_what_rests_on_an_address(claim: Claim, checker: User) -> None:
    desk.add_evidence(claim, author=checker, url=URL)
    other = make_claim()
    desk.add_evidence(other, author=checker, url=f"{URL}/#page-2", passage="Another passage.")
    resting = [make_verdict(claim), make_verdict(other, state="proposed")]
    make_verdict(claim, state="draft")
    make_verdict()

    assert list(desk.verdicts_resting_on("http://www.stats.example/mills/2026/")) == resting[::-1]
    assert not desk.verdicts_resting_on("https://stats.example/").exists()


def test_changes_are_kept(claim: Claim, checker: User, reviewer: User) -> None:
    link = desk.add_evidence(claim, author=checker, url=URL, title="Mils")
    desk.edit_evidence(link.evidence, actor=reviewer, title="Mills", url="https://stats.example/new")
    desk.edit_evidence(link.evidence, actor=reviewer, title="Mills")
    desk.set_stance(link, actor=reviewer, stance="supports")
    desk.set_stance(link, actor=reviewer, stance="supports")
    link.evidence.refresh_from_db()
    assert link.evidence.url_key == "stats.example/new"

    desk.unlink_evidence(link, actor=reviewer, reason="Of another year.")

    assert not EvidenceLink.objects.exists()
    assert Evidence.objects.exists()
    changes = Change.objects.filter(actor=reviewer).order_by("id")
    assert [(one.action, one.reason) for one in changes] == [
        ("edit_evidence", ""),
        ("set_stance", ""),
        ("unlink_evidence", "Of another year."),
    ]
    assert (changes[0].before["title"], changes[0].after["title"]) == ("Mils", "Mills")


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        pytest.param({"url": "stats.example"}, "url", "must begin with http", id="no scheme"),
        pytest.param({"url": "javascript:alert(1)"}, "url", "must begin with http", id="a script"),
        pytest.param({"archived_url": "data:x"}, "archived_url", "`archived_url`", id="archived at no address"),
        pytest.param({"stance": "proves"}, "stance", "supports, refutes, context", id="stance"),
        pytest.param({"title": "t" * 301}, "title", "at most 300", id="title too long"),
        pytest.param({"passage": "p" * 20_001}, "passage", "at most 20,000", id="passage too long"),
        pytest.param({"accessed_on": "tomorrow"}, "accessed_on", "not yet there", id="read tomorrow"),
    ],
)
def test_wrong_values_are_named(values: dict[str, Any], field: str, says: str, claim: Claim, checker: User) -> None:
    if "accessed_on" in values:
        values = {"accessed_on": timezone.localdate() + timedelta(days=1)}
    with pytest.raises(InvalidValue, match=says) as caught:
        desk.add_evidence(claim, author=checker, **({"url": URL} | values))
    assert caught.value.field == field
    assert not Change.objects.exists()


def test_a_field_that_it_does_not_have(claim: Claim, checker: User) -> None:
    link = desk.add_evidence(claim, author=checker, url=URL)
    with pytest.raises(InvalidValue, match="no field 'stance'"):
        desk.edit_evidence(link.evidence, actor=checker, stance="supports")


ACTIONS: dict[str, Callable[[EvidenceLink, User], object]] = {
    "add": lambda link, who: desk.add_evidence(link.claim, author=who, url=URL),
    "link": lambda link, who: desk.link_evidence(link.evidence, claim=make_claim(), actor=who),
    "edit": lambda link, who: desk.edit_evidence(link.evidence, actor=who, title="x"),
    "set a stance": lambda link, who: desk.set_stance(link, actor=who, stance="refutes"),
    "unlink": lambda link, who: desk.unlink_evidence(link, actor=who),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_reader_may_none_of_it(action: str, claim: Claim, checker: User, reader: User) -> None:
    link = desk.add_evidence(claim, author=checker, url=URL)
    with pytest.raises(NotAllowed, match="evidence"):
        ACTIONS[action](link, reader)
    ACTIONS[action](link, checker)
