"""Commands as real processes: killed in the middle, two at once, without a key or a database."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from claimtrack.env import random_key
from tests.claims.commands.stories import jsonl, natural, story
from tests.conftest import ROOT, Manage, clean_environment, run_manage

COUNT = 24


def start(database: str, *arguments: str | Path) -> subprocess.Popen[str]:
    environment = clean_environment(SECRET_KEY=random_key(), DATABASE_URL=database)
    return subprocess.Popen(
        [sys.executable, ROOT / "manage.py", *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored_articles(database: str) -> int:
    is_sqlite = database.startswith("sqlite:///")
    connect: Callable[[str], object] = sqlite3.connect if is_sqlite else psycopg2.connect  # type: ignore[assignment]
    connection = connect(database.removeprefix("sqlite:///") if is_sqlite else database)
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("SELECT count(*) FROM sources_article")
    count = cursor.fetchone()[0]
    connection.close()  # type: ignore[attr-defined]
    return int(count)


def test_killed_in_the_middle_and_run_again_ends_as_one_clean_run(
    manage: Manage, scratch_database: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(jsonl(COUNT), encoding="utf-8")
    assert manage("migrate").returncode == 0
    process = start(scratch_database, "ingest", path)
    deadline = time.monotonic() + 60
    while not stored_articles(scratch_database) >= 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    survived = stored_articles(scratch_database)
    assert 3 <= survived < COUNT, "the process was not killed in the middle"

    again = manage("ingest", path)

    assert again.stdout.strip() == f"{COUNT - survived} stored, {survived} known already, 0 rejected"
    clean = f"sqlite:///{tmp_path / 'clean.sqlite3'}"
    run_manage("migrate", SECRET_KEY="k", DATABASE_URL=clean)
    run_manage("ingest", path, SECRET_KEY="k", DATABASE_URL=clean)
    dump = ("dumpdata", "sources", "claims")
    assert natural(manage(*dump).stdout) == natural(run_manage(*dump, SECRET_KEY="k", DATABASE_URL=clean).stdout)


def test_two_processes_over_the_same_texts_store_each_once(
    manage: Manage, scratch_database: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(jsonl(8), encoding="utf-8")
    manage("migrate")

    both = [start(scratch_database, "ingest", path) for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    assert sum(int(out.split()[0]) for out, _ in outputs) == 8
    dump = json.loads(manage("dumpdata", "claims.speaker").stdout)
    assert len(dump) == len({row["fields"]["slug"] for row in dump}) == 6


def test_extract_needs_neither_key_nor_database(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(story(0), encoding="utf-8")

    result = run_manage("extract", path)

    assert (result.returncode, result.stderr) == (0, "")
    row = json.loads(result.stdout)
    assert row["id"] == str(path)
    assert {claim["speaker"]["name"] for claim in row["claims"] if claim["speaker"]} >= {"Ilse Brandauer"}
    for claim in row["claims"]:
        assert [story(0)[start:end] for start, end in claim["content"]] == claim["text"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_rows_come_out_in_order_whatever_the_number_of_workers(workers: str) -> None:
    broken = jsonl(9).splitlines()
    broken[4] = broken[4][:40]

    result = run_manage("extract", "--jsonl", "--workers", workers, "-", stdin="\n".join(broken))

    assert result.returncode == 1
    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert ids == [f"story-{number}" for number in range(9) if number != 4]
    assert len(result.stderr.splitlines()) == 1
    assert "line 5" in result.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_reader_who_has_enough_ends_it_quietly(workers: str) -> None:
    command = f"{sys.executable} manage.py extract --jsonl --workers {workers} - | head -n 1; exit ${{PIPESTATUS[0]}}"
    rows = jsonl(1) * 30

    result = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=clean_environment(), input=rows, capture_output=True, text=True
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        pytest.param([], "The mayor said it rains. " * 400_001, id="text"),
        pytest.param(["--jsonl"], '{"id": 1, "text": "' + "It rains. " * 1_000_001 + '"}', id="row"),
    ],
)
def test_a_text_that_is_too_long_is_refused_from_a_stream_too(arguments: list[str], stdin: str) -> None:
    result = run_manage("extract", *arguments, "-", stdin=stdin)

    assert (result.returncode, result.stdout) == (1, "")
    assert "over 10,000,000 bytes" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_that_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    result = run_manage("extract", tmp_path / "none.txt", tmp_path)

    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"{tmp_path / 'none.txt'}: No such file or directory",
        f"{tmp_path}: Is a directory",
    ]


@pytest.mark.parametrize(
    ("database", "says"),
    [
        pytest.param("sqlite://:memory:", "run: python manage.py migrate", id="not-migrated"),
        pytest.param("sqlite:////no/such/folder/x.sqlite3", "does not answer", id="away"),
    ],
)
@pytest.mark.parametrize(
    "command", [["ingest", "-"], ["create_token", "x"], ["reextract", "--all"]], ids=lambda it: it[0]
)
def test_without_its_tables_a_command_ends_in_one_line(command: list[str], database: str, says: str) -> None:
    result = run_manage(*command, stdin=story(0), SECRET_KEY="k", DATABASE_URL=database)

    assert (result.returncode, result.stdout) == (1, "")
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_explain_shows_reasons(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(story(1), encoding="utf-8")

    result = run_manage("extract", "--explain", path)

    assert result.returncode == 0
    assert "Kwabena Osei-Mintah (person, resolved)" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["extract", "--workers", "0"], "at least 1", id="workers"),
        pytest.param(["extract", "--wrokers", "2"], "unrecognized", id="unknown-option"),
        pytest.param(["ingest"], "required", id="ingest-without-a-path"),
        pytest.param(["create_token", "x", "--scope", "all"], "invalid choice", id="unknown-scope"),
        pytest.param(["reextract"], "--all", id="reextract-without-a-choice"),
    ],
)
def test_wrong_usage_is_status_2_and_one_clear_line(arguments: list[str], says: str) -> None:
    result = run_manage(*arguments, SECRET_KEY="k", DATABASE_URL="sqlite://:memory:")

    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr
