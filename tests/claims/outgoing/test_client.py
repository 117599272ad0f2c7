"""One POST to a real server: pinned, bounded, never redirected."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from claims.outgoing import Answer, Permitted, post
from tests.claims.outgoing.far_end import HOST, dripping_end, far_end

LOCAL = Permitted(frozenset({HOST, "hook.example"}))


def send(url: str, *, seconds: float = 5.0, context: ssl.SSLContext | None = None) -> Answer:
    return post(
        url,
        b'{"a": 1}',
        {"Content-Type": "application/json"},
        permitted=LOCAL,
        seconds=seconds,
        resolve=lambda host, port: [HOST],
        context=context,
    )


def test_it_sends_the_body_under_the_name_that_was_given() -> None:
    with far_end() as end:
        answer = send(f"http://hook.example:{end.port}/in?x=1")
    assert (answer.status, answer.is_success, answer.error) == (204, True, "")
    request = end.received[0]
    assert (request.path, request.body) == ("/in?x=1", b'{"a": 1}')
    assert request.headers["host"] == f"hook.example:{end.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    with far_end() as other, far_end() as end:
        end.status, end.headers = status, {"Location": other.url}
        answer = send(end.url)
    assert (answer.status, answer.is_success) == (status, False)
    assert other.received == []


def test_the_name_is_looked_up_once_and_only_what_was_checked_is_called() -> None:
    asked: list[str] = []

    def changes_its_mind(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.9"] if len(asked) == 1 else [HOST]

    with far_end() as end:
        url = f"http://hook.example:{end.port}/"
        answer = post(url, b"{}", {}, permitted=LOCAL, seconds=2, resolve=changes_its_mind)
    assert asked == ["hook.example"]
    assert "refused" in answer.error
    assert end.received == []


def test_what_is_private_is_not_called() -> None:
    with far_end() as end:
        answer = post(end.url, b"{}", {}, permitted=Permitted(), resolve=lambda host, port: [HOST])
    assert answer.status is None
    assert "is not called" in answer.error
    assert end.received == []


def test_another_address_is_tried_while_nothing_is_sent() -> None:
    with far_end() as end:
        answer = post(end.url, b"{}", {}, permitted=LOCAL, resolve=lambda host, port: ["127.0.0.9", HOST])
    assert answer.status == 204
    assert len(end.received) == 1


def test_no_more_of_an_answer_is_read_than_is_kept() -> None:
    with far_end() as end:
        end.status, end.body = 500, b"x" * 1_000_000
        answer = send(end.url)
    assert (answer.status, len(answer.body)) == (500, 2_000)


def test_null_characters_are_left_out_of_what_is_kept() -> None:
    with far_end() as end:
        end.status, end.body = 500, b"a\x00b\xff"
        assert send(end.url).body == "ab\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", id="answers that promise one"),
        pytest.param(b"x", id="a first line without an end"),
    ],
)
def test_an_answer_that_drips_ends_with_the_time(line: bytes) -> None:
    with dripping_end(line) as port:
        started = time.monotonic()
        answer = send(f"http://{HOST}:{port}/", seconds=0.5)
    assert answer.status is None
    assert "within 0.5 seconds" in answer.error
    assert time.monotonic() - started < 3


def test_a_server_that_says_nothing_ends_with_the_time() -> None:
    with socket.create_server((HOST, 0)) as listener:
        answer = send(f"http://{HOST}:{listener.getsockname()[1]}/", seconds=0.3)
    assert "within 0.3 seconds" in answer.error


def test_a_handshake_that_hangs_ends_with_the_time() -> None:
    with socket.create_server((HOST, 0)) as listener:
        answer = send(f"https://{HOST}:{listener.getsockname()[1]}/", seconds=0.3)
    assert "within 0.3 seconds" in answer.error


def test_a_closed_port_is_named() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    assert "refused" in send(f"http://{HOST}:{port}/").error


def test_what_is_no_http_is_named() -> None:
    with dripping_end(b"SSH-2.0-server\r\n") as port:
        answer = send(f"http://{HOST}:{port}/", seconds=2)
    assert answer.status is None
    assert answer.error


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate, with its key, for hook.example alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "hook.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("host", "trusts", "outcome"),
    [
        pytest.param("hook.example", True, "", id="the name it is for"),
        pytest.param(HOST, True, "No secure connection", id="but not the address that it answers at"),
        pytest.param("hook.example", False, "No secure connection", id="nor one that nobody vouches for"),
    ],
)
def test_tls_checks_the_name_though_the_address_is_pinned(
    host: str, trusts: bool, outcome: str, certificate: Path
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    client = ssl.create_default_context(cafile=str(certificate)) if trusts else None
    with far_end(server) as end:
        answer = send(f"https://{host}:{end.port}/", context=client)
    assert answer.error.startswith(outcome)
    assert bool(end.received) is not bool(outcome)
    assert answer.is_success is not bool(outcome)
