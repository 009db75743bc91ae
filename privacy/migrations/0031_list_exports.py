import uuid

from django.db import migrations, models

from privacy.evidence.triggers import RefuseChanges


class Migration(migrations.Migration):

    dependencies = [
        ("privacy", "0030_plain_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(editable=False, unique=True, verbose_name="place in the chain")),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("staff", models.UUIDField(verbose_name="member of staff")),
                ("role", models.CharField(max_length=80, verbose_name="role")),
                ("listed", models.CharField(max_length=80, verbose_name="list")),
                ("filters", models.JSONField(default=dict, verbose_name="filters")),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows")),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "download of a list",
                "verbose_name_plural": "downloads of lists",
                "permissions": [("export_lists", "Can download lists as CSV files")],
                "default_permissions": ("view",),
            },
        ),
        RefuseChanges("privacy_listexport"),
    ]
