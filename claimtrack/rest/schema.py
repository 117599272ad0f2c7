"""The API's description (OpenAPI 3.1), made to say what the service really does.

The generator knows neither our errors nor our headers: hooks add every 4xx that an operation can answer, and turn what
it still writes in the way of OpenAPI 3.0 (`nullable`) into 3.1. Each is added where it can happen, not everywhere.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from claimtrack.rest.errors import API_PREFIX
from claimtrack.rest.examples import EXAMPLES

_ERROR = {
    "type": "object",
    "description": "Every error has this shape.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string", "description": "Machine-readable."},
                "message": {"type": "string", "description": "For a person."},
                "fields": {
                    "type": "array",
                    "description": "What is wrong where.",
                    "items": {
                        "type": "object",
                        "required": ["field", "code", "message", "suggestion"],
                        "properties": {
                            "field": {"type": "string", "description": "Name of the field or parameter."},
                            "code": {"type": "string"},
                            "message": {"type": "string"},
                            "suggestion": {"type": ["string", "null"], "description": "The nearest valid one."},
                        },
                    },
                },
            },
        }
    },
}
_ANSWERS = {
    "400": "A value is not valid, or a parameter or field is not known.",
    "401": "No token where one is needed, or a token that is wrong, expired or revoked.",
    "403": "The role, or the token's scope, does not allow this.",
    "304": "The reader has the newest answer.",
    "404": "There is no such row, or not for this reader.",
    "406": "The formats asked for by `Accept` are not offered.",
    "409": "The row's state does not allow this.",
    "411": "The body comes in chunks, without its length.",
    "413": "The body is longer than is taken.",
    "415": "The body's format is not taken.",
    "451": "The text was taken down here, and is not stored again.",
    "429": "Too many requests; try again after `Retry-After` seconds.",
}
_HEADERS = {
    "401": {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    "429": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}
ANSWERS_TOO = "x-answers-too"
_METHODS = ("get", "post", "patch", "put", "delete")


class DescribedSchema(AutoSchema):
    """Names operations after their endpoint, so that a generated client reads well."""

    def get_tags(self) -> list[str]:
        """The plural noun of the address."""
        return [self.path.removeprefix("/api/v1/").partition("/")[0] or "root"]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A token, a session, or for what everybody may read nothing."""
        needed = super().get_auth()
        is_open = self.method == "GET" and not getattr(self.view, "read_permission", "")
        return [*needed, {}] if needed and is_open else needed

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """As the generator's; leaves a note, for the hooks behind it, of what only the view itself knows."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation[ANSWERS_TOO] = sorted(self._answers_too())
        return operation

    def _answers_too(self) -> set[str]:
        """Statuses that neither the method nor the address tells of."""
        view = self.view
        told = set(getattr(view, "answers_too", {}).get(self.method, ()))
        filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        if (
            self.method == "GET"
            and not getattr(view, "detail", False)
            and any(one.row.permission for one in filters.values())
        ):
            told.add("403")  # a filter for members of the desk
        return told

    def get_override_parameters(self) -> list[Any]:
        """What a list or a row may be shaped by, beside what the view itself declares."""
        declared = super().get_override_parameters()
        if self.method != "GET" or not hasattr(self.view, "described_selection"):
            return declared
        return [*declared, *self.view.described_selection(detail=self.view.detail)]


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: adds errors and removes what is no OpenAPI 3.1."""
    result["components"].setdefault("schemas", {})["Error"] = _ERROR
    for path, item in result["paths"].items():
        if not path.startswith(API_PREFIX):
            for operation in item.values():
                operation.pop(ANSWERS_TOO, None)
            continue  # what speaks another service's language fails in it too, and says so itself
        for method in _METHODS:
            if method in item:
                _add_errors(item[method], method, has_id="{id}" in path)
                _describe_id(item[method])
                _plain_items(item[method])
                _show_example(item[method])
                _gather_negations(item[method])
    _link(result["paths"], result["components"]["schemas"])
    return _as_3_1(result)


