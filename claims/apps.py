"""App configuration."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Registers the app."""

    name = "claims"
