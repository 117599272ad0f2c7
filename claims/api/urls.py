"""Addresses of the claims' API."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from claims.api import publications, views, webhooks
from claims.api.changes import ChangesView
from claims.api.exports import ClaimExportView
from claims.api.importing import ImportView
from claims.api.writing.corrections import CorrectionViewSet
from claims.api.writing.evidence import EvidenceViewSet
from claims.api.writing.extracting import ExtractView
from claims.api.writing.opinions import OpinionViewSet, ProposalViewSet
from claims.api.writing.tags import TagViewSet

router = SimpleRouter()
router.register("claims", views.ClaimViewSet, basename="claim")
router.register("speakers", views.SpeakerViewSet, basename="speaker")
router.register("articles", views.ArticleViewSet, basename="article")
router.register("notes", views.NoteViewSet, basename="note")
router.register("verdicts", views.VerdictViewSet, basename="verdict")
router.register("proposals", ProposalViewSet, basename="proposal")
router.register("opinions", OpinionViewSet, basename="opinion")
router.register("corrections", CorrectionViewSet, basename="correction")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("tags", TagViewSet, basename="tag")
router.register("ratings", views.RatingViewSet, basename="rating")
router.register("webhooks", webhooks.WebhookViewSet, basename="webhook")
router.register("webhook-deliveries", webhooks.WebhookDeliveryViewSet, basename="webhook-delivery")
_ID = "(?P<id>[0-9]{1,18})"
urlpatterns = [
    *router.urls,
    path("claims/export/", ClaimExportView.as_view(), name="claim-export"),
    path("claims/feed.atom", publications.AtomFeedView.as_view(), name="claim-atom"),
    path("claims/feed.json", publications.JsonFeedView.as_view(), name="claim-json-feed"),
    re_path(f"^claims/{_ID}/annotation/$", publications.AnnotationView.as_view(), name="claim-annotation"),
    re_path(f"^verdicts/{_ID}/claimreview/$", publications.ClaimReviewView.as_view(), name="verdict-claimreview"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("extract/", ExtractView.as_view(), name="extract"),
    path("claimreview/import/", ImportView.as_view(), name="claimreview-import"),
    path("claimreview/", publications.ClaimReviewFeedView.as_view(), name="claimreview"),
]
