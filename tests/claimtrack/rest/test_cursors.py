"""What is sealed can be opened for the same purpose, and nothing else can."""

import re
from typing import Any

import pytest
from django.test import override_settings

from claimtrack.rest.cursors import opened, sealed

VALUES: list[Any] = ["2026-01-31", 7, False]


@pytest.mark.parametrize("values", [VALUES, [None, 1, True], ["“ö” & =?", 2**62, False], []])
def test_what_was_sealed_comes_back(values: list[Any]) -> None:
    cursor = sealed("claims", values)
    assert opened("claims", cursor) == values
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", cursor)  # nothing that an address would have to escape


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="only a dot"),
        pytest.param("WzFd", id="no seal"),
        pytest.param(sealed("claims", VALUES)[:-1], id="cut"),
        pytest.param("x" + sealed("claims", VALUES), id="longer"),
        pytest.param(sealed("speakers", VALUES), id="of another list"),
        pytest.param("ö.ü", id="not ASCII"),
        pytest.param("\ud800.x", id="half a letter"),
    ],
)
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="seal"):
        opened("claims", cursor)


def test_another_secret_seals_otherwise() -> None:
    cursor = sealed("claims", VALUES)
    with override_settings(SECRET_KEY="another"), pytest.raises(ValueError, match="seal"):
        opened("claims", cursor)
