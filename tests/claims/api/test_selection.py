"""`fields`, `omit` and `expand`: what is asked for and nothing else, read and shown to those who may see it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.claims.factories import make_claim, make_note, make_source, make_speaker, make_user, make_verdict

pytestmark = pytest.mark.django_db

LISTS = ["claims", "speakers", "sources", "articles", "notes", "verdicts", "ratings"]


@pytest.fixture
def claim() -> Any:
    """A claim with everything that can be expanded."""
    claim = make_claim(make_speaker("Ada Quill", "Mayor Quill"), make_speaker("Berit Sand"))
    make_verdict(claim, summary="Half of it is.")
    make_note(claim, text="For all to read.", is_public=True)
    make_note(claim, text="Only for the desk.")
    return claim


def first(client: APIClient, query: str, noun: str = "claims") -> dict[str, Any]:
    answer = client.get(f"/api/v1/{noun}/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"][0]


class TestFields:
    @pytest.mark.parametrize("noun", LISTS)
    def test_a_field_is_the_same_alone(self, anyone: APIClient, claim, noun: str) -> None:
        whole = first(anyone, "", noun)
        for name in whole:
            assert first(anyone, f"fields={name}", noun) == {name: whole[name]}

    @pytest.mark.parametrize("noun", LISTS)
    def test_what_is_left_out_is_all_that_is_missing(self, anyone: APIClient, claim, noun: str) -> None:
        whole = first(anyone, "", noun)
        for name in whole:
            assert first(anyone, f"omit={name}", noun) == {key: whole[key] for key in whole if key != name}

    @pytest.mark.parametrize(
        "ordering", ["-said_on", "said_on", "-confidence", "created_at", "-modified_at", "id", "-id"]
    )
    def test_pages_go_on_without_the_columns_they_are_ordered_by(self, anyone, claim, ordering: str) -> None:
        make_claim(said_on=None)
        make_claim(confidence=0.2)
        query, ids, url = f"fields=text&page_size=1&ordering={ordering}", [], ""
        whole = [row["text"] for row in anyone.get(f"/api/v1/claims/?ordering={ordering}").json()["results"]]
        url = f"/api/v1/claims/?{query}"
        while url:
            page = anyone.get(url).json()
            ids += [row["text"] for row in page["results"]]
            url = page["next"]
        assert ids == whole

    def test_a_row_by_itself_takes_them_too(self, anyone: APIClient, claim) -> None:
        assert anyone.get(f"/api/v1/claims/{claim.pk}/?fields=id,kind").json() == {"id": claim.pk, "kind": claim.kind}
        article = anyone.get(f"/api/v1/articles/{claim.article_id}/?omit=text,runs").json()
        assert "text" not in article
        assert article["id"] == claim.article_id

    @pytest.mark.parametrize(
        ("query", "absent"),
        [
            ("fields=id", ["claims_verdict", "sources_article", "claims_extractionrun", '"context"']),
            ("omit=verdict", ["claims_verdict", "claims_rating"]),
            ("omit=article", ["sources_article"]),
            ("fields=id,speakers", ["sources_article", '"text"']),
        ],
        ids=["only the id", "no verdict", "no article", "only speakers"],
    )
    def test_what_is_left_out_is_not_read(self, anyone: APIClient, claim, query: str, absent: list[str]) -> None:
        with CaptureQueriesContext(connection) as captured:
            first(anyone, query)
        pages = [one["sql"] for one in captured if "LIMIT 51" in one["sql"]]
        assert pages
        assert not [(name, page) for name in absent for page in pages if name in page]

    def test_nor_computed(self, anyone: APIClient, claim) -> None:
        with CaptureQueriesContext(connection) as captured:
            first(anyone, "fields=id,text")
        assert not [one["sql"] for one in captured if "claims_speaker" in one["sql"].split("WHERE")[0]]


class TestExpansions:
    def test_speakers(self, anyone: APIClient, claim) -> None:
        row = first(anyone, "expand=speaker")
        assert [one["name"] for one in row["speakers"]] == ["Ada Quill", "Berit Sand"]
        for one in row["speakers"]:
            assert one == anyone.get(f"/api/v1/speakers/{one['id']}/?omit=claims_count,external_ids").json()

    def test_articles_and_their_outlets(self, anyone: APIClient, claim) -> None:
        listed = first(anyone, "", "articles")
        assert first(anyone, "expand=article")["article"] == listed
        source = anyone.get(f"/api/v1/sources/{listed['source']['id']}/").json()
        assert first(anyone, "expand=article.source")["article"] == listed | {"source": source}
        assert first(anyone, "expand=source", "articles") == listed | {"source": source}

    def test_verdicts(self, anyone: APIClient, claim) -> None:
        assert first(anyone, "expand=verdict")["verdict"] == first(anyone, "", "verdicts")
        make_claim()
        assert first(anyone, "expand=verdict&ordering=-id")["verdict"] is None

    def test_the_claim_of_a_note_and_of_a_verdict(self, anyone: APIClient, claim) -> None:
        for noun in ("notes", "verdicts"):
            assert first(anyone, "expand=claim", noun)["claim"] == first(anyone, "")

    def test_on_a_row_by_itself(self, anyone: APIClient, claim) -> None:
        expand = "expand=speaker,article.source,verdict,notes"
        assert anyone.get(f"/api/v1/claims/{claim.pk}/?{expand}").json() == first(anyone, expand)

    def test_with_fields_it_is_added_to_them(self, anyone: APIClient, claim) -> None:
        assert set(first(anyone, "fields=id&expand=notes,article")) == {"id", "article", "notes"}

    def test_the_number_of_queries_does_not_grow(self, anyone: APIClient, claim) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                first(anyone, "expand=speaker,article.source,verdict,notes")
            return len(captured)

        queries()
        one = queries()
        for _ in range(5):
            more = make_claim(make_speaker(), make_speaker(), article=None)
            make_verdict(more)
            make_note(more, is_public=True)
        assert queries() == one <= 11


class TestWhoSeesWhat:
    """An expansion shows what the list of the same rows shows to the same reader."""

    def test_internal_notes(self, anyone: APIClient, client_of, claim) -> None:
        assert [note["text"] for note in first(anyone, "expand=notes")["notes"]] == ["For all to read."]
        reader = first(client_of("API reader", scope="read"), "expand=notes")
        assert [note["text"] for note in reader["notes"]] == ["For all to read."]
        desk = first(client_of("fact-checker"), "expand=notes")
        assert [note["text"] for note in desk["notes"]] == ["For all to read.", "Only for the desk."]

    @pytest.mark.parametrize("state", ["draft", "proposed", "withdrawn"])
    def test_verdicts_that_are_not_published(self, anyone: APIClient, client_of, state: str) -> None:
        make_verdict(state=state)
        for client in (anyone, client_of("reviewer")):
            assert first(client, "expand=verdict")["verdict"] is None

    def test_what_is_internal_in_a_verdict(self, anyone: APIClient, client_of, claim) -> None:
        assert "reason" not in first(anyone, "expand=verdict")["verdict"]
        assert "reason" in first(client_of("reviewer"), "expand=verdict")["verdict"]
        assert first(anyone, "fields=id,reason", "verdicts").keys() == {"id"}

    def test_hidden_speakers(self, anyone: APIClient) -> None:
        hidden = make_claim(make_speaker("Nils Holt", is_hidden=True))
        make_claim(make_speaker("Ada Quill"), article=hidden.article, within=hidden)
        answer = anyone.get("/api/v1/claims/?depth=1&expand=speaker,article,notes,verdict")
        assert b"Nils" not in answer.content
        assert answer.json()["results"][0]["relayed_by"] == []

    def test_statements_of_one_reader_are_not_another_ones(self, anyone: APIClient, client_of) -> None:
        author = make_user("fact-checker")
        draft = make_verdict(state="draft", author=author)
        own, other = client_of(user=author), client_of("fact-checker")
        for _ in range(2):
            assert [row["id"] for row in own.get("/api/v1/verdicts/").json()["results"]] == [draft.pk]
            assert other.get("/api/v1/verdicts/").json()["results"] == []
            assert anyone.get("/api/v1/verdicts/").json()["results"] == []


REFUSED = [
    ("a field that is not there", "claims/?fields=id,txt", "fields", "invalid_choice", "text"),
    ("a column that is no field", "claims/?fields=assignee", "fields", "invalid_choice", None),
    ("a path", "claims/?fields=article__text", "fields", "invalid_choice", None),
    ("an omission that is not there", "claims/?omit=contxt", "omit", "invalid_choice", "context"),
    ("both", "claims/?fields=id&omit=text", "omit", "conflict", None),
    ("left out and expanded", "claims/?omit=article&expand=article", "omit", "conflict", None),
    ("an expansion that is not there", "claims/?expand=speakr", "expand", "invalid_choice", "speaker"),
    ("an expansion of something else", "notes/?expand=speaker", "expand", "invalid_choice", "claim"),
    ("an expansion where there is none", "ratings/?expand=scale", "expand", "invalid_choice", None),
    ("an empty name", "claims/?fields=id,,text", "fields", "invalid_choice", None),
    ("no name", "claims/?fields=", "fields", "empty", None),
    ("of a row by itself", "claims/1/?fields=txt", "fields", "invalid_choice", "text"),
    ("misspelt", "claims/?feilds=id", "feilds", "unknown_parameter", "fields"),
]


@pytest.mark.parametrize(
    ("path", "field", "code", "suggestion"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused(anyone: APIClient, path: str, field: str, code: str, suggestion: str | None) -> None:
    make_source("Valley Post")
    claim = make_claim(pk=1)
    assert claim.pk == 1
    answer = anyone.get(f"/api/v1/{path}")
    assert answer.status_code == 400, answer.content
    (problem,) = answer.json()["error"]["fields"]
    assert (problem["field"], problem["code"]) == (field, code)
    if suggestion is not None:
        assert problem["suggestion"] == suggestion


def test_a_write_takes_none(client_of) -> None:
    note = make_note()
    answer = client_of(user=note.author).patch(f"/api/v1/notes/{note.pk}/?fields=id", {"text": "Better."})
    assert answer.status_code in (400, 403)
