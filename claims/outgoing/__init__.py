"""Calls to addresses that users name: safe against being turned on our own network, signed, and tried again.

Pure: no framework, no settings; who calls hands in what is permitted, and a test a resolver of its own. Nothing else in
this service may open a connection to an address that a user wrote.
"""

from claims.outgoing.addresses import Permitted, RefusedAddress, Target, read_target
from claims.outgoing.client import Answer, post
from claims.outgoing.schedule import ATTEMPTS, retry_after, seconds_until_next
from claims.outgoing.signing import new_secret, signed_headers

__all__ = [
    "ATTEMPTS",
    "Answer",
    "Permitted",
    "RefusedAddress",
    "Target",
    "new_secret",
    "post",
    "read_target",
    "retry_after",
    "seconds_until_next",
    "signed_headers",
]
