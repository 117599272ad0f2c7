"""Too many requests: 429 with `Retry-After`, per address without a token and per user with one."""

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


def test_a_user_has_a_rate_whatever_the_token_and_address(anyone: APIClient, settings) -> None:
    settings.THROTTLE_ANON, settings.THROTTLE_TOKEN = "1/min", "2/min"
    user = make_user("API reader")
    first, second = (APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=user)}") for _ in range(2))
    assert statuses(first, 1) + statuses(second, 1, REMOTE_ADDR="192.0.2.9") == [200, 200]
    assert statuses(first, 1) == [429]
    assert statuses(anyone, 1) == [200]


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
