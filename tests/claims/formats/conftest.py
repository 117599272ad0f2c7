"""A claim as a value, with whatever a test needs different."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.formats.values import Desk, Finding, Original, Party, PublicClaim, Quote

ARTICLE = Original(
    url="https://valley.example/bridge",
    copy_url="https://desk.example/api/v1/articles/3/",
    headline="Bridge reopens",
    outlet="Valley Post",
    published_on=date(2026, 3, 1),
    language="en",
)
FINDING = Finding(
    url="https://desk.example/api/v1/verdicts/7/",
    label="Mostly false",
    value=2,
    worst=1,
    best=5,
    summary="The inspection failed.",
    published_at=datetime(2026, 4, 1, 23, 30, tzinfo=UTC),
)
CLAIM = PublicClaim(
    url="https://desk.example/api/v1/claims/9/",
    text="“The bridge is safe,”",
    kind="direct",
    act="statement",
    quotes=(Quote("“The bridge is safe,”", 10, 31, "Then ", " Ada Quill said."),),
    speakers=(Party("Ada Quill", "person", "https://desk.example/api/v1/speakers/1/"),),
    said_on=date(2026, 3, 1),
    original=ARTICLE,
    finding=None,
    created_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    modified_at=datetime(2026, 4, 1, 23, 30, tzinfo=UTC),
)


@pytest.fixture
def desk() -> Desk:
    return Desk("Valley Desk", "https://desk.example/")


@pytest.fixture
def claim() -> Callable[..., PublicClaim]:
    """Makes a claim; `original` and `finding` take changes to theirs as a dict."""

    def make(**changes: Any) -> PublicClaim:
        if isinstance(original := changes.get("original"), dict):
            changes["original"] = replace(ARTICLE, **original)
        if isinstance(finding := changes.get("finding"), dict):
            changes["finding"] = replace(FINDING, **finding)
        return replace(CLAIM, **changes)

    return make
