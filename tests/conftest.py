"""What every test stands on: settings of its own, a database file that threads can share, and child processes.

The same tests run on SQLite and on PostgreSQL: `DATABASE_URL` decides (`python -m tests.postgres pytest …` sets it to
a throwaway server). `--only-database` leaves out, for the second run, what never touches one, and what is marked
`one_database`: who may do what is decided before any query, so it is tried on one of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from claimtrack.env import random_key

ROOT = Path(__file__).resolve().parent.parent
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "scratch_database"}
SHARED = "../shared"  # the one thing whose absence may skip a test

Manage = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("claimtrack")
    group.addoption("--only-database", action="store_true", help="only tests that touch the database")
    group.addoption("--totals", metavar="FILE", type=Path, help="write the outcome as JSON to FILE")
    group.addoption("--screenshots", metavar="DIR", type=Path, help="keep the browser tests' screenshots in DIR")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: answers alike on every database, so it is tried on one")
    settings.SECRET_KEY = random_key()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests log in often
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def touches_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or bool(
        DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    marked = marker is not None and marker.kwargs.get("transaction", False)
    return marked or bool({"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # A transactional test ends by emptying all tables; this brings back what the migrations put there.
        if is_transactional(item):
            item.fixturenames.append("django_db_serialized_rollback")  # type: ignore[attr-defined]
    if config.getoption("--only-database"):
        kept = [item for item in items if touches_database(item) and not item.get_closest_marker("one_database")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    target = session.config.getoption("--totals")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if target is None or reporter is None or hasattr(session.config, "workerinput"):
        return
    stats = reporter.stats
    reasons = [str(report.longrepr[2]) for report in stats.get("skipped", [])]
    totals = {
        "passed": len(stats.get("passed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": len(reasons),
        "expected_failures": len(stats.get("xfailed", [])) + len(stats.get("xpassed", [])),
        "undue_skips": sorted({reason for reason in reasons if SHARED not in reason}),
    }
    target.write_text(json.dumps(totals), encoding="utf-8")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite gets a file: the database in memory that Django would make knows no WAL and no waiting for a lock."""
    config = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        config["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def scratch_database(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database for child processes, on the same kind of server as the tests' own."""
    if connections["default"].vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'scratch.sqlite3'}"
        return
    name = f"scratch_{uuid4().hex}"
    server = os.environ["DATABASE_URL"]
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def clean_environment(**variables: str) -> dict[str, str]:
    """An environment without our settings, but for those given; no `.env` is read."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "ENV_FILE": os.devnull, "OMP_NUM_THREADS": "1", **variables}


def run_manage(*arguments: str | Path, stdin: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `manage.py` as a process of its own, in `clean_environment(**variables)`; both outputs are captured."""
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        input=stdin,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def manage(scratch_database: str) -> Manage:
    """`run_manage` with a key and an empty database of its own."""

    def run(*arguments: str | Path, stdin: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        given = {"SECRET_KEY": random_key(), "DATABASE_URL": scratch_database, **variables}
        return run_manage(*arguments, stdin=stdin, **given)

    return run
