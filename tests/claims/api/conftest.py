"""Clients of the API: without a token, and with one."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.claims.factories import make_token, make_user


@pytest.fixture
def anyone() -> APIClient:
    """A reader without a token."""
    return APIClient()


@pytest.fixture
def client_of() -> Callable[..., APIClient]:
    """Makes a client with a token of a role."""

    def make(group: str = "fact-checker", *, scope: str = "write", user: object = None) -> APIClient:
        token = make_token(group, scope=scope, user=user or make_user(group))
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")

    return make
