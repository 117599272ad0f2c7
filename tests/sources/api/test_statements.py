"""Statements made once for a shape: the same rows as a queryset gives, whatever the values, prepared or not."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Claim, Speaker
from sources.api.statements import AnyOf, Kept, Slot, Slots, Statement, as_stored, statements
from tests.claims.factories import make_claim, make_speaker


@pytest.mark.django_db
class TestSlots:
    def test_one_statement_for_all_values(self) -> None:
        rows = {make_claim(said_on=date(2026, 1, day)).pk: day for day in (1, 2, 3)}
        statement = Statement(Claim.objects.filter(said_on__lte=Slot("day")).order_by("id").values_list("id"))
        for last in (0, 1, 2, 3):
            found = statement.rows({"day": date(2026, 1, last) if last else date(2025, 1, 1)})
            assert [pk for (pk,) in found] == [pk for pk, day in rows.items() if day <= last]

    def test_values_are_bound_and_never_read_as_sql(self) -> None:
        claim = make_claim(text="100% 'sure'; DROP TABLE x --")
        statement = Statement(Claim.objects.filter(text=Slot("text")).values_list("id"))
        assert statement.rows({"text": claim.text}) in ([(claim.pk,)], [[claim.pk]])
        assert statement.rows({"text": "%s"}) == []
        assert "DROP" not in statement.sql

    @pytest.mark.parametrize("number", [0, 1, 7, 500])
    def test_any_of_however_many(self, number: int) -> None:
        ids = sorted(make_speaker().pk for _ in range(3))
        statement = Statement(Speaker.objects.filter(AnyOf(F("pk"), Slot("ids"))).order_by("id").values_list("id"))
        asked = (ids * number)[:number]
        assert [pk for (pk,) in statement.rows({"ids": asked})] == sorted(set(asked))

    def test_several_slots_are_a_list(self) -> None:
        first, second, third = (make_claim().pk for _ in range(3))
        queryset = Claim.objects.filter(article_id__in=Slots(Slot("a"), Slot("b"))).order_by("id").values_list("id")
        article = {pk: Claim.objects.get(pk=pk).article_id for pk in (first, second, third)}
        rows = Statement(queryset).rows({"a": article[first], "b": article[third]})
        assert [pk for (pk,) in rows] == [first, third]

    def test_nothing_can_be_found_and_nothing_is_asked(self) -> None:
        statement = Statement(Claim.objects.filter(pk__in=[]).values_list("id"))
        with CaptureQueriesContext(connection) as captured:
            assert statement.rows({}) == []
        assert not captured.captured_queries

    def test_counting(self) -> None:
        make_claim(kind="direct")
        make_claim()
        counted = Statement(Claim.objects.filter(kind=Slot("kind")).order_by("text"), is_count=True)
        assert [tuple(counted.rows({"kind": kind})[0]) for kind in ("direct", "indirect", "mixed")] == [
            (1,),
            (1,),
            (0,),
        ]

    def test_values_as_python_has_them(self) -> None:
        at = datetime(2026, 2, 1, 9, 30, 0, 5, tzinfo=UTC)
        claim = make_claim(said_on=date(2026, 2, 1))
        Claim.objects.filter(pk=claim.pk).update(created_at=at)
        columns = ("spans", "said_on", "created_at", "is_current", "confidence", "within")
        (row,) = Statement(Claim.objects.values_list(*columns), is_raw=False).rows({})
        assert list(row) == [claim.spans, date(2026, 2, 1), at, True, 0.9, None]


@pytest.mark.django_db
class TestSettling:
    """What is kept for all readers has the service's own values in its text, and readers' values never."""

    def test_constants_are_written_and_slots_are_not(self) -> None:
        claim = make_claim(kind="direct")
        make_claim(kind="mixed")
        rows = Claim.objects.filter(kind="direct", depth=0, text=Slot("text")).values_list("id")
        statement = Statement(rows)
        statement.settle()
        assert "'direct'" in statement.sql
        assert statement.params == (statement.params[0],)
        assert [pk for (pk,) in statement.rows({"text": claim.text})] == [claim.pk]
        assert statement.rows({"text": "' OR 1=1 --"}) == []

    def test_what_could_be_more_than_a_word_stays_a_parameter(self) -> None:
        claim = make_claim(text="it's 100% sure")
        statement = Statement(Claim.objects.filter(text="it's 100% sure").values_list("id"))
        statement.settle()
        assert statement.params == ("it's 100% sure",)
        assert [pk for (pk,) in statement.rows({})] == [claim.pk]

    def test_watched_or_not_the_rows_are_the_same(self) -> None:
        make_claim(said_on=date(2026, 1, 1))
        columns = ("id", "text", "spans", "is_current", "created_at")
        statement = Statement(as_raw(Claim.objects.filter(kind__in=["indirect", "direct"]), columns))
        unwatched = orjson.dumps(list(statement.rows({})))
        with CaptureQueriesContext(connection) as captured:
            assert orjson.dumps(list(statement.rows({}))) == unwatched
        assert len(captured.captured_queries) == 1


def as_raw(queryset: Any, columns: tuple[str, ...]) -> Any:
    return queryset.values_list(*as_stored(queryset, columns))


class TestKept:
    def test_made_once_and_forgotten_by_age(self) -> None:
        kept, made = Kept(2), []

        def make(key: str) -> Any:
            made.append(key)
            return _Settled(key)

        assert [kept.get(key, lambda key=key: make(key)).name for key in "ababca"] == list("ababca")  # type: ignore[attr-defined,misc]
        assert made == ["a", "b", "c", "a"]


class _Settled:
    def __init__(self, name: str) -> None:
        self.name = name

    def settle(self) -> None:
        """Nothing to write."""


@pytest.mark.django_db
class TestReuse:
    """Two requests of one shape share a statement; the answer is always that of a queryset made for it."""

    def test_a_second_reader_compiles_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = APIClient()
        speakers = [make_speaker() for _ in range(3)]
        claims = [make_claim(speaker) for speaker in speakers]
        client.get(f"/api/v1/claims/?speaker={speakers[0].pk}&kind=indirect")
        made: list[Any] = []
        monkeypatch.setattr(statements, "get", _watched(statements.get, made))
        for speaker, claim in zip(speakers, claims, strict=True):
            rows = client.get(f"/api/v1/claims/?speaker={speaker.slug}&kind=indirect").json()["results"]
            assert [row["id"] for row in rows] == [claim.pk]
        assert made == []

    @pytest.mark.parametrize(
        "query",
        ["kind=direct", "kind=mixed", "kind__in=direct,mixed", "kind__in=direct", "article={article}", "kind!=direct"],
    )
    def test_each_value_finds_its_own(self, query: str) -> None:
        client = APIClient()
        kinds = {make_claim(kind=kind, article=None).pk: kind for kind in ("direct", "mixed", "indirect")}
        last = Claim.objects.get(pk=max(kinds))
        found = client.get(f"/api/v1/claims/?{query.format(article=last.article_id)}").json()["results"]
        wanted = {
            "kind=direct": {"direct"},
            "kind=mixed": {"mixed"},
            "kind__in=direct,mixed": {"direct", "mixed"},
            "kind__in=direct": {"direct"},
            "article={article}": {"indirect"},
            "kind!=direct": {"mixed", "indirect"},
        }[query]
        assert {kinds[row["id"]] for row in found} == wanted


def _watched(get: Any, made: list[Any]) -> Any:
    def watching(key: Any, make: Any) -> Any:
        return get(key, lambda: made.append(key) or make())

    return watching


@pytest.mark.django_db(transaction=True)
class TestPrepared:
    """On PostgreSQL a page that is asked again is prepared; on SQLite the driver keeps what it compiled."""

    def test_the_same_rows_before_and_after(self) -> None:
        client = APIClient()
        speaker = make_speaker(slug="ada")
        for day in range(1, 8):
            make_claim(speaker, said_on=date(2026, 1, day))
        url = "/api/v1/claims/?speaker=ada&page_size=3"
        first = client.get(url).json()
        for _ in range(4):
            page = client.get(url).json()
            assert page == first
            assert len(client.get(page["next"]).json()["results"]) == 3
        if connection.vendor == "postgresql":
            assert _prepared() > 0

    @pytest.mark.parametrize(
        "query",
        [
            *("", "ordering=said_on", "ordering=-confidence", "kind=direct", "kind__in=direct,mixed", "kind!=mixed"),
            *("article=1,2", "source=1", "said_on__gte=2026-01-01", "said_on__isnull=true", "search=claim", "depth=1"),
            *("speaker=ada,bea", "speaker!=ada", "speaker_name=Ada", "count=true", "fields=id"),
        ],
        ids=lambda query: query or "none",
    )
    def test_every_shape_of_question(self, query: str) -> None:
        client = APIClient()
        make_claim(make_speaker(slug="ada"), make_speaker(slug="bea"), kind="direct", said_on=date(2026, 1, 2))
        make_claim(said_on=None)
        answers = [client.get(f"/api/v1/claims/?page_size=1&{query}") for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        pages = [answer.json() for answer in answers]
        assert all(page["results"] == pages[0]["results"] for page in pages)
        if pages[0]["next"]:
            assert {client.get(pages[0]["next"]).status_code for _ in range(5)} == {200}

    def test_a_lost_statement_is_no_error(self) -> None:
        client = APIClient()
        make_claim(make_speaker(slug="ada"))
        url = "/api/v1/claims/?speaker=ada"
        answers = [client.get(url).json() for _ in range(4)]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
        answers.append(client.get(url).json())
        answers.append(client.get(url).json())
        assert all(answer == answers[0] for answer in answers)


def _prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])
