"""Articles as the API shows them: lists leave the text in the database."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet

from claims.api.access import claims_for, may
from claims.api.shapes import ClaimShape
from claims.models import ExtractionRun
from sources.api.rows import Row, Shape


class ArticleShape(Shape):
    """An article without its text."""

    columns = (
        *("id", "url", "headline", "byline", "dateline_place", "published_on", "published_at", "language"),
        *("text_sha256", "text_withheld", "external_id", "supersedes", "created_at", "modified_at"),
        *("source_id", "source__slug", "source__name"),
    )

    def build(self, rows: Sequence[Row]) -> list[Row]:
        claims = self.address("claim-list")
        return [self._article(row, claims) for row in rows]

    @staticmethod
    def _article(row: Row, claims: str) -> Row:
        return {
            "id": row["id"],
            "url": row["url"],
            "headline": row["headline"],
            "byline": row["byline"],
            "dateline_place": row["dateline_place"],
            "published_on": row["published_on"],
            "published_at": row["published_at"],
            "language": row["language"],
            "source": {"id": row["source_id"], "slug": row["source__slug"], "name": row["source__name"]},
            "external_id": row["external_id"],
            "text_sha256": row["text_sha256"],
            "text_withheld": row["text_withheld"] or None,
            "supersedes": row["supersedes"],
            "created_at": row["created_at"],
            "modified_at": row["modified_at"],
            "claims_url": f"{claims}?article={row['id']}",
        }


class ArticleDetailShape(ArticleShape):
    """An article with its text, where the reader may have it, and the engine's runs over it."""

    def select(self, queryset: QuerySet) -> QuerySet:
        self.shows_text = settings.PUBLIC_ARTICLE_TEXT or may(self.request, "sources.view_article")
        return queryset.values(*self.columns, *(["text"] if self.shows_text else []))

    def build(self, rows: Sequence[Row]) -> list[Row]:
        runs = defaultdict(list)
        stored = ExtractionRun.objects.filter(article__in=[row["id"] for row in rows]).order_by("id")
        for pk, article_id, engine, at in stored.values_list("id", "article_id", "engine_version", "created_at"):
            runs[article_id].append({"id": pk, "engine": engine, "created_at": at})
        return [
            article | {"text": row.get("text") or None, "runs": runs[row["id"]]}
            for article, row in zip(super().build(rows), rows, strict=True)
        ]


class PostedArticleShape(ArticleDetailShape):
    """What a POST answers: the article with all its claims in the order of the text, relayed ones included."""

    def build(self, rows: Sequence[Row]) -> list[Row]:
        claims = ClaimShape(self.request)
        return [
            article | {"claims": claims.build(list(claims.select(self._claims(article["id"]))))}
            for article in super().build(rows)
        ]

    def _claims(self, article_id: int) -> QuerySet:
        return claims_for(self.request).filter(article_id=article_id).order_by("start", "depth", "id")
