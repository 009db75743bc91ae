"""The database refuses a membership of an erased enterprise, too; it refused one of an erased member before."""

from django.db import migrations

from privacy.evidence.late_writes import RefuseLateWrites


class Migration(migrations.Migration):
    dependencies = [("accounts", "0026_enterprises")]

    operations = [RefuseLateWrites("accounts_membership", "enterprise_id", of="enterprise")]
