"""Handing in articles: one as JSON, many as lines."""

import contextlib
from typing import Any, ClassVar

from django.conf import settings
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.ndjson import MEDIA_TYPE, results
from claims.api.serializers import ArticleWriteSerializer, PostedArticleSerializer
from claims.api.shapes import PostedArticleShape
from claims.api.writing.guarded import Guarded
from claims.errors import ClaimError
from claims.extraction import Extraction
from claims.services.articles import extract_article, process_article
from sources.api.bodies import json_object
from sources.api.reading import Row
from sources.api.strict import refuse_unknown
from sources.errors import SourceError
from sources.models import Article
from sources.parsing import ParsedArticle, parse_row

FIELDS = ("text", "html", "url", "source", "headline", "byline", "published_on", "id")


class ArticleWriting(Guarded):
    """Writes of articles; the engine runs before anything is locked."""

    kind = "article"
    answers_too: ClassVar[dict[str, tuple[str, ...]]] = {"POST": ("451",)}

    @extend_schema(
        summary="Hand in an article",
        description="Extracts its claims and stores both: 201. A text that is known of this outlet stores nothing: "
        "200 with what is there. With `application/x-ndjson`, one article a line and one result a line "
        "(`line`, `status`, and `article` or `error`), always 200; under an `Idempotency-Key` all lines are one "
        "effect, and the results come when it is stored.",
        request={"application/json": ArticleWriteSerializer, MEDIA_TYPE: OpenApiTypes.STR},
        responses={
            201: PostedArticleSerializer,
            (200, "application/json"): PostedArticleSerializer,
            (200, MEDIA_TYPE): OpenApiTypes.STR,
        },
    )
    def create(self, request: Request) -> HttpResponseBase:
        """Stores one article, or many."""
        if isinstance(request.data, list):
            return StreamingHttpResponse(results(request.data, self._store, self._refuse), content_type=MEDIA_TYPE)
        status, answer = self._store(request.data)
        return Response(answer, status=status)

    def prepare(self, request: Request) -> None:
        """Asks the engine; of many articles only where they are stored together."""
        self._extractions: dict[tuple[str, ...], Extraction | None] = {}
        if not isinstance(request.data, list):
            self._extract(request.data)
        elif "Idempotency-Key" in request.headers:
            for line in request.data:
                # What is wrong with a line is told when it is stored.
                with contextlib.suppress(APIException, ClaimError, SourceError):
                    if line.strip() and len(line) <= settings.MAX_ARTICLE_BYTES:
                        self._extract(json_object(line))

    def _extract(self, data: dict[str, Any]) -> None:
        parsed = _parsed(data)
        self._extractions[_identity(parsed)] = extract_article(parsed)

    def _store(self, data: dict[str, Any]) -> tuple[int, Row]:
        parsed = _parsed(data)
        processed = process_article(parsed, extraction=self._extractions.get(_identity(parsed)))
        (answer,) = PostedArticleShape(self.request).answers(  # type: ignore[attr-defined]
            Article.objects.filter(pk=processed.article.pk)
        )
        return 201 if processed.created else 200, answer

    def _refuse(self, error: Exception) -> tuple[int, Row]:
        context = self.get_exception_handler_context()  # type: ignore[attr-defined]
        answer = self.get_exception_handler()(error, context)  # type: ignore[attr-defined]
        return answer.status_code, answer.data


def _parsed(data: dict[str, Any]) -> ParsedArticle:
    refuse_unknown(data, FIELDS)
    return parse_row(data, today=timezone.localdate(), limit=settings.MAX_ARTICLE_BYTES)


def _identity(parsed: ParsedArticle) -> tuple[str, ...]:
    """What the engine is told of an article."""
    return parsed.text, parsed.language, parsed.byline
