"""Bodies of writes."""

from typing import Any

from rest_framework import serializers


def checked(serializer_class: type[serializers.Serializer], data: Any, **context: Any) -> dict[str, Any]:
    """The values of a body.

    Raises:
        ValidationError: one of them cannot be.
    """
    serializer = serializer_class(data=data, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
