"""Clients that are logged in, and a desk with rows on it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.claims.factories import make_user

ROLES = ("API reader", "contributor", "fact-checker", "reviewer", "desk admin")
MODEL_BACKEND = "claimtrack.second_factor.DeskBackend"


@pytest.fixture
def editor(db: None) -> Callable[..., Client]:
    """Makes a member of the staff of a role and logs them in; `client.user` is who."""

    def make(role: str = "fact-checker", *, is_staff: bool = True, user: User | None = None) -> Client:
        user = user or make_user(role, is_staff=is_staff)
        client = Client()
        client.force_login(user, backend=MODEL_BACKEND)
        client.user = user  # type: ignore[attr-defined]
        return client

    return make
