"""Keys by which names that may mean one person are found by index: for suggestions to an editor, never for joining.

`core_key` leaves out what stands between the first and the last word ("ann b carr", "ann carr"). `sound_key` writes
both as they sound, roughly, so that spellings of one name meet ("mohammed", "muhamad"). Both are computed from the
alias key when a row is written, by whatever path (`LikenessField`). Whoever changes a rule here writes a migration that
renews the column. Do not match on these alone: `claims.services.likeness` checks what they find.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import models

_LENGTH = 80
# Longest first, and once through: what one rule wrote no other reads.
_SOUNDS = {
    "sch": "s", "tsch": "c", "ck": "k", "ph": "f", "gh": "g", "kh": "k", "th": "t", "sh": "s", "ch": "c", "dh": "d",
    "zh": "s", "ou": "", "c": "k", "q": "k", "w": "v", "z": "s", "x": "ks", "j": "i", "y": "i",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_VOWELS = re.compile("[aeiou]")
_DOUBLES = re.compile(r"(.)\1+")


def core_key(key: str) -> str:
    """First and last word of an alias key; empty for a single word, which fits too many."""
    words = key.split()
    return f"{words[0]} {words[-1]}"[:_LENGTH] if len(words) > 1 else ""


def sound_key(key: str) -> str:
    """How first and last word sound: consonants, and whether a word begins with a vowel; empty for a single word."""
    words = core_key(key).split()
    return " ".join(_sound(word) for word in words)


def _sound(word: str) -> str:
    plain = _SOUND.sub(lambda found: _SOUNDS[found[0]], word)
    head = "a" if plain[:1] in "aeiou" else ""
    return _DOUBLES.sub(r"\1", head + _VOWELS.sub("", plain)) or word


class LikenessField(models.CharField):
    """A column that is computed from the row's `key` whenever the row is saved, in bulk too."""

    def __init__(self, compute: Callable[[str], str] | None = None, **options: Any) -> None:
        self.compute = compute
        super().__init__(**{"max_length": _LENGTH, "blank": True, "editable": False, **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Computes the value; called for single rows and for `bulk_create`."""
        if self.compute is not None:
            setattr(model_instance, self.attname, self.compute(model_instance.key))  # type: ignore[attr-defined]
        return getattr(model_instance, self.attname)

    def deconstruct(self) -> Any:
        """A migration needs only the column."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
