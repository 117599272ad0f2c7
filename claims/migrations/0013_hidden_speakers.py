"""Lets one look tell whether any speaker is hidden."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_roles_by_key")]

    operations = [
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(condition=models.Q(("is_hidden", True)), fields=["id"], name="speaker_hidden"),
        ),
    ]
