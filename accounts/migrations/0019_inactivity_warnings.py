from django.db import migrations


class Migration(migrations.Migration):
    """A model gets a plainer name; its table keeps its own."""

    dependencies = [("accounts", "0018_contacts_set_by_staff")]

    operations = [
        migrations.AlterModelTable("unusedwarning", "accounts_unusedwarning"),
        migrations.RenameModel("UnusedWarning", "InactivityWarning"),
    ]
