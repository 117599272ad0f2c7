"""Second opinions over the API: what waits for one, the blind rating, and the decision. Inside the desk.

Two nouns, because the two steps must not see the same things. `proposals/` are the findings that the one who asks has
yet to rate: which claim and which scale, and nothing of what was found. `opinions/` are ratings that were given; only
with one's own does the proposal itself come out (`verdicts/`), and then one agrees or disagrees by PATCH.
"""

from hashlib import blake2b
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import opinions_for, proposals_for, verdicts_for
from claims.api.serializers import AuthorSerializer, RatingBriefSerializer, RatingField, ScaleBriefSerializer
from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.models import SecondOpinion, Verdict
from claims.services.second_checks import decide_opinion, give_opinion
from sources.api.conditional import Conditional
from sources.api.filters import Field, TableFilterSet
from sources.api.reading import Row, Rows, Shape
from sources.api.rows import RowViewSet
from sources.api.selection import field
from sources.api.serializers import AnswerSerializer
from sources.api.strict import StrictSerializer, SuggestingChoiceField
from sources.api.values import Choice, RowId

MOST_COMMENT = 20_000
_FEW = "editors write them: thousands, not millions"
_RATING = ("slug", "label", "value", "colour")
_REVIEWER = ("reviewer_id", *(f"reviewer__{name}" for name in ("first_name", "last_name", "username")))
_DECIDED = [one for one in SecondOpinion.Decision.choices if one[0] != SecondOpinion.Decision.OPEN]


