"""Makes the desk's groups and the default rating scale."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from claims.roles import GROUPS

# label, slug, value, colour: the scale that fact-checking desks share, plus findings without a number.
RATINGS = [
    ("True", "true", 5, "#1a7f37"),
    ("Mostly true", "mostly-true", 4, "#5a9e3a"),
    ("Half true", "half-true", 3, "#b58105"),
    ("Mostly false", "mostly-false", 2, "#c4581a"),
    ("False", "false", 1, "#b3261e"),
    ("Misleading", "misleading", None, "#8e4585"),
    ("Unproven", "unproven", None, "#57606a"),
    ("Not checkable", "not-checkable", None, "#8c959f"),
]


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes each group of the table and gives it the table's permissions, those of models to come aside."""
    for label in ("claims", "sources"):
        config = apps.get_app_config(label)
        config.models_module = True  # permissions are otherwise made only after all migrations
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    permissions = {
        permission.codename: permission
        for permission in apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label__in=["claims", "sources"]
        )
    }
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set([permissions[codename] for codename in codenames if codename in permissions])


def make_scale(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the default scale and its ratings."""
    scale = apps.get_model("claims", "Scale").objects.create(name="Truth", slug="truth")
    rating = apps.get_model("claims", "Rating")
    rating.objects.bulk_create(
        rating(scale=scale, label=label, slug=slug, order=order, value=value, colour=colour)
        for order, (label, slug, value, colour) in enumerate(RATINGS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_initial"),
        ("sources", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(make_scale, migrations.RunPython.noop),
    ]
