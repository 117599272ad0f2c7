"""The editors' desk: Django's admin with pages of our own for claims, articles and speakers.

Registering happens on import, which Django's autodiscovery does. No class here writes a row itself where a service
does: roles and the ledger live in the services, and the API must refuse what the admin refuses.
"""

from claims.admin import (
    articles,
    claims,
    erasing,
    evidence,
    external,
    quality,
    speakers,
    tags,
    tokens,
    verification,
    webhooks,
)

__all__ = [
    "articles",
    "claims",
    "erasing",
    "evidence",
    "external",
    "quality",
    "speakers",
    "tags",
    "tokens",
    "verification",
    "webhooks",
]
