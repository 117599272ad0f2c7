"""How often one may ask: per address without a token, per user with one.

Rates come from settings at each request, so that an operator's value and a test's override both count. Counted in the
cache, never in the main database.
"""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle


class AnonymousThrottle(AnonRateThrottle):
    """Requests without a user, by address."""

    def get_rate(self) -> str | None:
        """The rate, for example 120/min; None for no limit."""
        return settings.THROTTLE_ANON or None


class KnownThrottle(UserRateThrottle):
    """Requests of a known user, all tokens together."""

    def get_rate(self) -> str | None:
        """The rate; None for no limit."""
        return settings.THROTTLE_TOKEN or None
