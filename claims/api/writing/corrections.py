"""Corrections over the API: what editors say about what the engine found. Inside the desk.

One address for all of them, by what is sent: values of a claim's fields correct it, a `decision` accepts or rejects it
or takes its newest correction back, and an article in place of a claim adds one that the engine missed. The answer is
the claim as it stands with it, and the rows that were written.
"""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import claims_for, may, speakers_for
from claims.api.serializers import AuthorSerializer, ClaimField, ClaimSerializer
from claims.api.shapes import ClaimShape
from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.models import Claim, Correction, Speaker
from claims.services.corrections import accept_claim, add_missed_claim, correct_claim, reject_claim, undo_correction
from claims.services.speaker_choices import MOST_SPEAKERS, SpeakerChoice
from sources.api.filters import Field, TableFilterSet
from sources.api.reading import Row, Rows, Shape
from sources.api.rows import RowViewSet
from sources.api.selection import field
from sources.api.serializers import AnswerSerializer
from sources.api.strict import StrictSerializer, SuggestingChoiceField
from sources.api.values import Choice, RowId
from sources.models import Article

MOST_SPANS = 100
_AUTHOR = ("author_id", "author__first_name", "author__last_name", "author__username")
_DECISIONS = {"accepted": accept_claim, "rejected": reject_claim, "undone": undo_correction}
_VALUES = ("content", "cue", "mention", "speakers", "kind", "act")


class CorrectionShape(Shape):
    """A correction."""

    model = Correction
    fields = {
        "id": field("id"),
        "claim": field("claim_id"),
        **{name: field(name) for name in ("field", "before", "after", "reason", "is_undone", "undoes")},
        "author": field(*_AUTHOR, make="signed_by"),
        "created_at": field("created_at"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("correction-list")
        return super().build(rows)

    def signed_by(self, pk: int, first: str, last: str, username: str) -> Row:
        return {"id": pk, "name": f"{first} {last}".strip() or username}

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


class CorrectionFilter(TableFilterSet):
    """Filters of corrections."""

    fields = (
        Field("id", RowId(), "The correction's id.", "3", "primary key", is_many=True),
        Field("claim", RowId(), "Id of a claim.", "86", "correction_by_claim", path="claim_id", is_many=True),
        Field("field", Choice(Correction.Field.values), "What was corrected.", "speaker", "correction_by_field"),
    )


class CorrectionSerializer(AnswerSerializer):
    """One correction of one claim."""

    id = serializers.IntegerField()
    claim = serializers.IntegerField()
    field = serializers.ChoiceField(choices=Correction.Field.choices)
    before = serializers.JSONField(help_text="The value that counted before.")
    after = serializers.JSONField(help_text="The value that counts with it.")
    reason = serializers.CharField()
    is_undone = serializers.BooleanField()
    undoes = serializers.IntegerField(allow_null=True)
    author = AuthorSerializer()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class CorrectedSerializer(serializers.Serializer):
    """What stands now."""

    claim = ClaimSerializer()
    corrections = CorrectionSerializer(many=True, help_text="The rows that were written; none where nothing changed.")


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_SPANS,
        "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
    }
)
class SpansField(serializers.Field):
    """Stretches of the article's text, as pairs of code points."""

    def to_internal_value(self, data: Any) -> list[list[int]]:
        """The pairs."""
        is_list = isinstance(data, list) and len(data) <= MOST_SPANS
        if not is_list or not all(isinstance(one, list) and len(one) == 2 and _are_places(one) for one in data):
            message = f"Give at most {MOST_SPANS} pairs of places, such as [[0, 25]]; the end stands behind the last."
            raise serializers.ValidationError(message, "invalid")
        return data


def _are_places(pair: list[Any]) -> bool:
    return all(type(one) is int and 0 <= one < 2**31 for one in pair)


@extend_schema_field({"type": "integer"})
class ArticleField(serializers.Field):
    """The id of an article."""

    def to_internal_value(self, data: Any) -> Article:
        """The article."""
        is_id = isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**63
        if not is_id or not (article := Article.objects.filter(pk=data).first()):
            raise serializers.ValidationError(f"There is no article {str(data)[:40]}.", "does_not_exist")
        return article


@extend_schema_field({"type": "integer"})
class SpeakerField(serializers.Field):
    """The id of a speaker that the writer may see."""

    def to_internal_value(self, data: Any) -> Speaker:
        """The speaker."""
        is_id = isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**63
        if not is_id or not (speaker := self.context["speakers"].filter(pk=data).first()):
            raise serializers.ValidationError(f"There is no speaker {str(data)[:40]}.", "does_not_exist")
        return speaker


