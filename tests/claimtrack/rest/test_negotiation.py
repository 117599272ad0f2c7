"""The form of an answer is chosen as the framework chooses it, the first time and every other."""

import pytest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from claims.api.ndjson import NdjsonRenderer
from claimtrack.rest.negotiation import Negotiation
from claimtrack.rest.renderers import JsonRenderer


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/x-ndjson",
        "application/json;q=0.2, application/x-ndjson",
        "text/html, */*;q=0.1",
        "application/*",
        "text/html;" + "x" * 400 + ", */*",
    ],
)
def test_as_the_framework_chooses(accept: str) -> None:
    request = APIView().initialize_request(APIRequestFactory().get("/", HTTP_ACCEPT=accept))
    renderers: list[BaseRenderer] = [JsonRenderer(), NdjsonRenderer()]
    chosen = DefaultContentNegotiation().select_renderer(request, renderers)
    for _ in range(2):
        assert Negotiation().select_renderer(request, renderers) == chosen


@pytest.mark.django_db
def test_what_is_not_offered_is_refused_each_time() -> None:
    client = APIClient(HTTP_ACCEPT="text/csv")
    assert [client.get("/api/v1/ratings/").status_code for _ in range(2)] == [406, 406]
