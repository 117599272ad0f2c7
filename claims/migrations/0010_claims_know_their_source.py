"""Repeats the article's outlet on each claim; the next migration makes it the rule."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_revisions"),
        ("sources", "0003_search_and_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sources.source",
            ),
        ),
        migrations.RunSQL(
            "UPDATE claims_claim SET source_id = "
            "(SELECT a.source_id FROM sources_article a WHERE a.id = claims_claim.article_id)",
            migrations.RunSQL.noop,
        ),
    ]
