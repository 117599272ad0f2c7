"""Starts the servers that are compared, each on a free port of the loopback address, and ends them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import psycopg2

from benchmarks.rivals.load import Client
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
_SPEAKERS = """SELECT json_group_array(json_object('id', speaker.id, 'slug', speaker.slug, 'name', speaker.name))
FROM claims_claimspeaker AS link JOIN claims_speaker AS speaker ON speaker.id = link.speaker_id
WHERE link.claim_id = page.id AND NOT speaker.is_hidden"""


@dataclass
class System:
    """A running server.

    Attributes:
        name: As it is called in the figures.
        port: Where it listens.
        paths: Path by question; those that are missing it is not asked.
        token: What to ask it with.
        pids: The server's process, and one of the database's whose children serve its connections, if any.
    """

    name: str
    port: int
    pids: tuple[int, ...]
    paths: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def spent(self) -> float:
        """Seconds of the processor that its processes and their children have spent so far."""
        return sum(_spent(pid) for pid in self.pids)

    def path_of(self, name: str, question: dict[str, Any]) -> str | None:
        """How it is asked a question; None where it cannot be."""
        return question["path"] if self.name.startswith("ours") else self.paths.get(name)


def _spent(pid: int) -> float:
    total = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread or a child that has just ended
            children = (task / "children").read_text().split()
            total += sum(_spent(int(child)) for child in children)
    with contextlib.suppress(FileNotFoundError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _postmaster(database: str) -> tuple[int, ...]:
    """The process whose children serve the connections; none for SQLite, which has no process of its own."""
    if database.startswith("sqlite"):
        return ()
    with contextlib.closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/status").read_text()
    return (int(status.partition("PPid:")[2].split()[0]),)


def environment(database: str, **more: str) -> dict[str, str]:
    """What the processes are told; limits are on, and never met."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmark",
        "DATABASE_URL": database,
        "ALLOWED_HOSTS": "127.0.0.1",
        "THROTTLE_ANON": "100000000/min",
        "THROTTLE_TOKEN": "100000000/min",
        "SERVER_WORKERS": "1",
        "SERVER_THREADS": "1",
        **more,
    }


def python(arguments: list[str], database: str) -> str:
    """Runs a module in a process of its own; what it prints."""
    command = [sys.executable, *arguments]
    told = environment(database, LOG_LEVEL="warning")
    done = subprocess.run(command, cwd=ROOT, env=told, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def start(
    stack: contextlib.ExitStack, database: str, questions: Path, token: str, datasette: Path | None
) -> list[System]:
    """Starts all systems for a database; they end with the stack."""
    found = json.loads(questions.read_text())
    manage = [sys.executable, "manage.py", "serve", "--port"]
    more = _postmaster(database)
    port, pid = _start(stack, lambda port: [*manage, str(port)], environment(database), "/healthz")
    systems = [System("ours", port, (pid, *more)), System("ours_token", port, (pid, *more), token=token)]
    own = {name: f"/{name}" for name in found}
    for name, prepared in (("floor", ""), ("floor_prepared", "1")):
        if prepared and database.startswith("sqlite"):
            continue
        told = environment(database, QUESTIONS=str(questions), PREPARED=prepared)
        port, pid = _start(stack, lambda port: _granian("benchmarks.rivals.floor:application", port), told, "/newest")
        systems.append(System(name, port, (pid, *more), own))
    told = environment(database)
    del told["DJANGO_SETTINGS_MODULE"]
    first = "/claims/?page_size=1"
    port, pid = _start(stack, lambda port: _granian("benchmarks.rivals.drf:application", port), told, first)
    paths = {
        name: f"/claims/?{_speakers(one['path'])}"
        for name, one in found.items()
        if name not in ("search", "facets", "deep")
    }
    paths["deep"] = _deep(paths["frequent"], found["deep"])
    systems.append(System("drf", port, (pid, *more), paths))
    if datasette and database.startswith("sqlite"):
        systems.append(_datasette(stack, datasette, f"/{urlsplit(database).path.lstrip('/')}", found))
    return systems


def _speakers(path: str) -> str:
    query = path.partition("?")[2]
    return query.replace("speaker=", "links__speaker=")


def _deep(frequent: str, deep: dict[str, Any]) -> str:
    """The framework's own cursor to the row at which ours is asked to begin: rows before a day, some passed over."""
    day = date.fromisoformat(deep["first_day"]) + timedelta(days=1)
    cursor = b64encode(urlencode({"o": deep["passed"], "p": day.isoformat()}).encode()).decode()
    return f"{frequent}&{urlencode({'cursor': cursor})}"


def _datasette(stack: contextlib.ExitStack, program: Path, file: str, found: dict[str, Any]) -> System:
    """Datasette over the same file, each question a canned query with its values written in, and speakers joined."""
    queries = {name: {"sql": _canned(one)} for name, one in found.items() if not one["facets"]}
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="claimtrack-datasette-"))
    metadata = Path(folder) / "metadata.json"
    database = Path(file).stem
    metadata.write_text(json.dumps({"databases": {database: {"queries": queries}}}))
    settings = ["--setting", "num_sql_threads", "1", "--setting", "sql_time_limit_ms", "60000"]
    base = [str(program), "serve", file, "--metadata", str(metadata), "--host", "127.0.0.1", *settings]
    port, pid = _start(stack, lambda port: [*base, "--port", str(port)], dict(os.environ), "/-/versions.json")
    return System(
        "datasette", port, (pid,), {name: f"/{quote(database)}/{name}.json?_shape=arrays" for name in queries}
    )


def _canned(question: dict[str, Any]) -> str:
    """One statement that answers a question: the page, what is searched for within it, and who said each claim."""
    within = ""
    for statement in [*question["before"], question["page"]]:
        sql, params = statement["sql"], statement["params"]
        if within:  # what it takes as a list of ids is what the one before finds
            sql = sql.replace("SELECT value FROM json_each(%s)", within)
            params = [one for one in params if not str(one).startswith("[")]
        elif question["before"]:  # without the number of rows up to which they are named by their ids
            sql, params = sql.partition(" LIMIT ")[0], params[:1]
        within = _written({"sql": sql, "params": params})
    return f"SELECT page.*, ({_SPEAKERS}) AS speakers FROM ({within}) AS page"  # noqa: S608  (our own text)


def _written(page: dict[str, Any]) -> str:
    parts = page["sql"].split("%s")
    values = [str(int(one)) if isinstance(one, int) else f"'{one}'" for one in page["params"]]
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))


def _granian(application: str, port: int) -> list[str]:
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, "--host", "127.0.0.1", "--port", str(port), application]


def _start(stack: contextlib.ExitStack, command: Any, told: dict[str, str], path: str) -> tuple[int, int]:
    port = free_port()
    process = subprocess.Popen(
        command(port), cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    stack.callback(_stop, process)
    until = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError):
            client = Client(port, path)
            status, body = client.ask()
            client.close()
            if status == 200:
                return port, process.pid
            raise SystemExit(f"{command(port)} answers {path} with {status}: {body[:300]!r}")
        if time.monotonic() > until or process.poll() is not None:
            raise SystemExit(f"{command(port)} does not start")
        time.sleep(0.2)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
