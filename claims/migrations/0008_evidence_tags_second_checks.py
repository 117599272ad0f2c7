"""Evidence, tags, checklist, duplicates, second opinions; and the key by which equal words find each other."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from claims.services.wording import text_key

make_groups = import_module("claims.migrations.0002_roles_and_ratings").make_groups

ITEMS = [
    "Read the claim in its article",
    "Found who said it first, and when",
    "Asked the speaker, or noted why not",
    "Found a primary source",
    "Archived the sources",
]
BATCH = 300


def fill_text_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Gives stored claims the key of their words."""
    claims = apps.get_model("claims", "Claim").objects
    rows = []
    for claim in claims.only("pk", "text").order_by("pk").iterator(BATCH):
        claim.text_key = text_key(claim.text)
        rows.append(claim)
        if len(rows) == BATCH:
            claims.bulk_update(rows, ["text_key"])
            rows.clear()
    claims.bulk_update(rows, ["text_key"])


def make_checklist(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes a checklist to begin with."""
    item = apps.get_model("claims", "ChecklistItem")
    item.objects.bulk_create(item(text=text, order=order) for order, text in enumerate(ITEMS, 1))


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0007_speaker_facts'),
        ('sources', '0002_withheld_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, unique=True)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True, help_text='Take this off instead of deleting an item.')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ChecklistTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClaimTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Duplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_before', models.CharField(choices=[('new', 'New'), ('in_review', 'in review'), ('second_check', 'second check'), ('done', 'Done'), ('not_a_claim', 'not a claim'), ('duplicate', 'Duplicate'), ('out_of_scope', 'out of scope')], max_length=14)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=2000)),
                ('url_key', models.CharField(editable=False, max_length=255)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('passage', models.TextField(blank=True, help_text='The words that matter, as they stand in the document.')),
                ('archived_url', models.URLField(blank=True, help_text='A copy that will stay.', max_length=2000)),
                ('accessed_on', models.DateField(blank=True, help_text='When the editor read it.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name_plural': 'evidence',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='EvidenceLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stance', models.CharField(choices=[('supports', 'Supports'), ('refutes', 'Refutes'), ('context', 'Context')], default='context', max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SecondOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_blind', models.BooleanField(help_text='Given before the first rating could be seen.')),
                ('comment', models.TextField(blank=True)),
                ('decision', models.CharField(choices=[('open', 'not decided'), ('agrees', 'Agrees'), ('disagrees', 'Disagrees')], default='open', max_length=9)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('key', models.CharField(editable=False, help_text='The name, case and blanks aside.', max_length=60, unique=True)),
                ('colour', models.CharField(default='#57606a', help_text='#rrggbb', max_length=7)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.AlterModelOptions(
            name='verdict',
            options={'ordering': ['-id'], 'permissions': [('publish_verdict', 'Can publish, supersede and withdraw verdicts'), ('check_verdict', "Can rate another editor's proposal, and agree or disagree with it")]},
        ),
        migrations.AddField(
            model_name='claim',
            name='text_key',
            field=models.CharField(blank=True, editable=False, help_text='Equal for equal words; see `claims.services.wording`.', max_length=32),
        ),
        migrations.AddField(
            model_name='scale',
            name='needs_second_check',
            field=models.BooleanField(default=False, help_text='Nobody publishes a verdict of this scale before another editor has rated the claim, without seeing the first rating, and agreed.'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('text_key', ''), _negated=True), fields=['text_key', 'id'], name='claim_by_wording'),
        ),
        migrations.AddConstraint(
            model_name='checklistitem',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='checklist_item_has_a_text'),
        ),
        migrations.AddField(
            model_name='checklisttick',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='checklisttick',
            name='done_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checklisttick',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='claims.checklistitem'),
        ),
        migrations.AddField(
            model_name='claimtag',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimtag',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tag_links', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='duplicate',
            name='claim',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='duplicate', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='duplicate',
            name='marked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicate',
            name='original',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidencelink',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidencelink',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_links', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='evidencelink',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='claims.evidence'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='claims',
            field=models.ManyToManyField(related_name='evidence', through='claims.EvidenceLink', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='secondopinion',
            name='first_rating',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.rating'),
        ),
        migrations.AddField(
            model_name='secondopinion',
            name='rating',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.rating'),
        ),
        migrations.AddField(
            model_name='secondopinion',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_opinions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='secondopinion',
            name='verdict',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='claims.verdict'),
        ),
        migrations.AddField(
            model_name='tag',
            name='claims',
            field=models.ManyToManyField(related_name='tags', through='claims.ClaimTag', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='claimtag',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='claims.tag'),
        ),
        migrations.AddConstraint(
            model_name='checklisttick',
            constraint=models.UniqueConstraint(fields=('claim', 'item'), name='item_ticked_once_per_claim'),
        ),
        migrations.AddConstraint(
            model_name='duplicate',
            constraint=models.CheckConstraint(condition=models.Q(('claim', models.F('original')), _negated=True), name='duplicate_of_another_claim'),
        ),
        migrations.AddConstraint(
            model_name='evidencelink',
            constraint=models.UniqueConstraint(fields=('claim', 'evidence'), name='evidence_once_per_claim'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['url_key', 'id'], name='evidence_by_address'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('url_key', ''), _negated=True), name='evidence_has_an_address'),
        ),
        migrations.AddConstraint(
            model_name='secondopinion',
            constraint=models.UniqueConstraint(fields=('verdict', 'reviewer'), name='one_opinion_per_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='secondopinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', 'open')), models.Q(models.Q(('decision', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='decided_opinion_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='secondopinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'disagrees'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='dissent_has_a_comment'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='tag_has_a_key'),
        ),
        migrations.AddIndex(
            model_name='claimtag',
            index=models.Index(fields=['tag', 'claim'], name='claim_by_tag'),
        ),
        migrations.AddConstraint(
            model_name='claimtag',
            constraint=models.UniqueConstraint(fields=('claim', 'tag'), name='tag_once_per_claim'),
        ),
        migrations.RunPython(fill_text_keys, migrations.RunPython.noop),
        migrations.RunPython(make_checklist, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
