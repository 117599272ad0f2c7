"""Many articles in one request: JSON objects line by line, one result a line.

A line that cannot be stored costs that line only. The body is read whole, up to ten articles' worth
(`DATA_UPLOAD_MAX_MEMORY_SIZE`); results are sent as they come, so a slow engine does not look like a dead server.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from sources.api.bodies import TooLarge, json_object, read_limited

MEDIA_TYPE = "application/x-ndjson"


class NdjsonParser(BaseParser):
    """Lines as they came; they are read one by one."""

    media_type = MEDIA_TYPE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> list[bytes]:
        """Gives the lines, blank ones included, so that numbers count.

        Raises:
            TooLarge: too many bytes.
        """
        body = read_limited(stream, stream.META, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return body.removeprefix(b"\xef\xbb\xbf").split(b"\n")


class NdjsonRenderer(BaseRenderer):
    """Lets a client ask for what a batch answers anyway; errors of the whole request are one JSON object."""

    media_type = MEDIA_TYPE
    format = "ndjson"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_UTC_Z) + b"\n"


def results(
    lines: list[bytes],
    store: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]],
    refuse: Callable[[Exception], tuple[int, dict[str, Any]]],
) -> Iterator[bytes]:
    """One line of JSON for each line that is not blank.

    Args:
        lines: The body's lines.
        store: Stores one object; gives status and answer.
        refuse: Gives status and answer for an error.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        result: dict[str, Any] = {"line": number}
        try:
            if len(line) > settings.MAX_ARTICLE_BYTES:
                raise TooLarge(settings.MAX_ARTICLE_BYTES)
            data = json_object(line)
            if isinstance(data.get("id"), str | int):
                result["id"] = str(data["id"])[:200]
            status, article = store(data)
            result |= {"status": status, "article": article}
        except Exception as error:  # the lines behind it are still to come; `refuse` logs what nobody foresaw
            status, answer = refuse(error)
            result |= {"status": status} | answer
        yield orjson.dumps(result, option=orjson.OPT_UTC_Z) + b"\n"
