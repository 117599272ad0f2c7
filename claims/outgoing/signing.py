"""Signatures as Standard Webhooks has them (specification 1.0.0, symmetric scheme `v1`).

HMAC-SHA256 over `id.timestamp.body` with the bytes behind `whsec_`, in base64. While a secret is being changed, both
sign, so that a receiver may take up the new one at any moment.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
_BYTES = 32  # the specification asks for 24 at least, 64 at most


def new_secret() -> str:
    """A secret in the form in which receivers keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(message_id: str, timestamp: int, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The three headers of a message.

    Args:
        message_id: The same at every attempt; no full stop in it.
        timestamp: Of this attempt, in seconds since 1970.
        body: Exactly what is sent.
        keys: Secrets, newest first.

    Raises:
        ValueError: a secret is not of the form `whsec_` and base64.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = [f"v1,{_signature(key, content)}" for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret is base64 behind its prefix") from None
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
