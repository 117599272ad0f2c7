"""Finds articles by address, language and time of storing, and by the words of headline and text."""

from django.db import migrations, models

from sources.search.indexes import create, drop

TABLE, COLUMNS = "sources_article", ("headline", "text")


def make_index(apps, schema_editor):
    create(schema_editor, TABLE, COLUMNS)


def drop_index(apps, schema_editor):
    drop(schema_editor, TABLE, COLUMNS)


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_withheld_texts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["url", "id"], name="article_by_url"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["language", "published_on", "id"], name="article_by_language"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["created_at", "id"], name="article_by_creation"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["modified_at", "id"], name="article_by_change"),
        ),
        migrations.RunPython(make_index, drop_index),
    ]
