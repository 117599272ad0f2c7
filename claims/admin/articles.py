"""Articles: the whole text with all its claims, the runs over it, and the door by which an editor adds one.

The article belongs to `sources`, but its page is about claims, so it is registered here. A text never changes: there
is no change form. New ones go through `process_article` like those of the API and the commands.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from claims.admin.adding import AddArticlePage
from claims.admin.claim_page import other_spans
from claims.admin.filters import ArticleSourceFilter, PublishedOnFilter, autocomplete_media
from claims.admin.highlight import Span, cut_paragraphs
from claims.admin.paging import LookaheadAdmin, count_of
from claims.admin.rendering import marked_text
from claims.models import Claim, ClaimSpeaker
from claims.services.reextraction import reextract_article
from sources.models import Article


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
        return super().media + autocomplete_media(ArticleSourceFilter.field, self.admin_site)

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
        reextract = path(
            "<int:article_id>/reextract/",
            self.admin_site.admin_view(self.reextract_view),
            name="sources_article_reextract",
        )
        return [reextract, *super().get_urls()]

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
        articles = Article.objects.select_related("source", "supersedes")
        article = articles.filter(pk=int(object_id)).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        claims = _claims_of(article)
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
            "newer": article.superseded_by.order_by("pk"),
            "may_reextract": self.has_reextract_permission(request),
        }
        return TemplateResponse(request, "claims/admin/article.html", context)

    def reextract_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Runs the engine over the article again; a second run of one version changes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_reextract_permission(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:sources_article_change", args=[article_id]))
        newest = Article.objects.filter(pk=article_id).values_list("runs", flat=True).order_by("-runs").first()
        try:
            run = reextract_article(article_id)
        except Article.DoesNotExist:
            messages.error(request, "That article is no longer there.")
            return back
        if run.pk == newest:
            messages.info(request, f"The engine {run.engine_version} has read this text already: nothing to do.")
        else:
            messages.success(
                request,
                f"Read again by {run.engine_version}: {run.created} new, {run.kept} kept, {run.moved} moved, "
                f"{run.re_attributed} re-attributed, {run.vanished} vanished.",
            )
        return back


def _claims_of(article: Article) -> list[Claim]:
    links = ClaimSpeaker.objects.select_related("speaker").only("claim_id", "words", "speaker__name", "position")
    rows = article.claims.current().order_by("start", "depth", "pk")
    return list(rows.defer("context").prefetch_related(Prefetch("links", links)))


def _attributing_spans(claims: list[Claim]) -> list[Span]:
    """Cues and mentions of all claims; one that several claims share is marked once."""
    return [
        Span(row["start"], row["end"], label)
        for claim in claims
        for label, rows in (("cue", claim.cue_spans), ("mention", claim.mention_spans))
        for row in rows
    ]
