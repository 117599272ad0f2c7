"""JSON out."""

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JsonRenderer(BaseRenderer):
    """Plain dicts to JSON in UTF-8; times end in Z."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Gives the bytes; nothing for an answer without a body."""
        return b"" if data is None else orjson.dumps(data, option=_OPTIONS)
