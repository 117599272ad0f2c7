"""What the desk changes about a claim: where the work stands, whose it is, its tags.

What was said and by whom is changed by corrections (`claims.api.writing.corrections`).
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.serializers import ClaimSerializer
from claims.api.writing.batches import Batched, batch_of, results_of
from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.models import Claim, Tag
from claims.services.tags import tag_claims, tag_key, untag_claims
from claims.services.verification import assign, set_review_status
from sources.api.reading import Row
from sources.api.strict import StrictSerializer, SuggestingChoiceField, SuggestingCode, nearest

MOST_TAGS = 50
_MANY = 1_000  # names that a misspelt one is compared with


@extend_schema_field({"type": ["string", "null"]})
class AssigneeField(serializers.Field):
    """The account name of an editor; null for nobody."""

    default_error_messages = {"null": ""}

    def to_internal_value(self, data: Any) -> Any:
        """The user."""
        is_name = isinstance(data, str) and "\0" not in data  # PostgreSQL takes no text with one
        user = get_user_model().objects.filter(username=data).first() if is_name else None
        if user is None:
            message = f"“{str(data)[:100]}” is no account; give the name with which the editor logs in, or null."
            raise serializers.ValidationError(message, "does_not_exist")
        return user


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST_TAGS})
class TagsField(serializers.Field):
    """Names of tags, case and blanks aside."""

    def to_internal_value(self, data: Any) -> list[Tag]:
        """The tags."""
        are_names = isinstance(data, list) and all(isinstance(name, str) and "\0" not in name for name in data)
        if not are_names or len(data) > MOST_TAGS:
            message = f"Give a list of at most {MOST_TAGS} names of tags; an empty one takes all off."
            raise serializers.ValidationError(message, "invalid")
        keys = {tag_key(name): name for name in data}
        tags = {tag.key: tag for tag in Tag.objects.filter(key__in=keys)}
        if missing := [name for key, name in keys.items() if key not in tags]:
            known = list(Tag.objects.values_list("name", flat=True)[:_MANY])
            name = missing[0][:100]
            code = SuggestingCode("does_not_exist", nearest(name, known) if known else None)
            raise serializers.ValidationError([ErrorDetail(f"There is no tag “{name}”.", code)])
        return list(tags.values())


class ClaimEditSerializer(StrictSerializer):
    """Where the work on a claim stands; what is not given stays."""

    review_status = SuggestingChoiceField(choices=Claim.ReviewStatus.choices, required=False)
    assignee = AssigneeField(required=False, allow_null=True, help_text="Account name of an editor; null for nobody.")
    tags = TagsField(required=False, help_text="All tags that the claim shall bear.")
    reason = serializers.CharField(max_length=2_000, allow_blank=True, required=False, help_text="Of a new status.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something is to be changed."""
        if not attrs.keys() & {"review_status", "assignee", "tags"}:
            message = "Give review_status, assignee or tags."
            raise serializers.ValidationError({"review_status": [ErrorDetail(message, "required")]})
        return attrs


class ClaimItemSerializer(ClaimEditSerializer):
    """One claim of a batch."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class WorkedClaimSerializer(ClaimSerializer):
    """A claim, and what only the desk sees of the work on it."""

    assignee = serializers.CharField(allow_null=True, help_text="Account name.")
    tags = serializers.ListField(child=serializers.CharField())


class ClaimWriting(Batched, Guarded):
    """Writes of claims."""

    kind = "claim"

    @extend_schema(
        summary="Set a claim's review status, assignee or tags",
        description="Where the desk's work on it stands. Corrections of what was said have an address of their own.",
        request=ClaimEditSerializer,
        responses=WorkedClaimSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the work on a claim."""
        return Response(self._edit(int(pk), checked(ClaimEditSerializer, request.data)))

    @extend_schema(
        operation_id="claims_batch",
        summary="Set several claims' review status, assignee or tags",
        description="Each item as for one claim, with its `id`; each is done or refused by itself.",
        request=batch_of("Claim", ClaimItemSerializer),
        responses=results_of("Claim", WorkedClaimSerializer),
    )
    @action(detail=False, methods=["post"], url_path="batch")
    def batch(self, request: Request) -> Response:
        """Changes the work on several claims."""
        return self.run_batch(request)

    def write_item(self, data: Any) -> tuple[int, Row]:
        """One claim's work."""
        given = checked(ClaimItemSerializer, data)
        return 200, self._edit(given.pop("id"), given)

    def _edit(self, pk: int, given: dict[str, Any]) -> Row:
        queryset = self.get_queryset()  # type: ignore[attr-defined]
        self.one(queryset, pk)  # type: ignore[attr-defined]
        claims, actor = list(queryset.filter(pk=pk)), self.request.user  # type: ignore[attr-defined]
        with transaction.atomic():
            if "review_status" in given:
                status, reason = given["review_status"], given.get("reason", "")
                set_review_status(claims, actor=actor, status=status, reason=reason)
            if "assignee" in given:
                assign(claims, actor=actor, assignee=given["assignee"])
            if "tags" in given:
                _set_tags(claims, actor, given["tags"])
        return self.one(queryset, pk) | _work(pk)  # type: ignore[attr-defined]


def _set_tags(claims: Sequence[Claim], actor: Any, tags: Sequence[Tag]) -> None:
    wanted = {tag.pk for tag in tags}
    gone = [tag for tag in Tag.objects.filter(claims__in=claims).distinct() if tag.pk not in wanted]
    untag_claims(claims, actor=actor, tags=gone)
    tag_claims(claims, actor=actor, tags=tags)


def _work(pk: int) -> Row:
    assignee = Claim.objects.values_list("assignee__username", flat=True).get(pk=pk)
    tags = Tag.objects.filter(claims=pk).order_by("key").values_list("name", flat=True)
    return {"assignee": assignee, "tags": list(tags)}
