"""Lets an article's text be taken down: then it is empty, and says why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ['-published_on', '-id'], 'permissions': [('take_down_article', "Can take an article's text down")]},
        ),
        migrations.RemoveConstraint(
            model_name='article',
            name='article_has_a_text',
        ),
        migrations.AddField(
            model_name='article',
            name='text_withheld',
            field=models.CharField(blank=True, choices=[('legal_order', 'order of a court or an authority'), ('copyright', 'the holder of the rights asked'), ('privacy', "somebody's privacy"), ('source_withdrew', 'the outlet withdrew it'), ('mistake', 'stored by mistake')], default='', help_text='Why the text was taken down; empty: it is there.', max_length=20),
        ),
        migrations.AlterField(
            model_name='article',
            name='text',
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('text_withheld', ''), _negated=True), fields=['text_sha256'], name='article_withheld_by_hash'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('text', ''), _negated=True), ('text_withheld', '')), models.Q(('text', ''), models.Q(('text_withheld', ''), _negated=True)), _connector='OR'), name='article_has_a_text_or_withholds_it'),
        ),
    ]
