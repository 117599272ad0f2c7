"""Every admin list: what it shows, and that twenty rows cost the queries of one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin.paging import LookaheadPaginator
from claims.models import Claim, Correction, Erasure, Evidence, Rating, Speaker, Tag
from claims.services.history import record_change
from claims.services.looks import note_look
from claims.services.merging import merge_speakers
from claims.services.saved_filters import save_filter
from claims.services.tokens import create_token
from sources.models import Article
from tests.claims.factories import (
    make_article,
    make_claim,
    make_delivery,
    make_external_review,
    make_note,
    make_source,
    make_speaker,
    make_user,
    make_verdict,
)

LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in site._registry
    if model._meta.app_label in {"claims", "sources"}
)


def ids(response: Any) -> list[int]:
    return [row.pk for row in response.context["cl"].result_list]


def one_of_everything(number: int, actor: Any) -> None:
    source = make_source(f"Outlet of list {number}")
    article = make_article(source)
    speaker = make_speaker(f"Norah Quell{number}", f"Quell{number}")
    claim = make_claim(speaker, make_speaker(), article=article, assignee=actor)
    make_claim(article=article)
    tag = Tag.objects.create(name=f"tag {number}", key=f"tag {number}")
    tag.links.create(claim=claim, added_by=actor)
    save_filter(actor=actor, name=f"Filter {number}", query=f"tag={tag.pk}")
    make_note(claim, author=actor)
    make_verdict(claim, author=actor, reviewer=actor)
    make_verdict(claim, author=actor, state="draft")
    Rating.objects.create(
        scale_id=Rating.objects.first().scale_id,
        label=f"Step {number}",
        slug=f"step-{number}",
        order=100 + number,
        colour="#112233",
    )
    merge_speakers(make_speaker(), into=speaker, actor=actor, reason="the same")
    create_token(actor)
    make_external_review()
    evidence = Evidence.objects.create(url=f"https://record.example/{number}", url_key=f"{number}", author=actor)
    evidence.links.create(claim=claim, added_by=actor)
    values = {"field": "kind", "before": {"kind": "indirect"}, "after": {"kind": "mixed"}}
    Correction.objects.create(claim=claim, author=actor, **values)
    Erasure.objects.create(speaker=make_speaker(), reason="Asked to.", quotes_kept=False, actor=actor)
    make_delivery()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_queries_for_one_row_and_for_twenty(name: str, editor: Callable) -> None:
    actor = make_user(is_superuser=True, is_staff=True)
    client, address = editor(user=actor), reverse(f"admin:{name}_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200
        assert response.context["cl"].result_list
        return len(captured)

    one_of_everything(0, actor)
    client.get(address)  # content types and the like are read once a process
    few = queries()
    for number in range(1, 21):
        one_of_everything(number, actor)
    assert queries() == few


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="the list as it opens"),
        pytest.param("speaker={speaker}&source={source}", id="by an absorbed speaker and an outlet, both named"),
        pytest.param("tag={tag}&rating=false&assignee={me}&notes=any", id="by what is chosen from"),
        pytest.param("desk=changed&min_confidence=0.6&q=number&o=-5", id="by what is computed, searched and sorted"),
    ],
)
def test_the_triage_list_takes_under_ten_queries(query: str, editor: Callable) -> None:
    client = editor("reviewer")
    speaker, absorbed, source = make_speaker(), make_speaker(), make_source()
    claim = make_claim(speaker, article=make_article(source))
    merge_speakers(absorbed, into=speaker, actor=make_user("desk admin"), reason="the same")
    make_verdict(claim)
    tag = Tag.objects.create(name="flood", key="flood")
    tag.links.create(claim=claim, added_by=client.user)
    save_filter(actor=client.user, name="Floods", query=f"tag={tag.pk}")
    query = query.format(speaker=absorbed.pk, source=source.pk, tag=tag.pk, me=client.user.pk)
    address = reverse("admin:claims_claim_changelist")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{address}?{query}")
    assert response.status_code == 200
    assert len(captured) < 10, [one["sql"][:90] for one in captured]


def test_the_triage_list_shows_what_an_editor_sorts_by(editor: Callable) -> None:
    client = editor("reviewer")
    claim = make_claim(make_speaker("Ilse Marrow"), text="the bridge is closed", assignee=client.user)
    make_note(claim)
    make_verdict(claim, rating="misleading")
    page = client.get(reverse("admin:claims_claim_changelist")).content.decode()
    for shown in ("the bridge is closed", "Ilse Marrow", claim.article.source.name, "1 Mar 2026", "0.90", "Misleading"):
        assert shown in page
    assert client.user.username in page.split("<tbody>")[1]


@pytest.fixture
def desk(editor: Callable) -> tuple[Client, dict[str, Claim]]:
    """A reviewer, and claims that differ in one thing each."""
    client = editor("reviewer")
    speaker, other = make_speaker("Ilse Marrow", "Dr Marrow-Finch"), make_speaker("Tomas Vell")
    source = make_source("The Kestrel")
    rows = {
        "plain": make_claim(speaker, text="plain words about ferries", said_on=date(2026, 3, 9)),
        "other speaker": make_claim(other, said_on=date(2026, 3, 8)),
        "joint": make_claim(speaker, other, said_on=date(2026, 3, 7)),
        "other source": make_claim(other, article=make_article(source), said_on=date(2026, 3, 6)),
        "question": make_claim(other, act="question", said_on=date(2026, 3, 5)),
        "attitude": make_claim(other, act="attitude", said_on=date(2026, 3, 4)),
        "direct": make_claim(other, kind="direct", confidence=0.95, said_on=date(2026, 3, 3)),
        "done": make_claim(other, review_status="done", said_on=date(2026, 3, 2)),
        "mine": make_claim(other, assignee=client.user, said_on=date(2026, 3, 1)),
        "rated": make_claim(other, said_on=date(2026, 2, 28)),
        "unnamed": make_claim(confidence=0.3, said_on=date(2026, 2, 27)),
        "unresolved": make_claim(speaker_status="unresolved", said_on=date(2026, 2, 26)),
        "orphaned": make_claim(other, alignment="vanished", review_status="done", said_on=date(2026, 2, 26)),
        "gone": make_claim(other, alignment="vanished", is_current=False, said_on=date(2026, 2, 25)),
    }
    rows["relayed"] = make_claim(speaker, within=rows["plain"], said_on=date(2026, 2, 24))
    verdict = make_verdict(rows["rated"], rating="half-true", state="proposed")
    values = {"rating": verdict.rating, "first_rating": verdict.rating, "is_blind": True, "comment": "No."}
    now = timezone.now()
    verdict.opinions.create(reviewer=make_user(), decision="disagrees", decided_at=now, **values)
    make_note(rows["joint"])
    make_note(rows["done"], kind="question")
    Tag.objects.create(name="flood", key="flood").links.create(claim=rows["plain"], added_by=client.user)
    Claim.objects.filter(pk=rows["other source"].pk).update(created_at=now - timedelta(days=4))
    for name in ("attitude", "direct"):
        note_look(client.user, rows[name].pk)
    record_change(rows["attitude"], "assign", actor=make_user(), claim_id=rows["attitude"].pk)
    record_change(rows["direct"], "assign", actor=client.user, claim_id=rows["direct"].pk)  # one's own is no news
    return client, rows


FILTERS = [
    pytest.param("", "-question -relayed -gone", id="first statements and attitudes, said directly"),
    pytest.param("act=all", "-relayed -gone", id="all acts"),
    pytest.param("act=question", "question", id="one act"),
    pytest.param("relayed=all&act=all", "-gone", id="with relayed ones"),
    pytest.param("relayed=yes", "relayed", id="relayed ones only"),
    pytest.param("speaker={Ilse Marrow}", "plain joint", id="by speaker: joint ones too"),
    pytest.param("source={The Kestrel}", "other_source", id="by source"),
    pytest.param("kind__exact=direct", "direct", id="by kind"),
    pytest.param("review_status__exact=done", "done orphaned", id="by status"),
    pytest.param("speaker_status__exact=unnamed", "unnamed", id="by speaker status"),
    pytest.param("min_confidence=0.91", "direct", id="by confidence: at least"),
    pytest.param("min_confidence=0.95", "direct", id="by confidence: the threshold itself included"),
    pytest.param("min_confidence=0.3", "-question -relayed -gone", id="high recall: nearly all"),
    pytest.param("min_confidence=0.9", "-question -relayed -gone -unnamed", id="high precision"),
    pytest.param("assignee={me}", "mine", id="by assignee"),
    pytest.param("tag={flood}", "plain", id="by tag"),
    pytest.param("notes=any", "joint done", id="with notes"),
    pytest.param("notes=question", "done", id="with a question"),
    pytest.param("notes=none", "-question -relayed -gone -joint -done", id="without notes"),
    pytest.param("desk=unresolved", "unresolved", id="speaker unresolved, but not unnamed"),
    pytest.param("desk=disputed", "rated", id="editors disagree"),
    pytest.param("desk=changed", "attitude", id="changed since I looked"),
    pytest.param("added=yesterday", "-question -relayed -gone -other_source", id="since yesterday"),
    pytest.param("added=week", "-question -relayed -gone", id="in the last seven days"),
    pytest.param("desk=mine", "mine", id="mine"),
    pytest.param("desk=unassigned", "-question -relayed -gone -mine", id="unassigned"),
    pytest.param("desk=orphaned", "orphaned", id="orphaned, but not what nobody touched"),
    pytest.param("rating=half-true", "rated", id="by rating"),
    pytest.param("rating=true", "", id="by a rating that none has"),
    pytest.param("verdict=proposed", "rated", id="by state of the verdict"),
    pytest.param("verdict=none", "-question -relayed -gone -rated", id="without a verdict"),
    pytest.param("said_on__gte=2026-03-08", "plain other_speaker", id="from a day on, that day included"),
    pytest.param("said_on__lte=2026-02-26", "orphaned unresolved", id="up to a day, that day included"),
    pytest.param("q=FERRIES words", "plain", id="search: all words, in any order and case"),
    pytest.param("q=ferries trains", "", id="search: but not some words only"),
    pytest.param("q=tomas vell&act=question", "question", id="search by speaker"),
    pytest.param("q=marrow finch", "plain joint", id="search by alias"),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(query: str, expected: str, desk: tuple[Client, dict[str, Claim]]) -> None:
    client, rows = desk
    query = query.replace("{Ilse Marrow}", str(Speaker.objects.get(name="Ilse Marrow").pk))
    query = query.replace("{me}", str(client.user.pk)).replace("{flood}", str(Tag.objects.get().pk))  # type: ignore[attr-defined]
    query = query.replace("{The Kestrel}", str(Article.objects.get(source__name="The Kestrel").source_id))
    words = [word.replace("_", " ") for word in expected.split()]
    left_out = {word[1:] for word in words if word.startswith("-")}
    wanted = set(rows) - left_out if left_out else set(words)
    response = client.get(f"{reverse('admin:claims_claim_changelist')}?{query}")
    assert response.status_code == 200
    by_id = {claim.pk: name for name, claim in rows.items()}
    assert {by_id[pk] for pk in ids(response)} == wanted
    assert ids(response) == sorted(ids(response), key=lambda pk: rows[by_id[pk]].said_on, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "speaker=ilse",
        "source=²",
        "said_on__gte=yesterday",
        "act=shout",
        "desk=yours",
        "rating=maybe",
        "verdict=x",
        "min_confidence=very",
        "min_confidence=1.5",
        "min_confidence=nan",
        "assignee=999999",
        "tag=flood",
        "notes=loud",
        "added=never",
        "speeker=1",
    ],
)
def test_a_wrong_filter_is_refused_not_ignored(query: str, editor: Callable) -> None:
    address = reverse("admin:claims_claim_changelist")
    response = editor("reviewer").get(f"{address}?{query}")
    assert (response.status_code, response.headers["Location"]) == (302, f"{address}?e=1")


def test_a_merged_speakers_id_still_filters(editor: Callable) -> None:
    client = editor("desk admin")
    old, middle, survivor = make_speaker(), make_speaker(), make_speaker()
    claim = make_claim(old)
    merge_speakers(old, into=middle, actor=client.user, reason="the same")
    merge_speakers(middle, into=survivor, actor=client.user, reason="the same")
    response = client.get(f"{reverse('admin:claims_claim_changelist')}?speaker={old.pk}")
    assert ids(response) == [claim.pk]


def test_filter_fields_carry_the_other_filters_along(editor: Callable) -> None:
    speaker = make_speaker()
    address = reverse("admin:claims_claim_changelist")
    page = editor("reviewer").get(f"{address}?speaker={speaker.pk}&desk=mine&q=x&p=1").content.decode()
    form = page.split('data-filter-title="source"')[1].split("</form>")[0]
    assert f'name="speaker" value="{speaker.pk}"' in form
    assert 'name="desk" value="mine"' in form
    assert 'name="q" value="x"' in form
    assert 'name="p"' not in form


@pytest.mark.parametrize(
    ("asked", "count", "has_more"),
    [pytest.param(1, 22, True, id="ten pages on, no further"), pytest.param(20, 60, False, id="then the exact number")],
)
def test_counting_stops_a_few_pages_ahead(asked: int, count: int, has_more: bool, db: None) -> None:
    article = make_article()
    for _ in range(60):
        make_claim(article=article)
    paginator = LookaheadPaginator(Claim.objects.order_by("-pk"), 2, asked=asked)
    assert (paginator.count, paginator.has_more) == (count, has_more)


def test_no_list_of_claims_counts_the_table(editor: Callable) -> None:
    make_claim(make_speaker())
    client = editor("reviewer")
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("admin:claims_claim_changelist"))
    counting = [query["sql"] for query in captured if query["sql"].startswith("SELECT COUNT(")]
    assert counting
    assert all("LIMIT" in sql for sql in counting)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", {"Ilse Marrow", "Hidden Person"}, id="not merged"),
        pytest.param("standing=merged", {"Old Name"}, id="merged"),
        pytest.param("standing=hidden", {"Hidden Person"}, id="hidden"),
        pytest.param("q=dr. márrow finch", {"Ilse Marrow"}, id="by alias, accents aside"),
        pytest.param("q=ilse", {"Ilse Marrow"}, id="by a part of the name"),
        pytest.param("q=vell", set(), id="nobody"),
    ],
)
def test_speakers_are_found_by_standing_and_alias(query: str, expected: set[str], editor: Callable) -> None:
    client = editor("desk admin")
    survivor = make_speaker("Ilse Marrow", "Dr Marrow-Finch")
    make_speaker("Hidden Person", is_hidden=True)
    merge_speakers(make_speaker("Old Name"), into=survivor, actor=client.user, reason="the same")
    response = client.get(f"{reverse('admin:claims_speaker_changelist')}?{query}")
    assert {row.name for row in response.context["cl"].result_list} == expected


def test_the_speaker_filter_is_searched_for_by_every_role(editor: Callable) -> None:
    speaker = make_speaker("Ilse Marrow", "Dr Marrow-Finch")
    query = "app_label=claims&model_name=claim&field_name=speakers&term=finch"
    answer = editor("contributor").get(f"{reverse('admin:autocomplete')}?{query}").json()
    assert answer["results"] == [{"id": str(speaker.pk), "text": "Ilse Marrow"}]
