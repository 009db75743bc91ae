"""Sessions are found by a keyed hash of their secret, and are of a browser or of an app. Every open session ends."""

from django.db import migrations, models

from privacy.evidence.late_writes import RefuseLateWrites


def end_sessions(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        apps.get_model("accounts", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_names"),
    ]

    operations = [
        # Earlier rows hold the secrets themselves.
        migrations.RunPython(end_sessions, end_sessions),
        migrations.AddField(
            model_name="session",
            name="kind",
            field=models.CharField(choices=[("cookie", "Browser"), ("token", "App")], default="cookie", max_length=6),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="session", name="expire_date", field=models.DateTimeField(db_index=True)
        ),
        migrations.AlterField(model_name="session", name="session_data", field=models.TextField()),
        migrations.AlterField(
            model_name="session",
            name="session_key",
            field=models.CharField(max_length=64, primary_key=True, serialize=False),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["cookie", "token"]), name="a_session_has_a_known_kind"
            ),
        ),
        RefuseLateWrites("accounts_session"),
    ]
