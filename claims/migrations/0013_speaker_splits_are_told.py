from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_roles_by_key")]

    operations = [
        migrations.AlterField(
            model_name="webhookevent",
            name="type",
            field=models.CharField(
                choices=[
                    ("claim.created", "claims were found"),
                    ("verdict.published", "a claim's first verdict was published"),
                    ("verdict.changed", "a published verdict was replaced or withdrawn"),
                    ("speaker.merged", "a speaker was merged into another"),
                    ("speaker.split", "names and claims of a speaker went to another"),
                    ("article.changed", "an article appeared with another text at its address"),
                ],
                max_length=30,
            ),
        ),
    ]
