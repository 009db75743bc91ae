from django.db import migrations, models

# Of equal numbers none recovers access: staff propose them again, one person at a time.
NO_EQUAL_ONES = """
UPDATE accounts_contactpoint SET reset_at = NULL
WHERE verified_at IS NULL AND "index" IN (
    SELECT "index" FROM accounts_contactpoint WHERE verified_at IS NULL AND reset_at IS NOT NULL
    GROUP BY "index" HAVING COUNT(*) > 1
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_sign_in_resets'),
    ]

    operations = [
        migrations.RunSQL(NO_EQUAL_ONES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(condition=models.Q(('reset_at__isnull', False), ('verified_at__isnull', True)), fields=('index',), name='one_person_per_contact_set_by_staff'),
        ),
    ]
