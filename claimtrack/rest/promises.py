"""What the API's description says of headers: entity tags, preconditions, keys of requests, rates.

A hook behind `claimtrack.rest.schema.complete`. Each is added where it holds, by the form of the address and the
method, so that a new endpoint cannot forget it.
"""

import re
from typing import Any

from claimtrack.rest.errors import API_PREFIX

_ROW = re.compile(rf"{API_PREFIX}[a-z-]+/{{id}}/")
_METHODS = ("get", "post", "patch", "put", "delete")
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_STRING = {"type": "string"}
_HEADERS = {
    "ETag": ("Changes whenever the row or what is shown with it changes.", _STRING),
    "Idempotency-Replayed": ("`true` where this is the answer to an earlier request with the same key.", _STRING),
    "RateLimit": ('What is left, such as `"token";r=5999;t=42`.', _STRING),
    "RateLimit-Policy": ('The rates that hold, such as `"token";q=6000;w=60`.', _STRING),
}
_SENT = {
    "If-None-Match": "Tags of answers that the reader has; 304 if one of them is the newest.",
    "If-Match": "The tag of the row as the writer knows it; 412 if it was changed since.",
    "Idempotency-Key": "Chosen by the client, new for each request: a repeated one has its effect once, and gets the "
    "same answer for 24 hours. Needs a user.",
}
_ANSWERS = {
    "304": "The reader has the newest answer.",
    "412": "The row was changed since; `error.current` is how it stands now.",
    "422": "The `Idempotency-Key` was used for another request.",
}
_DETAILS = {
    "state": {"type": "string", "description": "With a conflict: what the row is."},
    "allowed": {
        "type": "array",
        "items": {"type": "string"},
        "description": "With a conflict: what the row may become, by the one who asks.",
    },
    "current": {"type": "object", "description": "With a stale row: how it stands now.", "additionalProperties": True},
}


def describe(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: adds headers, and the answers that go with them."""
    components = result["components"]
    components["headers"] = {
        name: {"description": says, "schema": schema} for name, (says, schema) in _HEADERS.items()
    } | components.get("headers", {})
    error = components["schemas"]["Error"]["properties"]["error"]
    components["schemas"]["Error"] = components["schemas"]["Error"] | {
        "properties": {"error": error | {"properties": error["properties"] | _DETAILS}}
    }
    for path, item in result["paths"].items():
        for method in _METHODS:
            if method in item and path.startswith(API_PREFIX):
                _promise(item[method], path, method)
    return result


def _sent(name: str) -> dict[str, Any]:
    return _STRING | (
        {"minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"} if name == "Idempotency-Key" else {}
    )


def _promise(operation: dict[str, Any], path: str, method: str) -> None:
    answers = operation["responses"]
    given = ["RateLimit", "RateLimit-Policy"]
    if _ROW.fullmatch(path) and method == "get":
        _takes(operation, "If-None-Match")
        answers["304"] = {"description": _ANSWERS["304"]}
        given.append("ETag")
    elif "304" in answers:  # a document
        _takes(operation, "If-None-Match")
        given.append("ETag")
    elif _ROW.fullmatch(path) and method != "post":
        _takes(operation, "If-Match")
        answers["412"] = {"description": _ANSWERS["412"], "content": _ERROR}
        given.append("ETag")
    elif method == "post":
        _takes(operation, "Idempotency-Key")
        answers["422"] = {"description": _ANSWERS["422"], "content": _ERROR}
        given.append("Idempotency-Replayed")
    for status, answer in answers.items():
        if status.startswith("2"):
            headers = {name: {"$ref": f"#/components/headers/{name}"} for name in given}
            answer["headers"] = headers | answer.get("headers", {})
    operation["responses"] = dict(sorted(answers.items()))


def _takes(operation: dict[str, Any], name: str) -> None:
    one = {"name": name, "in": "header", "required": False, "schema": _sent(name), "description": _SENT[name]}
    operation.setdefault("parameters", []).append(one)
