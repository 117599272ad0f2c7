"""One client, one connection: sends the same request again and again, and times each answer."""

import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

TIMEOUT = 30


@dataclass
class Times:
    """What was measured of one question to one system, over all its turns.

    Attributes:
        rates: Requests a second, turn by turn.
        seconds: Of each request.
        processor: Seconds of the processor a request, turn by turn: the server's and the database's together.
    """

    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Requests a second (the turns' median), and the median and 99th percentile of a request in ms."""
        ordered = sorted(self.seconds)
        return {
            "per_second": round(statistics.median(self.rates), 1),
            "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
            "processor_ms": round(statistics.median(self.processor) * 1000, 2),
        }


class Client:
    """A kept-alive HTTP/1.1 connection to a port of this machine.

    Args:
        port: Where the server listens.
        path: With the query.
        token: For the `Authorization` header; none if empty.
    """

    def __init__(self, port: int, path: str, token: str = "") -> None:
        extra = f"Authorization: Bearer {token}\r\n" if token else ""
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{extra}\r\n".encode()
        self._port = port
        self._connect()

    def ask(self) -> tuple[int, bytes]:
        """Status and body of one answer.

        Raises:
            ConnectionError: the server hung up.
        """
        self._socket.sendall(self._request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._received()
        head = data[:end].lower()
        status = int(head[9:12])
        body = data[end + 4 :]
        if b"transfer-encoding: chunked" in head:
            return status, self._chunks(body)
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._received())
            missing -= len(parts[-1])
        return status, b"".join(parts)

    def turn(self, seconds: float, times: Times, spent: Callable[[], float]) -> None:
        """Asks for so long, one request after the other.

        Args:
            seconds: How long.
            times: What was measured is added to it.
            spent: Seconds of the processor that the server has spent so far.
        """
        self.close()  # a server hangs up on one who waits for his turn
        self._connect()
        self.ask()
        before_all = spent()
        until = time.perf_counter() + seconds
        started = now = time.perf_counter()
        number = 0
        while now < until:
            status, _ = self.ask()
            if status != 200:
                raise ConnectionError(f"status {status} in the middle of a turn")
            before, now = now, time.perf_counter()
            times.seconds.append(now - before)
            number += 1
        times.rates.append(number / (now - started))
        times.processor.append((spent() - before_all) / number)

    def close(self) -> None:
        """Hangs up."""
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _chunks(self, data: bytes) -> bytes:
        while not data.endswith(b"0\r\n\r\n"):
            data += self._received()
        body = b""
        while data:
            size, _, data = data.partition(b"\r\n")
            body, data = body + data[: int(size, 16)], data[int(size, 16) + 2 :]
        return body

    def _received(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server hung up")
        return data
