"""The list of corrections and the quality page: shares with their counts, for those who may see them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.services.corrections import accept_claim, correct_act, reject_claim, undo_correction
from tests.claims.admin.conftest import ROLES
from tests.claims.factories import make_claim, make_speaker, make_user

PAGE = "admin:claims_correction_quality"


def test_the_page_shows_counts_intervals_and_that_they_are_few(editor: Callable) -> None:
    client = editor()
    for number in range(5):
        claim = make_claim(make_speaker(), cue_text="Said")
        (reject_claim if number == 4 else accept_claim)(claim, actor=client.user)
    page = " ".join(client.get(reverse(PAGE)).content.decode().split())
    assert "From 5 decided claims in 5 articles, 0 of them reviewed to the end." in page
    assert "<strong>80.0 %</strong>" in page
    assert "4 of 5, 38 to 96 %" in page
    assert page.count("few</span>") > 1
    assert "no case yet" in page
    assert '<th scope="row">said</th>' in page
    assert "style=" not in page


def test_an_empty_desk_has_a_page_too(editor: Callable) -> None:
    page = editor().get(reverse(PAGE)).content.decode()
    assert "From 0 decided claims" in page
    assert "No decision yet." in page


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_it(role: str, editor: Callable) -> None:
    client = editor(role)
    expected = 200 if role in ROLES[2:] else 403
    assert client.get(reverse(PAGE)).status_code == expected
    assert client.get(reverse("admin:claims_correction_changelist")).status_code == expected


def test_the_list_tells_what_stands(editor: Callable) -> None:
    client, claim = editor(), make_claim(make_speaker(), text="The <dam> broke.")
    correct_act(claim, actor=client.user, act="question", reason="It asks.")
    undo_correction(claim, actor=client.user)
    page = client.get(reverse("admin:claims_correction_changelist")).content.decode()
    assert "The &lt;dam&gt; broke." in page
    assert "undone: Act" in page
    assert "It asks." in page
    assert reverse(PAGE) in page
    for name in ("add", "delete"):
        address = reverse(f"admin:claims_correction_{name}", args=[] if name == "add" else [1])
        assert client.get(address).status_code == 403


def test_one_correction_or_twenty_cost_the_same(editor: Callable) -> None:
    client, counts = editor(), []
    for rows in (1, 20):
        for _ in range(rows):
            accept_claim(make_claim(make_speaker()), actor=make_user("reviewer"))
        for address in (reverse("admin:claims_correction_changelist"), reverse(PAGE)):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
