"""App configuration."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Registers the app."""

    name = "sources"
