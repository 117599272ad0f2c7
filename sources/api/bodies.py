"""Request bodies, read up to a limit and not a byte further."""

from collections.abc import Mapping
from typing import Any, Protocol

import orjson
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError


class TooLarge(APIException):
    """The body is longer than is taken."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit:,} bytes are taken here.")


class LengthRequired(APIException):
    """A body that comes in chunks: the server's interface hands on only what its length announces."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = "A body needs a Content-Length; send it whole rather than in chunks."


class Readable(Protocol):
    """A body: a WSGI request, or a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Gives at most `size` bytes."""
        ...


def require_length(headers: Mapping[str, Any]) -> None:
    """Looks at how a body is announced, before anybody takes one in chunks for an empty one.

    Raises:
        LengthRequired: it comes in chunks.
    """
    if headers.get("HTTP_TRANSFER_ENCODING") and not headers.get("CONTENT_LENGTH"):
        raise LengthRequired


def read_limited(stream: Readable, headers: Mapping[str, Any], limit: int) -> bytes:
    """The whole body.

    Args:
        stream: The request.
        headers: Its WSGI environment; a declared length that is too large is believed at once.
        limit: Bytes.

    Raises:
        TooLarge: the body is longer.
    """
    declared = str(headers.get("CONTENT_LENGTH") or "0")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(limit)
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(limit)
    return body


def json_object(body: bytes) -> dict[str, Any]:
    """The object that the bytes hold.

    Raises:
        ParseError: they are no JSON in UTF-8, or no object.
    """
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"This is not JSON in UTF-8: {error}.") from None
    if not isinstance(data, dict):
        raise ParseError(f'This must be a JSON object such as {{"text": "…"}}, not {_kind(data)}.')
    return data


def _kind(data: Any) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(data), "a number")
