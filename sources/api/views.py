"""The endpoint of outlets."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from sources.api.conditional import Conditional
from sources.api.filters import SourceFilter
from sources.api.rows import RowViewSet
from sources.api.serializers import SourceSerializer
from sources.api.shapes import SourceShape
from sources.models import Source


@extend_schema_view(
    list=extend_schema(summary="List outlets", description="Outlets that published stored articles."),
    retrieve=extend_schema(summary="Get an outlet", description="One outlet by its id."),
)
class SourceViewSet(Conditional, RowViewSet):
    """Outlets."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    shape = SourceShape
    filterset_class = SourceFilter
    orderings = ("name", "created_at", "modified_at", "id")
    default_ordering = "name"
