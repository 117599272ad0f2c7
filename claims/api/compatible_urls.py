"""Addresses that other services' clients expect at the root of a server."""

from django.urls import path

from claims.api.citron import NothingHereView, QuotesView
from claims.api.factcheck_tools import ClaimSearchView, NoSuchMethodView

urlpatterns = [
    path("v1alpha1/claims:search", ClaimSearchView.as_view(), name="factcheck-claims-search"),
    path("compat/citron/quotes", QuotesView.as_view(), name="citron-quotes"),
    # Citron's own page posts here; described once, above.
    path("compat/citron/quotes/", QuotesView.as_view(schema=None), name="citron-quotes-slash"),
    # A client that asks for what is not offered reads an error of the shape that it knows, not a page.
    path("v1alpha1/<path:rest>", NoSuchMethodView.as_view(schema=None), name="factcheck-nowhere"),
    path("compat/citron/<path:rest>", NothingHereView.as_view(schema=None), name="citron-nowhere"),
]
