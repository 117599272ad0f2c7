"""Rows to find, and a token that may do everything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections

from claims.services.corrections import correct_kind
from claims.services.evidence import add_evidence
from claims.services.tags import make_tag, tag_claims
from tests.claims.factories import (
    make_claim,
    make_delivery,
    make_note,
    make_opinion,
    make_source,
    make_speaker,
    make_token,
    make_user,
    make_verdict,
    make_webhook,
)


@pytest.fixture
def in_one_transaction(db: None) -> Iterator[None]:
    """Keeps requests from closing the test's own connection, as Django's test client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(in_one_transaction: None, settings: Any) -> str:
    """A desk with a little of everything; gives the `Authorization` header of a desk admin."""
    settings.THROTTLE_ANON = settings.THROTTLE_TOKEN = settings.THROTTLE_EXTRACT = ""
    admin = make_user("desk admin", username="fuzzer")
    speaker = make_speaker("Ana Duarte", slug="ana-duarte")
    claim = make_claim(speaker, make_speaker())
    make_claim(speaker, within=claim)
    make_claim()
    make_note(claim, author=admin)
    make_note(claim, is_public=True)
    make_verdict(claim)
    make_verdict(author=admin, state="draft")
    make_verdict(state="proposed")
    make_opinion(reviewer=admin)
    make_source()
    correct_kind(claim, actor=admin, kind="mixed")
    add_evidence(claim, author=admin, url="https://record.example/1")
    tag_claims([claim], actor=admin, tags=[make_tag("flood", actor=admin)])
    make_delivery(make_webhook(created_by=admin))
    return f"Bearer {make_token(user=admin)}"
