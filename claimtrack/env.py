"""Typed readers of the process environment, and of a local `.env` file behind it.

A setting names its variable, its type, and whether the service can start without it. A wrong value stops the start
with one line that names the variable and what would be right. The real environment wins over the file. Do not read
`os.environ` anywhere else.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def load_env_file(path: Path) -> None:
    """Adds `NAME=value` lines of `path` to the environment where the name is not set yet; a missing file is fine.

    Raises:
        ImproperlyConfigured: a line that is neither blank, a `#` comment nor `NAME=value`.
    """
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}: expected NAME=value")
        os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    """The variable as it stands, blanks at its ends aside."""
    return os.environ.get(name, default).strip()


def boolean(name: str, default: bool) -> bool:
    """One of 1/true/yes/on and 0/false/no/off, in any case."""
    value = text(name).lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, got {value!r}")
    return value in _TRUE


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """A whole number of at least `minimum`."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, got {value!r}") from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, got {number}")
    return number


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list; blanks and empty items dropped."""
    value = text(name)
    return [item.strip() for item in value.split(",") if item.strip()] if value else list(default)
