"""ClaimReview, Web Annotations, Atom and JSON Feed: what others' programs read, always the public view."""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from claims.api.documents import DocumentView
from claims.api.filters import ClaimFilter, ReviewFilter
from claims.api.public_claims import PublicShape, desk_of, public_claims, published_verdicts
from claims.api.views import ClaimViewSet
from claims.errors import TextWithheld
from claims.formats import claimreview, webannotation
from claims.formats.feeds import ATOM_TYPE, JSON_TYPE, FeedPage, atom_feed, json_feed
from claims.formats.values import PublicClaim
from claims.models import Verdict
from sources.api.questions import asked
from sources.api.reading import Shape
from sources.api.selection import field
from sources.models import Article

PAGING = ("cursor", "page_size")


class ClaimReviewView(DocumentView):
    """One published verdict as ClaimReview."""

    media_types = (claimreview.MEDIA_TYPE, "application/json")
    detail = True

    @extend_schema(
        operation_id="verdicts_claimreview",
        summary="Get a verdict as ClaimReview",
        description="A published verdict as schema.org ClaimReview in JSON-LD, for the desk's own pages and for "
        "Fact Check Explorer. A rating without a number has its label only. Any other verdict is 404.",
        responses={(200, claimreview.MEDIA_TYPE): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:
        """The ClaimReview."""
        rows = list(published_verdicts().filter(pk=int(id)).values("claim_id"))
        for claim, finding in PublicShape(request).reviews(rows):
            return self.document(claimreview.claim_review(claim, finding, desk_of(request)))
        raise NotFound(f"There is no published verdict {id} here.")


class VerdictPlaces(Shape):
    """Which claim a verdict is about."""

    model = Verdict
    fields = {name: field(name) for name in ("id", "claim_id", "published_at")}
    is_raw = False


class ClaimReviewFeedView(DocumentView):
    """All published verdicts as a DataFeed of ClaimReviews."""

    media_types = (claimreview.MEDIA_TYPE, "application/json")
    filterset_class = ReviewFilter
    parameters = PAGING
    default_ordering = "-published_at"
    orderings = ("published_at",)
    basename = "claimreview"

    @extend_schema(
        operation_id="claimreview_list",
        summary="List published verdicts as ClaimReview",
        description="A schema.org DataFeed, newest first. The next page's address is in the `Link` header "
        '(`rel="next"`).',
        filters=True,
        responses={(200, claimreview.MEDIA_TYPE): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A page of the feed."""
        shape = VerdictPlaces(request)
        page = self.paginator.read(asked(self.filter_queryset(published_verdicts())), shape, request, self)
        rows = shape.build(page.rows)
        reviews = PublicShape(request).reviews(rows)
        response = self.document(claimreview.data_feed(reviews, desk_of(request), request.build_absolute_uri()))
        links = self.get_paginated_response([]).data
        named = [
            f'<{links[name]}>; rel="{rel}"' for name, rel in (("next", "next"), ("previous", "prev")) if links[name]
        ]
        if named:
            response["Link"] = ", ".join(named)
        return response


class AnnotationView(DocumentView):
    """One claim as a Web Annotation."""

    media_types = (webannotation.MEDIA_TYPE, "application/ld+json", "application/json")
    detail = True

    @extend_schema(
        operation_id="claims_annotation",
        summary="Get a claim as a Web Annotation",
        description="A W3C Web Annotation on the original page, with a TextQuoteSelector and a TextPositionSelector "
        "for each span. Positions count code points of the text at `articles/{id}/`. Where articles' texts are not "
        "public, a quote's surroundings are taken from the sentences around the claim. 451 where the article's text "
        "was taken down together with its quotes.",
        responses={(200, "application/ld+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:
        """The annotation."""
        shape = PublicShape(request)
        rows = shape.answers(public_claims().filter(pk=int(id)))
        if not rows:
            raise NotFound(f"There is no claim {id} here.")
        article = Article.objects.get(pk=rows[0]["article"]["id"])
        if article.text_withheld and not any(span["quote"] for span in rows[0]["spans"]):
            raise TextWithheld("The words of this claim were taken down.", reason=article.text_withheld)
        is_shown = settings.PUBLIC_ARTICLE_TEXT and article.text
        texts = {article.pk: article.text} if is_shown else {}
        (claim,) = shape.values(rows, texts)
        address = request.build_absolute_uri(request.path)
        return self.document(webannotation.annotation(claim, desk_of(request), address), self.media_type)


class FeedView(DocumentView):
    """Claims of a filter as a feed."""

    filterset_class = ClaimFilter
    parameters = (*PAGING, "ordering")
    orderings = ClaimViewSet.orderings
    default_ordering = "-modified_at"

    def claims(self) -> tuple[list[PublicClaim], FeedPage]:
        """The page's claims, and what the feed says about itself."""
        shape = PublicShape(self.request)
        rows = self.paginator.read(asked(self.filter_queryset(public_claims())), shape, self.request, self).rows
        claims = shape.values(shape.build(rows))
        page = FeedPage(
            title=f"{settings.DESK_NAME}: claims",
            address=self.request.build_absolute_uri(),
            next_address=self.get_paginated_response([]).data["next"] or "",
            home=self.request.build_absolute_uri("/"),
        )
        return claims, page


_FEED = (
    "Claims of any filter that the list knows, the last changed first (a verdict's publication changes its claim). "
    "Entries link to the words themselves in the original page. Answers 304 to `If-None-Match` where nothing changed."
)


class AtomFeedView(FeedView):
    """Claims of a filter as an Atom feed."""

    media_types = (ATOM_TYPE, "application/xml", "text/xml")
    basename = "claim-atom"

    @extend_schema(
        operation_id="claims_feed_atom",
        summary="Claims as an Atom feed",
        description=_FEED,
        filters=True,
        responses={(200, ATOM_TYPE): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A page of the feed."""
        return self.document(atom_feed(*self.claims(), desk_of(request)), f"{self.media_type}; charset=utf-8")


class JsonFeedView(FeedView):
    """Claims of a filter as a JSON Feed."""

    media_types = (JSON_TYPE, "application/json")
    basename = "claim-json-feed"

    @extend_schema(
        operation_id="claims_feed_json",
        summary="Claims as a JSON Feed",
        description=_FEED,
        filters=True,
        responses={(200, JSON_TYPE): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A page of the feed."""
        document: dict[str, Any] = json_feed(*self.claims(), desk_of(request))
        return self.document(document)
