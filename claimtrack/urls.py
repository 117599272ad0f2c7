"""All addresses of the service."""

from django.contrib import admin
from django.urls import path

from claimtrack.metrics import metrics_view

urlpatterns = [
    path("admin/", admin.site.urls),
    path("metrics", metrics_view, name="metrics"),
]
