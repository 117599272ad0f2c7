"""Signatures and the time between attempts."""

import base64
from datetime import UTC, datetime

import pytest

from claims.outgoing import ATTEMPTS, new_secret, retry_after, seconds_until_next, signed_headers

# The vector by which implementations of Standard Webhooks test themselves.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_message_is_signed_as_the_standard_has_it() -> None:
    assert signed_headers(*MESSAGE, [SECRET]) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_both_secrets_sign_while_one_is_being_changed() -> None:
    new = new_secret()
    signatures = signed_headers(*MESSAGE, [new, SECRET])["webhook-signature"].split(" ")
    assert signatures[1] == SIGNATURE
    assert signatures[0] == signed_headers(*MESSAGE, [new])["webhook-signature"] != SIGNATURE


def test_a_secret_is_random_and_long_enough() -> None:
    secret = new_secret()
    assert secret != new_secret()
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64


@pytest.mark.parametrize("secret", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!"])
def test_what_is_no_secret_does_not_sign(secret: str) -> None:
    with pytest.raises(ValueError, match="a secret"):
        signed_headers(*MESSAGE, [secret])


def test_attempts_come_ever_later_and_end_after_three_days() -> None:
    waits = [seconds_until_next(attempt, chance=0.0) for attempt in range(1, ATTEMPTS + 1)]
    assert waits[-1] is None
    steps = [wait for wait in waits if wait is not None]
    assert steps == sorted(steps)
    assert steps[0] == 5
    assert 3 * 86_400 < sum(steps) < 3.5 * 86_400


@pytest.mark.parametrize(
    ("chance", "asked", "seconds"),
    [
        pytest.param(0.0, 0.0, 300, id="as planned"),
        pytest.param(1.0, 0.0, 360, id="a fifth later at most"),
        pytest.param(0.0, 1_000.0, 1_000, id="later where the far end asks for it"),
        pytest.param(0.0, 10.0, 300, id="but never sooner"),
        pytest.param(0.0, 1e9, 86_400, id="nor more than a day"),
    ],
)
def test_when_the_next_attempt_is_due(chance: float, asked: float, seconds: float) -> None:
    assert seconds_until_next(2, chance=chance, asked=asked) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("٣", 0.0),
        ("Sun, 99 Mar 2026 12:01:30 GMT", 0.0),
    ],
)
def test_what_retry_after_asks_for(header: str, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds
