"""Lets one look tell whether any speaker is hidden."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0013_speaker_splits_are_told")]

    operations = [
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(condition=models.Q(("is_hidden", True)), fields=["id"], name="speaker_hidden"),
        ),
    ]
