"""All addresses of the service."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from claimtrack.health import healthz, readyz
from claimtrack.metrics import metrics_view
from claimtrack.second_factor import enrol_view, turn_off_view, verify_view

urlpatterns = [
    path("api/v1/", include("claimtrack.rest.urls")),  # first: what is asked for most
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/second-factor/", verify_view, name="second-factor"),
    path("admin/second-factor/enrol/", enrol_view, name="second-factor-enrol"),
    path("admin/second-factor/off/", turn_off_view, name="second-factor-off"),
    path("admin/", admin.site.urls),
    path("", include("claims.api.compatible_urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_view, name="metrics"),
    path("favicon.ico", RedirectView.as_view(url=static("claimtrack/icon.svg"), permanent=True)),
]

handler400 = "claimtrack.rest.errors.handle_400"
handler500 = "claimtrack.rest.errors.handle_500"
