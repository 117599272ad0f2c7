"""Typed readers of the process environment, and of a local `.env` file behind it.

A setting names its variable, its type, and whether the service can start without it. A wrong value stops the start
with one line that names the variable and what would be right. The real environment wins over the file. Do not read
`os.environ` anywhere else.

Run as a program (`python -m claimtrack.env PATH`), it writes such a file with a random `SECRET_KEY`, readable by its
owner only, and leaves one that is there alone: a new key would log everybody out.
"""

import os
import secrets
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_KEY_BYTES = 48  # 64 characters in base 64; Django warns below 50


def load_env_file(path: Path) -> None:
    """Adds `NAME=value` lines of `path` to the environment where the name is not set yet; a missing file is fine.

    A value may stand in a pair of quotes. A file that this user may not read counts as missing: it belongs to the
    service's account, and commands that need no secret work for others too.

    Raises:
        ImproperlyConfigured: a line that is neither blank, a `#` comment nor `NAME=value`, or a file that is not
            UTF-8 text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path}: expected UTF-8 text") from None
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}: expected NAME=value")
        os.environ.setdefault(name.strip(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def write_env_file(path: Path) -> bool:
    """Writes a file with a random `SECRET_KEY`, mode 0600, unless there is one.

    Returns:
        Whether the file is new.
    """
    try:
        # Created with its mode, never widened for a moment; O_EXCL also refuses a planted link.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"# Settings of this machine; README, “Environment”, names them all.\nSECRET_KEY={random_key()}\n")
    return True


def random_key() -> str:
    """A key from the system's source of randomness, safe to write into a file or a shell."""
    return secrets.token_urlsafe(_KEY_BYTES)


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


def choice(name: str, options: tuple[str, ...]) -> str:
    """One of `options`, in any case; the first one if the variable is unset."""
    value = text(name).lower() or options[0]
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, got {value!r}")
    return value


if __name__ == "__main__":
    target = Path(sys.argv[1])
    if write_env_file(target):
        sys.stdout.write(f"Wrote {target} with a random SECRET_KEY, readable by you only.\n")
