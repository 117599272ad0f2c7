"""Every place of the database where a text may have been copied to, found by looking at the models themselves.

Takedown and erasure promise that something is nowhere any more. A list of tables would be wrong with the next table,
so the tables are asked: every text and JSON column of every model of these apps and of the admin's own log. Do not
use this for ordinary edits.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from claims.services.masking import Rewriter

LABELS = ("claims", "sources", "admin")
# Compressed copies of answers, kept for a day: what cannot be searched is dropped. Their callers ask again.
OPAQUE = frozenset({"storedanswer"})
BATCH = 200
Change = Callable[[Any], Any]


def swept_models(without: tuple[type[models.Model], ...] = ()) -> Iterator[type[models.Model]]:
    """The models with text of their own, those of `without` left out."""
    for label in LABELS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if model not in without and not model._meta.proxy and model._meta.managed and text_fields(model):
                yield model


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """Columns that hold free text or JSON: no choices, and no keyed digests."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices and "digest" not in field.name and "sha256" not in field.name
    ]


def drop_opaque_copies() -> None:
    """Deletes the rows whose content cannot be looked into."""
    for model in models_with_bytes():
        if model._meta.model_name in OPAQUE:
            model._base_manager.all().delete()


def forget_search_terms() -> None:
    """Makes SQLite's full-text indexes drop the words of rows that changed; PostgreSQL's columns did so already.

    FTS5 only notes that an entry is gone, and keeps its words until its segments are merged.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%%USING fts5%%'")
        for (table,) in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # noqa: S608  (a table of our own)


def models_with_bytes() -> list[type[models.Model]]:
    """Models with a column of bytes; each must be in `OPAQUE`, or be known to hold no text."""
    return [
        model
        for label in LABELS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if any(isinstance(field, models.BinaryField) for field in model._meta.concrete_fields)
    ]


def path_to_article(model: type[models.Model]) -> str:
    """The look-up from a row to its article's id; empty where there is none."""
    names = {field.name: field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}
    for name, path in (
        ("article", "article_id"),
        ("claim", "claim__article_id"),
        ("verdict", "verdict__claim__article_id"),
    ):
        if name in names and names[name].related_model._meta.model_name == name:
            return path
    return ""


_ARTICLE = re.compile(r'"article": ?\{ ?"id": ?(\d{1,18})')


def embedded(rewriters: Mapping[int, Rewriter], otherwise: Change) -> Change:
    """A change for rows that no key ties to an article: JSON kept as text, such as messages, is looked into.

    Args:
        rewriters: By article id.
        otherwise: What is done besides, and to all other values.
    """

    def change(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("{"):
            named = {int(pk) for pk in _ARTICLE.findall(value)} & rewriters.keys()
            for pk in named:
                value = json.dumps(rewriters[pk].json(json.loads(value)), ensure_ascii=False, separators=(",", ":"))
        return otherwise(value)

    return change


def rewrite(rows: models.QuerySet, change: Change) -> int:
    """Applies `change` to the text columns of these rows, column by column, past the models' own saving.

    Returns:
        How many rows were changed.
    """
    model, changed = rows.model, 0
    fields = text_fields(model)
    for row in rows.order_by("pk").values("pk", *(field.attname for field in fields)).iterator(chunk_size=BATCH):
        new = {}
        for field in fields:
            before = row[field.attname]
            after = change(before) if before else before
            if after != before:
                new[field.attname] = _fitting(after, field, row["pk"])
        if new:
            _update(model, row["pk"], new)
            changed += 1
    return changed


def _update(model: type[models.Model], pk: Any, new: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**new)
    except IntegrityError:  # two rows that differed in what is withheld now
        told_apart = {name: f"{value} {pk}" if isinstance(value, str) else value for name, value in new.items()}
        model._base_manager.filter(pk=pk).update(**told_apart)


def _fitting(value: Any, field: models.Field, pk: Any) -> Any:
    if field.unique:
        return f"withheld-{pk}"
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value
