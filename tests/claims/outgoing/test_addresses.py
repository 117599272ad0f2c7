"""Which addresses are called, and which never."""

import pytest

from claims.outgoing.addresses import Permitted, RefusedAddress, addresses_of, read_target

NOBODY = Permitted()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.255.254", id="the whole of loopback"),
        pytest.param("0.0.0.0", id="this host"),  # noqa: S104
        pytest.param("10.1.2.3", id="private 10/8"),
        pytest.param("172.16.0.1", id="private 172.16/12, its beginning"),
        pytest.param("172.31.255.255", id="private 172.16/12, its end"),
        pytest.param("192.168.1.1", id="private 192.168/16"),
        pytest.param("169.254.169.254", id="link-local: a cloud's metadata"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("192.0.0.8", id="IETF assignments"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("203.0.113.9", id="documentation"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("::", id="IPv6 unspecified"),
        pytest.param("::ffff:10.0.0.1", id="IPv4 mapped into IPv6"),
        pytest.param("::ffff:93.184.216.34", id="mapped, even where the IPv4 is public"),
        pytest.param("64:ff9b::a00:1", id="NAT64"),
        pytest.param("64:ff9b:1::a00:1", id="NAT64 for local use"),
        pytest.param("2002:a00:1::", id="6to4"),
        pytest.param("2001:0:a00:1::", id="Teredo"),
        pytest.param("2001:db8::1", id="IPv6 documentation"),
        pytest.param("fe80::1%eth0", id="IPv6 link-local, with its scope"),
        pytest.param("fec0::1", id="IPv6 site-local"),
        pytest.param("fd00::1", id="IPv6 unique local"),
        pytest.param("ff02::1", id="IPv6 multicast"),
    ],
)
def test_what_is_not_public_is_refused(address: str) -> None:
    target = read_target("https://hook.example/", NOBODY)
    with pytest.raises(RefusedAddress, match="not a public address"):
        addresses_of(target, NOBODY, lambda host, port: [address])


@pytest.mark.parametrize("address", ["93.184.216.34", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2606:2800:220:1::1"])
def test_what_is_public_is_called(address: str) -> None:
    target = read_target("https://hook.example/", NOBODY)
    assert addresses_of(target, NOBODY, lambda host, port: [address, address]) == [address]


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    target = read_target("https://hook.example/", NOBODY)
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        addresses_of(target, NOBODY, lambda host, port: ["93.184.216.34", "10.0.0.1"])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("ftp://hook.example/", "must begin with https", id="another scheme"),
        pytest.param("file:///etc/passwd", "must begin with https", id="a file"),
        pytest.param("//hook.example/", "must begin with https", id="no scheme"),
        pytest.param("https://", "names no host", id="no host"),
        pytest.param("https://user:word@hook.example/", "user name and password", id="credentials"),
        pytest.param("https://@hook.example/", "user name and password", id="an empty user"),
        pytest.param("https://hook.example:22/", "Port 22", id="the port of a shell"),
        pytest.param("https://hook.example:5432/", "Port 5432", id="the port of a database"),
        pytest.param("https://hook.example:0/", "Port 0", id="port 0"),
        pytest.param("https://hook.example:99999/", "no address", id="no such port"),
        pytest.param("https://[::1]/", "not a public address", id="an IPv6 literal"),
        pytest.param("http://169.254.169.254/latest/", "not a public address", id="an IPv4 literal"),
        pytest.param("http://2130706433/", "four decimal numbers", id="an IPv4 address as one number"),
        pytest.param("http://0x7f000001/", "four decimal numbers", id="as a hexadecimal one"),
        pytest.param("http://0x7f.1/", "four decimal numbers", id="in two parts"),
        pytest.param("http://0177.0.0.1/", "four decimal numbers", id="with an octal part"),
        pytest.param("http://127.1/", "four decimal numbers", id="with parts left out"),
        pytest.param("http://127.0.0.1./", "not a public address", id="with a full stop behind it"),
        pytest.param("https://[::1/", "no address", id="an open bracket"),
        pytest.param("https://hook.example/a b", "without blanks", id="a blank"),
        pytest.param("https://hook.example/\r\nX-Evil: 1", "without blanks", id="a line end"),
        pytest.param("https://höok.example/", "without blanks", id="a host in another script"),
        pytest.param("https://hook.example/" + "a" * 2_000, "longer than", id="a long one"),
    ],
)
def test_an_address_that_cannot_be_called_says_why(url: str, reason: str) -> None:
    with pytest.raises(RefusedAddress, match=reason):
        read_target(url, NOBODY)


def test_what_stands_behind_a_fragment_is_no_host() -> None:
    assert read_target("https://hook.example#@127.0.0.1/", NOBODY).host == "hook.example"


@pytest.mark.parametrize(
    ("host", "address"),
    [("hook.example", "127.0.0.1"), ("localhost", "::1"), ("localhost.", "127.0.0.1")],
)
def test_no_spelling_of_a_private_address_gets_past_the_look_up(host: str, address: str) -> None:
    target = read_target(f"http://{host}/", NOBODY)
    with pytest.raises(RefusedAddress, match="not a public address"):
        addresses_of(target, NOBODY, lambda name, port: [address])


def test_an_operator_may_permit_a_host_and_only_that_one() -> None:
    permitted = Permitted(frozenset({"hooks.desk.internal", "127.0.0.1"}))
    target = read_target("http://hooks.desk.internal:9000/a?b=c", permitted)
    assert (target.port, target.path) == (9000, "/a?b=c")
    assert addresses_of(target, permitted, lambda host, port: ["10.0.0.7"]) == ["10.0.0.7"]
    assert read_target("http://127.0.0.1:9000/", permitted).host == "127.0.0.1"
    with pytest.raises(RefusedAddress, match="not a public address"):
        read_target("http://127.0.0.2/", permitted)


def test_a_name_that_leads_nowhere_is_named() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    target = read_target("https://hook.example/", NOBODY)
    with pytest.raises(RefusedAddress, match=r"hook\.example could not be resolved: no such name"):
        addresses_of(target, NOBODY, fails)
    with pytest.raises(RefusedAddress, match="has no address"):
        addresses_of(target, NOBODY, lambda host, port: [])
