"""Late writes about erased persons are refused; the privacy officer's role learns of holds."""

from django.db import migrations

from privacy.evidence.late_writes import RefuseLateWrites

TABLES = ("user", "profile", "correction", "session", "contactpoint", "code", "securityevent")


def make_groups(apps, schema_editor):
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions

    from accounts.staff import roles

    if schema_editor.connection.alias != "default":
        return
    for label in ("accounts", "privacy"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    roles.make_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_staff"),
        ("privacy", "0008_holds_and_journal"),
    ]

    operations = [
        *(RefuseLateWrites(f"accounts_{table}") for table in TABLES),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
