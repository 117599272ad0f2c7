"""Readers of the environment, and the file behind it."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from claimtrack import env

NAME = "CLAIMTRACK_TEST_VARIABLE"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("true", True, id="true"),
        pytest.param("YES", True, id="in-any-case"),
        pytest.param(" 1 ", True, id="blanks-around"),
        pytest.param("off", False, id="off"),
        pytest.param("0", False, id="zero"),
        pytest.param("", True, id="empty-is-the-default"),
    ],
)
def test_boolean(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.boolean(NAME, default=True) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7", 7), ("", 3), (" 12 ", 12)],
    ids=["number", "empty-is-the-default", "blanks-around"],
)
def test_integer(monkeypatch: pytest.MonkeyPatch, value: str, expected: int) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.integer(NAME, default=3) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a, b,,c ", ["a", "b", "c"]), ("", ["x"]), (" , ", [])],
    ids=["list", "empty-is-the-default", "only-commas-is-nobody"],
)
def test_words(monkeypatch: pytest.MonkeyPatch, value: str, expected: list[str]) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.words(NAME, default=("x",)) == expected


@pytest.mark.parametrize(("value", "expected"), [("TEXT", "text"), ("", "json")], ids=["any-case", "first-is-default"])
def test_choice(monkeypatch: pytest.MonkeyPatch, value: str, expected: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.choice(NAME, ("json", "text")) == expected


@pytest.mark.parametrize(
    ("read", "value", "right"),
    [
        pytest.param(lambda: env.boolean(NAME, default=True), "maybe", "true or false", id="boolean"),
        pytest.param(lambda: env.integer(NAME, default=1), "many", "whole number", id="not-a-number"),
        pytest.param(lambda: env.integer(NAME, default=1), "1.5", "whole number", id="not-whole"),
        pytest.param(lambda: env.integer(NAME, default=1, minimum=1), "0", "at least 1", id="too-small"),
        pytest.param(lambda: env.choice(NAME, ("json", "text")), "xml", "json, text", id="not-a-choice"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, read: object, value: str, right: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=right) as caught:
        read()  # type: ignore[operator]
    assert NAME in str(caught.value)
    assert value in str(caught.value)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(f"{NAME}=plain", "plain", id="plain"),
        pytest.param(f"  {NAME} = spaced out ", "spaced out", id="blanks-around"),
        pytest.param(f"{NAME}='one'", "one", id="quotes"),
        pytest.param(f'{NAME}="two"', "two", id="double-quotes"),
        pytest.param(f"{NAME}='half", "'half", id="but-not-one-quote"),
        pytest.param(f"{NAME}=a=b#c", "a=b#c", id="equals-and-hash-belong-to-the-value"),
        pytest.param(f"# {NAME}=no", "", id="but-not-in-a-comment"),
    ],
)
def test_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, expected: str) -> None:
    monkeypatch.setenv(NAME, "")  # so that the test leaves nothing behind
    monkeypatch.delenv(NAME)
    file = tmp_path / ".env"
    file.write_text(f"# a comment\n\n{line}\n", encoding="utf-8")
    env.load_env_file(file)
    assert env.text(NAME) == expected


def test_the_real_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, "real")
    (tmp_path / ".env").write_text(f"{NAME}=file\n", encoding="utf-8")
    env.load_env_file(tmp_path / ".env")
    assert env.text(NAME) == "real"


def test_a_missing_file_is_fine(tmp_path: Path) -> None:
    env.load_env_file(tmp_path / ".env")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"SECRET\n", "line 1: expected NAME=value", id="no-equals"),
        pytest.param(b"A=1\nexport B=2\n", "line 2: expected NAME=value", id="not-a-name"),
        pytest.param(b"A=\xff\xfe\n", "expected UTF-8", id="not-text"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "broken.env"
    file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match=message) as caught:
        env.load_env_file(file)
    assert "broken.env" in str(caught.value)


def test_the_written_file_is_for_its_owner_only_and_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.delenv("SECRET_KEY")
    file = tmp_path / ".env"
    assert env.write_env_file(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    assert not env.write_env_file(file)
    assert file.read_bytes() == first
    env.load_env_file(file)
    assert len(env.text("SECRET_KEY")) >= 50


def test_two_keys_are_never_the_same() -> None:
    assert env.random_key() != env.random_key()
