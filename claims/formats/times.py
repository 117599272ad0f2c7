"""Times as the formats write them: RFC 3339 in UTC, to the second."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """A time, for example 2026-01-02T03:04:05Z.

    Args:
        at: A time with its zone.
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: datetime) -> str:
    """The day of a time in UTC, for example 2026-01-02."""
    return moment(at)[:10]
