"""Subscriptions to events, the outbox, and the log of what was delivered."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

make_groups = import_module("claims.migrations.0002_roles_and_ratings").make_groups


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0004_erasures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('claim.created', 'claims were found'), ('verdict.published', "a claim's first verdict was published"), ('verdict.changed', 'a published verdict was replaced or withdrawn'), ('speaker.merged', 'a speaker was merged into another'), ('article.changed', 'an article appeared with another text at its address')], max_length=30)),
                ('data', models.JSONField(help_text='Ids of the rows that it is about.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('url', models.CharField(max_length=2000, verbose_name='address')),
                ('events', models.JSONField(default=list, help_text='Types of events.')),
                ('filters', models.TextField(blank=True, help_text='Which claims: parameters as in GET /api/v1/claims/, for example speaker=ana-duarte.')),
                ('secret', models.CharField(editable=False, max_length=120)),
                ('previous_secret', models.CharField(blank=True, editable=False, max_length=120)),
                ('previous_secret_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('disabled_why', models.TextField(blank=True, editable=False)),
                ('failing_since', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(help_text='The same at every attempt.', max_length=40, unique=True)),
                ('type', models.CharField(max_length=30)),
                ('body', models.TextField(help_text='The JSON text that is signed and sent.')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('delivered', 'Delivered'), ('failed', 'given up')], default='pending', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(help_text='When to try next.')),
                ('lease', models.CharField(blank=True, editable=False, max_length=32)),
                ('leased_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='claims.webhook')),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, help_text='HTTP status; empty without an answer.', null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('answer', models.TextField(blank=True, help_text="The answer's beginning.")),
                ('seconds', models.FloatField(default=0.0)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log', to='claims.webhookdelivery')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='webhook',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['id'], name='webhook_active'),
        ),
        migrations.AddIndex(
            model_name='webhook',
            index=models.Index(fields=['created_at', 'id'], name='webhook_by_creation'),
        ),
        migrations.AddIndex(
            model_name='webhook',
            index=models.Index(fields=['modified_at', 'id'], name='webhook_by_change'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='webhook_has_a_secret'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('url', ''), _negated=True), name='webhook_has_an_address'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['webhook', 'due_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['webhook', '-id'], name='delivery_by_webhook'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'pending'), _negated=True), fields=['created_at'], name='delivery_by_age'),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
