"""Several writes in one request: each item in a transaction of its own, and one result for each.

An item that fails costs that item only, so the answer is 200 and each result has the status that the item alone would
have had. Under an `Idempotency-Key` the whole batch is one effect, which a repeated request does not have again; items
that failed are not tried again by it either: send those under a new key.
"""

from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from sources.api.reading import Row
from sources.api.strict import refuse_unknown

MAX_ITEMS = 100


class Batched:
    """Mixin of views that take batches."""

    most_items: ClassVar[int] = MAX_ITEMS

    def write_item(self, data: Any) -> tuple[int, Row]:
        """Does what one item asks; gives status and answer."""
        raise NotImplementedError

    def run_batch(self, request: Request) -> Response:
        """Writes all items, one by one.

        Raises:
            ValidationError: the body is no list of items, or too long a one.
        """
        data: Any = request.data
        refuse_unknown(data, ("items",))
        items = data.get("items")
        if not isinstance(items, list) or not items:
            raise _refused("required", 'Send {"items": [{…}, …]} with at least one item.')
        if len(items) > self.most_items:
            raise _refused("too_many", f"At most {self.most_items} items, got {len(items)}.")
        return Response({"results": [self._result(number, item) for number, item in enumerate(items)]})

    def _result(self, number: int, item: Any) -> Row:
        try:
            if not isinstance(item, dict):
                raise _refused("invalid", "An item is a JSON object.")
            with transaction.atomic():
                status, answer = self.write_item(item)
        except Exception as error:  # the items behind it are still to come; the handler logs what nobody foresaw
            context = self.get_exception_handler_context()  # type: ignore[attr-defined]
            refusal = self.get_exception_handler()(error, context)  # type: ignore[attr-defined]
            return {"index": number, "status": refusal.status_code, "result": None} | refusal.data
        return {"index": number, "status": status, "result": answer, "error": None}


def batch_of(name: str, item: type[serializers.Serializer]) -> serializers.Serializer:
    """The body of a batch, for the API's description."""
    return inline_serializer(f"{name}BatchRequest", {"items": item(many=True)})


def results_of(name: str, answer: type[serializers.Serializer]) -> serializers.Serializer:
    """The answer to a batch, for the API's description."""
    fields = {
        "index": serializers.IntegerField(help_text="Of the item, from 0."),
        "status": serializers.IntegerField(help_text="As the item alone would have had it."),
        "result": answer(allow_null=True),
        "error": serializers.DictField(allow_null=True, help_text="As in every error."),
    }
    return inline_serializer(f"{name}BatchAnswer", {"results": inline_serializer(f"{name}Result", fields, many=True)})


def _refused(code: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({"items": [ErrorDetail(message, code)]})
