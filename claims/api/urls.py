"""Addresses of the claims' API."""

from rest_framework.routers import SimpleRouter

from claims.api import views

router = SimpleRouter()
router.register("claims", views.ClaimViewSet, basename="claim")
router.register("speakers", views.SpeakerViewSet, basename="speaker")
router.register("articles", views.ArticleViewSet, basename="article")
router.register("notes", views.NoteViewSet, basename="note")
router.register("verdicts", views.VerdictViewSet, basename="verdict")
router.register("ratings", views.RatingViewSet, basename="rating")
urlpatterns = router.urls
