"""Gives every filter its index, and claims and names their full text."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from sources.search.indexes import create, drop

TABLES = {"claims_claim": ("text",), "claims_speakeralias": ("name",)}


def make_indexes(apps, schema_editor):
    for table, columns in TABLES.items():
        create(schema_editor, table, columns)


def drop_indexes(apps, schema_editor):
    for table, columns in TABLES.items():
        drop(schema_editor, table, columns)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0010_claims_know_their_source"),
        ("sources", "0003_search_and_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sources.source",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["said_on", "id"], name="claim_by_date_at_any_depth"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["source", "said_on", "id"], name="claim_by_source"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False)),
                fields=["assignee", "said_on", "id"],
                name="claim_by_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.text.Lower(django.db.models.functions.text.Left("cue_text", 60)),
                models.F("said_on"),
                models.F("id"),
                name="claim_by_cue",
            ),
        ),
        migrations.AddIndex(
            model_name="extractionrun",
            index=models.Index(fields=["engine_version", "id"], name="run_by_engine"),
        ),
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(fields=["created_at", "id"], name="speaker_by_creation"),
        ),
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(fields=["modified_at", "id"], name="speaker_by_change"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["published_at", "id"], name="verdict_by_publication"),
        ),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
