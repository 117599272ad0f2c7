"""Too many requests: 429 with `Retry-After`, per address without a token, per token with one; what is left is told."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from claimtrack.settings import _rate
from tests.claims.factories import make_token, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> list[float]:
    """Stands still, so that no window ends within a test."""
    now = [1_000_000_020.0]
    monkeypatch.setattr("claimtrack.rest.throttles._WindowThrottle.timer", staticmethod(lambda: now[0]))
    return now


def statuses(client: APIClient, times: int, **headers: str) -> list[int]:
    return [client.get("/api/v1/ratings/", **headers).status_code for _ in range(times)]


def test_an_address_has_its_rate(anyone: APIClient, settings) -> None:
    settings.THROTTLE_ANON = "2/min"
    assert statuses(anyone, 3) == [200, 200, 429]
    answer = anyone.get("/api/v1/ratings/")
    assert answer.json()["error"]["code"] == "throttled"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert statuses(anyone, 1, REMOTE_ADDR="192.0.2.7") == [200]


def test_the_next_window_begins_anew_when_retry_after_said(anyone: APIClient, settings, clock: list[float]) -> None:
    settings.THROTTLE_ANON = "1/min"
    assert statuses(anyone, 2) == [200, 429]
    clock[0] += int(anyone.get("/api/v1/ratings/")["Retry-After"]) - 1
    assert statuses(anyone, 1) == [429]
    clock[0] += 1
    assert statuses(anyone, 2) == [200, 429]


def test_an_invented_forwarding_header_gives_no_new_rate(anyone: APIClient, settings) -> None:
    settings.THROTTLE_ANON = "1/min"
    assert statuses(anyone, 1, HTTP_X_FORWARDED_FOR="192.0.2.1") == [200]
    assert statuses(anyone, 1, HTTP_X_FORWARDED_FOR="192.0.2.2") == [429]


def test_each_token_has_a_rate_whatever_the_address(anyone: APIClient, settings) -> None:
    settings.THROTTLE_ANON, settings.THROTTLE_TOKEN = "1/min", "2/min"
    user = make_user("API reader")
    first, second = (APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=user)}") for _ in range(2))
    assert statuses(first, 2) == [200, 200]
    assert statuses(first, 1, REMOTE_ADDR="192.0.2.9") == [429]
    assert statuses(second, 2) == [200, 200]
    assert statuses(anyone, 1) == [200]


def test_sessions_of_a_user_count_together(settings) -> None:
    settings.THROTTLE_TOKEN = "2/min"
    user = make_user("API reader")
    clients = [APIClient(), APIClient()]
    for client in clients:
        client.force_login(user, backend="claimtrack.second_factor.DeskBackend")
    assert [statuses(client, 1) for client in (*clients, *clients)] == [[200], [200], [429], [429]]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="one-network"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="but-not-the-next"),
        pytest.param("192.0.2.1", "192.0.2.2", False, id="nor-two-old-addresses"),
        pytest.param("::ffff:192.0.2.1", "::ffff:192.0.2.2", False, id="nor-two-mapped-ones"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(
    anyone: APIClient, settings, first: str, second: str, is_one: bool
) -> None:
    settings.THROTTLE_ANON = "1/min"
    assert statuses(anyone, 1, REMOTE_ADDR=first) == [200]
    assert statuses(anyone, 1, REMOTE_ADDR=second) == ([429] if is_one else [200])


def test_guessing_tokens_does_not_go_free(settings) -> None:
    settings.THROTTLE_ANON = "2/min"
    guesser = APIClient(HTTP_AUTHORIZATION="Bearer ct_wrong")
    assert statuses(guesser, 3) == [401, 401, 429]
    assert guesser.get("/api/v1/ratings/")["Retry-After"]


class TestWhatIsLeft:
    def test_is_told_with_every_answer(self, anyone: APIClient, settings) -> None:
        settings.THROTTLE_ANON = "2/min"
        answers = [anyone.get("/api/v1/ratings/") for _ in range(3)]
        assert {answer["RateLimit-Policy"] for answer in answers} == {'"address";q=2;w=60'}
        # 1,000,000,020 is a whole number of minutes: the window has just begun.
        assert [answer["RateLimit"] for answer in answers] == [f'"address";r={left};t=60' for left in (1, 0, 0)]

    def test_by_token_and_for_errors_too(self, settings) -> None:
        settings.THROTTLE_TOKEN = "5/hour"
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token('API reader')}")
        assert client.get("/api/v1/claims/?speeker=1")["RateLimit"].startswith('"token";r=4;t=')
        assert client.get("/api/v1/nowhere/")["RateLimit-Policy"] == '"token";q=5;w=3600'

    def test_but_not_where_there_is_no_limit(self, anyone: APIClient, settings) -> None:
        settings.THROTTLE_ANON = ""
        assert "RateLimit" not in anyone.get("/api/v1/ratings/")


def test_no_rate_is_no_limit(anyone: APIClient, settings) -> None:
    settings.THROTTLE_ANON = ""
    assert set(statuses(anyone, 150)) == {200}


@pytest.mark.parametrize(
    ("value", "rate"), [("", "120/min"), ("10/s", "10/s"), ("5/hour", "5/hour"), ("off", "")], ids=str
)
def test_rates_are_read_from_the_environment(monkeypatch, value: str, rate: str) -> None:
    monkeypatch.setenv("THROTTLE_ANON", value)
    assert _rate("THROTTLE_ANON", "120/min") == rate


@pytest.mark.parametrize("value", ["120", "0/min", "-1/min", "120/fortnight", "many/min", "1 / min"])
def test_a_wrong_rate_stops_the_start(monkeypatch, value: str) -> None:
    monkeypatch.setenv("THROTTLE_ANON", value)
    with pytest.raises(ImproperlyConfigured, match="THROTTLE_ANON"):
        _rate("THROTTLE_ANON", "120/min")
