"""How often one may ask: per address without a token, per user with one.

Requests are counted by fixed windows, one number for each asker in the cache: a list of times, as the framework keeps
it, would be read and written whole at each of thousands of requests a minute. The price is that a burst across the
edge of two windows may be twice the rate. Nothing is counted in the main database.

Rates come from settings at each request, so that an operator's value and a test's override both count.
"""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle


class _WindowThrottle(SimpleRateThrottle):
    """So many requests in each window."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts the request; False where it is one too many."""
        key = self.get_cache_key(request, view) if self.rate else None
        if key is None:
            return True
        window, passed = divmod(self.timer(), self.duration)
        self.left = self.duration - passed
        key = f"{key}_{int(window)}"
        if self.cache.add(key, 1, self.duration + 1):
            return True
        try:
            return self.cache.incr(key) <= self.num_requests
        except ValueError:  # the cache let go of it just now
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.left


class AnonymousThrottle(_WindowThrottle, AnonRateThrottle):
    """Requests without a user, by address."""

    def get_rate(self) -> str | None:
        """The rate, for example 120/min; None for no limit."""
        return settings.THROTTLE_ANON or None


class KnownThrottle(_WindowThrottle, UserRateThrottle):
    """Requests of a known user, all tokens together."""

    def get_rate(self) -> str | None:
        """The rate; None for no limit."""
        return settings.THROTTLE_TOKEN or None
