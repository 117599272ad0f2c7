"""Programs are spared what only people with a browser need, and nothing else differs."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from claimtrack.programs import is_program
from tests.claims.factories import make_token, make_user

API = "/api/v1/ratings/"
POLICY = "Content-Security-Policy"


@pytest.mark.parametrize(
    ("path", "cookies", "expected"),
    [
        pytest.param(API, {}, True, id="the API without a session"),
        pytest.param(API, {"theme": "dark"}, True, id="another cookie is none"),
        pytest.param(API, {settings.SESSION_COOKIE_NAME: "x"}, False, id="but not with a session"),
        pytest.param("/compat/citron/quotes", {}, True, id="compatible addresses"),
        pytest.param("/admin/", {}, False, id="but not the desk"),
        pytest.param("/apiary/", {}, False, id="but not what only begins alike"),
        pytest.param("/", {}, False, id="but not the start page"),
    ],
)
def test_who_is_a_program(path: str, cookies: dict[str, str], expected: bool) -> None:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    assert is_program(request) is expected


@pytest.mark.django_db
class TestSessions:
    def test_a_program_gets_none(self, client: Client) -> None:
        response: Any = client.get(API)
        assert response.status_code == 200
        assert not response.cookies
        assert not hasattr(response.wsgi_request, "session")

    def test_a_token_needs_none(self) -> None:
        user = make_user("reviewer")
        response: Any = Client(HTTP_AUTHORIZATION=f"Bearer {make_token(user=user)}").get("/api/v1/webhooks/")
        assert response.status_code in (200, 403)
        assert not hasattr(response.wsgi_request, "session")

    def test_a_session_is_known_to_the_api(self, client: Client) -> None:
        reviewer: User = make_user("reviewer")
        assert client.get("/api/v1/claims/?assignee=1").status_code == 401
        client.force_login(reviewer, backend=settings.AUTHENTICATION_BACKENDS[-1])
        assert client.get("/api/v1/claims/?assignee=1").status_code == 200

    def test_a_forged_session_is_nobodys(self, client: Client) -> None:
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
        assert client.get(API).status_code == 200
        assert client.get("/api/v1/claims/?assignee=1").status_code == 401


@pytest.mark.django_db
class TestPolicy:
    def test_the_same_for_programs_and_people(self, client: Client) -> None:
        policies = {frozenset(client.get(path)[POLICY].split("; ")) for path in (API, API, "/admin/login/", API)}
        assert len(policies) == 1

    def test_a_page_with_a_nonce_has_its_own(self, client: Client) -> None:
        assert "'nonce-" in client.get("/api/v1/redoc/")[POLICY]
        assert "'nonce-" not in client.get(API)[POLICY]