class SpeakerChoiceSerializer(StrictSerializer):
    """One who says it: a speaker's id, else a name, else only the text's words for them."""

    id = SpeakerField(required=False)
    name = serializers.CharField(max_length=300, required=False)
    kind = SuggestingChoiceField(choices=Speaker.Kind.choices, required=False, help_text="Of a new one.")
    words = serializers.CharField(max_length=500, required=False)


class CorrectionWriteSerializer(StrictSerializer):
    """A correction of a claim, a decision about it, or a claim that was missed."""

    claim = ClaimField(required=False)
    article = ArticleField(required=False, help_text="In place of a claim: where one was missed.")
    decision = SuggestingChoiceField(choices=list(_DECISIONS), required=False)
    content = SpansField(required=False, help_text="What was said.")
    cue = SpansField(required=False, help_text="The attributing words.")
    mention = SpansField(required=False, help_text="The words that name the speaker.")
    speakers = SpeakerChoiceSerializer(many=True, required=False, max_length=MOST_SPEAKERS)  # type: ignore[call-arg]
    kind = SuggestingChoiceField(choices=Claim.Kind.choices, required=False)
    act = SuggestingChoiceField(choices=Claim.Act.choices, required=False)
    reason = serializers.CharField(max_length=2_000, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One claim or one article; a decision or values."""
        if ("claim" in attrs) == ("article" in attrs):
            raise _refused("claim", "Give a claim to correct, or an article in which one was missed.")
        if "article" in attrs and "content" not in attrs:
            raise _refused("content", "A claim that was missed needs its words.")
        has_values = any(name in attrs for name in _VALUES)
        if "claim" in attrs and ("decision" in attrs) == has_values:
            raise _refused("decision", f"Give a decision, or values for {', '.join(_VALUES)}.")
        if "article" in attrs and "decision" in attrs:
            raise _refused("decision", "A decision is about a claim.")
        return attrs


def _refused(name: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [ErrorDetail(message, "required")]})


@extend_schema_view(
    list=extend_schema(summary="List corrections", description="What editors corrected; empty outside the desk."),
    retrieve=extend_schema(summary="Get a correction", description="One correction by its id."),
)
class CorrectionViewSet(Guarded, RowViewSet):
    """Corrections."""

    serializer_class = CorrectionSerializer
    shape = CorrectionShape
    filterset_class = CorrectionFilter
    orderings = ("id",)
    default_ordering = "-id"
    write_permissions = {"POST": "claims.correct_claim"}

    def get_queryset(self) -> QuerySet:
        """Corrections that may be read."""
        is_desk = may(self.request, "claims.view_correction")
        return Correction.objects.all() if is_desk else Correction.objects.none()

    @extend_schema(
        summary="Correct, decide about or add a claim",
        description="Corrects values of a claim; or with a `decision` accepts it, rejects it, or takes its newest "
        "correction back; or with an `article` adds a claim that the engine missed.",
        request=CorrectionWriteSerializer,
        responses={201: CorrectedSerializer},
    )
    def create(self, request: Request) -> Response:
        """Corrects."""
        context = {"claims": claims_for(request), "speakers": speakers_for(request)}
        given = checked(CorrectionWriteSerializer, request.data, **context)
        if "speakers" in given:
            given["speakers"] = [_choice(one) for one in given["speakers"]]
        last = Correction.objects.order_by("-id").values_list("id", flat=True).first() or 0
        claim = self._write(given)
        made = Correction.objects.filter(claim=claim, id__gt=last, author=request.user.pk).order_by("id")
        (answer,) = ClaimShape(request).answers(Claim.objects.filter(pk=claim.pk))
        return Response({"claim": answer, "corrections": CorrectionShape(request).answers(made)}, status=201)

    def _write(self, given: dict[str, Any]) -> Claim:
        actor = self.request.user
        if article := given.pop("article", None):
            return add_missed_claim(article, actor=actor, **given)
        claim: Claim = given.pop("claim")
        if decision := given.pop("decision", None):
            _DECISIONS[decision](claim, actor=actor, reason=given.get("reason", ""))
        else:
            correct_claim(claim, actor=actor, **given)
        return claim


def _choice(given: dict[str, Any]) -> SpeakerChoice:
    return SpeakerChoice(speaker=given.pop("id", None), **given)
