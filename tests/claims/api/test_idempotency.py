"""`Idempotency-Key`: one effect, however often the request is sent."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.viewsets import ViewSetMixin

from claims.api.writing.guarded import Guarded
from claims.models import Claim, Note, StoredAnswer
from claims.services.idempotency import alone
from sources.models import Article
from tests.claims.factories import make_claim, make_user
from tests.conftest import Manage

pytestmark = pytest.mark.django_db
KEY = {"HTTP_IDEMPOTENCY_KEY": "6f1d0c6e-one"}
ARTICLE = {"text": "It rained all day, Ada Quill said.", "source": "Valley Post"}


def post(client: APIClient, path: str, body: Any, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", body, **(KEY | headers))


def test_the_same_answer_comes_again_and_nothing_else_happens(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    first, second = (post(client, "notes/", {"claim": claim.pk, "text": "Hm."}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Content-Type"] == second["Content-Type"] == "application/json"
    assert first["ETag"] == second["ETag"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Note.objects.count() == 1


def test_json_written_otherwise_is_the_same_request(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    for body in (f'{{"claim": {claim.pk}, "text": "Hm."}}', f'{{"text":"Hm.","claim":{claim.pk}}}'):
        answer = client.generic("POST", "/api/v1/notes/", body, "application/json", **KEY)
        assert answer.status_code == 201
    assert Note.objects.count() == 1


def test_another_body_or_address_under_the_key_is_422(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    post(client, "notes/", {"claim": claim.pk, "text": "Hm."})
    for path, body in (
        ("notes/", {"claim": claim.pk, "text": "Hm!"}),
        ("verdicts/", {"claim": claim.pk, "rating": "true"}),
    ):
        answer = post(client, path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "key_reused")
    assert Note.objects.count() == 1


def test_keys_belong_to_their_users(client_of: Any) -> None:
    claim = make_claim()
    for _ in range(2):
        assert post(client_of("fact-checker"), "notes/", {"claim": claim.pk, "text": "Hm."}).status_code == 201
    assert Note.objects.count() == 2


def test_an_error_is_not_kept(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    assert post(client, "notes/", {"claim": claim.pk}).status_code == 400
    assert post(client, "notes/", {"claim": claim.pk, "text": "Hm."}).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é", "a\tb"], ids=["none", "blank", "long", "letters", "tab"])
def test_what_is_no_key_is_named(client_of: Any, key: str) -> None:
    body = {"claim": make_claim().pk, "text": "Hm."}
    answer = post(client_of("fact-checker"), "notes/", body, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"] == "Idempotency-Key"
    assert not Note.objects.exists()


def test_the_longest_key_is_taken(client_of: Any) -> None:
    body = {"claim": make_claim().pk, "text": "Hm."}
    assert post(client_of("fact-checker"), "notes/", body, HTTP_IDEMPOTENCY_KEY="x" * 255).status_code == 201


def test_it_is_not_for_readers_without_a_user(anyone: APIClient) -> None:
    assert post(anyone, "notes/", {"claim": make_claim().pk, "text": "Hm."}).status_code == 401
    assert not StoredAnswer.objects.exists()


def test_after_a_day_it_is_forgotten(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    post(client, "notes/", {"claim": claim.pk, "text": "Hm."})
    post(client, "notes/", {"claim": claim.pk, "text": "Ah."}, HTTP_IDEMPOTENCY_KEY="another")
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert post(client, "notes/", {"claim": claim.pk, "text": "New."}).status_code == 201
    assert StoredAnswer.objects.count() == 1  # the other old one was swept


def test_while_the_first_still_runs_the_second_is_409(client_of: Any) -> None:
    user = make_user("fact-checker")
    held, done = threading.Event(), threading.Event()

    def first() -> None:
        with alone(user, "6f1d0c6e-one"):
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(20)
    body = {"claim": make_claim().pk, "text": "Hm."}
    answer = post(client_of(user=user), "notes/", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "in_progress")
    assert answer["Retry-After"] == "1"
    assert post(client_of(user=user), "notes/", body, HTTP_IDEMPOTENCY_KEY="another").status_code == 201
    done.set()
    thread.join()
    assert post(client_of(user=user), "notes/", body).status_code == 201


def test_an_answer_that_cannot_be_kept_takes_the_effect_with_it(client_of: Any, monkeypatch) -> None:
    def fail(*arguments: Any) -> None:
        assert Note.objects.count() == 1
        raise OSError("the disk is full")

    monkeypatch.setattr("claims.api.writing.guarded.store_answer", fail)
    answer = post(client_of("fact-checker"), "notes/", {"claim": make_claim().pk, "text": "Hm."})
    assert answer.status_code == 500
    assert not Note.objects.exists()


_SETUP = """
import os
from django.contrib.auth.models import Group, User
from rest_framework.test import APIClient
from claims.api.writing import guarded
from claims.models import Note, StoredAnswer
from claims.services.articles import process_article
from claims.services.tokens import create_token
from sources.parsing import parse_row
import datetime
user, _ = User.objects.get_or_create(username="ada")
user.groups.add(Group.objects.get(name="fact-checker"))
row = {"text": "Mayor Ana Duarte said on Monday that the bridge would open in May."}
article = process_article(parse_row(row, today=datetime.date.today(), limit=1000)).article
client = APIClient(HTTP_AUTHORIZATION="Bearer " + create_token(user, scope="write")[1], SERVER_NAME="localhost")
body = {"claim": article.claims.first().pk, "text": "Hm."}
def post():
    return client.post("/api/v1/notes/", body, HTTP_IDEMPOTENCY_KEY="k").status_code
