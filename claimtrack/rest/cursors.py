"""Cursors: places in a list as texts that only this server can have written.

As `django.core.signing` does it, with the key of each list derived once: that took as long as all else about a link.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hmac import compare_digest
from typing import Any

import orjson
from django.conf import settings
from django.utils.crypto import salted_hmac


def sealed(purpose: str, values: list[Any]) -> str:
    """The values as text, with a seal that fits this purpose only."""
    text = _encoded(orjson.dumps(values))
    return (text + b"." + _seal(purpose, text)).decode()


def opened(purpose: str, cursor: str) -> list[Any]:
    """The values that were sealed for this purpose.

    Raises:
        ValueError: nobody sealed this text, or it was for another purpose.
    """
    text, _, seal = cursor.encode("ascii", "replace").rpartition(b".")
    if not compare_digest(seal, _seal(purpose, text)):
        raise ValueError("the seal does not fit")
    return list(orjson.loads(urlsafe_b64decode(text + b"=" * (-len(text) % 4))))


def _seal(purpose: str, text: bytes) -> bytes:
    mac = _keyed(purpose, settings.SECRET_KEY).copy()
    mac.update(text)
    return _encoded(mac.digest())


def _encoded(data: bytes) -> bytes:
    """In letters that need no escape in an address."""
    return urlsafe_b64encode(data).rstrip(b"=")


@lru_cache(maxsize=512)
def _keyed(purpose: str, secret: str) -> Any:
    return salted_hmac(purpose, b"", secret, algorithm="sha256")
