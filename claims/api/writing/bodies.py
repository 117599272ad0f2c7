"""Bodies of writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers

from claims.errors import InvalidValue


def checked(serializer_class: type[serializers.Serializer], data: Any, **context: Any) -> dict[str, Any]:
    """The values of a body.

    Raises:
        ValidationError: one of them cannot be.
    """
    serializer = serializer_class(data=data, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


@contextmanager
def named_as_sent(field: str, name: str) -> Iterator[None]:
    """Names a field in a service's error as the API does.

    Args:
        field: As the service calls it.
        name: As it was sent.
    """
    try:
        yield
    except InvalidValue as error:
        if error.field == field:
            error.field, error.message = name, error.message.replace(f"`{field}`", f"`{name}`")
        raise
