"""`/compat/citron/quotes`: the engine behind Citron's interface."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from rest_framework.test import APIClient

from claims.api import citron
from claims.extraction import ENGINE_VERSION
from sources.models import Article
from tests.claims.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/compat/citron/quotes"
TEXT = (
    "😀 Mayor Ada Quill opened the bridge on Monday. “The bridge is safe for every family in this valley,” she said."
    " A reporter asked about the cost."
)
FORM = "application/x-www-form-urlencoded"


def check(answer: Any) -> None:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    built = answer.json()
    assert built["source"] == {"application": "claimtrack", "model:": ENGINE_VERSION}
    quote = next(one for one in built["quotes"] if "safe for every family" in one["contents"][0]["text"])
    assert [one["text"] for one in quote["sources"]] == ["Ada Quill"]
    assert [one["text"] for one in quote["coreferences"]] == ["she"]
    assert quote["cue"]["text"] == "said"
    assert 0 < float(quote["confidence"]) <= 1
    assert isinstance(quote["confidence"], str)
    for one in [*quote["sources"], *quote["coreferences"], quote["cue"], *quote["contents"]]:
        assert TEXT[one["start"] : one["end"]] == one["text"]


def post(client: Any, text: str, address: str = URL) -> Any:
    """What an HTML form, curl and requests send."""
    return client.generic("POST", address, urlencode({"text": text}), content_type=FORM)


@pytest.mark.parametrize("address", [URL, f"{URL}/", f"{URL}?lang=en"])
def test_get_and_post_answer_alike_and_store_nothing(anyone: APIClient, address: str) -> None:
    check(anyone.get(address, {"text": TEXT}))
    check(post(Client(enforce_csrf_checks=True), TEXT, address))
    assert not Article.objects.exists()


def test_an_editor_who_is_logged_in_may_post_too() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("fact-checker"))
    check(post(client, TEXT))


@pytest.mark.parametrize("text", ["", "  \n"], ids=["empty", "blank"])
def test_a_missing_text_is_citrons_error(anyone: APIClient, text: str) -> None:
    for answer in (anyone.get(URL), anyone.get(URL, {"text": text}), post(anyone, text)):
        assert answer.status_code == 400
        assert answer.json() == {"error": "A text parameter must be provided."}


def test_a_text_without_quotes_has_none(anyone: APIClient) -> None:
    assert anyone.get(URL, {"text": "It rained."}).json()["quotes"] == []


def test_longer_texts_need_a_token(
    anyone: APIClient, client_of: Callable[..., APIClient], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(citron, "ANONYMOUS_BYTES", 100)
    assert post(anyone, "It rained.").status_code == 200
    refused = post(anyone, TEXT)
    assert refused.status_code == 413
    assert set(refused.json()) == {"error"}
    check(post(client_of("API reader", scope="read"), TEXT))
    settings.MAX_ARTICLE_BYTES = 100
    assert post(client_of("API reader", scope="read"), TEXT).status_code == 413


def test_a_key_is_answered_once_and_for_one_text(client_of: Callable[..., APIClient]) -> None:
    client = client_of("API reader", scope="read")

    def send(text: str) -> Any:
        return client.generic("POST", URL, urlencode({"text": text}), content_type=FORM, HTTP_IDEMPOTENCY_KEY="one")

    first, again, other = send(TEXT), send(TEXT), send("It rained.")
    check(first)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert (other.status_code, list(other.json())) == (422, ["error"])
    assert send("").status_code == 422
    assert isinstance(other.json()["error"], str)


@pytest.mark.parametrize("role", ["", "API reader"], ids=["anyone", "a known reader"])
def test_it_has_the_rate_of_what_makes_the_engine_work(
    anyone: APIClient, client_of: Callable[..., APIClient], settings: Any, role: str
) -> None:
    settings.THROTTLE_EXTRACT = "2/day"
    client = client_of(role, scope="read") if role else anyone
    answers = [client.get(URL, {"text": "It rained."}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_other_errors_have_citrons_shape_too(anyone: APIClient, settings: Any) -> None:
    refused = APIClient(HTTP_AUTHORIZATION="Bearer ct_wrong").get(URL, {"text": TEXT})
    assert refused.status_code == 401
    assert list(refused.json()) == ["error"]
    assert isinstance(refused.json()["error"], str)
    wrong = anyone.post(URL, {"text": TEXT}, format="json")
    assert wrong.status_code == 415
    assert wrong.json() == {"error": f"The Content-Type application/json is not taken here; send {FORM}."}
    elsewhere = Client(enforce_csrf_checks=True).post("/compat/citron/quote?text=x")
    assert elsewhere.status_code == 404
    assert "only GET and POST /compat/citron/quotes" in elsewhere.json()["error"]
    assert anyone.delete(URL).status_code == 405
    settings.THROTTLE_ANON = "1/min"
    statuses = [anyone.get(URL, {"text": "It rained."}).status_code for _ in range(2)]
    assert statuses[-1] == 429
