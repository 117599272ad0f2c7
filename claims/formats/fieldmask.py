"""Partial answers by a field mask, as Google's APIs take it in `fields`: `claims(text,claimReview/url),nextPageToken`.

Names are separated by commas, `/` goes into a field, parentheses name several within one, `*` means all. Lists are
passed through to their items. A name that an answer does not have selects nothing, since every field is optional there.
"""

import re
from typing import Any

MAX_LENGTH = 500

Mask = dict[str, Any]  # name -> mask within, or an empty one for all of it
_TOKEN = re.compile(r"[A-Za-z0-9_.*]+|[,()/]")


class BadMask(ValueError):  # noqa: N818  (named for what is wrong)
    """This is no field mask."""


def parse_mask(text: str) -> Mask:
    """The mask as nested names.

    Raises:
        BadMask: it is too long, has strange characters, or its parentheses do not match.
    """
    if len(text) > MAX_LENGTH:
        raise BadMask(f"a field mask has at most {MAX_LENGTH} characters")
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise BadMask(f"“{text[:40]}” has characters that no field mask has")
    mask, rest = _names(tokens)
    if rest:
        raise BadMask("a parenthesis is closed that was not opened")
    return mask


def apply_mask(value: Any, mask: Mask) -> Any:
    """The parts of an answer that the mask names; all of it for an empty one."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply_mask(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: apply_mask(inner, mask[name]) for name, inner in value.items() if name in mask}


def _names(tokens: list[str]) -> tuple[Mask, list[str]]:
    """Names up to the end or to a closing parenthesis, and what follows."""
    mask: Mask = {}
    while True:
        inner, tokens = _path(tokens, mask)
        if tokens[:1] == ["("]:
            names, tokens = _names(tokens[1:])
            if tokens[:1] != [")"]:
                raise BadMask("a parenthesis is not closed")
            inner.update(names)
            tokens = tokens[1:]
        if tokens[:1] != [","]:
            return mask, tokens
        tokens = tokens[1:]


def _path(tokens: list[str], mask: Mask) -> tuple[Mask, list[str]]:
    """Enters `a/b/c` into the mask; gives the innermost mask and what follows."""
    while True:
        if not tokens or tokens[0] in ",()/":
            raise BadMask("a name is missing")
        mask = mask.setdefault(tokens[0], {})
        if tokens[1:2] != ["/"]:
            return mask, tokens[1:]
        tokens = tokens[2:]
