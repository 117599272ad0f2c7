"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from sources.search import indexes
from sources.search.ranking import register


class SearchedConfig(AppConfig):
    """An app some of whose models have a full-text index, named in their `fulltext`."""

    def ready(self) -> None:
        """After each `migrate`, looks after what a rebuilt table lost."""
        post_migrate.connect(_mend_indexes, sender=self)


class SourcesConfig(SearchedConfig):
    """Registers the app."""

    name = "sources"
    default = True  # the base class stands in this module too, and Django would take neither

    def ready(self) -> None:
        """Gives SQLite the function that ranks what a search finds."""
        super().ready()
        connection_created.connect(register)


def _mend_indexes(sender: AppConfig, using: str, **_: Any) -> None:
    for model in sender.get_models():
        if hasattr(model, "fulltext"):
            indexes.mend(connections[using], model._meta.db_table, model.fulltext)
