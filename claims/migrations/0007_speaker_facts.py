"""Saved filters, looks, descriptions, external ids and splits of speakers, and the keys that find likely doubles."""

from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from claims.models.likeness import core_key, sound_key

make_groups = import_module("claims.migrations.0002_roles_and_ratings").make_groups
BATCH = 500


def fill_likeness(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Computes the keys of names that are stored already."""
    model = apps.get_model("claims", "SpeakerAlias")
    rows = []
    for row in model.objects.only("key").iterator(chunk_size=BATCH):
        row.core_key, row.sound_key = core_key(row.key), sound_key(row.key)
        rows.append(row)
        if len(rows) == BATCH:
            model.objects.bulk_update(rows, ["core_key", "sound_key"], batch_size=100)
            rows = []
    model.objects.bulk_update(rows, ["core_key", "sound_key"], batch_size=100)


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0006_corrections'),
        ('sources', '0002_withheld_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BarredName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=300)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(help_text="The list's query string, parameters in order of name.", max_length=1000)),
                ('is_shared', models.BooleanField(default=False, help_text='Everybody at the desk sees it.', verbose_name='shared')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['name', 'id'],
                'permissions': [('share_savedfilter', 'Can share saved filters with the desk')],
                'default_permissions': ('add', 'delete'),
            },
        ),
        migrations.CreateModel(
            name='SpeakerExternalId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('wikidata', 'Wikidata'), ('same_as', 'page about them')], max_length=10)),
                ('value', models.CharField(help_text='Q-number, or address.', max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-scheme', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SpeakerRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('key', models.CharField(blank=True, help_text="Alias key of the speaker's name in the article.", max_length=300)),
                ('start', models.PositiveIntegerField(blank=True, null=True)),
                ('end', models.PositiveIntegerField(blank=True, null=True)),
                ('said_on', models.DateField(blank=True, help_text="The article's date.", null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-said_on', '-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SpeakerSplit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_new', models.BooleanField(help_text='The other speaker was made by this split.')),
                ('reason', models.TextField()),
                ('moved', models.JSONField(help_text='Ids of rows that went over, rows dropped, and aliases that were copied.')),
                ('split_at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-split_at', '-id'],
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='speaker',
            options={'ordering': ['name', 'id'], 'permissions': [('merge_speaker', 'Can merge and split speakers, and undo it')]},
        ),
        migrations.AddField(
            model_name='speakeralias',
            name='core_key',
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='speakeralias',
            name='sound_key',
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddIndex(
            model_name='speakeralias',
            index=models.Index(fields=['core_key'], name='alias_by_core_key'),
        ),
        migrations.AddIndex(
            model_name='speakeralias',
            index=models.Index(fields=['sound_key'], name='alias_by_sound_key'),
        ),
        migrations.AddField(
            model_name='barredname',
            name='speaker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barred_names', to='claims.speaker'),
        ),
        migrations.AddField(
            model_name='look',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='look',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='speakerexternalid',
            name='speaker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_ids', to='claims.speaker'),
        ),
        migrations.AddField(
            model_name='speakerrole',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='speaker_roles', to='sources.article'),
        ),
        migrations.AddField(
            model_name='speakerrole',
            name='speaker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='claims.speaker'),
        ),
        migrations.AddField(
            model_name='speakersplit',
            name='into',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='split_from', to='claims.speaker'),
        ),
        migrations.AddField(
            model_name='speakersplit',
            name='speaker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='splits', to='claims.speaker'),
        ),
        migrations.AddField(
            model_name='speakersplit',
            name='split_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='speakersplit',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='barredname',
            name='split',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barred', to='claims.speakersplit'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.UniqueConstraint(fields=('user', 'claim'), name='one_look_per_user_and_claim'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='saved_filter_name_once_per_owner'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_filter_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='speakerexternalid',
            index=models.Index(fields=['value'], name='external_id_by_value'),
        ),
        migrations.AddConstraint(
            model_name='speakerexternalid',
            constraint=models.UniqueConstraint(fields=('speaker', 'scheme', 'value'), name='external_id_once_per_speaker'),
        ),
        migrations.AddConstraint(
            model_name='speakerexternalid',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='external_id_has_a_value'),
        ),
        migrations.AddIndex(
            model_name='speakerrole',
            index=models.Index(fields=['speaker', '-said_on', '-id'], name='role_by_speaker'),
        ),
        migrations.AddConstraint(
            model_name='speakerrole',
            constraint=models.UniqueConstraint(fields=('speaker', 'article', 'text'), name='role_once_per_speaker_and_article'),
        ),
        migrations.AddConstraint(
            model_name='speakerrole',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='role_has_a_text'),
        ),
        migrations.AddConstraint(
            model_name='speakersplit',
            constraint=models.CheckConstraint(condition=models.Q(('speaker', models.F('into')), _negated=True), name='split_of_two_speakers'),
        ),
        migrations.AddConstraint(
            model_name='speakersplit',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='split_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='barredname',
            index=models.Index(fields=['speaker', 'key'], name='barred_name_by_speaker'),
        ),
        migrations.AddConstraint(
            model_name='barredname',
            constraint=models.UniqueConstraint(fields=('split', 'speaker', 'key'), name='barred_name_once_per_split'),
        ),
        migrations.RunPython(fill_likeness, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
