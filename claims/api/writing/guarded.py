"""What every write of the API promises, in one mixin: `If-Match`, `ETag`, `Idempotency-Key`.

A guarded write runs in one transaction with the check of its precondition and the storing of its answer. Whatever may
take long (the engine) is done by the view's `prepare` before that, so that no lock is held while it thinks. An error
rolls all of it back and is not kept: where nothing happened, the same key may be tried again.

A view is guarded by inheriting; a test holds every view that takes POST to it. Do not write in a view that is not.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import orjson
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Revision
from claims.models.idempotency import MAX_KEY
from claims.services.idempotency import Answer, alone, store_answer, stored_answer
from sources.api.conditional import Conditional, matches, tags
from sources.api.rows import Row
from sources.api.statements import Slot, Statement, statements

Handler = Callable[..., HttpResponseBase]
_KEPT_HEADERS = ("ETag", "Location")


class Stale(APIException):
    """The row is not what the client takes it for; the answer holds what it is."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale"
    default_detail = "This was changed since you read it; `current` is how it stands now."

    def __init__(self, current: Row, tag: str) -> None:
        super().__init__()
        self.details = {"current": current}
        self.headers = {"ETag": f'"{tag}"'}


class Guarded(Conditional):
    """Mixin of views that write.

    Attributes:
        kind: `Revision.Kind` of the rows; empty where the view has none.
    """

    kind: ClassVar[str] = ""

    def version(self, pk: int) -> str | None:
        """The newest revision of the row, from the log."""
        if not self.kind:
            return None
        rows = statements.get("version", _version).rows({"kind": self.kind, "pk": pk})
        return f"{self.kind}-{pk}-{rows[0][0] if rows else 0}"

    def prepare(self, request: Request) -> None:
        """Does what takes long, before any lock is held; refuses what it can."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; puts the guard before the method that writes."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        method = str(request.method).lower()
        if request.method not in SAFE_METHODS and (handler := getattr(self, method, None)):
            setattr(self, method, partial(self._guard, handler))

    def _guard(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = partial(self._checked, handler)
        key = _key(request) if request.method == "POST" else None
        if key is not None:
            return self._once(key, handler, request, *args, **kwargs)
        self.prepare(request)
        if "If-Match" not in request.headers:
            return handler(request, *args, **kwargs)  # its service has a transaction of its own
        with transaction.atomic():
            return handler(request, *args, **kwargs)

    def _once(self, key: str, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answers as before where the request was here before; else writes and keeps the answer."""
        fingerprint = _fingerprint(request)
        with alone(request.user, key):
            if known := stored_answer(request.user, key, fingerprint):
                headers = known.headers | {"Idempotency-Replayed": "true"}
                return HttpResponse(known.body, status=known.status, headers=headers)
            self.prepare(request)
            with transaction.atomic():
                response = handler(request, *args, **kwargs)
                answer = _answer(response, request)
                store_answer(request.user, key, fingerprint, answer)
            return HttpResponse(answer.body, status=answer.status, headers=answer.headers)

    def _checked(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (wanted := tags(request, "If-Match")) is not None and "pk" in kwargs:
            self._require(wanted, int(kwargs["pk"]))
        response = handler(request, *args, **kwargs)
        if isinstance(response, Response) and isinstance(response.data, dict) and "id" in response.data:
            tag = self.version(response.data["id"])
            if tag is not None and response.status_code < 300:
                response["ETag"] = f'"{tag}"'
        return response

    def _require(self, wanted: set[str], pk: int) -> None:
        queryset = self.get_queryset()  # type: ignore[attr-defined]
        list(queryset.model._default_manager.select_for_update().filter(pk=pk).values_list("pk"))
        version = self.version(pk)
        if not matches(version, wanted):
            raise Stale(self.one(queryset, pk), str(version))  # type: ignore[attr-defined]


def _version() -> Statement:
    return Statement(Revision.objects.of(Slot("kind"), Slot("pk")).values_list("id"), limit=1)


def _key(request: Request) -> str | None:
    """The request's key; None for readers without a user, who cannot be told apart."""
    key = request.headers.get("Idempotency-Key")
    if key is None or not request.user.is_authenticated:
        return None
    key = key.strip()
    if not (1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        message = f"An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters; a UUID will do."
        raise serializers.ValidationError({"Idempotency-Key": [ErrorDetail(message, "invalid")]})
    return key


def _fingerprint(request: Request) -> str:
    """Equal for requests that ask for the same, however their JSON is written."""
    data = request.data
    if isinstance(data, list):
        body = b"\n".join(data)
    else:
        body = orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    head = f"{request.method} {request.get_full_path()} {request.content_type} {request.headers.get('If-Match')}\n"
    return hashlib.sha256(head.encode() + body).hexdigest()


def _answer(response: HttpResponseBase, request: Request) -> Answer:
    headers = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    if isinstance(response, Response):
        renderer = request.accepted_renderer
        headers["Content-Type"] = str(renderer.media_type)
        body: Any = renderer.render(response.data, request.accepted_media_type, {})
        return Answer(response.status_code, headers, body)
    headers["Content-Type"] = response["Content-Type"]
    return Answer(response.status_code, headers, b"".join(response))  # type: ignore[arg-type]
