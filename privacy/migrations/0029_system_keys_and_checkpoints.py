from django.db import migrations


class Migration(migrations.Migration):
    """Two models get plainer names; their tables keep theirs."""

    dependencies = [("privacy", "0028_postponed_messages")]

    operations = [
        migrations.AlterModelTable("housekey", "privacy_housekey"),
        migrations.RenameModel("HouseKey", "SystemKey"),
        migrations.AlterModelTable("journalhead", "privacy_journalhead"),
        migrations.RenameModel("JournalHead", "JournalCheckpoint"),
    ]
