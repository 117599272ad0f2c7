"""The way in: the log-in form, and what a stranger sees."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claimtrack.env import random_key


def _fill_in(page: Page, username: str, password: str) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_the_right_password_opens_the_start_page(live_page: Page, make_user: Callable[..., User]) -> None:
    password = random_key()
    make_user("vera", password=password)
    _fill_in(live_page, "vera", password)
    expect(live_page.locator("#user-tools")).to_contain_text("vera")


def test_a_wrong_password_does_not(live_page: Page, make_user: Callable[..., User]) -> None:
    make_user("vera", password=random_key())
    _fill_in(live_page, "vera", "not it")
    expect(live_page.locator(".errornote")).to_be_visible()


@pytest.mark.parametrize("path", ["/admin/", "/admin/claims/claim/"], ids=["start-page", "claims"])
def test_a_stranger_is_asked_to_log_in(live_page: Page, path: str) -> None:
    live_page.goto(path)
    expect(live_page).to_have_url(re.compile("/admin/login/"))
    expect(live_page.get_by_label("Username")).to_be_visible()
