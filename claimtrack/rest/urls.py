"""All addresses of the API."""

from django.urls import include, path, re_path

from claimtrack.rest.redoc import RedocView
from claimtrack.rest.views import DocsView, NoSuchAddressView, RootView, SchemaView

urlpatterns = [
    path("", include("claims.api.urls")),  # first: what is asked for most
    path("", include("sources.api.urls")),
    path("", RootView.as_view(), name="root"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("redoc/", RedocView.as_view(), name="redoc"),
    re_path("", NoSuchAddressView.as_view(), name="nowhere"),
]
