import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_inactivity_warnings'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='inactivitywarning',
            options={'verbose_name': 'warning about an inactive account', 'verbose_name_plural': 'warnings about inactive accounts'},
        ),
        migrations.AlterModelOptions(
            name='user',
            options={'default_permissions': (), 'permissions': [('find_person', 'Can find people and see them masked'), ('open_person', "Can open a person's data with a reason"), ('correct_person', 'Can correct data on request'), ('cancel_person', 'Can cancel an account on a verified request'), ('end_sessions', "Can sign out a person's devices"), ('propose_reset', "Can propose to reset a person's sign-in"), ('confirm_reset', "Can confirm or refuse to reset a person's sign-in"), ('see_counts', 'Can see counts of registrations')], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
        migrations.AlterField(
            model_name='code',
            name='use',
            field=models.CharField(choices=[('verify', 'Verify a phone number or e-mail address'), ('recover', 'Choose a new password'), ('sign_in', 'Sign in without a password')], max_length=8),
        ),
        migrations.AlterField(
            model_name='inactivitywarning',
            name='begun_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='started'),
        ),
        migrations.AlterField(
            model_name='profile',
            name='registration_number_needs_review',
            field=models.BooleanField(default=False, verbose_name='registration number to compare with the licence'),
        ),
        migrations.AlterField(
            model_name='securitychange',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'Failed sign-in'), ('password_changed', 'Password changed'), ('recovered', 'Account recovered, password replaced'), ('contact_added', 'Phone number or e-mail address added'), ('contact_changed', 'Phone number or e-mail address changed'), ('username_changed', 'Username changed'), ('mfa_added', 'Authenticator app added'), ('mfa_removed', 'Authenticator app removed'), ('recovery_codes_made', 'New recovery codes'), ('passkey_added', 'Passkey added'), ('passkey_removed', 'Passkey removed'), ('session_ended', 'Signed out a device'), ('sessions_ended', 'Signed out several devices'), ('change_undone', 'Change undone and account locked'), ('factors_reset', 'Two-step verification removed on request'), ('phone_reset', 'Phone number replaced on request')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='securitychange',
            name='new_factor',
            field=models.BigIntegerField(null=True, verbose_name='new two-step verification method'),
        ),
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'Failed sign-in'), ('password_changed', 'Password changed'), ('recovered', 'Account recovered, password replaced'), ('contact_added', 'Phone number or e-mail address added'), ('contact_changed', 'Phone number or e-mail address changed'), ('username_changed', 'Username changed'), ('mfa_added', 'Authenticator app added'), ('mfa_removed', 'Authenticator app removed'), ('recovery_codes_made', 'New recovery codes'), ('passkey_added', 'Passkey added'), ('passkey_removed', 'Passkey removed'), ('session_ended', 'Signed out a device'), ('sessions_ended', 'Signed out several devices'), ('change_undone', 'Change undone and account locked'), ('factors_reset', 'Two-step verification removed on request'), ('phone_reset', 'Phone number replaced on request')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='signinreset',
            name='act',
            field=models.CharField(choices=[('factors', 'Turn off two-step verification'), ('phone', 'Replace the phone number')], max_length=7, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='signinreset',
            name='proof',
            field=models.CharField(choices=[('contact', 'By another contact point of the account'), ('document', 'By an identity document, seen and not kept'), ('enterprise', 'By a letter from the enterprise')], max_length=10, verbose_name='proof of identity'),
        ),
        migrations.AlterField(
            model_name='signinreset',
            name='state',
            field=models.CharField(choices=[('proposed', 'Waiting for a second person'), ('done', 'Done'), ('refused', 'Refused')], default='proposed', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='staffproposal',
            name='act',
            field=models.CharField(choices=[('deactivate', 'Deactivate the account'), ('remove_role', 'Remove a role'), ('end_sessions', 'Sign out everywhere'), ('end_factors', 'Turn off two-step verification')], max_length=12, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='trytotal',
            name='kind',
            field=models.CharField(choices=[('password_failed', 'wrong passwords'), ('factor_failed', 'failed two-step verifications'), ('code_asked', 'codes requested')], max_length=15),
        ),
        migrations.AlterField(
            model_name='user',
            name='warning_failed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last failed warning'),
        ),
    ]
