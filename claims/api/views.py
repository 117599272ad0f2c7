"""The endpoints of claims, speakers, articles, notes, verdicts and ratings.

A view declares; reading is the read path's (`sources.api.rows`), writing is a service's. Do not put a rule here that
the admin would not know of.
"""

from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from claims.api.access import claims_for, notes_for, speakers_for, verdicts_for
from claims.api.article_shapes import ArticleDetailShape, ArticleShape
from claims.api.filters import (
    ArticleFilter,
    ClaimFilter,
    NoteFilter,
    RatingFilterSet,
    SpeakerFilter,
    VerdictFilter,
)
from claims.api.ndjson import MEDIA_TYPE, NdjsonParser, NdjsonRenderer, results
from claims.api.serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    ArticleWriteSerializer,
    ClaimEditSerializer,
    ClaimSerializer,
    NoteEditSerializer,
    NoteSerializer,
    NoteWriteSerializer,
    PostedArticleSerializer,
    RatingSerializer,
    SpeakerDetailSerializer,
    SpeakerSerializer,
    VerdictEditSerializer,
    VerdictSerializer,
    VerdictWriteSerializer,
)
from claims.api.shapes import (
    ClaimShape,
    NoteShape,
    PostedArticleShape,
    RatingShape,
    VerdictShape,
)
from claims.api.speaker_shapes import SpeakerDetailShape, SpeakerShape
from claims.api.survivors import survivors
from claims.errors import InvalidValue
from claims.models import Rating, Speaker, Verdict
from claims.services.articles import process_article
from claims.services.verification import (
    add_note,
    edit_note,
    edit_verdict,
    publish_verdict,
    record_verdict,
    set_review_status,
    withdraw_verdict,
)
from sources.api.rows import RowViewSet
from sources.api.strict import refuse_unknown
from sources.models import Article
from sources.parsing import parse_row

ARTICLE_FIELDS = ("text", "html", "url", "source", "headline", "byline", "published_on", "id")


