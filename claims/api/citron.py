"""`/quotes` as Citron serves it: a text in, its quotes out, nothing stored.

For clients that were written against Citron: the parameter `text` in the address or in a form, an answer of its shape
(`claims.formats.citron`) and `{"error": …}` where something is wrong. Like Citron it reads past what it does not know.
Without a token a text may be shorter than with one: the engine is the dearest thing that anybody can ask for here.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.writing.guarded import Guarded
from claims.extraction import ExtractedClaim, extract
from claims.formats.citron import QuotedStatement, quotes_answer
from sources.api.bodies import TooLarge, read_limited
from sources.api.nowhere import Nowhere

ANONYMOUS_BYTES = 50_000
"""Without a token; more than ten times the length of a news story."""

_ESCAPED = 3  # bytes that one byte takes in a form
_QUOTED_ACTS = {"statement", "attitude", "question"}


class FormParser(BaseParser):
    """A form, read up to the limit."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        """Gives the form's fields.

        Raises:
            TooLarge: too many bytes.
        """
        return QueryDict(read_limited(stream, stream.META, _ESCAPED * settings.MAX_ARTICLE_BYTES), encoding="utf-8")


class CitronView(APIView):
    """A view whose errors are Citron's, for whoever asks."""

    action = None
    parser_classes = [FormParser]
    permission_classes = [AllowAny]  # nothing is written here, though it may be asked by POST

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Those of the project, without sessions: one would ask for a CSRF token, which no client of Citron has."""
        return [one for one in super().get_authenticators() if not isinstance(one, SessionAuthentication)]

    def get_exception_handler(self) -> Callable[..., Any]:
        """The project's handler, its answers in Citron's shape."""
        handler = super().get_exception_handler()

        def handle(error: Exception, context: Any) -> Response:
            answer: Response = handler(error, context)
            answer.data = {"error": answer.data["error"]["message"]}
            return answer

        return handle


class NothingHereView(Nowhere, CitronView):
    """Answers for every other address below Citron's."""

    def hint(self, request: Request) -> str:
        """What is there."""
        return " here; only GET and POST /compat/citron/quotes are offered."


class QuotesView(Guarded, CitronView):
    """Quotes of a text; with a token, a repeated POST is answered by its `Idempotency-Key` as everywhere."""

    http_method_names = ["get", "head", "post"]
    is_costly = True

    def prepare(self, request: Request) -> None:
        """Asks the engine, before the answer's transaction begins."""
        self._quotes = _answer(request, request.query_params.get("text") or request.data.get("text", ""))

    @extend_schema(
        operation_id="citron_quotes",
        tags=["compatible"],
        summary="Find quotes as Citron does",
        description="Runs the engine over `text` and stores nothing. Answers like Citron's REST service, but `start` "
        f"and `end` count code points. Without a token at most {ANONYMOUS_BYTES:,} bytes.",
        parameters=[OpenApiParameter("text", str, description="The text; with POST it may stand in a form.")],
        responses={200: OpenApiTypes.OBJECT, **dict.fromkeys((400, 401, 406, 413, 429), OpenApiTypes.OBJECT)},
    )
    def get(self, request: Request) -> Response:
        """Quotes of the text in the address."""
        return _answer(request, request.query_params.get("text", ""))

    @extend_schema(
        operation_id="citron_quotes_posted",
        tags=["compatible"],
        summary="Find quotes as Citron does, in a posted text",
        description="As with GET; `text` is a field of a form (`application/x-www-form-urlencoded`).",
        parameters=[
            OpenApiParameter("text", str, description="The text; it may stand in the form instead."),
            OpenApiParameter("Idempotency-Key", str, "header", description="As everywhere; needs a token."),
        ],
        request={
            "application/x-www-form-urlencoded": {"type": "object", "properties": {"text": {"type": "string"}}},
        },
        responses=dict.fromkeys((200, 400, 401, 406, 409, 411, 413, 415, 422, 429), OpenApiTypes.OBJECT),
    )
    def post(self, request: Request) -> Response:
        """Quotes of the text in the form."""
        return self._quotes


def _answer(request: Request, text: str) -> Response:
    if not text.strip():
        raise ParseError("A text parameter must be provided.")
    limit = settings.MAX_ARTICLE_BYTES if request.user.is_authenticated else ANONYMOUS_BYTES
    if len(text.encode(errors="replace")) > limit:
        raise TooLarge(limit)
    extraction = extract(text)
    statements = [_statement(claim) for claim in extraction.claims if claim.act in _QUOTED_ACTS]
    return Response(quotes_answer(text, statements, extraction.engine_version))


def _statement(claim: ExtractedClaim) -> QuotedStatement:
    speaker = claim.speaker
    members = (speaker.members or (speaker,)) if speaker else ()
    names = [member.name for member in members if member.name]
    return QuotedStatement(
        contents=tuple((span.start, span.end) for span in claim.content),
        cue=tuple((span.start, span.end) for span in claim.cue),
        mention=tuple((span.start, span.end) for span in claim.mention),
        names=tuple(names) if len(names) == len(members) else (),
        confidence=claim.confidence * (speaker.confidence if speaker else 1.0),
    )
