"""Articles as the API shows them: lists leave the text in the database."""

from collections import defaultdict
from collections.abc import Hashable

from django.conf import settings
from django.db.models import F, QuerySet, Value

from claims.api.access import may
from claims.models import ExtractionRun
from sources.api.reading import Row, Rows, Shape
from sources.api.selection import field
from sources.api.shapes import SourceShape
from sources.models import Article


class ArticleShape(Shape):
    """An article without its text."""

    model = Article
    fields = {
        **{name: field(name) for name in ("id", "url", "headline", "byline", "dateline_place")},
        **{name: field(name) for name in ("published_on", "published_at", "language")},
        "source": field("source_id", "source__slug", "source__name", make="source_brief"),
        **{name: field(name) for name in ("external_id", "text_sha256")},
        "text_withheld": field("text_withheld", make="unless_empty"),
        **{name: field(name) for name in ("supersedes", "created_at", "modified_at")},
        "claims_url": field("id", make="claims_address"),
    }
    expansions = {"source": ("source", field("source_id", make="source_in_full", needs="gather_sources"))}

    def build(self, rows: Rows) -> list[Row]:
        self.claims_at = self.address("claim-list")
        return super().build(rows)

    def gather_sources(self, rows: Rows) -> None:
        """The page's outlets as the list of outlets shows them."""
        self.sources = SourceShape(self.request).by_id(self.column(rows, "source_id"))

    def source_in_full(self, pk: int) -> Row:
        return self.sources[pk]

    def source_brief(self, pk: int, slug: str, name: str) -> Row:
        return {"id": pk, "slug": slug, "name": name}

    def unless_empty(self, text: str | None) -> str | None:
        return text or None

    def claims_address(self, pk: int) -> str:
        return f"{self.claims_at}?article={pk}"


class ArticleDetailShape(ArticleShape):
    """An article with its text, where the reader may have it, and the engine's runs over it."""

    fields = ArticleShape.fields | {
        "text": field("shown_text", make="unless_empty"),
        "runs": field("id", make="runs_of", needs="gather_runs"),
    }

    @property
    def key(self) -> Hashable:
        """Also whether the reader may have the text."""
        return super().key, self._is_shown

    @property
    def _is_shown(self) -> bool:
        return settings.PUBLIC_ARTICLE_TEXT or may(self.request, "sources.view_article")

    def select(self, queryset: QuerySet, *more: str) -> QuerySet:
        if "shown_text" in self.plan.columns:
            field_of_text = Article._meta.get_field("text")
            shown = F("text") if self._is_shown else Value(None, output_field=field_of_text)
            queryset = queryset.annotate(shown_text=shown)
        return super().select(queryset, *more)

    def gather_runs(self, rows: Rows) -> None:
        """What engines ran over the page's articles, oldest first."""
        self.runs: dict[int, list[Row]] = defaultdict(list)
        stored = ExtractionRun.objects.filter(article__in=self.column(rows, "id")).order_by("id")
        for pk, article_id, engine, at in stored.values_list("id", "article_id", "engine_version", "created_at"):
            self.runs[article_id].append({"id": pk, "engine": engine, "created_at": at})

    def runs_of(self, pk: int) -> list[Row]:
        return self.runs.get(pk, [])
