"""A PostgreSQL server of the tests' own: started from Debian's binaries, gone when the tests end.

It listens on a free port of the loopback address, keeps its files in a temporary folder, and trades durability for
speed. PostgreSQL refuses to run as root, so a root shell hands it to the account that Debian made for it. The kernel
ends the server if we are killed, so that no run leaves one behind.

As a program (`python -m tests.postgres COMMAND …`) it runs a command with `DATABASE_URL` set to such a server.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

ACCOUNT = "postgres"
START_SECONDS = 60
STOP_SECONDS = 30
ATTEMPTS = 3  # another program may take the free port before the server does
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


class PostgresError(Exception):
    """No server could be started; the message says what to do."""


def find_binaries() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").is_file()]
    if debian:
        return max(debian, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def throwaway_postgres(**settings: str) -> Iterator[str]:
    """Runs a fresh server; gives its URL as `DATABASE_URL` takes it.

    Args:
        settings: Of the server, beside those that make it fast.

    Raises:
        PostgresError: none is installed, or it does not start.
    """
    binaries = find_binaries()
    if binaries is None:
        raise PostgresError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="claimtrack-postgres-"))
    try:
        prefix = _as_account(folder)
        _run([*prefix, binaries / "initdb", "-D", folder / "data", "-U", ACCOUNT, "-A", "trust"], folder)
        server, port = _start([*prefix, "setpriv", "--pdeathsig", "INT", binaries / "postgres"], folder, settings)
        try:
            yield f"postgres://{ACCOUNT}@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_account(folder: Path) -> list[str]:
    """What to put before a command so that it does not run as root; the folder goes to the same account."""
    if os.geteuid() != 0:
        return []
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PostgresError(
            f"there is no account {ACCOUNT} to run PostgreSQL under: apt-get install postgresql"
        ) from None
    os.chown(folder, account.pw_uid, account.pw_gid)
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", "--reset-env"]


def _run(command: list[str | Path], folder: Path) -> None:
    """Runs in `folder`: the account may not even read the folder that we stand in."""
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresError(f"initdb failed: {done.stderr.strip()}")


def _start(command: list[str | Path], folder: Path, more: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(ATTEMPTS):
        port = free_port()
        own = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        settings = {**FAST, **more, **own}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([*command, "-D", folder / "data", *flags], cwd=folder, stdout=log, stderr=log)
        if _answers(server, port):
            return server, port
        _stop(server)
    raise PostgresError(f"PostgreSQL does not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(host="127.0.0.1", port=port, user=ACCOUNT, dbname="postgres").close()
            return True
        time.sleep(0.05)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # "fast": open connections are cut
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    """Runs `command` against a fresh server; its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped on the way out
    try:
        with throwaway_postgres() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except PostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
