"""App configuration."""

from sources.apps import SearchedConfig


class ClaimsConfig(SearchedConfig):
    """Registers the app."""

    name = "claims"
