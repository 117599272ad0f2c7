"""Entity tags: 304 where a reader has the newest answer already.

A tag is the row's version where the view knows one, so that "nothing new" costs no reading of the row; else it is the
hash of the answer. Both are compared weakly: compression on the way turns a tag into a weak one, and a client that
sends it back means the same row.
"""

import hashlib
import re
from collections.abc import Collection
from typing import Any

import orjson
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{0,200})"')
_BESIDE = "~"  # parts a row's version from the hash of what is shown beside it


class Conditional:
    """Mixin for a view of rows: `ETag` on details, and `If-None-Match`."""

    def version(self, pk: int) -> str | None:
        """What stands for the row's state, without quotes; None where nothing does."""
        return None

    def retrieve(self, request: Request, pk: str) -> Response:
        """One row, or 304."""
        known = tags(request, "If-None-Match")
        # Asked before the row is read: a tag may be older than its answer, never newer.
        version = self.version(int(pk))
        is_whole = version is not None and "expand" not in request.query_params
        if is_whole and matches(version, known) and self.is_there(int(pk)):  # type: ignore[attr-defined]
            return _unchanged(version)
        response: Response = super().retrieve(request, pk)  # type: ignore[misc]
        tag = version if is_whole else _joined(version, response.data)
        if not is_whole and known is not None and (known == {"*"} or tag in known):
            return _unchanged(tag)
        response["ETag"] = f'"{tag}"'
        return response

    def is_there(self, pk: int) -> bool:
        """Whether the reader may see the row, under parameters that are right."""
        queryset = self.filter_queryset(self.get_queryset())  # type: ignore[attr-defined]
        return bool(queryset.filter(pk=pk).exists())


def tags(request: Request, header: str) -> set[str] | None:
    """The tags of `If-Match` or `If-None-Match`, or "*"; None without the header.

    Raises:
        ValidationError: the header holds something else.
    """
    text = request.headers.get(header)
    if text is None:
        return None
    if text.strip() == "*":
        return {"*"}
    parts = [part.strip() for part in text[:4_000].split(",")]
    found = [_TAG.fullmatch(part) for part in parts]
    if not all(found):
        message = f'{header} holds tags as they came in ETag, such as "claim-5-17", with commas between them, or *.'
        raise serializers.ValidationError({header: [ErrorDetail(message, "invalid")]})
    return {one[1] for one in found if one}


def matches(version: str | None, known: Collection[str] | None) -> bool:
    """Whether one of the tags stands for this version, whatever else was shown beside the row."""
    if known is None or version is None:
        return False
    return "*" in known or version in {tag.partition(_BESIDE)[0] for tag in known}


def _joined(version: str | None, answer: Any) -> str:
    body = orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS, default=bytes)
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return digest if version is None else f"{version}{_BESIDE}{digest}"


def _unchanged(tag: str | None) -> Response:
    return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": f'"{tag}"'})
