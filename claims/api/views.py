"""The endpoints of claims, speakers, articles, notes, verdicts and ratings.

A view declares; reading is the read path's (`sources.api.rows`), writing stands in `claims.api.writing` and goes by
services. Do not put a rule here that the admin would not know of.
"""

from collections.abc import Hashable

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.settings import api_settings

from claims.api.access import claims_for, notes_for, speakers_for, verdicts_for
from claims.api.article_shapes import ArticleDetailShape, ArticleShape
from claims.api.as_of import AsOf
from claims.api.filters import (
    ArticleFilter,
    ClaimFilter,
    NoteFilter,
    RatingFilterSet,
    SpeakerFilter,
    VerdictFilter,
)
from claims.api.ndjson import NdjsonParser, NdjsonRenderer
from claims.api.serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    ClaimSerializer,
    NoteSerializer,
    RatingSerializer,
    SpeakerDetailSerializer,
    SpeakerSerializer,
    VerdictSerializer,
)
from claims.api.shapes import (
    ClaimShape,
    NoteShape,
    RatingShape,
    VerdictShape,
)
from claims.api.speaker_shapes import SpeakerDetailShape, SpeakerShape
from claims.api.survivors import survivor_of
from claims.api.writing.articles import ArticleWriting
from claims.api.writing.claims import ClaimWriting
from claims.api.writing.guarded import Guarded
from claims.api.writing.signed import NoteWriting, VerdictWriting
from claims.models import Rating
from sources.api.rows import RowViewSet
from sources.models import Article


@extend_schema_view(
    list=extend_schema(
        summary="List claims",
        description="Claims by speaker, outlet, date, kind, act, status and rating, newest first. "
        "Relayed statements are left out unless `depth` or `within` is given.",
    ),
    retrieve=extend_schema(summary="Get a claim", description="One claim by its id, whatever its depth."),
)
class ClaimViewSet(AsOf, ClaimWriting, RowViewSet):
    """Claims."""

    serializer_class = ClaimSerializer
    shape = ClaimShape
    filterset_class = ClaimFilter
    orderings = ("said_on", "confidence", "created_at", "modified_at", "id")
    default_ordering = "-said_on"
    write_permissions = {"PATCH": "claims.review_claim", "POST": "claims.review_claim"}

    def get_queryset(self) -> QuerySet:
        return self.then(claims_for(self.request))


@extend_schema_view(
    list=extend_schema(summary="List speakers", description="Speakers by any of their names."),
    retrieve=extend_schema(
        summary="Get a speaker",
        description="One speaker by id. The id of a merged speaker answers with its survivor.",
        responses=SpeakerDetailSerializer,
    ),
)
class SpeakerViewSet(Guarded, RowViewSet):
    """Speakers."""

    serializer_class = SpeakerSerializer
    shape = SpeakerShape
    detail_shape = SpeakerDetailShape
    filterset_class = SpeakerFilter
    orderings = ("name", "created_at", "modified_at", "id")
    default_ordering = "name"

    def version(self, pk: int) -> None:
        """None: the number of claims is shown too, and changes without the speaker."""

    def get_queryset(self) -> QuerySet:
        return speakers_for(self.request)

    def standing_for(self, pk: int) -> int:
        """The speaker itself, or the one that it was merged into."""
        return survivor_of(pk)


@extend_schema_view(
    list=extend_schema(summary="List articles", description="Articles, newest first, without their texts."),
    retrieve=extend_schema(
        summary="Get an article",
        description="One article with its text, into which the spans of its claims point.",
        responses=ArticleDetailSerializer,
    ),
)
class ArticleViewSet(ArticleWriting, RowViewSet):
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


@extend_schema_view(
    list=extend_schema(summary="List notes", description="Notes of editors; without a token the public ones."),
    retrieve=extend_schema(summary="Get a note", description="One note by its id."),
)
class NoteViewSet(NoteWriting, RowViewSet):
    """Notes."""

    serializer_class = NoteSerializer
    shape = NoteShape
    filterset_class = NoteFilter
    orderings = ("created_at", "modified_at", "id")
    default_ordering = "-created_at"
    write_permissions = {"POST": "claims.add_note", "PATCH": "claims.change_note"}

    def get_queryset(self) -> QuerySet:
        return notes_for(self.request)


@extend_schema_view(
    list=extend_schema(summary="List verdicts", description="Verdicts; without a token the published ones."),
    retrieve=extend_schema(summary="Get a verdict", description="One verdict by its id."),
)
class VerdictViewSet(VerdictWriting, RowViewSet):
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


@extend_schema_view(
    list=extend_schema(summary="List ratings", description="The steps of all scales."),
    retrieve=extend_schema(summary="Get a rating", description="One rating by its id."),
)
class RatingViewSet(Guarded, RowViewSet):
    """Ratings."""

    queryset = Rating.objects.all()
    serializer_class = RatingSerializer
    shape = RatingShape
    filterset_class = RatingFilterSet
    orderings = ("order", "id")
    default_ordering = "order"
    kind = "rating"
