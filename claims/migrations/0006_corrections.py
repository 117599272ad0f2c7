"""Corrections, missed claims, articles reviewed to the end; and which engine versions found each stored claim."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

make_groups = import_module("claims.migrations.0002_roles_and_ratings").make_groups


def fill_found_by(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of older versions only the newest that found a claim is known."""
    claims = apps.get_model("claims", "Claim").objects
    versions = apps.get_model("claims", "ExtractionRun").objects.order_by().values_list("engine_version", flat=True)
    for version in versions.distinct():
        claims.filter(run__engine_version=version).update(found_by=[version])


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0005_webhooks'),
        ('sources', '0002_withheld_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='claim',
            options={'ordering': ['-said_on', '-id'], 'permissions': [('review_claim', "Can set a claim's review status and assignee"), ('correct_claim', 'Can correct, add and reject claims')]},
        ),
        migrations.AddField(
            model_name='claim',
            name='engine_values',
            field=models.JSONField(blank=True, help_text='By corrected field, what the engine says; null where nothing is corrected.', null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='found_by',
            field=models.JSONField(default=list, help_text='The engine versions that found it, oldest first.'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='alignment',
            field=models.CharField(choices=[('new', 'found for the first time'), ('kept', 'Kept'), ('moved', 'span changed'), ('re_attributed', 're-attributed'), ('vanished', 'Vanished'), ('added', 'added by an editor, found by no engine yet')], default='new', max_length=14),
        ),
        migrations.AlterField(
            model_name='claim',
            name='run',
            field=models.ForeignKey(blank=True, help_text='The newest run that found it; empty where only an editor did.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.extractionrun'),
        ),
        migrations.CreateModel(
            name='ArticleReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='claim_review', to='sources.article')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('span', 'what was said'), ('cue', 'Cue'), ('mention', 'who said it, in words'), ('speaker', 'Speaker'), ('kind', 'Kind'), ('act', 'Act'), ('added', 'added: the engine missed it'), ('rejected', 'rejected: no claim'), ('accepted', 'accepted as it stands'), ('undone', 'a correction was undone')], max_length=10)),
                ('before', models.JSONField(default=dict, help_text='The value that counted before.')),
                ('after', models.JSONField(default=dict, help_text='The value that counts with it.')),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('is_undone', models.BooleanField(default=False, editable=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='claims.claim')),
                ('undoes', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_with', to='claims.correction')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['claim', '-id'], name='correction_by_claim'), models.Index(fields=['field', 'id'], name='correction_by_field')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('field', 'undone'), ('undoes__isnull', False)), models.Q(models.Q(('field', 'undone'), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='correction_undoes_if_it_says_so'), models.CheckConstraint(condition=models.Q(('undoes', models.F('id')), _negated=True), name='correction_undoes_another')],
            },
        ),
        migrations.RunPython(fill_found_by, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
