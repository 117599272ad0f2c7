"""Stored articles and desk people for the service tests."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from claims.models import Claim, Webhook
from claims.services.articles import store_article
from claims.services.webhooks import create_webhook
from sources.models import Article
from sources.parsing import ParsedArticle
from tests.claims.outgoing.far_end import FarEnd, far_end
from tests.claims.services.extractions import TEXT, CannedEngine, first_engine
from tests.claims.services.subscriptions import EVERYTHING, Subscribe


def store(engine: CannedEngine, text: str = TEXT, source: str = "Valley Post") -> Article:
    """Stores an article as `process_article` does, with a canned engine."""
    parsed = ParsedArticle(text, headline="Bridge", published_on=date(2026, 3, 1), source_name=source, language="en")
    return store_article(parsed, engine.extract(text))


@pytest.fixture
def article(db: None) -> Article:
    return store(first_engine())


@pytest.fixture
def claim(article: Article) -> Claim:
    return article.claims.get(text__contains="bridge")


def editor(name: str, group: str) -> User:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def checker(db: None) -> User:
    return editor("checker", "fact-checker")


@pytest.fixture
def reviewer(db: None) -> User:
    return editor("reviewer", "reviewer")


@pytest.fixture
def desk_admin(db: None) -> User:
    return editor("desk", "desk admin")


@pytest.fixture
def reader(db: None) -> User:
    return editor("reader", "API reader")


@pytest.fixture
def end(settings: Any) -> Iterator[FarEnd]:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    with far_end() as server:
        yield server


@pytest.fixture
def subscribe(end: FarEnd, desk_admin: User) -> Subscribe:
    def make(**values: Any) -> Webhook:
        given: dict[str, Any] = {"name": "Archive", "url": end.url, "events": EVERYTHING}
        return create_webhook(actor=desk_admin, **(given | values))

    return make
