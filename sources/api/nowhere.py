"""Addresses below an API that are not there."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request


class Nowhere:
    """Mixin of a view that refuses whatever is asked, by any method."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's, then refuses.

        Raises:
            NotFound: always.
        """
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        raise NotFound(f"There is no {request.path[:200]}{self.hint(request)}")

    def hint(self, request: Request) -> str:
        """The rest of the sentence: what is there instead."""
        raise NotImplementedError
