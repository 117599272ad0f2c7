"""Usual practice: a ModelViewSet with nested ModelSerializers, django-filter and CursorPagination over our tables.

Settings, addresses and WSGI application in one module. The middleware is the framework's own minimum; there are no
accounts and no throttles, which is less than our server has to do.
"""

import os
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    import dj_database_url

    settings.configure(
        SECRET_KEY="benchmark",  # noqa: S106  (no secret)
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="UTC",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.postgres",
            "django_filters",
            "rest_framework",
            "sources",
            "claims",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        REST_FRAMEWORK={
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
        },
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from rest_framework.pagination import CursorPagination
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import CharField, ModelSerializer
from rest_framework.viewsets import ModelViewSet

from claims.models import Claim, Speaker
from sources.models import Article, Source


class _Source(ModelSerializer):
    class Meta:
        model = Source
        fields = ["id", "slug", "name"]


class _Article(ModelSerializer):
    source = _Source()  # type: ignore[assignment]

    class Meta:
        model = Article
        fields = ["id", "headline", "url", "source", "published_on"]


class _Speaker(ModelSerializer):
    class Meta:
        model = Speaker
        fields = ["id", "slug", "name"]


class _Claim(ModelSerializer):
    article = _Article()
    speakers = _Speaker(many=True)
    engine = CharField(source="run.engine_version")

    class Meta:
        model = Claim
        fields = [
            *("id", "text", "spans", "kind", "act", "cue_text", "cue_spans", "mention_text", "mention_spans"),
            *("speakers", "speaker_status", "confidence", "article", "context", "said_on", "review_status"),
            *("within", "depth", "engine", "created_at", "modified_at"),
        ]


class _Pages(CursorPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = ("-said_on", "-id")


class ClaimViewSet(ModelViewSet):
    """Claims as usually done."""

    queryset = Claim.objects.filter(depth=0).select_related("article__source", "run").prefetch_related("speakers")
    serializer_class = _Claim
    pagination_class = _Pages
    filterset_fields = ["links__speaker"]  # on the many-to-many field itself it would add DISTINCT, which takes seconds


router = SimpleRouter()
router.register("claims", ClaimViewSet)
urlpatterns = [path("", include(router.urls))]
application: Any = get_wsgi_application()
