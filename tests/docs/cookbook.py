"""Reads the requests and answers of a page of documentation, asks them, and compares.

A step is a `sh` block that begins with curl, the block with its answer behind it, and perhaps an HTML comment, which
readers do not see: `<!-- status 201; CLAIM = claims.0.id; TAG = header ETag -->` names the status (200 unless given)
and what later steps call `$CLAIM`. In an answer `…` stands for anything: a text or a part of one, the rest of a list
(as its last item) or of an object (as a name). What is not mentioned by an object with such a name may be there.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.test import Client

ELLIPSIS = "…"
_STEP = re.compile(
    r"```sh\n(?P<command>curl [^`]*)```\n+```(?P<kind>\w+)\n(?P<answer>[^`]*)```(?:\n+<!-- (?P<notes>[^>]*) -->)?"
)
_QUOTED = re.compile(r"('[^']*')")
_MARK = "\ue000"
_VARIABLE = re.compile(r"\$([A-Z_]+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the page, and its answer there."""

    command: str
    kind: str
    answer: str
    status: int
    named: dict[str, str]


def steps(page: str) -> Iterator[Step]:
    """All steps of a page, in their order."""
    for found in _STEP.finditer(page):
        status, named = 200, {}
        for note in filter(None, (one.strip() for one in (found["notes"] or "").split(";"))):
            if note.startswith("status "):
                status = int(note.removeprefix("status "))
            else:
                name, _, path = note.partition(" = ")
                named[name] = path
        yield Step(found["command"], found["kind"], found["answer"], status, named)


def ask(step: Step, variables: Mapping[str, str], client: Client) -> Any:
    """Sends the request as curl would."""
    words = [_filled(word, variables) for word in shlex.split(_marked(step.command.replace("\\\n", " ")))][1:]
    method, address, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(":")
            headers[name] = value.strip()
        elif word in ("-d", "--data-binary"):
            body = words.pop(0)
            method = "POST" if method == "GET" else method
        else:
            assert not word.startswith("-"), f"the page uses curl's {word}, which this reader does not know"
            address = word
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    content_type = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    return client.generic(method, path, (body or "").encode(), content_type=content_type, headers=headers)


def _marked(command: str) -> str:
    """The command with marks where a shell fills in variables: not between single quotes."""
    parts = _QUOTED.split(command)
    return "".join(part if part.startswith("'") else _VARIABLE.sub(_MARK + r"\1" + _MARK, part) for part in parts)


def _filled(word: str, variables: Mapping[str, str]) -> str:
    """A word with its variables, whatever signs are in them."""
    return "".join(variables[part] if number % 2 else part for number, part in enumerate(word.split(_MARK)))


def name_values(step: Step, response: Any) -> dict[str, str]:
    """What later steps use of this answer."""
    return {name: _value(path, response) for name, path in step.named.items()}


def _value(path: str, response: Any) -> str:
    if path.startswith("header "):
        return str(response[path.removeprefix("header ")])
    value = orjson.loads(response.content)
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    return str(value)


def body_of(response: Any) -> bytes:
    """The whole answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def differences(step: Step, content: bytes) -> list[str]:
    """Where the answer is not what the page says; empty where it is."""
    if step.kind != "json":
        return list(_in_text(step.answer, content.decode()))
    return list(_in_json(orjson.loads(step.answer), orjson.loads(content), "answer"))


def _in_text(said: str, given: str) -> Iterator[str]:
    pattern = ".*".join(re.escape(part.strip()) for part in said.split(ELLIPSIS))
    if not re.fullmatch(pattern, given.strip().replace("\r\n", "\n"), re.DOTALL):
        yield f"the answer is\n{given[:2000]}"


def _in_json(said: Any, given: Any, place: str) -> Iterator[str]:
    if isinstance(said, str) and ELLIPSIS in said:
        if not (said == ELLIPSIS or (isinstance(given, str) and not list(_in_text(said, given)))):
            yield f"{place} is {given!r}"
    elif isinstance(said, dict) and isinstance(given, dict):
        wanted = {name: value for name, value in said.items() if name != ELLIPSIS}
        for name in sorted(wanted.keys() - given.keys()):
            yield f"{place}.{name} is not there"
        if ELLIPSIS not in said:
            yield from (f"{place}.{name} is there too" for name in sorted(given.keys() - wanted.keys()))
        for name in wanted.keys() & given.keys():
            yield from _in_json(wanted[name], given[name], f"{place}.{name}")
    elif isinstance(said, list) and isinstance(given, list):
        is_open = said[-1:] == [ELLIPSIS]
        wanted_items = said[:-1] if is_open else said
        if len(given) < len(wanted_items) or (len(given) > len(wanted_items) and not is_open):
            yield f"{place} has {len(given)} items"
        for number, (one, other) in enumerate(zip(wanted_items, given, strict=False)):
            yield from _in_json(one, other, f"{place}.{number}")
    elif said != given:
        yield f"{place} is {given!r}"
