"""The cookbook: every request is sent, every answer compared; what it says about signatures is true."""

import time
from typing import Any

import pytest
from django.test import Client

from claims.models import Revision
from claims.outgoing import new_secret, signed_headers
from tests.claims.factories import make_token, make_user
from tests.conftest import ROOT
from tests.docs.cookbook import ask, body_of, differences, name_values, steps

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


# With transactions that end, as outside of tests: the log of changes tells of nothing that may still be undone.
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_request_of_the_page_is_answered_as_it_says(settings: Any) -> None:
    settings.THROTTLE_ANON = settings.THROTTLE_TOKEN = ""
    Revision.objects.exclude(kind="rating").delete()  # other tests' rows are gone, what the log says of them is not
    variables = {"API": "http://127.0.0.1:8000/api/v1"}
    for name, user, role in (
        ("TOKEN", "ada", "fact-checker"),
        ("REVIEWER", "bo", "reviewer"),
        ("ADMIN", "cy", "desk admin"),
    ):
        variables[name] = f"Bearer {make_token(user=make_user(role, username=user))}"
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    done = 0
    for step in steps(PAGE):
        response = ask(step, variables, client)
        content = body_of(response)
        assert (response.status_code, differences(step, content)) == (step.status, []), step.command
        variables |= name_values(step, response)
        done += 1
    assert done == PAGE.count("```sh\ncurl ") > 20


@pytest.mark.parametrize(
    ("said", "given", "count"),
    [
        pytest.param('{"a": 1}', b'{"a": 1}', 0, id="the same"),
        pytest.param('{"a": 1}', b'{"a": 2}', 1, id="but not another value"),
        pytest.param('{"a": 1}', b'{"a": 1, "b": 2}', 1, id="nor one more"),
        pytest.param('{"a": 1, "…": "…"}', b'{"a": 1, "b": 2}', 0, id="unless more is expected"),
        pytest.param('["a…c"]', b'["abc"]', 0, id="a part of a text"),
        pytest.param('["a…c"]', b'["abd"]', 1, id="but not another part"),
        pytest.param('[1, "…"]', b"[1, 2, 3]", 0, id="the rest of a list"),
        pytest.param("[1]", b"[1, 2]", 1, id="but not without a word"),
    ],
)
def test_the_comparison_finds_what_differs(said: str, given: bytes, count: int) -> None:
    (step,) = steps(f"```sh\ncurl x\n```\n\n```json\n{said}\n```")
    assert len(differences(step, given)) == count


def test_a_message_is_checked_as_the_page_says() -> None:
    code = PAGE.partition("```python\n")[2].partition("```")[0]
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # noqa: S102  (our own page)
    is_genuine = namespace["is_genuine"]
    old, secret, body = new_secret(), new_secret(), b'{"type":"webhook.test"}'
    now = int(time.time())
    headers = signed_headers("msg_1", now, body, [secret, old])
    assert is_genuine(secret, headers, body)
    assert is_genuine(old, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine(new_secret(), headers, body)
    assert not is_genuine(secret, signed_headers("msg_1", now - 301, body, [secret]), body)