class ProposalShape(Shape):
    """A sealed finding: what it is about, never what it says."""

    model = Verdict
    fields = {
        "id": field("id"),
        "claim": field("claim_id"),
        "claim_url": field("claim_id", make="claim_address"),
        "scale": field("rating__scale__slug", "rating__scale__name", make="scale"),
        "created_at": field("created_at"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at, self.claims_at = self.address("proposal-list"), self.address("claim-list")
        return super().build(rows)

    def claim_address(self, pk: int) -> str:
        return f"{self.claims_at}{pk}/"

    def scale(self, slug: str, name: str) -> Row:
        return {"slug": slug, "name": name}

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


class OpinionShape(Shape):
    """A second rating, and whether its author stands behind the first."""

    model = SecondOpinion
    fields = {
        "id": field("id"),
        "verdict": field("verdict_id"),
        "claim": field("verdict__claim_id"),
        "rating": field(*(f"rating__{name}" for name in _RATING), make="rated"),
        "first_rating": field(*(f"first_rating__{name}" for name in _RATING), make="rated"),
        **{name: field(name) for name in ("is_blind", "decision", "comment")},
        "reviewer": field(*_REVIEWER, make="signed_by"),
        **{name: field(name) for name in ("created_at", "decided_at")},
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("opinion-list")
        return super().build(rows)

    def rated(self, *values: Any) -> Row:
        return dict(zip(_RATING, values, strict=True))

    def signed_by(self, pk: int, first: str, last: str, username: str) -> Row:
        return {"id": pk, "name": f"{first} {last}".strip() or username}

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


class ProposalFilter(TableFilterSet):
    """Filters of what waits."""

    fields = (
        Field("id", RowId(), "The verdict's id.", "12", "primary key", is_many=True),
        Field("claim", RowId(), "Id of a claim.", "86", "the foreign key's own", path="claim_id", is_many=True),
    )


class OpinionFilter(TableFilterSet):
    """Filters of second opinions."""

    fields = (
        Field("id", RowId(), "The opinion's id.", "3", "primary key", is_many=True),
        Field("verdict", RowId(), "Id of a verdict.", "12", "unique key", path="verdict_id", is_many=True),
        Field("claim", RowId(), "Id of a claim.", "86", _FEW, path="verdict__claim_id", is_many=True),
        Field("decision", Choice(SecondOpinion.Decision.values), "Where its author stands.", "disagrees", _FEW),
    )


class ProposalSerializer(AnswerSerializer):
    """A finding that waits for a second opinion; what was found is shown to who has rated."""

    id = serializers.IntegerField(help_text="Of the verdict.")
    claim = serializers.IntegerField()
    claim_url = serializers.URLField()
    scale = ScaleBriefSerializer(help_text="Rate with one of its ratings.")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class OpinionSerializer(AnswerSerializer):
    """A second rating of a claim."""

    id = serializers.IntegerField()
    verdict = serializers.IntegerField()
    claim = serializers.IntegerField()
    rating = RatingBriefSerializer()
    first_rating = RatingBriefSerializer(help_text="The proposal's, as it stood then.")
    is_blind = serializers.BooleanField(help_text="Given before the first rating could be seen.")
    decision = serializers.ChoiceField(choices=SecondOpinion.Decision.choices)
    comment = serializers.CharField()
    reviewer = AuthorSerializer()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


@extend_schema_field({"type": "integer"})
class ProposedField(serializers.Field):
    """The id of a verdict that the writer may read, or is to rate."""

    def to_internal_value(self, data: Any) -> Verdict:
        if not isinstance(data, int) or isinstance(data, bool):
            raise serializers.ValidationError("Give the verdict's id as a number.", "invalid")
        verdict = self.context["verdicts"].filter(pk=data).first() if 0 < data < 2**63 else None
        if verdict is None:
            raise serializers.ValidationError(f"There is no verdict {data} here.", "does_not_exist")
        return verdict


class OpinionWriteSerializer(StrictSerializer):
    """A rating of one's own, given before seeing the first."""

    verdict = ProposedField(help_text="Id of the proposal.")
    rating = RatingField()
    comment = serializers.CharField(max_length=MOST_COMMENT, allow_blank=True, required=False)


class OpinionEditSerializer(StrictSerializer):
    """Whether one stands behind the proposal, having seen it; the rating itself never changes."""

    decision = SuggestingChoiceField(choices=_DECIDED)
    comment = serializers.CharField(
        max_length=MOST_COMMENT, allow_blank=True, required=False, help_text="Needed for a dissent."
    )


@extend_schema_view(
    list=extend_schema(
        summary="List proposals to rate",
        description="Other editors' proposals, on scales that ask for a second check, that one has not rated yet; "
        "empty outside the desk.",
    ),
    retrieve=extend_schema(summary="Get a proposal to rate", description="One of them, by the verdict's id."),
)
class ProposalViewSet(Conditional, RowViewSet):
    """What waits for a second opinion of the one who asks."""

    serializer_class = ProposalSerializer
    shape = ProposalShape
    filterset_class = ProposalFilter
    orderings = ("created_at", "id")
    default_ordering = "created_at"
    http_method_names = ["get", "head"]

    def get_queryset(self) -> QuerySet:
        """Proposals that are sealed from the reader."""
        return proposals_for(self.request)

    def reader(self) -> Any:
        """Who it is: no two editors have the same to rate."""
        return super().reader(), self.request.user.pk


@extend_schema_view(
    list=extend_schema(
        summary="List second opinions", description="Those on verdicts that one may read; empty outside the desk."
    ),
    retrieve=extend_schema(summary="Get a second opinion", description="One second opinion by its id."),
)
class OpinionViewSet(Guarded, RowViewSet):
    """Second opinions."""

    serializer_class = OpinionSerializer
    shape = OpinionShape
    filterset_class = OpinionFilter
    orderings = ("created_at", "id")
    default_ordering = "-id"
    write_permissions = {"POST": "claims.check_verdict", "PATCH": "claims.check_verdict"}

    def version(self, pk: int) -> str | None:
        """What may change of it: opinions are in the log of revisions only through their verdicts."""
        changing = SecondOpinion.objects.filter(pk=pk).values_list("decision", "decided_at", "comment").first()
        digest = blake2b(repr(changing).encode(), digest_size=8).hexdigest()
        return f"opinion-{pk}-{digest}" if changing else None

    def get_queryset(self) -> QuerySet:
        """Opinions that may be read."""
        return opinions_for(self.request)

    def reader(self) -> Any:
        """Who it is: what was rated oneself is seen, too."""
        return super().reader(), self.request.user.pk

    @extend_schema(
        summary="Give a second opinion",
        description="Rates a claim about which another editor has proposed a verdict, before seeing it. The rating "
        "stands; from now on the proposal can be read, and the opinion's `decision` says whether one agrees.",
        request=OpinionWriteSerializer,
        responses={201: OpinionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Rates."""
        seen = verdicts_for(request).values("pk"), proposals_for(request).values("pk")
        verdicts = Verdict.objects.filter(Q(pk__in=seen[0]) | Q(pk__in=seen[1]))
        given = checked(OpinionWriteSerializer, request.data, verdicts=verdicts)
        opinion = give_opinion(given.pop("verdict"), reviewer=request.user, **given)
        return Response(self.one(self.get_queryset(), opinion.pk), status=201)

    @extend_schema(
        summary="Agree or disagree with a proposal",
        description="Decides one's own opinion while the verdict is proposed; a dissent needs a comment.",
        request=OpinionEditSerializer,
        responses=OpinionSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Decides."""
        self.one(self.get_queryset(), int(pk))
        given = checked(OpinionEditSerializer, request.data)
        opinion = SecondOpinion.objects.select_related("verdict").get(pk=pk)
        decide_opinion(opinion, actor=request.user, **given)
        return Response(self.one(self.get_queryset(), int(pk)))
