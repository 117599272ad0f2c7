"""A web server on the loopback address that plays the far end of an outgoing call, and keeps what it was sent."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FarEnd:
    """What it answers, and what it received.

    Attributes:
        port: Where it listens.
        status: What it answers with.
        headers: Further headers of its answers.
        body: The body of its answers.
        before: Called before it answers.
    """

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    before: Callable[[], Any] = lambda: None
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook"


@contextmanager
def far_end(context: ssl.SSLContext | None = None) -> Iterator[FarEnd]:
    """Runs the server in a thread while the block lasts."""
    end = FarEnd()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            end.received.append(Received(self.path, headers, body))
            end.before()
            self.send_response(end.status)
            for name, value in end.headers.items():
                self.send_header(name, value)
            if end.status != 204:
                self.send_header("Content-Length", str(len(end.body)))
            self.end_headers()
            self.wfile.write(end.body)

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: Any) -> None:
            pass  # a caller that hangs up is what some tests are about

    with Server((HOST, 0), Handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        end.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield end
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def dripping_end(line: bytes) -> Iterator[int]:
    """A server that answers with `line` for ever, a byte at a time; gives its port."""
    stopped = threading.Event()
    with socket.create_server((HOST, 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stopped.wait(0.02):
                    try:
                        connection.sendall(line)
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            thread.join(5)
