"""Errors of the claims app: each names what is wrong and, where it can, what would be right."""


class ClaimError(Exception):
    """Base of all errors that a service of this app raises on purpose.

    Attributes:
        code: Machine-readable slug.
        message: One sentence for the person who asked.
        field: The offending field, or empty.
    """

    code = "invalid"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidValue(ClaimError):  # noqa: N818  (named for what is wrong, as the API shows it)
    """A value that cannot be stored."""


class NotAllowed(ClaimError):  # noqa: N818
    """The actor's role does not allow this."""

    code = "forbidden"


class Conflict(ClaimError):  # noqa: N818
    """The row's state does not allow this."""

    code = "conflict"


class TextWithheld(ClaimError):  # noqa: N818
    """The text was taken down; `reason` is `Article.Withheld`."""

    code = "text_withheld"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
