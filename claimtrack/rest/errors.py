"""One shape for every error, and the one place that knows which error is which status.

`{"error": {"code", "message", "fields": [{"field", "code", "message", "suggestion"}]}}`. Services raise errors of
their own layer; nothing but this module translates them. An error that nobody foresaw is logged with its traceback
and answered with a plain 500: never put its text into the answer.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from claims.errors import ClaimError, Conflict, NotAllowed, TextWithheld
from sources.errors import SourceError

API_PREFIX = "/api/v1/"
_log = logging.getLogger("django.request")
_STATUS: dict[type[Exception], int] = {
    NotAllowed: status.HTTP_403_FORBIDDEN,
    Conflict: status.HTTP_409_CONFLICT,
    TextWithheld: status.HTTP_451_UNAVAILABLE_FOR_LEGAL_REASONS,
}
_CODES = {"error": "invalid", "parse_error": "unreadable_body", "permission_denied": "forbidden"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field or parameter, and what would be right."""

    field: str
    code: str
    message: str
    suggestion: str | None = None


class BadRequest(exceptions.APIException):
    """One or more problems with what was sent."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message if len(problems) == 1 else "Some values are not valid.")
        self.problems = problems


def body(code: str, message: str, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The error as it is sent."""
    return {"error": {"code": code, "message": message, "fields": [asdict(problem) for problem in problems]}}


def describe(error: Exception, context: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    """Status and body for any error; the unforeseen ones are logged here.

    Args:
        error: What was raised.
        context: The view and the request, as the framework gives them; what the view takes is named from there.
    """
    if isinstance(error, (ClaimError, SourceError)):
        return _of_service(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        _log.error("Unforeseen error in the API", exc_info=error)
        return 500, body("server_error", "Something went wrong on our side; it has been logged.")
    if isinstance(error, BadRequest):
        problems: Sequence[Problem] = error.problems
    elif isinstance(error, exceptions.ValidationError):
        problems = list(_flatten(error.detail))
    else:
        return error.status_code, body(_code(error.get_codes()), _said(error, context or {}))
    message = problems[0].message if len(problems) == 1 else "Some values are not valid."
    return error.status_code, body("invalid", message, problems)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answers any error of a view in the one shape; the framework calls it.

    An error may carry `details` (what a conflict's row is and may become, what a stale row is now) and `headers`.
    """
    code, data = describe(error, context)
    data["error"] |= getattr(error, "details", {})
    headers = dict(getattr(error, "headers", {}))
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(_seconds(error))
    if data["error"]["code"] == "in_progress":
        headers["Retry-After"] = "1"
    set_rollback()
    return Response(data, status=code, headers=headers)


def _said(error: exceptions.APIException, context: Mapping[str, Any]) -> str:
    """What an error of the framework says; where it only says no, what this view takes instead."""
    view, request = context.get("view"), context.get("request")
    if isinstance(error, exceptions.NotAuthenticated):
        return "This needs a token: send it as “Authorization: Bearer ct_…”."
    if isinstance(error, exceptions.Throttled):
        return f"Too many requests: ask again in {_seconds(error)} seconds."
    if view is None or request is None:
        return str(error.detail)
    if isinstance(error, exceptions.MethodNotAllowed):
        return f"{request.method} is not taken here; use {' or '.join(view.allowed_methods)}."
    if isinstance(error, exceptions.UnsupportedMediaType):
        given = f"The Content-Type {request.content_type}" if request.content_type else "A body without Content-Type"
        taken = dict.fromkeys(parser.media_type for parser in view.get_parsers())
        return f"{given} is not taken here; send {' or '.join(taken)}."
    if isinstance(error, exceptions.NotAcceptable) and error.available_renderers:
        offered = " or ".join(renderer.media_type for renderer in error.available_renderers)
        return f"This is offered as {offered}; ask for it in Accept."
    return str(error.detail)


def _seconds(error: exceptions.Throttled) -> int:
    return max(1, ceil(error.wait or 1))


def _of_service(error: ClaimError | SourceError) -> tuple[int, dict[str, Any]]:
    code = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    if error.code == "key_reused":
        code = 422
    if error.code == "too_large":
        code = 413
    problems = [Problem(error.field, error.code, error.message)] if error.field else []
    return code, body(error.code, error.message, problems)


def _code(codes: Any) -> str:
    return _CODES.get(codes, str(codes)) if isinstance(codes, str) else "invalid"


def _flatten(detail: Any, path: str = "") -> Iterator[Problem]:
    """Nested details of a serializer as a flat list with dotted names."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            name = "" if name == "non_field_errors" else str(name)
            yield from _flatten(inner, f"{path}.{name}".strip("."))
    elif isinstance(detail, (list, tuple)):
        for inner in detail:
            yield from _flatten(inner, path)
    else:
        yield Problem(path, _code(detail.code), str(detail), getattr(detail.code, "suggestion", None))


# --- Errors outside of any view --------------------------------------------------------------------------------------


def _plain(request: HttpRequest, code: int, slug: str, message: str) -> HttpResponse | None:
    if not request.path.startswith(API_PREFIX):
        return None
    return HttpResponse(orjson.dumps(body(slug, message)), status=code, content_type="application/json")


def handle_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that never reached a view, such as one for a host that is not ours."""
    answer = _plain(request, 400, "invalid", "This request cannot be read.")
    return answer or defaults.bad_request(request, exception)


def handle_500(request: HttpRequest) -> HttpResponse:
    """An error outside of the API's views."""
    answer = _plain(request, 500, "server_error", "Something went wrong on our side; it has been logged.")
    return answer or defaults.server_error(request)