"""
_KILLED = """
store = guarded.store_answer
def store_and_die(*arguments):
    store(*arguments)
    assert Note.objects.count() == StoredAnswer.objects.count() == 1
    os._exit(9)
guarded.store_answer = store_and_die
post()
"""
_LATER = """
print(Note.objects.count(), StoredAnswer.objects.count(), post(), post(), Note.objects.count())
"""


def test_a_process_killed_half_way_leaves_neither_half_and_no_lock(manage: Manage) -> None:
    assert manage("migrate", "--verbosity", "0").returncode == 0
    killed = manage("shell", "--no-imports", "-c", _SETUP + _KILLED)
    assert killed.returncode == 9, killed.stderr
    later = manage("shell", "--no-imports", "-c", _SETUP + _LATER)
    assert later.stdout.splitlines()[-1:] == ["0 0 201 201 1"], later.stderr


class TestArticles:
    def test_a_new_one_is_201_again(self, client_of: Any) -> None:
        client = client_of("contributor")
        first, second = (post(client, "articles/", ARTICLE) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content

    def test_the_engine_runs_before_anything_is_locked(self, client_of: Any, monkeypatch) -> None:
        from claims.services import articles

        depths, run = [], articles.extract

        def extract(*arguments: Any, **options: Any) -> Any:
            depths.append(len(connection.savepoint_ids))
            return run(*arguments, **options)

        monkeypatch.setattr(articles, "extract", extract)
        outside = len(connection.savepoint_ids)
        assert post(client_of("contributor"), "articles/", ARTICLE).status_code == 201
        assert depths == [outside]

    def test_many_lines_are_one_effect(self, client_of: Any) -> None:
        client = client_of("contributor")
        lines = b'{"text": "It rained, Ada Quill said."}\nbroken\n{"text": "It snowed, Noor Haddad said."}\n'
        answers = [client.generic("POST", "/api/v1/articles/", lines, "application/x-ndjson", **KEY) for _ in range(2)]
        first, second = (b"".join(answer) for answer in answers)
        assert first == second
        assert first.count(b"\n") == 3
        assert answers[1]["Idempotency-Replayed"] == "true"
        assert answers[1]["Content-Type"] == "application/x-ndjson"
        assert Article.objects.count() == 2


def test_a_batch_is_one_effect(client_of: Any) -> None:
    client, claim = client_of("fact-checker"), make_claim()
    body = {"items": [{"claim": claim.pk, "text": "One."}, {"claim": claim.pk}, {"claim": claim.pk, "text": "Two."}]}
    first, second = (post(client, "notes/batch/", body) for _ in range(2))
    assert first.content == second.content
    assert [one["status"] for one in first.json()["results"]] == [201, 400, 201]
    assert Note.objects.count() == 2


def test_a_patch_needs_no_key(client_of: Any) -> None:
    claim = make_claim()
    client = client_of("fact-checker")
    for status in ("done", "in_review"):
        assert client.patch(f"/api/v1/claims/{claim.pk}/", {"review_status": status}, **KEY).status_code == 200
    assert Claim.objects.get().review_status == "in_review"


def _views(patterns: list[Any]) -> Any:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns)
        elif isinstance(one, URLPattern) and (view := getattr(one.callback, "cls", None)):
            methods = getattr(one.callback, "actions", None) or dict.fromkeys(view.http_method_names)
            yield str(one.pattern), view, set(methods)


def test_every_view_that_takes_post_is_guarded() -> None:
    api = [one for one in get_resolver(django_settings.ROOT_URLCONF).url_patterns if str(one.pattern) == "api/v1/"]
    writers = {view for _, view, methods in _views(api) if "post" in methods}
    posts = {view for view in writers if hasattr(view, "post") or issubclass(view, ViewSetMixin)}
    assert posts
    assert [view.__name__ for view in posts if not issubclass(view, Guarded)] == []
