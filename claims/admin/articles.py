"""Articles: the whole text with all its claims, the runs over it, and the door by which an editor adds one.

The article belongs to `sources`, but its page is about claims, so it is registered here. A text never changes: there
is no change form. New ones go through `process_article` like those of the API and the commands.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from claims.admin.adding import AddArticlePage
from claims.admin.article_pages import ComparePage, PreviewPage, TakedownPage, claims_of
from claims.admin.claim_page import other_spans
from claims.admin.filters import ArticleSourceFilter, PublishedOnFilter, autocomplete_media
from claims.admin.highlight import Span, cut_paragraphs
from claims.admin.ledger import Entry, entries
from claims.admin.paging import LookaheadAdmin, count_of
from claims.admin.rendering import marked_text
from claims.extraction import ENGINE_VERSION
from claims.models import Change, Claim
from claims.services.takedown import PERMISSION as TAKE_DOWN
from sources.models import Article
from sources.services import versions_of

MOST_CHANGES = 100


@admin.register(Article)
class ArticleAdmin(LookaheadAdmin):
    """Articles with their claims."""

    list_display = ("title", "source", "published_on", "language", "claim_count", "created_at")
    list_display_links = ("title",)
    list_filter = (ArticleSourceFilter, PublishedOnFilter)
    search_fields = ("headline", "url")
    search_help_text = "Words of the headline or the address."
    ordering = ("-published_on", "-id")
    actions = None

    @property
    def media(self) -> forms.Media:
        own = forms.Media(css={"all": ["claims/articles.css"]})
        return super().media + autocomplete_media(ArticleSourceFilter.field, self.admin_site) + own

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    def has_reextract_permission(self, request: HttpRequest) -> bool:
        """Whether the role may run the engine again."""
        return request.user.has_perm("claims.add_extractionrun")

    def for_list(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        # Texts come along: one without a headline is listed by its first words.
        return queryset.select_related("source").annotate(claim_total=count_of(Claim.objects.current(), "article"))

    @admin.display(description="article", ordering="headline")
    def title(self, article: Article) -> str:
        return str(article)

    @admin.display(description="claims")
    def claim_count(self, article: Article) -> int:
        return article.claim_total  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        pages = {"reextract": PreviewPage, "compare": ComparePage, "takedown": TakedownPage}
        own = [
            path(
                f"<int:article_id>/{name}/",
                self.admin_site.admin_view(partial(self.further_view, page=page)),
                name=f"sources_article_{name}",
            )
            for name, page in pages.items()
        ]
        return [*own, *super().get_urls()]

    def further_view(self, request: HttpRequest, article_id: int, page: Any) -> HttpResponse:
        """One of the article's further pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return page(self, request, article_id).response()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return AddArticlePage(self, request).response()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request):
            raise PermissionDenied  # an article's text never changes
        articles = Article.objects.select_related("source")
        article = articles.filter(pk=int(object_id)).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        claims = list(claims_of(article))
        numbers = {claim.pk: number for number, claim in enumerate(claims, 1)}
        paragraphs = cut_paragraphs(article.text, [*other_spans(claims), *_attributing_spans(claims)])
        context = {
            **self.admin_site.each_context(request),
            "title": str(article),
            "opts": self.opts,
            "media": self.media,
            "article": article,
            "marked_text": marked_text(paragraphs, numbers=numbers),
            "claims": [(numbers[claim.pk], claim) for claim in claims],
            "runs": article.runs.all(),
            "versions": versions_of(article),
            "engine": ENGINE_VERSION,
            "may_reextract": self.has_reextract_permission(request) and not article.text_withheld,
            "may_take_down": request.user.has_perm(TAKE_DOWN) and not article.text_withheld,
            "history": _history_of(article) if request.user.has_perm("claims.view_change") else [],
        }
        return TemplateResponse(request, "claims/admin/article.html", context)


def _history_of(article: Article) -> list[Entry]:
    changes = Change.objects.filter(model="article", object_id=article.pk).select_related("actor")
    return entries(changes[:MOST_CHANGES])


def _attributing_spans(claims: list[Claim]) -> list[Span]:
    """Cues and mentions of all claims; one that several claims share is marked once."""
    return [
        Span(row["start"], row["end"], label)
        for claim in claims
        for label, rows in (("cue", claim.cue_spans), ("mention", claim.mention_spans))
        for row in rows
    ]
