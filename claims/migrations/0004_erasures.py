"""What remains of erased persons' data, and who may erase and take down."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

make_groups = import_module("claims.migrations.0002_roles_and_ratings").make_groups


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0003_external_reviews'),
        ('sources', '0002_withheld_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('quotes_kept', models.BooleanField(help_text='Whether the words of the claims stayed, without the name.')),
                ('counts', models.JSONField(default=dict, help_text='How many rows of each kind were changed.')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('speaker', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='erasure', to='claims.speaker')),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('erase_speaker', "Can erase a person's data")],
            },
        ),
        migrations.CreateModel(
            name='ErasedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('erasure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='claims.erasure')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='erasure_has_a_reason'),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
