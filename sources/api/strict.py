"""Strict input: an unknown field or value is refused, with the nearest that is valid.

Used for bodies (`StrictSerializer`) and for parameters alike. Do not let a serializer of this service ignore a field:
a misspelt `publishd_on` would store an article without its date, and nobody would know.
"""

from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that is most like `word`, case aside; None where there is no valid word."""
    matcher = SequenceMatcher(a="", b=word.casefold()[:100], autojunk=False)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate.casefold())
        return matcher.ratio()

    return max(valid, key=likeness, default=None)


class SuggestingCode(str):
    """The code of an error that says what would be right.

    The framework copies the text and the code of an error at every level of a serializer, and nothing else; so the
    suggestion travels on the code.
    """

    __slots__ = ("suggestion",)
    suggestion: str | None

    def __new__(cls, code: str, suggestion: str | None) -> "SuggestingCode":
        """Makes the code and hangs the suggestion on it."""
        self = super().__new__(cls, code)
        self.suggestion = suggestion
        return self


class SuggestingChoiceField(serializers.ChoiceField):
    """A choice whose error names the nearest valid one and all others."""

    def to_internal_value(self, data: Any) -> Any:
        """The value itself, if it is one of the choices."""
        if isinstance(data, str) and data in self.choices:
            return data
        valid = [str(choice) for choice in self.choices]
        given = str(data)[:100]
        message = f"“{given}” is not one of {', '.join(valid)}."
        raise serializers.ValidationError(message, SuggestingCode("invalid_choice", nearest(given, valid)))


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """As the framework's, after a look at the names.

        Raises:
            ValidationError: one problem for each unknown field.
        """
        if isinstance(data, Mapping):
            refuse_unknown(data, [name for name, field in self.fields.items() if not field.read_only])
        return super().to_internal_value(data)


def refuse_unknown(data: Mapping[str, Any], known: Collection[str]) -> None:
    """Looks at the names of a body.

    Raises:
        ValidationError: one problem for each name that is not known.
    """
    if unknown := [name for name in data if name not in known]:
        raise serializers.ValidationError({name[:100]: [_unknown(name, known)] for name in unknown[:100]})


def _unknown(name: str, known: Collection[str]) -> ErrorDetail:
    suggestion = nearest(name, known)
    hint = f"did you mean “{suggestion}”?" if suggestion else "none is taken here."
    message = f"Unknown name “{name[:100]}”; {hint}"
    return ErrorDetail(message, SuggestingCode("unknown_field", suggestion))
