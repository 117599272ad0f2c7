"""`create_token` and what the token is worth."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import ApiToken
from claims.services.tokens import create_token, note_use, revoke_token
from tests.claims.factories import find_token

pytestmark = pytest.mark.django_db


def token_of(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("scope", "group"),
    [pytest.param("read", "API reader", id="read"), pytest.param("write", "contributor", id="write")],
)
def test_it_prints_the_header_value_and_nothing_else(scope: str, group: str) -> None:
    printed = token_of("crawler", "--create-user", "--scope", scope)

    kind, plain = printed.strip().split(" ")
    assert (kind, printed.count("\n")) == ("Bearer", 1)
    token = find_token(plain)
    assert token is not None
    assert token.scope == scope
    user = User.objects.get(username="crawler")
    assert not user.has_usable_password()
    assert [one.name for one in user.groups.all()] == [group]
    assert plain not in str(list(ApiToken.objects.values()))


def test_a_known_user_keeps_group_and_password() -> None:
    user = User.objects.create_user("anja", password="a long pass phrase")

    token_of("anja", "--create-user", "--scope", "write")

    user.refresh_from_db()
    assert user.has_usable_password()
    assert not user.groups.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nobody"], "--create-user", id="unknown-user"),
        pytest.param(["x", "--create-user", "--expires", "0"], "--expires", id="no-days"),
        pytest.param(["no such name!", "--create-user"], "letters, numbers", id="bad-name"),
    ],
)
def test_what_is_wrong_is_named(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        token_of(*arguments)


def test_expired_revoked_and_inactive_tokens_are_worth_nothing() -> None:
    user = User.objects.create_user("anja")
    good, plain = create_token(user, scope="read", expires_at=timezone.now() + timedelta(days=1))
    _, expired = create_token(user, scope="read", expires_at=timezone.now() - timedelta(seconds=1))

    assert find_token(plain) == good
    assert find_token(expired) is None
    assert find_token("ct_" + "x" * 43) is None
    user.is_active = False
    user.save()
    assert find_token(plain) is None
    user.is_active = True
    user.save()
    revoke_token(good)
    assert find_token(plain) is None


def test_last_use_is_written_at_most_once_a_minute(django_assert_num_queries: object) -> None:
    token, _ = create_token(User.objects.create_user("anja"))
    note_use(token)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None

    note_use(token)

    token.refresh_from_db()
    assert token.last_used_at == first
