"""The start page: heaps by whose they are, counted no further than a thousand, at the same cost on every day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin.counting import Count, bounded_counts
from claims.models import Claim, Verdict
from claims.services.history import record_change
from claims.services.looks import note_look
from claims.services.saved_filters import save_filter
from tests.claims.factories import make_article, make_claim, make_speaker, make_user, make_verdict

START = "admin:index"


def heaps(client: Client) -> dict[str, str]:
    """What the page shows: count by label."""
    page = client.get(reverse(START)).content.decode()
    found = {}
    for part in page.split('<ul class="ct-heaps">')[1:]:
        for item in part.split("</ul>")[0].split("<li>")[1:]:
            count, label = item.split("<strong>")[1].split("</strong>")[0], item.split("<span>")[1].split("</span>")[0]
            found[label] = count
    return found


@pytest.fixture
def desk(editor: Callable) -> Client:
    """A reviewer, and one claim for each heap."""
    client = editor("reviewer")
    old = timezone.now() - timedelta(days=30)
    make_claim(make_speaker(), assignee=client.user, review_status="in_review")
    make_claim(make_speaker(), assignee=client.user, review_status="done")
    changed = make_claim(make_speaker(), review_status="done")
    note_look(client.user, changed.pk)
    record_change(changed, "assign", actor=make_user(), claim_id=changed.pk)
    make_claim(make_speaker(), act="topic")  # not of the first acts
    make_claim(make_speaker(), review_status="done", alignment="vanished")
    make_claim(speaker_status="ambiguous", review_status="out_of_scope")
    disputed = make_verdict(make_claim(review_status="second_check"), state="proposed")
    values = {"rating": disputed.rating, "first_rating": disputed.rating, "is_blind": True, "comment": "No."}
    disputed.opinions.create(reviewer=make_user(), decision="disagrees", decided_at=timezone.now(), **values)
    sealed = make_verdict(make_claim(review_status="done"), state="proposed", rating="unproven")
    sealed.rating.scale.needs_second_check = True
    sealed.rating.scale.save()
    disputed.opinions.create(reviewer=client.user, decision="open", **values)
    recent, late = (make_verdict(make_claim(review_status="done")) for _ in range(2))
    Verdict.objects.filter(pk=recent.pk).update(published_at=timezone.now() - timedelta(days=1))
    Verdict.objects.filter(pk=late.pk).update(published_at=old)
    Claim.objects.update(created_at=old)
    make_claim(make_speaker())
    return client


def test_each_heap_counts_its_own(desk: Client) -> None:
    assert heaps(desk) == {
        "assigned to me and open": "1",
        "changed since I looked": "1",
        "for my second rating": "1",
        "verdicts to publish": "1",
        "new since yesterday": "1",
        "new": "1",
        "in review": "1",
        "for a second check": "1",
        "editors disagree": "1",
        "speaker unresolved": "1",
        "no longer found": "1",
        "published this week": "1",
    }


def test_each_heap_leads_to_a_list_of_as_many(desk: Client) -> None:
    page = desk.get(reverse(START)).content.decode()
    parts = [
        item for part in page.split('<ul class="ct-heaps">')[1:] for item in part.split("</ul>")[0].split("<li>")[1:]
    ]
    assert len(parts) == 12
    for item in parts:
        address = item.split('href="')[1].split('"')[0].replace("&amp;", "&")
        count = int(item.split("<strong>")[1].split("</strong>")[0])
        assert desk.get(address).context["cl"].result_count == count, address


def test_saved_filters_stand_there_with_their_counts_but_not_stale_ones(editor: Callable) -> None:
    client, speaker = editor("fact-checker"), make_speaker()
    make_claim(speaker)
    make_claim(speaker, review_status="done")
    save_filter(actor=client.user, name="Hers", query=f"speaker={speaker.pk}")
    save_filter(actor=client.user, name="Hers and done", query=f"speaker={speaker.pk}&review_status__exact=done")
    save_filter(actor=client.user, name="Stale", query="colour=blue")
    save_filter(actor=make_user("fact-checker"), name="Private", query="desk=mine")
    save_filter(actor=make_user("reviewer"), name="Shared", query="desk=unassigned", is_shared=True)
    found = heaps(client)
    assert {name: found.get(name) for name in ("Hers", "Hers and done", "Stale", "Private", "Shared")} == {
        "Hers": "2",
        "Hers and done": "1",
        "Stale": None,
        "Private": None,
        "Shared": "2",
    }


def test_the_page_costs_the_same_with_nothing_and_with_much(editor: Callable) -> None:
    client = editor("reviewer")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(START)).status_code == 200
        return [query["sql"] for query in captured]

    queries()
    few = len(queries())
    article, speaker = make_article(), make_speaker()
    for number in range(12):
        make_verdict(make_claim(speaker, article=article, assignee=client.user))
        save_filter(
            actor=client.user, name=f"Filter {number}", query=f"speaker={speaker.pk}&rating=false&sort={number}"[:40]
        )
    many = queries()
    assert len(many) == few < 13
    counting = [sql for sql in many if "COUNT(" in sql]
    assert counting
    assert all(sql.count("COUNT(*) FROM (") == sql.count("LIMIT 1001") for sql in counting)


@pytest.mark.parametrize(
    ("role", "is_there", "is_not"),
    [
        pytest.param("contributor", ["new", "published this week"], ["verdicts to publish"], id="contributor"),
        pytest.param("fact-checker", ["assigned to me and open"], ["verdicts to publish"], id="fact-checker"),
        pytest.param("reviewer", ["verdicts to publish"], [], id="reviewer"),
    ],
)
def test_who_sees_which_heap(role: str, is_there: list[str], is_not: list[str], editor: Callable) -> None:
    found = heaps(editor(role))
    assert set(is_there) <= set(found)
    assert not set(is_not) & set(found)


def test_who_may_see_no_claims_sees_none(editor: Callable) -> None:
    page = editor(user=make_user(is_staff=True)).get(reverse(START)).content.decode()
    assert "ct-heaps" not in page
    assert "ct-chart" not in page


def test_the_charts_show_arrivals_and_publications(editor: Callable) -> None:
    client = editor("reviewer")
    for _ in range(3):
        make_claim()
    verdict = make_verdict(make_claim())
    Verdict.objects.filter(pk=verdict.pk).update(published_at=timezone.now())
    page = client.get(reverse(START)).content.decode()
    today = timezone.localtime().strftime("%-d %b")
    arrivals, published = page.split("<figure")[1:3]
    assert f"<title>{today}: 4</title>" in arrivals
    assert f"<title>{today}: 1</title>" in published
    assert arrivals.count('<th scope="row">') == 14


def test_bounded_counts_in_one_query_and_no_further(db: None) -> None:
    article = make_article()
    for number in range(5):
        make_claim(article=article, kind="direct" if number < 2 else "indirect")
    asked: list[Any] = [
        Claim.objects.all(),
        Claim.objects.filter(kind="direct"),
        Claim.objects.none(),
        Claim.objects.filter(text__contains="50%"),
    ]
    with CaptureQueriesContext(connection) as captured:
        found = bounded_counts(asked, most=3)
    assert found == [Count(3, True), Count(2), Count(0), Count(0)]
    assert [str(count) for count in found] == ["3+", "2", "0", "0"]
    assert len(captured) == 1
