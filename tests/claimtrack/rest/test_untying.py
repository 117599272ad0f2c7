"""An answered request leaves nothing behind for Python's collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.claims.factories import make_claim


@contextmanager
def collected() -> Iterator[list[str]]:
    """The kinds of what only the collector finds after the block."""
    kinds: list[str] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield kinds
        gc.collect()
        kinds += sorted({type(one).__name__ for one in gc.garbage})
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/claims/", "/api/v1/claims/999999999/", "/healthz"])
def test_nothing_waits_for_the_collector(path: str) -> None:
    make_claim()
    handler = WSGIHandler()  # not the test client, which keeps what it was given
    for _ in range(2):  # what is compiled or read once does not belong to a request
        handler.get_response(RequestFactory().get(path))
    with collected() as kinds:
        handler.get_response(RequestFactory().get(path))
    assert kinds == []
