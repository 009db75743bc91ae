"""The privacy officer's role learns of recipients, and the auditor's of what they were told."""

from django.db import migrations


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
        ("accounts", "0006_unused"),
        ("privacy", "0010_recipients"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
