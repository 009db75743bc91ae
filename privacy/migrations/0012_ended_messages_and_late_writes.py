from django.db import migrations, models
from django.db.models.functions import Now

from privacy.evidence.late_writes import RefuseLateWrites


def end_given_up(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        apps.get_model("privacy", "Notice").objects.filter(state="failed").update(ended_at=Now())


def vacuum_keys_soon(apps, schema_editor):
    """A destroyed key is a dead row until the next vacuum, which by default waits for a fifth of the table."""
    if schema_editor.connection.vendor == "postgresql" and schema_editor.connection.alias == "keys":
        schema_editor.execute(
            "ALTER TABLE privacy_datakey SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 200)"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0011_journal_head'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='notice', name='notices_by_age'),
        migrations.RenameField(model_name='notice', old_name='sent_at', new_name='ended_at'),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['ended_at'], name='notices_by_age'),
        ),
        migrations.AddIndex(
            model_name='datakey',
            index=models.Index(
                models.F('owner'),
                condition=models.Q(('destroyed_at__isnull', True), ('retention_class', 'notice')),
                name='living_keys_of_messages',
            ),
        ),
        migrations.AddIndex(
            model_name='erasurereceipt',
            index=models.Index(fields=['erased_at'], name='receipts_by_time'),
        ),
        migrations.RunPython(end_given_up, migrations.RunPython.noop),
        migrations.RunPython(vacuum_keys_soon, migrations.RunPython.noop, hints={"database": "keys"}),
        *(
            RefuseLateWrites(table)
            for table in ('privacy_notice', 'privacy_datacopy', 'privacy_answeredrequest', 'privacy_consentrecord')
        ),
    ]
