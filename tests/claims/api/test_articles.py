"""Articles over HTTP: reading them, and handing them in, the engine at work included."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from claims.api.serializers import ArticleDetailSerializer, ArticleSerializer, PostedArticleSerializer
from claims.models import Claim
from sources.models import Article
from tests.claims.factories import make_article, make_claim, make_source

pytestmark = pytest.mark.django_db
URL = "/api/v1/articles/"
STORY = (
    "The bridge at Orla Falls is safe, engineer Ada Quill said on Monday.\n\n"
    "“We have looked at every bolt,” Quill told reporters. “Nothing is loose.”\n\n"
    "Mayor Berit Sand refused to comment."
)
PAGE = f"""<!doctype html><html><head><title>Bridge is safe</title></head><body><nav>Home | News | Sport</nav>
<article><h1>Bridge is safe</h1>{"".join(f"<p>{part}</p>" for part in STORY.split(chr(10) * 2))}
<p>The bridge was built in 1931 and carries some 4,000 cars a day over the river to the market of Orla Falls.</p>
<p>It was closed for three weeks in spring, when a passer-by had found a crack in one of its northern piers.</p>
</article><footer>Imprint</footer></body></html>"""


class TestReading:
    def test_fields(self, anyone: APIClient) -> None:
        claim = make_claim(article=make_article(text="Words of the story."))
        listed = anyone.get(URL).json()["results"][0]
        detail = anyone.get(f"{URL}{claim.article_id}/").json()
        assert set(listed) == set(ArticleSerializer().fields) - {"highlight"}
        assert set(detail) == set(ArticleDetailSerializer().fields) - {"highlight"}
        assert detail == listed | {"text": "Words of the story.", "runs": detail["runs"]}
        assert [run["engine"] for run in detail["runs"]] == ["test-1"]
        assert [row["id"] for row in anyone.get(detail["claims_url"]).json()["results"]] == [claim.pk]

    @pytest.mark.parametrize(
        ("is_public", "role", "sees"),
        [(True, "", True), (False, "", False), (False, "API reader", True), (False, "none", False)],
        ids=["public text", "text for the desk only", "desk", "user without a role"],
    )
    def test_text_where_the_setting_allows(self, client_of, anyone, settings, is_public, role, sees) -> None:
        settings.PUBLIC_ARTICLE_TEXT = is_public
        client = anyone if not role else client_of(role.replace("none", ""), scope="read")
        article = make_article(text="Words.")
        assert client.get(f"{URL}{article.pk}/").json()["text"] == ("Words." if sees else None)
        assert "text" not in client.get(URL).json()["results"][0]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"bridge", "harbour", "undated"}),
            ("source=valley-post", {"bridge", "undated"}),
            ("source!=valley-post", {"harbour"}),
            ("source=nowhere", set()),
            ("published_on=2026-03-01", {"bridge"}),
            ("published_on__gte=2026-03-02", {"harbour"}),
            ("published_on__lte=2026-03-31", {"bridge"}),
            ("language=en", {"bridge", "undated"}),
            ("language!=en", {"harbour"}),
            ("url=https://VALLEY.example:443/a?utm_source=x%23top", {"bridge"}),
            ("url=https://valley.example/b", set()),
            ("search=SAFE bridge", {"bridge"}),
            ("search=bridges", set()),
        ],
    )
    def test_filters(self, anyone: APIClient, query: str, expected: set[str]) -> None:
        post, wire = make_source(slug="valley-post"), make_source(slug="coast-wire")
        rows = {
            "bridge": make_article(post, headline="Bridge is safe", url="https://valley.example/a", language="en"),
            "harbour": make_article(wire, headline="Port shut", published_on=date(2026, 4, 1), language="fr"),
            "undated": make_article(post, headline="Some day", published_on=None, language="en"),
        }
        names = {row.pk: name for name, row in rows.items()}
        found = anyone.get(f"{URL}?{query}").json()["results"]
        assert {names[row["id"]] for row in found} == expected


class TestPosting:
    def test_a_new_article_is_201_and_a_known_one_200(self, client_of) -> None:
        client = client_of("contributor")
        body = {"text": STORY, "source": "Valley Post", "headline": "Bridge", "published_on": "2026-03-01"}
        first = client.post(URL, body)
        assert first.status_code == 201, first.content
        article = first.json()
        assert set(article) == set(PostedArticleSerializer().fields) - {"highlight"}
        assert (article["headline"], article["published_on"]) == ("Bridge", "2026-03-01")
        assert article["source"]["name"] == "Valley Post"
        assert article["claims"]
        for claim in article["claims"]:
            for span in (*claim["spans"], *claim["cue"]["spans"], *claim["mention"]["spans"]):
                assert article["text"][span["start"] : span["end"]] == span["quote"]
        assert "Ada Quill" in {speaker["name"] for claim in article["claims"] for speaker in claim["speakers"]}
        again = client.post(URL, body | {"headline": "Another headline"})
        assert (again.status_code, again.json()) == (200, article)
        assert Article.objects.count() == 1

    def test_its_claims_are_found_by_speaker(self, client_of, anyone: APIClient) -> None:
        posted = client_of("contributor").post(URL, {"text": STORY}).json()
        slugs = {one["slug"] for claim in posted["claims"] for one in claim["speakers"]}
        assert "ada-quill" in slugs
        found = anyone.get("/api/v1/claims/?speaker=ada-quill").json()["results"]
        by_ada = [claim["id"] for claim in posted["claims"] if claim["speakers"] and not claim["depth"]]
        assert {row["id"] for row in found} <= set(by_ada)
        assert found
        assert {row["id"] for row in anyone.get("/api/v1/claims/?speaker_name=ADA quill").json()["results"]} == {
            row["id"] for row in found
        }

    def test_a_page_gives_its_article(self, client_of) -> None:
        answer = client_of("contributor").post(URL, {"html": PAGE, "url": "https://valley.example/bridge?utm_id=1"})
        assert answer.status_code == 201, answer.content
        assert answer.json()["url"] == "https://valley.example/bridge"
        assert "every bolt" in answer.json()["text"]
        assert "Imprint" not in answer.json()["text"]

    def test_another_script_is_stored_without_claims(self, client_of) -> None:
        answer = client_of("contributor").post(URL, {"text": "市長は月曜日に橋は安全だと述べた。" * 5})
        assert answer.status_code == 201
        assert (answer.json()["language"], answer.json()["claims"]) == ("ja", [])

    @pytest.mark.parametrize(
        "text",
        ["“A “b “c ” said Ada Quill." * 20, "She said, “never closed.\n\n“Again open, he said.", "' \" ” “ said Quill"],
        ids=["nested", "never closed", "stray marks"],
    )
    def test_unbalanced_quotes_are_stored(self, client_of, text: str) -> None:
        assert client_of("contributor").post(URL, {"text": text}).status_code == 201

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_store_one_article(self, client_of) -> None:
        clients = [client_of("contributor") for _ in range(2)]
        start = threading.Barrier(2)
        statuses: list[int] = []

        def post(client: APIClient) -> None:
            start.wait()
            statuses.append(client.post(URL, {"text": STORY}).status_code)
            connections.close_all()

        threads = [threading.Thread(target=post, args=[client]) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 201]
        assert Article.objects.count() == 1


BAD = [
    ("nothing", {}, 400, "empty_text", "text"),
    ("empty text", {"text": ""}, 400, "empty_text", "text"),
    ("blank text", {"text": " \n\t "}, 400, "empty_text", "text"),
    ("text that is no string", {"text": 7}, 400, "bad_field", "text"),
    ("text and page", {"text": STORY, "html": PAGE}, 400, "bad_field", "html"),
    ("binary", {"text": "\x00\x01\x02\x03PNG" * 50}, 400, "binary_content", "text"),
    ("page without an article", {"html": "<html><body><nav>Home</nav></body></html>"}, 400, "no_article", "html"),
    ("unknown field", {"text": STORY, "publishd_on": "2026-01-01"}, 400, "unknown_field", "publishd_on"),
    ("the command line's synonym", {"text": STORY, "title": "Bridge"}, 400, "unknown_field", "title"),
    ("date in another spelling", {"text": STORY, "published_on": "01/02/2026"}, 400, "bad_field", "published_on"),
    ("date that does not exist", {"text": STORY, "published_on": "2026-02-30"}, 400, "bad_field", "published_on"),
    ("no web address", {"text": STORY, "url": "javascript:alert(1)"}, 400, "bad_field", "url"),
    ("headline that is no string", {"text": STORY, "headline": ["a"]}, 400, "bad_field", "headline"),
    ("headline too long", {"text": STORY, "headline": "x" * 2000}, 400, "bad_field", "headline"),
]


class TestBadArticles:
    @pytest.mark.parametrize(("body", "status", "code", "field"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
    def test_refused_by_name(self, client_of, body: dict[str, Any], status: int, code: str, field: str) -> None:
        answer = client_of("contributor").post(URL, body)
        assert answer.status_code == status, answer.content
        assert [(one["field"], one["code"]) for one in answer.json()["error"]["fields"]] == [(field, code)]
        assert not Article.objects.exists()

    def test_the_day_after_tomorrow_is_refused_but_not_tomorrow(self, client_of) -> None:
        client, today = client_of("contributor"), timezone.localdate()
        for days, status in [(2, 400), (1, 201)]:
            day = (today + timedelta(days=days)).isoformat()
            answer = client.post(URL, {"text": STORY, "published_on": day})
            assert answer.status_code == status, answer.content

    def test_an_unknown_field_is_answered_with_the_right_one(self, client_of) -> None:
        problem = client_of("contributor").post(URL, {"text": STORY, "headlin": "x"}).json()["error"]["fields"][0]
        assert problem["suggestion"] == "headline"

    @pytest.mark.parametrize(
        ("raw", "content_type", "status", "code"),
        [
            (b'{"text": "broken', "application/json", 400, "unreadable_body"),
            (b"", "application/json", 400, "empty_text"),
            (b'["text"]', "application/json", 400, "unreadable_body"),
            (b'{"text": "\xff\xfe"}', "application/json", 400, "unreadable_body"),
            (b'{"text": "\\ud800"}', "application/json", 400, "unreadable_body"),
            (b'{"text": ' + b"[" * 100_000, "application/json", 400, "unreadable_body"),
            (bytes(range(256)) * 1000, "application/json", 400, "unreadable_body"),
            (b"text=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
            (b"Ada Quill said so.", "text/plain", 415, "unsupported_media_type"),
            (b"<p>x</p>", "text/html", 415, "unsupported_media_type"),
        ],
        ids=[
            *("cut JSON", "empty body", "array", "not UTF-8", "half a surrogate", "nested deeply", "random bytes"),
            *("form", "plain text", "page"),
        ],
    )
    def test_bodies(self, client_of, raw: bytes, content_type: str, status: int, code: str) -> None:
        answer = client_of("contributor").post(URL, data=raw, content_type=content_type)
        assert answer.status_code == status, answer.content
        assert answer.json()["error"]["code"] == code

    @pytest.mark.parametrize(
        "raw",
        [orjson.dumps({"text": "x" * 10_000_000}), bytes(range(256)) * 20_000],
        ids=["10 MB in one line", "5 MB of random bytes"],
    )
    def test_too_large_is_413(self, client_of, raw: bytes) -> None:
        answer = client_of("contributor").post(URL, data=raw, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")

    def test_the_limit_is_the_setting(self, client_of, settings) -> None:
        settings.MAX_ARTICLE_BYTES = 2_000
        client = client_of("contributor")
        assert client.post(URL, {"text": STORY * 20}).status_code == 413
        assert client.post(URL, {"text": STORY}).status_code == 201

    def test_a_body_without_a_length_is_411(self, client_of) -> None:
        raw = orjson.dumps({"text": STORY})
        chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        answer = client_of("contributor").generic("POST", URL, raw, "application/json", **chunked)
        assert (answer.status_code, answer.json()["error"]["code"]) == (411, "length_required")
        assert not Article.objects.exists()


def lines_of(answer: Any) -> Iterator[dict[str, Any]]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/x-ndjson")
    return [orjson.loads(line) for line in answer.getvalue().splitlines()]


class TestManyArticles:
    TYPE = "application/x-ndjson"

    def test_a_broken_line_costs_that_line_only(self, client_of) -> None:
        good = [{"text": f"Engineer Ada Quill said that pier {n} of the bridge is safe.", "id": n} for n in (1, 2)]
        raw = b"\n".join(
            [
                orjson.dumps(good[0]),
                b'{"text": "cut',
                b"",
                orjson.dumps({"text": "x", "sorce": "y"}),
                orjson.dumps(good[0]),
                orjson.dumps(good[1]),
                b'"a string"',
                orjson.dumps({"text": "Late.", "published_on": "2999-01-01"}),
            ]
        )
        results = lines_of(client_of("contributor").post(URL, data=raw, content_type=self.TYPE))
        assert [(one["line"], one["status"]) for one in results] == [
            *((1, 201), (2, 400), (4, 400), (5, 200), (6, 201), (7, 400), (8, 400)),
        ]
        assert [one.get("id") for one in results] == ["1", None, None, "1", "2", None, None]
        assert all(
            ("article" in one) is (one["status"] < 300) and ("error" in one) is (one["status"] >= 400)
            for one in results
        )
        assert results[2]["error"]["fields"][0]["suggestion"] == "source"
        assert results[0]["article"] == results[3]["article"]
        assert Article.objects.count() == 2
        assert Claim.objects.exists()

    def test_a_line_that_is_too_long_costs_that_line_only(self, client_of, settings) -> None:
        settings.MAX_ARTICLE_BYTES = 1_000
        rows = [{"text": "It rained, Ada Quill said."}, {"text": "x" * 2_000}, {"text": "It snowed, Ada Quill said."}]
        raw = b"\r\n".join(orjson.dumps(row) for row in rows)
        results = lines_of(client_of("contributor").post(URL, data=raw, content_type=self.TYPE))
        assert [one["status"] for one in results] == [201, 413, 201]

    def test_an_unforeseen_error_costs_that_line_only_and_tells_nothing(self, client_of, monkeypatch) -> None:
        def fail(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr("claims.api.writing.articles.process_article", fail)
        results = lines_of(client_of("contributor").post(URL, data=b'{"text": "One."}', content_type=self.TYPE))
        assert [(one["status"], one["error"]["code"]) for one in results] == [(500, "server_error")]
        assert "secret" not in str(results)

    def test_a_batch_beyond_its_limit_is_413(self, client_of, settings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        answer = client_of("contributor").post(URL, data=b'{"text": "x"}\n' * 20, content_type=self.TYPE)
        assert answer.status_code == 413

    def test_an_empty_batch_answers_nothing(self, client_of) -> None:
        assert lines_of(client_of("contributor").post(URL, data=b"\n\n", content_type=self.TYPE)) == []

    def test_a_client_may_ask_for_what_it_gets(self, client_of) -> None:
        answer = client_of("contributor").post(
            URL, data=b'{"text": "It rained."}', content_type=self.TYPE, HTTP_ACCEPT=self.TYPE
        )
        assert [one["status"] for one in lines_of(answer)] == [201]
