"""A client of the API."""

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def anyone() -> APIClient:
    """A reader without a token."""
    return APIClient()
