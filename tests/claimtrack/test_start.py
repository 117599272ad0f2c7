"""What stops a start, and what does not: each as a real process with an environment of its own."""

import sqlite3
from pathlib import Path

import pytest

from claimtrack.env import random_key
from tests.conftest import Manage, run_manage

SENTENCE = "The minister said the bridge would open in May.\n"


@pytest.mark.parametrize(
    ("variables", "right"),
    [
        pytest.param({"DEBUG": "maybe"}, "DEBUG must be true or false, got 'maybe'", id="boolean"),
        pytest.param({"PORT": "http"}, "PORT must be a whole number", id="number"),
        pytest.param({"SERVER_WORKERS": "0"}, "SERVER_WORKERS must be at least 1", id="too-small"),
        pytest.param({"DATABASE_URL": ""}, "DATABASE_URL is set but empty", id="empty-database"),
        pytest.param({"DATABASE_URL": "nosuch://x"}, "DATABASE_URL must look like postgres://", id="unknown-database"),
        pytest.param({"CACHE_URL": "ftp://x"}, "CACHE_URL must be memory:", id="unknown-cache"),
        pytest.param({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of json, text", id="choice"),
    ],
)
def test_a_wrong_variable_stops_every_command_with_one_line(variables: dict[str, str], right: str) -> None:
    done = run_manage("check", SECRET_KEY=random_key(), **variables)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert right in done.stderr


def test_a_wrong_database_url_does_not_show_its_password() -> None:
    done = run_manage("check", DATABASE_URL="postgres://desk:tell-nobody@[broken/x")
    assert done.returncode == 2
    assert "tell-nobody" not in done.stderr


def test_extract_needs_neither_key_nor_database(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(SENTENCE, encoding="utf-8")
    done = run_manage("extract", article)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"claims"' in done.stdout


def test_serve_without_a_key_says_so_in_one_line() -> None:
    done = run_manage("serve")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_serve_on_an_empty_database_says_what_to_run(manage: Manage) -> None:
    done = manage("serve", "--port", "0")
    assert done.returncode == 1
    assert "migrations are not applied; run: python manage.py migrate" in done.stderr
    assert done.stderr.count("\n") == 1


def test_serve_without_its_database_server_says_so() -> None:
    nobody_listens = "postgres://desk:tell-nobody@127.0.0.1:1/desk"
    done = run_manage("serve", "--port", "0", SECRET_KEY=random_key(), DATABASE_URL=nobody_listens)
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "tell-nobody" not in done.stderr


def test_sqlite_waits_in_line_for_writers(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    done = run_manage("migrate", "--verbosity", "0", SECRET_KEY=random_key(), DATABASE_URL=f"sqlite:///{path}")
    assert done.returncode == 0, done.stderr
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
