"""Evidence over the API: documents with the passage that matters, and what they do to which claims. Inside the desk."""

from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import claims_for, evidence_for
from claims.api.serializers import AuthorSerializer, ClaimField
from claims.api.writing.batches import Batched, batch_of, results_of
from claims.api.writing.bodies import checked, named_as_sent
from claims.api.writing.guarded import Guarded
from claims.errors import InvalidValue
from claims.models import Evidence, EvidenceLink, Verdict
from claims.services.evidence import (
    MOST_PASSAGE,
    MOST_TITLE,
    add_evidence,
    address_key,
    edit_evidence,
    link_evidence,
    set_stance,
    unlink_evidence,
)
from sources.api.filters import Field, TableFilterSet, moments
from sources.api.reading import Row, Rows, Shape
from sources.api.rows import RowViewSet
from sources.api.selection import field
from sources.api.serializers import AnswerSerializer
from sources.api.strict import StrictSerializer, SuggestingChoiceField
from sources.api.values import RowId, Value

_AUTHOR = ("author_id", "author__first_name", "author__last_name", "author__username")
_STANCES = EvidenceLink.Stance.choices


class EvidenceShape(Shape):
    """Evidence, with the claims that use it: two queries a page."""

    model = Evidence
    fields = {
        "id": field("id"),
        "document_url": field("url"),
        **{name: field(name) for name in ("title", "passage", "archived_url", "accessed_on")},
        "claims": field("id", make="used_by", needs="gather_links"),
        "author": field(*_AUTHOR, make="signed_by"),
        "created_at": field("created_at"),
        "modified_at": field("modified_at"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at, self.claims_at = self.address("evidence-list"), self.address("claim-list")
        return super().build(rows)

    def gather_links(self, rows: Rows) -> None:
        """The claims of all rows."""
        self.links = defaultdict(list)
        links = EvidenceLink.objects.filter(evidence__in=self.column(rows, "id")).order_by("id")
        # Who is to rate a proposed verdict without seeing the first rating does not see what speaks for it either.
        sealed = Exists(Verdict.objects.sealed_from(self.request.user).filter(claim=OuterRef("claim")))
        links = links.annotate(is_sealed=sealed)
        for pk, claim, stance, is_sealed in links.values_list("evidence_id", "claim_id", "stance", "is_sealed"):
            shown = None if is_sealed else stance
            self.links[pk].append({"id": claim, "stance": shown, "url": f"{self.claims_at}{claim}/"})

    def used_by(self, pk: int) -> list[Row]:
        return self.links[pk]

    def signed_by(self, pk: int, first: str, last: str, username: str) -> Row:
        return {"id": pk, "name": f"{first} {last}".strip() or username}

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


def _keys(lookup: str, value: str) -> list[str]:
    try:
        return [address_key(value)]
    except InvalidValue:
        return []


class EvidenceFilter(TableFilterSet):
    """Filters of evidence."""

    fields = (
        Field("id", RowId(), "The evidence's id.", "3", "primary key", is_many=True),
        Field(
            *("claim", RowId(), "Id of a claim that uses it.", "86", "unique key of links"),
            path="claim_id",
            is_many=True,
            inside=lambda request: EvidenceLink.objects.all(),
            key="evidence",
        ),
        Field(
            *("document_url", Value(), "Address of the document, in any spelling.", "https://office.example/a"),
            "evidence_by_address",
            path="url_key",
            lookups=(),
            find=_keys,
        ),
        *moments("evidence", "none: a desk has few pieces of evidence"),
    )


class UseSerializer(serializers.Serializer):
    """One claim that uses it."""

    id = serializers.IntegerField()
    stance = serializers.ChoiceField(
        choices=_STANCES, allow_null=True, help_text="Null while the claim has a proposed verdict that one is to rate."
    )
    url = serializers.URLField()


class EvidenceSerializer(AnswerSerializer):
    """One passage of one document."""

    id = serializers.IntegerField()
    document_url = serializers.URLField()
    title = serializers.CharField()
    passage = serializers.CharField()
    archived_url = serializers.CharField(help_text="A copy that will stay; empty if there is none.")
    accessed_on = serializers.DateField(allow_null=True)
    claims = UseSerializer(many=True)
    author = AuthorSerializer()
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    url = serializers.URLField()


class EvidenceEditSerializer(StrictSerializer):
    """What may be changed."""

    document_url = serializers.CharField(max_length=2_000, required=False)
    title = serializers.CharField(max_length=MOST_TITLE, allow_blank=True, required=False)
    passage = serializers.CharField(max_length=MOST_PASSAGE, allow_blank=True, required=False)
    archived_url = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    accessed_on = serializers.DateField(allow_null=True, required=False)


class UseWriteSerializer(StrictSerializer):
    """What evidence does to a claim."""

    claim = ClaimField()
    stance = SuggestingChoiceField(choices=_STANCES, required=False)


class UseEndSerializer(StrictSerializer):
    """A claim that uses it no more."""

    claim = ClaimField()
    reason = serializers.CharField(max_length=2_000, allow_blank=True, required=False)


class EvidenceWriteSerializer(EvidenceEditSerializer):
    """New evidence, for a claim."""

    claim = ClaimField()
    stance = SuggestingChoiceField(choices=_STANCES, required=False)
    document_url = serializers.CharField(max_length=2_000)


@extend_schema_view(
    list=extend_schema(summary="List evidence", description="What findings rest on; empty outside the desk."),
    retrieve=extend_schema(summary="Get evidence", description="One piece of evidence by its id."),
)
class EvidenceViewSet(Batched, Guarded, RowViewSet):
    """Evidence."""

    kind = "evidence"
    serializer_class = EvidenceSerializer
    shape = EvidenceShape
    filterset_class = EvidenceFilter
    orderings = ("created_at", "modified_at", "id")
    default_ordering = "-id"
    write_permissions = {
        "POST": "claims.add_evidence",
        "PATCH": "claims.change_evidence",
        "unlink": "claims.change_evidence",
    }

    def get_queryset(self) -> QuerySet:
        """Evidence that may be read."""
        return evidence_for(self.request)

    @extend_schema(
        summary="Add evidence",
        description="Stores a passage of a document and uses it for a claim.",
        request=EvidenceWriteSerializer,
        responses={201: EvidenceSerializer},
    )
    def create(self, request: Request) -> Response:
        """Adds evidence."""
        status, answer = self.write_item(request.data)
        return Response(answer, status=status)

    @extend_schema(
        operation_id="evidence_batch",
        summary="Add several pieces of evidence",
        description="Each item as for one; each is stored or refused by itself.",
        request=batch_of("Evidence", EvidenceWriteSerializer),
        responses=results_of("Evidence", EvidenceSerializer),
    )
    @action(detail=False, methods=["post"], url_path="batch")
    def batch(self, request: Request) -> Response:
        """Adds several pieces of evidence."""
        return self.run_batch(request)

    @extend_schema(
        summary="Edit evidence",
        description="Changes the document's data, for all claims that use it; the ledger keeps what they were.",
        request=EvidenceEditSerializer,
        responses=EvidenceSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes evidence."""
        self.one(self.get_queryset(), int(pk))
        given = checked(EvidenceEditSerializer, request.data)
        return self._answer(pk, lambda one: edit_evidence(one, actor=request.user, **_named(given)))

    @extend_schema(
        operation_id="evidence_link",
        summary="Use evidence for a claim",
        description="Uses stored evidence for a further claim, or says anew what it does to one that uses it.",
        request=UseWriteSerializer,
        responses=EvidenceSerializer,
    )
    @action(detail=True, methods=["post"], url_path="link")
    def link(self, request: Request, pk: str) -> Response:
        """Links a claim."""
        self.one(self.get_queryset(), int(pk))
        given = checked(UseWriteSerializer, request.data, claims=claims_for(request))

        def use(one: Evidence) -> None:
            known = one.links.filter(claim=given["claim"]).first()
            if known and "stance" in given:
                set_stance(known, actor=request.user, stance=given["stance"])
            else:
                link_evidence(one, actor=request.user, **given)

        return self._answer(pk, use)

    @extend_schema(
        operation_id="evidence_unlink",
        summary="Take evidence off a claim",
        description="The evidence stays with other claims, and can be found again.",
        request=UseEndSerializer,
        responses=EvidenceSerializer,
    )
    @action(detail=True, methods=["post"], url_path="unlink")
    def unlink(self, request: Request, pk: str) -> Response:
        """Takes it off a claim."""
        self.one(self.get_queryset(), int(pk))
        given = checked(UseEndSerializer, request.data, claims=claims_for(request))

        def end(one: Evidence) -> None:
            known = one.links.filter(claim=given["claim"]).first()
            if known is None:
                raise NotFound(f"Claim {given['claim'].pk} does not use this evidence.")
            unlink_evidence(known, actor=request.user, reason=given.get("reason", ""))

        return self._answer(pk, end)

    def write_item(self, data: Any) -> tuple[int, Row]:
        """One piece of evidence."""
        given = checked(EvidenceWriteSerializer, data, claims=claims_for(self.request))
        claim = given.pop("claim")
        with named_as_sent("url", "document_url"):
            link = add_evidence(claim, author=self.request.user, **_named(given))
        return 201, self.one(self.get_queryset(), link.evidence_id)

    def _answer(self, pk: str, change: Any) -> Response:
        with named_as_sent("url", "document_url"):
            change(Evidence.objects.get(pk=pk))
        return Response(self.one(self.get_queryset(), int(pk)))


def _named(given: dict[str, Any]) -> dict[str, Any]:
    """The values by the names that the services know."""
    return {"url" if name == "document_url" else name: value for name, value in given.items()}
