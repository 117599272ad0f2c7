"""Headless Chromium on the live server, as an editor sits before it.

A page fails its test on what an editor would see only as "it does not work": a script error, a line on the console
(that is where a Content-Security-Policy violation shows), or a request to any other host.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

VIEWPORT = {"width": 1400, "height": 900}
TIMEOUT_MS = 20_000  # a busy machine of two cores
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

MakeUser = Callable[..., User]
LogIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("no Chromium found: apt-get install chromium", pytrace=False)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # the sandbox refuses to run as root
    restored = getattr(connections["default"], "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        # Its event loop gives this thread a new connection; what each test's end puts back must come along.
        if restored is not None:
            connections["default"]._test_serialized_contents = restored  # type: ignore[attr-defined]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()
        connections["default"].close()


class Watch:
    """Collects what went wrong on the pages of one test."""

    def __init__(self, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.problems: list[str] = []

    def on(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def forgive(self, pattern: str) -> None:
        """Drops the problems that a test causes on purpose, such as the console's line about a 403."""
        self.problems = [problem for problem in self.problems if not re.search(pattern, problem)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    watch = Watch(live_server.url)
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens a window with cookies of its own; two of them are two editors. Options are those of `new_context`."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        given = {"base_url": live_server.url, "viewport": VIEWPORT, "locale": "en-GB", "timezone_id": "UTC", **options}
        context = browser.new_context(**given)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        expect.set_options(timeout=TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        watch.on(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def live_page(new_page: Callable[..., Page]) -> Page:
    """A visitor's page, not logged in."""
    return new_page()


@pytest.fixture
def make_user(transactional_db: None) -> MakeUser:
    """Makes a member of the staff in one of the desk's groups."""

    def make(username: str = "vera", group: str = "desk admin", password: str | None = None) -> User:
        user = User.objects.create_user(username, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def page_for(new_page: Callable[..., Page], live_server: LiveServer) -> LogIn:
    """Opens a page on which `user` is logged in already; the form itself has its own test."""

    def log_in(user: User, **options: object) -> Page:
        client = Client()
        client.force_login(user, backend="claimtrack.second_factor.DeskBackend")
        page = new_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        page.context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[list-item]
        return page

    return log_in


@pytest.fixture
def editor_page(make_user: MakeUser, page_for: LogIn) -> Page:
    """The page of a desk admin named vera."""
    return page_for(make_user())


@pytest.fixture
def screenshot(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Path]:
    """Saves a whole page as PNG, in `--screenshots DIR` or a temporary folder; gives the file."""
    folder = request.config.getoption("--screenshots") or tmp_path

    def save(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name}.png"
        page.screenshot(path=target, full_page=True)
        return target

    return save
