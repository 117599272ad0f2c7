from typing import Any

from django.db import migrations, models

from claims.extraction.role_keys import role_key

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    """Gives the descriptions that are there the key that later articles will be compared by."""
    roles = apps.get_model("claims", "SpeakerRole").objects.using(schema_editor.connection.alias)
    changed = []
    for row in roles.only("pk", "text", "role_key").iterator(chunk_size=BATCH):
        row.role_key = role_key(row.text)
        changed += [row] if row.role_key else []
        if len(changed) == BATCH:
            roles.bulk_update(changed, ["role_key"])
            changed = []
    roles.bulk_update(changed, ["role_key"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_search_and_indexes"), ("sources", "0003_search_and_indexes")]

    operations = [
        migrations.AddField(
            model_name="speakerrole",
            name="role_key",
            field=models.CharField(
                blank=True, help_text="By which later articles mean this role.", max_length=120, default=""
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="speakerrole", index=models.Index(fields=["role_key", "said_on"], name="role_by_key")
        ),
    ]
