"""Tags over the API: the desk's own words. Which stand on a claim is said with the claim."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import may
from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.models import Tag
from claims.services.tags import MOST_NAME, edit_tag, make_tag, tag_key
from sources.api.filters import Field, TableFilterSet
from sources.api.reading import Row, Rows, Shape
from sources.api.rows import RowViewSet
from sources.api.selection import field
from sources.api.serializers import AnswerSerializer
from sources.api.strict import StrictSerializer
from sources.api.values import RowId, Value


class TagShape(Shape):
    """A tag."""

    model = Tag
    fields = {
        **{name: field(name) for name in ("id", "name", "colour", "created_at")},
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("tag-list")
        return super().build(rows)

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


class TagFilter(TableFilterSet):
    """Filters of tags."""

    fields = (
        Field("id", RowId(), "The tag's id.", "3", "primary key", is_many=True),
        Field(
            *("name", Value(), "The tag's name, case and blanks aside.", "Bridges", "unique"),
            path="key",
            lookups=(),
            find=lambda lookup, value: [tag_key(value)],
        ),
    )


class TagSerializer(AnswerSerializer):
    """A word of the desk's own."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    colour = serializers.CharField(help_text="#rrggbb")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


_COLOUR: dict[str, Any] = {"invalid": "Write the colour as # and six hexadecimal digits, such as #b3261e."}


class TagEditSerializer(StrictSerializer):
    """What may be changed."""

    name = serializers.CharField(max_length=MOST_NAME, required=False)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False, help_text="#rrggbb", error_messages=_COLOUR)


class TagWriteSerializer(TagEditSerializer):
    """A new tag."""

    name = serializers.CharField(max_length=MOST_NAME)


@extend_schema_view(
    list=extend_schema(summary="List tags", description="The desk's own words; empty outside."),
    retrieve=extend_schema(summary="Get a tag", description="One tag by its id."),
)
class TagViewSet(Guarded, RowViewSet):
    """Tags."""

    serializer_class = TagSerializer
    shape = TagShape
    filterset_class = TagFilter
    orderings = ("name", "id")
    default_ordering = "name"
    write_permissions = {"POST": "claims.add_tag", "PATCH": "claims.change_tag"}

    def get_queryset(self) -> QuerySet:
        """Tags that may be read."""
        return Tag.objects.all() if may(self.request, "claims.view_tag") else Tag.objects.none()

    @extend_schema(
        summary="Make a tag",
        description="Makes a tag; 409 if there is one of that name.",
        request=TagWriteSerializer,
        responses={201: TagSerializer},
    )
    def create(self, request: Request) -> Response:
        """Makes a tag."""
        tag = make_tag(actor=request.user, **checked(TagWriteSerializer, request.data))
        return Response(self.one(self.get_queryset(), tag.pk), status=201)

    @extend_schema(
        summary="Edit a tag",
        description="Renames or recolours a tag on all claims that bear it.",
        request=TagEditSerializer,
        responses=TagSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a tag."""
        self.one(self.get_queryset(), int(pk))
        edit_tag(Tag.objects.get(pk=pk), actor=request.user, **checked(TagEditSerializer, request.data))
        return Response(self.one(self.get_queryset(), int(pk)))
