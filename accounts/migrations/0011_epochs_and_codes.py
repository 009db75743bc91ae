"""Each person has an epoch that voids what was proved before; each code belongs to the session that asked for it."""

import django.db.models.deletion
from django.db import migrations, models

from privacy.evidence.late_writes import AllowLateWrites, RefuseLateWrites

USER = ('accounts_user', 'subject_id')
# Triggers that look into `accounts_user`: SQLite cannot remake that table under them.
LOOK_INTO_USERS = [
    *((table, 'user_id', [USER]) for table in (
        'accounts_user_groups', 'accounts_user_user_permissions', 'account_emailaddress', 'django_admin_log',
        'mfa_authenticator',
    )),
    ('account_emailconfirmation', 'email_address_id', [('account_emailaddress', 'user_id'), USER]),
]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_session_keys'),
        ('privacy', '0015_names'),
    ]

    operations = [
        # Where the migration is taken back, these put back what SQLite loses.
        AllowLateWrites('accounts_code'),
        *(AllowLateWrites(*trigger) for trigger in LOOK_INTO_USERS),
        AllowLateWrites('accounts_user'),
        migrations.AddField(
            model_name='user',
            name='epoch',
            field=models.PositiveIntegerField(db_default=0, editable=False, verbose_name='security changes'),
        ),
        RefuseLateWrites('accounts_user'),
        *(RefuseLateWrites(*trigger) for trigger in LOOK_INTO_USERS),
        migrations.RemoveConstraint(
            model_name='code',
            name='one_code_per_contact_and_use',
        ),
        migrations.AddField(
            model_name='code',
            name='epoch',
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name='code',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contactpoint'),
        ),
        migrations.AlterField(
            model_name='code',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('subject__isnull', True)), models.Q(('contact__isnull', False), ('subject__isnull', False)), _connector='OR'), name='code_has_contact_and_person_or_neither'),
        ),
        RefuseLateWrites('accounts_code'),
    ]
