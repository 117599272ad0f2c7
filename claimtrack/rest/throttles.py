"""How often one may ask: per address without a token, per token with one, per user in a session.

Requests are counted by fixed windows, one number for each asker (`claimtrack.rest.counters`): a list of times, as the
framework keeps it, would be read and written whole at each of thousands of requests a minute. The price is that a
burst across the edge of two windows may be twice the rate. An IPv6 network of 64 bits counts as one address, since one
customer has the whole of it.

Each answer tells what is left, in the fields of the IETF's draft (draft-ietf-httpapi-ratelimit-headers-10):
`RateLimit-Policy: "token";q=6000;w=60` and `RateLimit: "token";r=5999;t=42`. A wrong token is counted too, by address,
so that guessing does not go free.

Rates come from settings at each request, so that an operator's value and a test's override both count.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claims.models import ApiToken
from claimtrack.rest.counters import counters_of

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Quota:
    """How one policy stands after a request.

    Attributes:
        policy: Its name.
        limit: Requests a window.
        window: Seconds.
        left: Requests left.
        reset: Seconds until the next window.
    """

    policy: str
    limit: int
    window: int
    left: int
    reset: int

    def describe(self) -> tuple[str, str]:
        """The items of the two header fields."""
        return f'"{self.policy}";q={self.limit};w={self.window}', f'"{self.policy}";r={self.left};t={self.reset}'


class _WindowThrottle(BaseThrottle):
    """So many requests in each window."""

    policy: str
    timer = staticmethod(time.time)

    def _rate(self) -> str:
        """The rate, for example 120/min; empty for no limit."""
        raise NotImplementedError

    def _asker(self, request: Request, view: Any) -> str | None:
        """Who is counted; None where this policy is not meant."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts the request; False where it is one too many."""
        rate = self._rate()
        asker = self._asker(request, view) if rate else None
        if asker is None:
            return True
        limit, window = parse_rate(rate)
        now = self.timer()
        ends = (int(now) // window + 1) * window
        count = counters_of(settings).hit(f"{self.policy}:{asker}", ends, now)
        self.left = ends - now
        quota = Quota(self.policy, limit, window, max(0, limit - count), ceil(self.left))
        http = request._request
        http.quotas = [*getattr(http, "quotas", ()), quota]  # type: ignore[attr-defined]
        return count <= limit

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.left


class AnonymousThrottle(_WindowThrottle):
    """Requests without a user, by address."""

    policy = "address"

    def _rate(self) -> str:
        return settings.THROTTLE_ANON

    def _asker(self, request: Request, view: Any) -> str | None:
        return None if request.user and request.user.is_authenticated else network_of(request.META["REMOTE_ADDR"])


class RefusedTokenThrottle(AnonymousThrottle):
    """Requests with a token that is refused; asked by the authentication, where no user is known yet."""

    def _asker(self, request: Request, view: Any) -> str | None:
        return network_of(request.META["REMOTE_ADDR"])


class KnownThrottle(_WindowThrottle):
    """Requests of a known user: each token by itself, all sessions of one user together."""

    policy = "token"

    def _rate(self) -> str:
        return settings.THROTTLE_TOKEN

    def _asker(self, request: Request, view: Any) -> str | None:
        if not (request.user and request.user.is_authenticated):
            return None
        return f"t{request.auth.pk}" if isinstance(request.auth, ApiToken) else f"u{request.user.pk}"


class CostlyThrottle(KnownThrottle):
    """Requests that make the engine work without storing anything; a view says so by `is_costly`."""

    policy = "extract"

    def _rate(self) -> str:
        return settings.THROTTLE_EXTRACT

    def _asker(self, request: Request, view: Any) -> str | None:
        if not getattr(view, "is_costly", False):
            return None
        return super()._asker(request, view) or network_of(request.META["REMOTE_ADDR"])


class RateLimitMiddleware:
    """Writes what the throttles counted into the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        response = self.get_response(request)
        if quotas := getattr(request, "quotas", None):
            described = [quota.describe() for quota in quotas]
            response["RateLimit-Policy"] = ", ".join(policy for policy, _ in described)
            response["RateLimit"] = ", ".join(left for _, left in described)
        return response


@lru_cache(maxsize=16)
def parse_rate(rate: str) -> tuple[int, int]:
    """Requests and seconds of a rate such as 120/min."""
    number, _, period = rate.partition("/")
    return int(number), _SECONDS[period[0]]


@lru_cache(maxsize=4_096)
def network_of(address: str) -> str:
    """An IPv4 address itself; of IPv6 the network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a test's or a socket's
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return address
