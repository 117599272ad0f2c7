"""The API's page in a browser, without a token and without the Internet.

`live_page` fails on any request to another host and on anything that the Content-Security-Policy stops.
"""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect


def test_a_visitor_reads_the_operations(live_page: Page, screenshot: Callable[..., Path]) -> None:
    live_page.goto("/api/v1/docs/")
    expect(live_page.locator(".opblock").first).to_be_visible()
    expect(live_page.locator(".opblock-summary-path", has_text="claims").first).to_be_visible()
    assert screenshot(live_page, "api-docs").stat().st_size > 10_000


def test_an_operation_opens_and_shows_its_answers(live_page: Page) -> None:
    live_page.goto("/api/v1/docs/")
    operation = live_page.locator(".opblock", has=live_page.locator(".opblock-summary-get")).first
    operation.locator(".opblock-summary").click()
    expect(operation.locator(".responses-table").first).to_be_visible()
    expect(operation.get_by_text("200").first).to_be_visible()


def test_a_reader_opens_the_same_as_one_long_page(live_page: Page) -> None:
    live_page.goto("/api/v1/redoc/")
    expect(live_page.get_by_role("heading", name="List claims").first).to_be_visible(timeout=30_000)
    expect(live_page.locator("[data-section-id]").first).to_have_css("padding-top", "40px")  # its sheets are let in
