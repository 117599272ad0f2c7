"""`GET changes/`: all that changed since a place in the log, each object once, with what is shown of it today.

Why a list of its own, and not `modified_since=` with rows marked as deleted in each list: a list can only report rows
that it still has. A speaker that was merged away, a claim that a better engine no longer finds and a verdict that was
withdrawn are gone from theirs, and whoever copies us would keep them for ever. A date is not enough either: two rows
share one, a transaction ends later than it began, and a renamed speaker changes claims whose own date stays. The log
(`claims.models.revisions`) has one order for everything.

Whether something is gone is asked when it is read, for the one who reads: what this reader may not see today is
`deleted`, for whatever reason. What the reader could never have seen (a draft, an internal note) is not mentioned.
Somebody who starts without `since` and follows `next` has a full copy at the end; who loaded lists or an export before
begins with `modified_since`, at a moment before that load. An object may be reported more than once, never too seldom.
A reader whose role changes sees another set of objects, and starts anew.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from claims.api.access import claims_for, evidence_for, may, notes_for, speakers_for, verdicts_for
from claims.api.article_shapes import ArticleShape
from claims.api.shapes import ClaimShape, NoteShape, RatingShape, VerdictShape
from claims.api.speaker_shapes import SpeakerShape
from claims.api.writing.evidence import EvidenceShape
from claims.models import Revision, Speaker
from claims.querysets.revisions import Place
from sources.api.reading import Row, Shape
from sources.api.shapes import SourceShape
from sources.api.strict import SuggestingCode, nearest, refuse_unknown

PAGE_SIZE = 100
MAX_PAGE_SIZE = 500
# A transaction stamps its rows before it ends; who names a moment may have read while one was still open.
LOOK_BACK = timedelta(minutes=5)
_PARAMETERS = ("since", "modified_since", "kind", "page_size")
_SIGNER = Signer(salt="claimtrack.changes", sep=".")


class _Readable(NamedTuple):
    """How objects of one kind are read."""

    rows: Callable[[Request], QuerySet] | None  # all where it is None
    shape: type[Shape]
    inside: str = ""  # the permission of those who may have seen more than the public


_KINDS: dict[str, _Readable] = {
    "article": _Readable(None, ArticleShape),
    "claim": _Readable(claims_for, ClaimShape),
    "evidence": _Readable(evidence_for, EvidenceShape, "claims.view_evidence"),
    "note": _Readable(notes_for, NoteShape, "claims.view_note"),
    "rating": _Readable(None, RatingShape),
    "source": _Readable(None, SourceShape),
    "speaker": _Readable(speakers_for, SpeakerShape),
    "verdict": _Readable(verdicts_for, VerdictShape, "claims.publish_verdict"),
}


class ChangeSerializer(serializers.Serializer):
    """One object that changed."""

    kind = serializers.ChoiceField(choices=list(_KINDS))
    id = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    deleted = serializers.BooleanField(help_text="Whether it is gone for this reader: remove it from your copy.")
    merged_into = serializers.IntegerField(allow_null=True, help_text="Id of the speaker that stands for it now.")
    object = serializers.DictField(allow_null=True, help_text="As in the list of its kind; null where it is gone.")


class ChangesSerializer(serializers.Serializer):
    """A page of changes."""

    next = serializers.URLField(help_text="Ask here next, now if there is more, else whenever you like.")
    has_more = serializers.BooleanField(help_text="Whether more stands ready.")
    results = ChangeSerializer(many=True)


class ChangesView(APIView):
    """What changed."""

    action = None
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="changes_list",
        summary="List what changed",
        description="Every object that changed since a place in the log, once, oldest change first, with what is shown "
        "of it now; what is gone for this reader (deleted, merged, hidden, withdrawn, no longer found) has `deleted`. "
        "Without `since` it begins with everything. Keep `next` and ask it again later.",
        parameters=[
            OpenApiParameter("since", OpenApiTypes.STR, description="Opaque; taken from `next` of an earlier answer."),
            OpenApiParameter(
                "modified_since",
                OpenApiTypes.DATETIME,
                description="Begins with what changed at this moment; changes shortly before it may come too.",
            ),
            OpenApiParameter("kind", OpenApiTypes.STR, description=f"Any of {', '.join(_KINDS)}, with commas."),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                description="Objects a page.",
            ),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request: Request) -> Response:
        """A page of changes."""
        refuse_unknown(request.query_params, _PARAMETERS)
        kinds, size = _kinds(request), _page_size(request)
        revisions, end = _start(request)
        page = list(revisions.filter(kind__in=kinds).newest()[: size + 1])
        has_more = len(page) > size
        page = page[:size]
        last = Place(page[-1].txid, page[-1].id) if page else end
        place = last if has_more else max(last, end)
        url = replace_query_param(
            request.build_absolute_uri(reverse("changes")), "since", _SIGNER.sign_object([*place])
        )
        for name in ("kind", "page_size"):
            if name in request.query_params:
                url = replace_query_param(url, name, request.query_params[name])
        return Response({"next": url, "has_more": has_more, "results": _results(request, page)})


def _results(request: Request, page: list[Revision]) -> list[Row]:
    found: dict[tuple[str, int], Row] = {}
    told: set[tuple[str, int]] = set()
    merged: dict[int, int | None] = {}
    for kind in {one.kind for one in page}:
        ids = [one.object_id for one in page if one.kind == kind]
        readable = _KINDS[kind]
        objects = readable.shape(request).by_id(ids, readable.rows)
        found |= {(kind, pk): row for pk, row in objects.items()}
        gone = [pk for pk in ids if (kind, pk) not in found]
        reach = Revision.Reach.DESK if may(request, readable.inside) else Revision.Reach.PUBLIC
        told |= {(kind, pk) for pk in Revision.objects.reached(kind, gone, reach)} if gone else set()
        if kind == "speaker" and gone:
            rows = Speaker.objects.filter(pk__in=gone, merged_into__isnull=False)
            merged = dict(rows.values_list("id", "merged_into"))
    return [
        {
            "kind": one.kind,
            "id": one.object_id,
            "changed_at": one.at,
            "deleted": (one.kind, one.object_id) not in found,
            "merged_into": merged.get(one.object_id) if one.kind == "speaker" else None,
            "object": found.get((one.kind, one.object_id)),
        }
        for one in page
        if (one.kind, one.object_id) in found.keys() | told
    ]


# --- Parameters ------------------------------------------------------------------------------------------------------


def _refuse(name: str, code: str, message: str, suggestion: str | None = None) -> serializers.ValidationError:
    return serializers.ValidationError({name: [ErrorDetail(message, SuggestingCode(code, suggestion))]})


def _start(request: Request) -> tuple[Any, Place]:
    """The revisions that are asked for, and the end of the log, read before them and before any object."""
    since, moment = request.query_params.get("since"), request.query_params.get("modified_since")
    if since is not None and moment is not None:
        raise _refuse("modified_since", "conflicting", "Give either since or modified_since.")
    begin = Place(0, 0)
    if since is not None:
        try:
            begin = Place(*map(int, _SIGNER.unsign_object(since)))
        except (BadSignature, ValueError, TypeError):
            raise _refuse("since", "invalid_cursor", "This is no place in the log; start again without it.") from None
    later = None if moment is None else _moment(moment) - LOOK_BACK
    settled = Revision.objects.settled()
    end = max(begin, settled.end())
    revisions = settled.behind(begin)
    return (revisions if later is None else revisions.since(later)), end


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus that nobody escaped
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1900 <= moment.year <= 9000:
        message = "This is no moment; write it as 2026-01-31T12:00:00Z, with Z or another offset."
        raise _refuse("modified_since", "invalid", message)
    return moment


def _kinds(request: Request) -> list[str]:
    if "kind" not in request.query_params:
        return list(_KINDS)
    kinds = [part.strip() for text in request.query_params.getlist("kind") for part in text.split(",")]
    for kind in kinds:
        if kind not in _KINDS:
            message = f"“{kind[:100]}” is not one of {', '.join(_KINDS)}."
            raise _refuse("kind", "invalid_choice", message, nearest(kind, _KINDS))
    return kinds


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_PAGE_SIZE):
        message = f"page_size must be a whole number from 1 to {MAX_PAGE_SIZE}, got “{text[:40]}”."
        raise _refuse("page_size", "invalid", message, str(MAX_PAGE_SIZE))
    return int(text)
