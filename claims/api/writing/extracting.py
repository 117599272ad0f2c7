"""`POST extract/`: what the engine finds in a text, without storing anything.

It needs a token, of any scope: it changes nothing, but each call costs seconds of the engine's time at worst, so
whoever calls must be known, a text is shorter than an article may be, and calls have a rate of their own. The answer is
the row that `manage.py extract --jsonl` prints; offsets point into the text exactly as it was sent.
"""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.extraction import extract
from claims.extraction.rows import extraction_row
from sources.api.bodies import json_object, read_limited, require_length
from sources.api.strict import StrictSerializer, refuse_unknown

_SPANS = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}


class ShortJsonParser(BaseParser):
    """One JSON object of at most `MAX_EXTRACT_BYTES`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """The object."""
        return json_object(read_limited(stream, stream.META, settings.MAX_EXTRACT_BYTES))


class ExtractRequestSerializer(StrictSerializer):
    """A text."""

    text = serializers.CharField(trim_whitespace=False, help_text="Taken as it is; offsets point into it.")
    language = serializers.CharField(max_length=35, required=False, help_text="BCP 47; found out unless given.")


class SpansField(serializers.JSONField):
    """Pairs of first code point and the one behind the last."""

    _spectacular_annotation: ClassVar[dict[str, Any]] = {"field": _SPANS}


class ExtractedSpeakerSerializer(serializers.Serializer):
    """Who says it, as far as the text tells."""

    name = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=["person", "organisation", "unnamed", "document", "unknown"])
    members = serializers.ListField(child=serializers.CharField(), help_text="Of a joint statement.")
    confidence = serializers.FloatField()
    words = serializers.CharField(required=False, help_text="Of one who is not named.")


class ExtractedClaimSerializer(serializers.Serializer):
    """One statement."""

    content = SpansField()
    text = serializers.ListField(child=serializers.CharField())
    kind = serializers.CharField()
    act = serializers.CharField()
    cue = SpansField()
    mention = SpansField()
    speaker = ExtractedSpeakerSerializer(allow_null=True)
    confidence = serializers.FloatField()


class ExtractedRelayedSerializer(serializers.Serializer):
    """One statement within another."""

    content = SpansField()
    text = serializers.ListField(child=serializers.CharField())
    speaker = ExtractedSpeakerSerializer(allow_null=True)
    within = serializers.IntegerField(help_text="Which of the claims it stands in, from 0.")


class ExtractAnswerSerializer(serializers.Serializer):
    """What was found."""

    engine = serializers.CharField()
    language = serializers.CharField()
    claims = ExtractedClaimSerializer(many=True)
    relayed = ExtractedRelayedSerializer(many=True)


class ExtractView(Guarded, APIView):
    """The engine."""

    parser_classes = [ShortJsonParser]
    write_permissions: ClassVar[dict[str, str]] = {}
    http_method_names = ["post"]
    action = "extract"
    stores_nothing = True
    is_costly = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; no parameters, and a body of known length."""
        super().initial(request, *args, **kwargs)
        refuse_unknown(request.query_params, ())
        require_length(request.META)

    @extend_schema(
        operation_id="extract",
        summary="Find the claims in a text",
        description="Analyses a text and stores nothing. Any token will do; there is a rate of its own.",
        request=ExtractRequestSerializer,
        responses=ExtractAnswerSerializer,
    )
    def post(self, request: Request) -> Response:
        """Analyses a text."""
        extraction = self._extraction
        row = extraction_row(0, extraction)
        del row["id"]
        return Response({"engine": row.pop("engine"), "language": extraction.language} | row)

    def prepare(self, request: Request) -> None:
        """Asks the engine, before anything is locked."""
        given = checked(ExtractRequestSerializer, request.data)
        self._extraction = extract(given["text"], language=given.get("language"))