def _checked(serializer_class: type, request: Request, **context: Any) -> dict[str, Any]:
    serializer = serializer_class(data=request.data, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


@extend_schema_view(
    list=extend_schema(
        summary="List claims",
        description="Claims by speaker, outlet, date, kind, act, status and rating, newest first. "
        "Relayed statements are left out unless `depth` or `within` is given.",
    ),
    retrieve=extend_schema(summary="Get a claim", description="One claim by its id, whatever its depth."),
)
class ClaimViewSet(RowViewSet):
    """Claims."""

    serializer_class = ClaimSerializer
    shape = ClaimShape
    filterset_class = ClaimFilter
    orderings = ("said_on", "confidence", "created_at", "modified_at", "id")
    default_ordering = "-said_on"
    write_permissions = {"PATCH": "claims.review_claim"}

    def get_queryset(self) -> QuerySet:
        return claims_for(self.request)

    @extend_schema(
        summary="Set a claim's review status",
        description="Where the desk's work on it stands; what the engine found cannot be changed here.",
        request=ClaimEditSerializer,
        responses=ClaimSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Moves a claim to a review status."""
        claims = self.filter_queryset(self.get_queryset())
        self.one(claims, int(pk))
        given = _checked(ClaimEditSerializer, request)
        set_review_status(
            [*claims.filter(pk=pk)],
            actor=request.user,
            status=given["review_status"],
            reason=given.get("reason", ""),
        )
        return Response(self.one(claims, int(pk)))


@extend_schema_view(
    list=extend_schema(summary="List speakers", description="Speakers by any of their names."),
    retrieve=extend_schema(
        summary="Get a speaker",
        description="One speaker by id. The id of a merged speaker answers with its survivor.",
        responses=SpeakerDetailSerializer,
    ),
)
class SpeakerViewSet(RowViewSet):
    """Speakers."""

    serializer_class = SpeakerSerializer
    shape = SpeakerShape
    detail_shape = SpeakerDetailShape
    filterset_class = SpeakerFilter
    orderings = ("name", "created_at", "modified_at", "id")
    default_ordering = "name"

    def get_queryset(self) -> QuerySet:
        return speakers_for(self.request)

    def one(self, queryset: QuerySet, pk: int) -> dict[str, Any]:
        """The speaker, or the one that it was merged into."""
        return super().one(queryset, next(iter(survivors(Speaker.objects.filter(pk=pk))), pk))


@extend_schema_view(
    list=extend_schema(summary="List articles", description="Articles, newest first, without their texts."),
    retrieve=extend_schema(
        summary="Get an article",
        description="One article with its text, into which the spans of its claims point.",
        responses=ArticleDetailSerializer,
    ),
)
class ArticleViewSet(RowViewSet):
    """Articles."""

    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
    shape = ArticleShape
    detail_shape = ArticleDetailShape
    filterset_class = ArticleFilter
    orderings = ("published_on", "created_at", "modified_at", "id")
    default_ordering = "-published_on"
    write_permissions = {"POST": "sources.add_article"}
    parser_classes = [*api_settings.DEFAULT_PARSER_CLASSES, NdjsonParser]
    renderer_classes = [*api_settings.DEFAULT_RENDERER_CLASSES, NdjsonRenderer]

    @extend_schema(
        summary="Hand in an article",
        description="Extracts its claims and stores both: 201. A text that is known of this outlet stores nothing: "
        "200 with what is there. With `application/x-ndjson`, one article a line and one result a line "
        "(`line`, `status`, and `article` or `error`), always 200.",
        request={"application/json": ArticleWriteSerializer, MEDIA_TYPE: OpenApiTypes.STR},
        responses={
            201: PostedArticleSerializer,
            (200, "application/json"): PostedArticleSerializer,
            (200, MEDIA_TYPE): OpenApiTypes.STR,
        },
    )
    def create(self, request: Request) -> HttpResponseBase:
        """Stores one article, or many."""
        if isinstance(request.data, list):
            return StreamingHttpResponse(results(request.data, self._store, self._refuse), content_type=MEDIA_TYPE)
        status, answer = self._store(request.data)
        return Response(answer, status=status)

    def _store(self, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        refuse_unknown(data, ARTICLE_FIELDS)
        parsed = parse_row(data, today=timezone.localdate(), limit=settings.MAX_ARTICLE_BYTES)
        processed = process_article(parsed)
        (answer,) = PostedArticleShape(self.request).answers(Article.objects.filter(pk=processed.article.pk))
        return 201 if processed.created else 200, answer

    def _refuse(self, error: Exception) -> tuple[int, dict[str, Any]]:
        answer = self.get_exception_handler()(error, self.get_exception_handler_context())
        return answer.status_code, answer.data


@extend_schema_view(
    list=extend_schema(summary="List notes", description="Notes of editors; without a token the public ones."),
    retrieve=extend_schema(summary="Get a note", description="One note by its id."),
)
class NoteViewSet(RowViewSet):
    """Notes."""

    serializer_class = NoteSerializer
    shape = NoteShape
    filterset_class = NoteFilter
    orderings = ("created_at", "modified_at", "id")
    default_ordering = "-created_at"
    write_permissions = {"POST": "claims.add_note", "PATCH": "claims.change_note"}

    def get_queryset(self) -> QuerySet:
        return notes_for(self.request)

    @extend_schema(
        summary="Add a note",
        description="Signs a note to a claim; internal unless `is_public`.",
        request=NoteWriteSerializer,
        responses={201: NoteSerializer},
    )
    def create(self, request: Request) -> Response:
        """Signs a note."""
        given = _checked(NoteWriteSerializer, request, claims=claims_for(request))
        note = add_note(given.pop("claim"), author=request.user, **given)
        return Response(self.one(self.get_queryset(), note.pk), status=201)

    @extend_schema(
        summary="Edit a note",
        description="Changes one's own note; what it said before is kept.",
        request=NoteEditSerializer,
        responses=NoteSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes one's own note."""
        notes = self.filter_queryset(self.get_queryset())
        self.one(notes, int(pk))
        given = _checked(NoteEditSerializer, request)
        edit_note(notes.get(pk=pk), actor=request.user, **given)
        return Response(self.one(notes, int(pk)))


@extend_schema_view(
    list=extend_schema(summary="List verdicts", description="Verdicts; without a token the published ones."),
    retrieve=extend_schema(summary="Get a verdict", description="One verdict by its id."),
)
class VerdictViewSet(RowViewSet):
    """Verdicts."""

    serializer_class = VerdictSerializer
    shape = VerdictShape
    filterset_class = VerdictFilter
    orderings = ("created_at", "modified_at", "published_at", "id")
    default_ordering = "-id"
    write_permissions = {"POST": "claims.add_verdict", "PATCH": "claims.change_verdict"}

    def get_queryset(self) -> QuerySet:
        return verdicts_for(self.request)

    def reader(self) -> Hashable:
        """Also who it is: one's own drafts are seen by nobody else."""
        return super().reader(), self.request.user.pk

    @extend_schema(
        summary="Record a verdict",
        description="A draft, or a proposal for publication.",
        request=VerdictWriteSerializer,
        responses={201: VerdictSerializer},
    )
    def create(self, request: Request) -> Response:
        """Records a verdict."""
        given = _checked(VerdictWriteSerializer, request, claims=claims_for(request))
        verdict = record_verdict(given.pop("claim"), author=request.user, **given)
        return Response(self.one(self.get_queryset(), verdict.pk), status=201)

    @extend_schema(
        summary="Edit, publish or withdraw a verdict",
        description="Changes one's own draft or proposal; or, with the state `published` or `withdrawn` and nothing "
        "else but a reason, publishes or withdraws a verdict (reviewers).",
        request=VerdictEditSerializer,
        responses=VerdictSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a verdict's content or its state."""
        verdicts = self.filter_queryset(self.get_queryset())
        self.one(verdicts, int(pk))
        given = _checked(VerdictEditSerializer, request)
        _change_verdict(verdicts.get(pk=pk), request.user, given)
        return Response(self.one(verdicts, int(pk)))


def _change_verdict(verdict: Verdict, actor: Any, given: dict[str, Any]) -> None:
    state, reason = given.get("state"), given.pop("reason", "")
    if state not in (Verdict.State.PUBLISHED, Verdict.State.WITHDRAWN):
        if reason:
            raise InvalidValue("A reason goes with publishing or withdrawing; leave it out here.", field="reason")
        edit_verdict(verdict, actor=actor, **given)
    elif len(given) > 1:
        raise InvalidValue("A verdict is published or withdrawn as it stands; edit it first.", field="state")
    elif state == Verdict.State.PUBLISHED:
        publish_verdict(verdict, reviewer=actor, reason=reason)
    else:
        withdraw_verdict(verdict, actor=actor, reason=reason)


@extend_schema_view(
    list=extend_schema(summary="List ratings", description="The steps of all scales."),
    retrieve=extend_schema(summary="Get a rating", description="One rating by its id."),
)
class RatingViewSet(RowViewSet):
    """Ratings."""

    queryset = Rating.objects.all()
    serializer_class = RatingSerializer
    shape = RatingShape
    filterset_class = RatingFilterSet
    orderings = ("order", "id")
    default_ordering = "order"
