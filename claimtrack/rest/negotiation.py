"""Which form an answer takes: as the framework finds it, but found once for each header that clients send."""

from functools import lru_cache
from typing import Any, cast

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

_LONG = 300  # characters of a header that is not worth remembering


class Negotiation(DefaultContentNegotiation):
    """Parsing the header takes longer than the choice among one or two forms is worth."""

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer and the media type.

        Raises:
            NotAcceptable: the client takes none of these.
        """
        accept = request.META.get("HTTP_ACCEPT", "*/*")
        if format_suffix or len(accept) > _LONG:
            return super().select_renderer(request, renderers, format_suffix)
        at, media_type = _chosen(accept, tuple(type(one) for one in renderers))
        return renderers[at], media_type


@lru_cache(maxsize=256)
def _chosen(accept: str, kinds: tuple[type[BaseRenderer], ...]) -> tuple[int, str]:
    renderers = [kind() for kind in kinds]
    chosen, media_type = DefaultContentNegotiation().select_renderer(cast(Request, _Asking(accept)), renderers)
    return renderers.index(chosen), media_type


class _Asking:
    """As much of a request as the framework looks at."""

    query_params: dict[str, Any] = {}

    def __init__(self, accept: str) -> None:
        self.headers = {"accept": accept}