def _add_errors(operation: dict[str, Any], method: str, *, has_id: bool) -> None:
    possible = {"400", "401", "406", "429"} | ({"404"} if has_id else set()) | set(operation.pop(ANSWERS_TOO))
    if "304" in possible:
        possible -= {"304"}
        operation["responses"]["304"] = {"description": _ANSWERS["304"]}
    if method != "get":
        possible |= {"403", "409", "411", "413", "415"}
    if {} not in operation.get("security", [{}]):
        possible |= {"403"}
    for status in sorted(possible - operation["responses"].keys()):
        answer: dict[str, Any] = {
            "description": _ANSWERS[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        if status in _HEADERS:
            answer["headers"] = _HEADERS[status]
        operation["responses"][status] = answer


def _describe_id(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter |= {"description": "The row's id.", "schema": {"type": "integer", "minimum": 0}}


def _show_example(operation: dict[str, Any]) -> None:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type.endswith("json") and operation["operationId"] in EXAMPLES:
            content["example"] = EXAMPLES[operation["operationId"]]


def _plain_items(operation: dict[str, Any]) -> None:
    """Takes formats off the items of lists in the address: Swagger UI has no field for days in a list."""
    for parameter in operation.get("parameters", []):
        items = parameter.get("schema", {}).get("items", {})
        if "format" in items:
            items = {name: value for name, value in items.items() if name != "format"}
            parameter["schema"] = parameter["schema"] | {"items": items}


def _gather_negations(operation: dict[str, Any]) -> None:
    """Describes all parameters that end in `!` as one, whose properties they are: it is written out in their names.

    Generators of clients make names of parameters without the sign, so `kind` and `kind!` would be one.
    """
    given = operation.get("parameters", [])
    turned = [one for one in given if one["name"].endswith("!")]
    if not turned:
        return
    properties = {one["name"]: _as_text(one["schema"]) | {"description": one["description"]} for one in turned}
    negated = {
        "name": "negated",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": True,
        "schema": {"type": "object", "properties": properties, "additionalProperties": False},
        "description": "Filters turned round, each written as a parameter of its own: `kind!=direct`. Several values "
        "stand with commas between them, and leave out all of them.",
    }
    operation["parameters"] = [one for one in given if one not in turned] + [negated]


def _as_text(schema: dict[str, Any]) -> dict[str, Any]:
    """A list as the text in which it is written: what an array within a parameter would look like is not defined.

    Without its format, for which Swagger UI has no field within an object.
    """
    if schema.get("type") == "array":
        return {"type": "string", "minLength": 1}
    return {name: value for name, value in schema.items() if name != "format"}


def _link(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Says where the id of what is listed or made leads: to all that can be asked of that one row, or said of it."""
    for path, item in paths.items():
        if not path.startswith(API_PREFIX):
            continue
        noun = path.removeprefix(API_PREFIX).rstrip("/").removesuffix("s")  # `claims/` leads to a body's `claim`
        of_one = [
            (operation, {"parameters": {"id": "{}"}})
            for other, its in paths.items()
            if other.startswith(f"{path}{{id}}/")
            for method, operation in its.items()
            if method in _METHODS
        ]
        about_it = [
            (its["post"], {"requestBody": {noun: "{}"}})
            for other, its in paths.items()
            if "post" in its and noun in _body_fields(its["post"], schemas)
        ]
        for method, status, pointer in (("get", "200", "/results/0/id"), ("post", "201", "/id")):
            answer = item.get(method, {}).get("responses", {}).get(status)
            if answer and (of_one or about_it):
                answer["links"] = {
                    operation["operationId"]: {"operationId": operation["operationId"], **_filled(where, pointer)}
                    for operation, where in (*of_one, *about_it)
                }


def _body_fields(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = schemas.get(content.get("$ref", "").rpartition("/")[2], content)
    return named.get("properties", {})


def _filled(where: dict[str, dict[str, str]], pointer: str) -> dict[str, dict[str, str]]:
    return {part: dict.fromkeys(names, f"$response.body#{pointer}") for part, names in where.items()}


def _as_3_1(node: Any) -> Any:
    """The node without `nullable`, whose meaning `type` takes over."""
    if isinstance(node, list):
        return [_as_3_1(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {name: _as_3_1(value) for name, value in node.items()}
    if node.pop("nullable", None) is True:
        if isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        else:
            node = {"anyOf": [node, {"type": "null"}]}
    return node
