"""Bodies in: one JSON object, read up to the limit."""

from typing import Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from sources.api.bodies import json_object, read_limited


class JsonParser(BaseParser):
    """One JSON object of at most `MAX_ARTICLE_BYTES`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Gives the object.

        Raises:
            ParseError: no JSON, or no object.
            TooLarge: too many bytes.
        """
        return json_object(read_limited(stream, stream.META, settings.MAX_ARTICLE_BYTES))
