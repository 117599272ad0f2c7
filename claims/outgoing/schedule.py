"""When to try again.

The steps are those that the Standard Webhooks specification gives as an example: ten attempts over three days. Each
step is lengthened by up to a fifth at random, so that what failed together does not come back together.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MINUTE, _HOUR = 60, 3600
# Seconds after each attempt that failed.
STEPS = (5, 5 * _MINUTE, 30 * _MINUTE, *(hours * _HOUR for hours in (2, 5, 10, 14, 20, 24)))
ATTEMPTS = len(STEPS) + 1
JITTER = 0.2
LONGEST = 24 * _HOUR


def seconds_until_next(attempts: int, *, chance: float, asked: float = 0.0) -> float | None:
    """How long to wait after a failure.

    Args:
        attempts: How many there were, the one that failed included.
        chance: A random number from 0 to 1.
        asked: Seconds that the far end asked for; heeded up to a day.

    Returns:
        Seconds; None where it is time to give up.
    """
    if attempts >= ATTEMPTS:
        return None
    return max(STEPS[attempts - 1] * (1 + JITTER * chance), min(asked, LONGEST))


def retry_after(header: str, now: datetime) -> float:
    """Seconds that a `Retry-After` header asks for; 0 where it says nothing that can be read."""
    header = header.strip()[:40]
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
