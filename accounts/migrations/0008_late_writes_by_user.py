import django.db.models.functions.datetime
from django.db import migrations, models

from privacy.evidence.late_writes import RefuseLateWrites

OWN = ('user', 'profile', 'correction', 'session', 'contactpoint', 'code', 'securityevent', 'unusedwarning')
OF_USERS = (
    'accounts_user_groups', 'accounts_user_user_permissions', 'account_emailaddress', 'django_admin_log',
    'mfa_authenticator',
)
USER = ('accounts_user', 'subject_id')


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0007_recipients'),
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('privacy', '0012_ended_messages_and_late_writes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='warning_failed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='unusedwarning',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        *(RefuseLateWrites(f'accounts_{table}') for table in OWN),
        *(RefuseLateWrites(table, 'user_id', [USER]) for table in OF_USERS),
        RefuseLateWrites(
            'account_emailconfirmation', 'email_address_id', [('account_emailaddress', 'user_id'), USER]
        ),
    ]
