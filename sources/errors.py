"""The one error base of the sources layer; this module imports nothing, so that every layer may import it."""


class SourceError(Exception):
    """Something given to the sources layer cannot be used: bytes, a text, a row, a field.

    Attributes:
        code: Machine-readable slug of the class ("empty_text"); stable, the HTTP API shows it.
        field: The input field that is wrong ("text", "published_on"); empty where no single field is.
        message: One sentence that says what is wrong and what would be right.
    """

    code = "source_error"
    default_field = ""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field or self.default_field
