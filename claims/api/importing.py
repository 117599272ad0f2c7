"""Others' ClaimReviews handed in: JSON-LD in any of its shapes, or a page that holds it.

The reader takes what publishers really write (`claims.formats.claimreview_reader`): objects, lists and strings wherever
either may stand, graphs, feeds, one JSON value a line. What it cannot read of a document costs that review only.
Whoever may hand in articles may hand in these.
"""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.ndjson import MEDIA_TYPE as NDJSON
from claims.api.writing.guarded import Guarded
from claims.formats.claimreview import MEDIA_TYPE as JSON_LD
from claims.services.external_reviews import import_reviews
from sources.api.bodies import read_limited, require_length
from sources.api.strict import refuse_unknown

MOST_LINES = 100  # of refusals and remarks, each


class _AsItCame(BaseParser):
    """The body's bytes, as the only line."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> list[bytes]:
        """Gives the bytes.

        Raises:
            TooLarge: too many.
        """
        return [read_limited(stream, stream.META, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)]


class JsonLdParser(_AsItCame):
    """JSON-LD."""

    media_type = JSON_LD


class JsonParser(_AsItCame):
    """JSON-LD under JSON's own name."""

    media_type = "application/json"


class LinesParser(_AsItCame):
    """One JSON value a line."""

    media_type = NDJSON


class PageParser(_AsItCame):
    """A web page."""

    media_type = "text/html"


class ImportedSerializer(serializers.Serializer):
    """What became of a document's reviews."""

    stored = serializers.IntegerField(help_text="How many are new.")
    changed = serializers.IntegerField(help_text="How many were there, and differ now.")
    known = serializers.IntegerField(help_text="How many were there as they are.")
    rejected = serializers.ListField(child=serializers.CharField(), help_text="One line for each that was not stored.")
    remarks = serializers.ListField(child=serializers.CharField(), help_text="One line for each value left out.")


class ImportView(Guarded, GenericAPIView):
    """Stores what other desks found."""

    http_method_names = ["post"]
    write_permissions = {"POST": "sources.add_article"}
    parser_classes = (JsonLdParser, JsonParser, LinesParser, PageParser)
    serializer_class = ImportedSerializer
    pagination_class = None
    filter_backends = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; takes no parameters, and a body of known length."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            refuse_unknown(request.query_params, ())
            require_length(request.META)

    @extend_schema(
        operation_id="claimreview_import",
        summary="Import ClaimReviews of other desks",
        description="JSON-LD (one review, a list, a graph, a DataFeed, or one JSON value a line), or an HTML page that "
        "holds it. A review that is known stores nothing, one that has changed replaces what was stored. 201 where "
        "something is new.",
        request={
            JSON_LD: OpenApiTypes.OBJECT,
            "application/json": OpenApiTypes.OBJECT,
            NDJSON: OpenApiTypes.STR,
            "text/html": OpenApiTypes.STR,
        },
        responses={200: ImportedSerializer, 201: ImportedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Reads and stores the reviews of one document."""
        lines = request.data  # none where the body is empty
        done = import_reviews(lines[0] if isinstance(lines, list) and lines else b"", request.content_type)
        answer = {
            "stored": done.stored,
            "changed": done.changed,
            "known": done.known,
            "rejected": done.rejected[:MOST_LINES],
            "remarks": done.remarks[:MOST_LINES],
        }
        return Response(answer, status=201 if done.stored else 200)
