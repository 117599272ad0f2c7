"""One POST to an address that somebody else chose.

The connection goes to the address that was checked, while TLS and the `Host` header keep the name. No redirect is
followed: it would lead past the check. All of it, from the look-up to the last byte, ends by one deadline: a timeout
on each read would let a far end that sends a byte every few seconds hold the caller for hours. Of the answer no more is
read than the log keeps. Another address of the name is tried only as long as nothing was sent.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from claims.outgoing.addresses import (
    PORTS,
    Permitted,
    RefusedAddress,
    Resolver,
    Target,
    addresses_of,
    read_target,
    system_resolver,
)

SECONDS = 15.0  # what Standard Webhooks recommends at least
MAX_ANSWER = 2_000  # bytes
MAX_ADDRESSES = 4  # of one name; each gets its part of the time to connect


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call.

    Attributes:
        status: HTTP status; None where no answer came.
        body: Its beginning, as text.
        retry_after: The header of that name, or empty.
        error: Why there is no answer, in a sentence; else empty.
        seconds: How long it took.
    """

    status: int | None = None
    body: str = ""
    retry_after: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def is_success(self) -> bool:
        """Whether the far end took it."""
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    permitted: Permitted,
    seconds: float = SECONDS,
    resolve: Resolver = system_resolver,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Sends `body`; never raises for what the far end, its name or its address does.

    Args:
        url: Where to.
        body: Sent as it is.
        headers: Besides `Host` and `Content-Length`.
        permitted: What is allowed beyond the public network.
        seconds: By when everything has ended.
        resolve: Looks a name up.
        context: What TLS trusts; the system's authorities unless given.
    """
    started = time.monotonic()
    try:
        target = read_target(url, permitted)
        addresses = addresses_of(target, permitted, resolve)[:MAX_ADDRESSES]
        answer = _exchange(target, addresses, body, headers, started + seconds, context)
    except RefusedAddress as error:
        answer = Answer(error=str(error))
    except TimeoutError:
        answer = Answer(error=f"There was no answer within {seconds:g} seconds.")
    except ssl.SSLError as error:
        answer = Answer(error=f"No secure connection: {getattr(error, 'verify_message', '') or error.reason or error}.")
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        answer = Answer(error=f"The connection failed: {reason}.")
    took = time.monotonic() - started
    return Answer(answer.status, answer.body, answer.retry_after, answer.error[:300], round(took, 3))


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses of a name, under that name."""

    def __init__(self, target: Target, addresses: list[str], seconds: float, context: ssl.SSLContext | None) -> None:
        self.default_port = PORTS[target.scheme]  # left out of the Host header
        super().__init__(target.host, target.port, timeout=seconds)
        self._addresses, self._seconds, self._context = addresses, seconds, context

    def connect(self) -> None:
        """Connects, and where it is asked for speaks TLS, in two steps so that a hanging handshake can be ended."""
        self.sock = self._first_that_answers()
        self.sock.settimeout(self._seconds)
        if self._context:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _first_that_answers(self) -> socket.socket:
        for address in self._addresses[:-1]:
            with contextlib.suppress(OSError):
                return socket.create_connection((address, self.port), self._seconds / len(self._addresses))
        return socket.create_connection((self._addresses[-1], self.port), self._seconds / len(self._addresses))


def _exchange(
    target: Target,
    addresses: list[str],
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
    context: ssl.SSLContext | None,
) -> Answer:
    left = deadline - time.monotonic()
    if left <= 0:  # the look-up alone took too long
        raise TimeoutError
    if target.scheme == "https":
        context = context or ssl.create_default_context()
    connection = _Connection(target, addresses, left, context if target.scheme == "https" else None)
    with _ended_by(connection, left) as is_over:
        try:
            connection.request("POST", target.path, body=body, headers=dict(headers))
            response = connection.getresponse()
            start = response.read(MAX_ANSWER).decode("utf-8", "replace").replace("\x00", "")
            return Answer(response.status, start, response.getheader("Retry-After", ""))
        except (OSError, http.client.HTTPException, ValueError):
            if is_over.is_set():
                raise TimeoutError from None
            raise
        finally:
            connection.close()


@contextlib.contextmanager
def _ended_by(connection: http.client.HTTPConnection, seconds: float) -> Iterator[threading.Event]:
    """Shuts the connection when the time is over, whatever it is doing; the event tells that it was."""
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
