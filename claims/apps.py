"""App configuration."""

from typing import Any

from django.db.models.signals import post_migrate, pre_migrate

from sources.apps import SearchedConfig


class ClaimsConfig(SearchedConfig):
    """Registers the app, and keeps the triggers of the log of revisions in step with the tables."""

    name = "claims"
    default = True  # the base class stands in this module too, and Django would take neither

    def ready(self) -> None:
        """Hangs the triggers onto migrations (`claims.services.triggers` says why)."""
        super().ready()
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(*, plan: Any, using: str, **others: Any) -> None:
    from claims.services import triggers  # its package needs models, which are not there while apps are registered

    if plan:
        triggers.remove(using)


def _after_migrations(*, using: str, **others: Any) -> None:
    from claims.services import triggers

    triggers.install(using)
