"""Which addresses may be called.

A name is resolved once, here; each of its addresses is checked, and the connection goes to one that was, so a name that
answers differently a moment later gains nothing. IPv4 is refused by the registries' list of special networks, IPv6 is
allowed only in what is global unicast, less the parts of it that tunnel to IPv4 or are not routed. Python's `is_global`
is not asked: in 3.11 it takes 64:ff9b::/96 and 2002::/16, which lead to private IPv4, for public. Do not check the name
in place of its addresses, and do not resolve it a second time.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Collection[str]]

MAX_URL = 2_000
PORTS = {"http": 80, "https": 443}
PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})  # where web servers listen; others are databases, mail, consoles
_PRINTABLE = re.compile(r"[!-~]+")
# A last part such as 1, 0x7f or 010 makes a host an IPv4 address in a spelling of C's, as in http://2130706433/.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_HOST = re.compile(r"[a-z0-9_.:-]{1,253}")

# The IPv4 registry of special addresses (RFC 6890 and its updates), multicast and what is reserved.
_REFUSED_4 = [
    ipaddress.IPv4Network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Within it: IETF protocols with Teredo, documentation, 6to4, AS112.
_REFUSED_6 = [
    ipaddress.IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class RefusedAddress(Exception):  # noqa: N818  (named for what is wrong)
    """An address that is not called; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """What an operator allows beyond the public network.

    Attributes:
        hosts: Host names, or addresses as they stand in the URL, that may be private and use any port.
    """

    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, taken apart.

    Attributes:
        scheme: `http` or `https`.
        host: In lower case, without brackets.
        port: Given, or the scheme's own.
        path: With the query.
    """

    scheme: str
    host: str
    port: int
    path: str


def read_target(url: str, permitted: Permitted) -> Target:
    """Reads and checks a URL, as far as that goes without looking the name up.

    Raises:
        RefusedAddress: it is no web address, or one that is never called.
    """
    if len(url) > MAX_URL:
        raise RefusedAddress(f"The address is longer than {MAX_URL} characters.")
    if not _PRINTABLE.fullmatch(url):
        raise RefusedAddress("The address must be plain ASCII without blanks: encode a path with %, a host as xn--….")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise RefusedAddress(f"This is no address: {error}.") from None
    if parts.scheme not in PORTS:
        raise RefusedAddress("The address must begin with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("Leave user name and password out of the address; messages are signed instead.")
    if not _HOST.fullmatch(host):
        raise RefusedAddress("The address names no host.")
    port = PORTS[parts.scheme] if port is None else port
    if host not in permitted.hosts:
        if port not in PUBLIC_PORTS:
            raise RefusedAddress(f"Port {port} is not called; use one of {', '.join(map(str, sorted(PUBLIC_PORTS)))}.")
        if literal := _literal(host):
            _check(literal)
        elif _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise RefusedAddress(f"{host} is no host name; write an IPv4 address as four decimal numbers, as 8.8.8.8.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def addresses_of(target: Target, permitted: Permitted, resolve: Resolver) -> list[str]:
    """The addresses to which a connection may go, in the resolver's order.

    Raises:
        RefusedAddress: the name leads nowhere, or anywhere that is not public.
    """
    try:
        found = list(dict.fromkeys(resolve(target.host, target.port)))
    except (OSError, UnicodeError) as error:
        raise RefusedAddress(f"{target.host} could not be resolved: {error}.") from None
    if not found:
        raise RefusedAddress(f"{target.host} has no address.")
    if target.host not in permitted.hosts:
        for address in found:
            _check(ipaddress.ip_address(address.partition("%")[0]))
    return found


def system_resolver(host: str, port: int) -> list[str]:
    """What the machine's resolver knows.

    Raises:
        OSError: nothing.
    """
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check(address: Address) -> None:
    if isinstance(address, ipaddress.IPv4Address):
        is_public = not any(address in network for network in _REFUSED_4)
    else:
        is_public = address in _GLOBAL_6 and not any(address in network for network in _REFUSED_6)
    if not is_public:
        raise RefusedAddress(f"{address} is not a public address, so it is not called.")
