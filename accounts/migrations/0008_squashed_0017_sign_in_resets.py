"""What the migrations from 0008 to 0017 do, at once; triggers and groups last."""

import accounts.profiles.terms
import django.db.models.deletion
import django.db.models.functions.datetime
import privacy.encryption.fields
import uuid
from django.conf import settings
from django.db import migrations, models

from privacy.evidence.late_writes import AllowLateWrites, RefuseLateWrites


EARLIER = ('user', 'profile', 'correction', 'session', 'contactpoint', 'code', 'securityevent', 'unusedwarning')
NEW = ('consecutivefailures', 'knowndevice', 'securitychange', 'failedsignin', 'signinreset')
USER = ('accounts_user', 'subject_id')
BY_USER = [
    *((table, 'user_id', [USER]) for table in (
        'accounts_user_groups', 'accounts_user_user_permissions', 'account_emailaddress', 'django_admin_log',
        'mfa_authenticator',
    )),
    ('account_emailconfirmation', 'email_address_id', [('account_emailaddress', 'user_id'), USER]),
    *((f'accounts_{table}', 'member_id', [USER]) for table in ('staffproposal', 'staffvouch')),
]


def end_sessions(apps, schema_editor):
    """Earlier rows hold the secrets themselves."""
    if schema_editor.connection.alias == "default":
        apps.get_model("accounts", "Session").objects.all().delete()


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

    replaces = [
        ('accounts', '0008_late_writes_by_user'),
        ('accounts', '0009_names'),
        ('accounts', '0010_session_keys'),
        ('accounts', '0011_epochs_and_codes'),
        ('accounts', '0012_tries'),
        ('accounts', '0013_security_changes'),
        ('accounts', '0014_ages'),
        ('accounts', '0015_failed_sign_ins'),
        ('accounts', '0016_company_numbers'),
        ('accounts', '0017_sign_in_resets'),
    ]

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0007_recipients'),
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('privacy', '0027_two_people_release'),
    ]

    operations = [
        # SQLite cannot remake a table under a trigger.
        *(AllowLateWrites(f'accounts_{table}') for table in EARLIER),
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='code',
            name='one_code_per_contact_and_use',
        ),
        migrations.AddField(
            model_name='code',
            name='epoch',
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='reset_at',
            field=models.DateTimeField(null=True, verbose_name='set by staff'),
        ),
        migrations.AddField(
            model_name='profile',
            name='registration_number_kind',
            field=models.CharField(blank=True, choices=[('company_register', 'number of a company register'), ('tax', 'VAT or other tax number'), ('unknown', 'number of an unknown kind')], db_default='', default='', max_length=16, verbose_name='kind of registration number'),
        ),
        migrations.AddField(
            model_name='session',
            name='kind',
            field=models.CharField(choices=[('cookie', 'Browser'), ('token', 'App')], default='cookie', max_length=6),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='unusedwarning',
            name='failed_at',
            field=models.DateTimeField(null=True, verbose_name='failed'),
        ),
        migrations.AddField(
            model_name='user',
            name='epoch',
            field=models.PositiveIntegerField(db_default=0, editable=False, verbose_name='security changes'),
        ),
        migrations.AddField(
            model_name='user',
            name='locked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='locked'),
        ),
        migrations.AddField(
            model_name='user',
            name='temporary_password_until',
            field=models.DateTimeField(editable=False, null=True, verbose_name='temporary password until'),
        ),
        migrations.AddField(
            model_name='user',
            name='warning_failed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last warning that failed'),
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
        migrations.AlterField(
            model_name='profile',
            name='business_period_end',
            field=accounts.profiles.terms.SealedTermField(null=True),
        ),
        migrations.AlterField(
            model_name='session',
            name='session_key',
            field=models.CharField(max_length=64, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='user',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(fields=['created_at'], name='profiles_by_age'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(condition=models.Q(('registration_number_needs_review', True)), fields=['updated_at'], name='numbers_to_compare'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('verified_at__isnull', True)), fields=['created_at'], name='unverified_by_age'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('verified_at__isnull', False)), fields=['verified_at'], name='people_by_age'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('subject__isnull', True)), models.Q(('contact__isnull', False), ('subject__isnull', False)), _connector='OR'), name='code_has_contact_and_person_or_neither'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['cookie', 'token'])), name='a_session_has_a_known_kind'),
        ),
        migrations.CreateModel(
            name='ConsecutiveFailures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authenticator', models.CharField(choices=[('password', 'Password'), ('app', 'Authenticator app'), ('recovery_codes', 'Recovery codes'), ('passkey', 'Passkey')], max_length=14, verbose_name='authenticator')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='consecutive failures')),
                ('last_at', models.DateTimeField(verbose_name='last failure')),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'consecutive failures',
                'verbose_name_plural': 'consecutive failures',
                'constraints': [models.UniqueConstraint(fields=('subject', 'authenticator'), name='failures_once_per_authenticator')],
            },
        ),
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('device', models.CharField(max_length=60, verbose_name='device')),
                ('subject', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'failed sign-in',
                'verbose_name_plural': 'failed sign-ins',
                'indexes': [models.Index(fields=['at'], name='accounts_fa_at_b4d81d_idx')],
            },
        ),
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=32, unique=True)),
                ('device', models.CharField(max_length=60, verbose_name='device')),
                ('created_at', models.DateTimeField(verbose_name='first signed in')),
                ('last_used_at', models.DateTimeField(verbose_name='last signed in')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'known device',
                'verbose_name_plural': 'known devices',
                'indexes': [models.Index(fields=['subject', '-last_used_at'], name='accounts_kn_subject_f2a5b8_idx'), models.Index(fields=['last_used_at'], name='accounts_kn_last_us_b0b511_idx')],
            },
        ),
        migrations.CreateModel(
            name='SecurityChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'A sign-in failed'), ('password_changed', 'Password changed'), ('recovered', 'Access recovered, new password'), ('contact_added', 'Phone number or e-mail address added'), ('contact_changed', 'Phone number or e-mail address changed'), ('username_changed', 'Username changed'), ('mfa_added', 'Authenticator app added'), ('mfa_removed', 'Authenticator app removed'), ('recovery_codes_made', 'Recovery codes made'), ('passkey_added', 'Passkey added'), ('passkey_removed', 'Passkey removed'), ('session_ended', 'A session ended'), ('sessions_ended', 'Several sessions ended'), ('change_undone', 'Change undone and account locked'), ('factors_reset', 'Second factors removed on request'), ('phone_reset', 'Phone number replaced on request')], max_length=20, verbose_name='kind')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('device', models.CharField(max_length=60, verbose_name='device')),
                ('undo_until', models.DateTimeField(verbose_name='can be undone until')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('hash', models.BinaryField(unique=True)),
                ('field', models.CharField(blank=True, max_length=20, verbose_name='field')),
                ('new_contact', models.UUIDField(null=True, verbose_name='new contact point')),
                ('new_factor', models.BigIntegerField(null=True, verbose_name='new second factor')),
                ('former_contact', privacy.encryption.fields.SealedTextField(null=True)),
                ('former_username', privacy.encryption.fields.SealedTextField(null=True)),
                ('former_factor', privacy.encryption.fields.SealedTextField(null=True)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'sign-in change',
                'verbose_name_plural': 'sign-in changes',
                'indexes': [models.Index(fields=['subject', 'at'], name='changes_of_a_person'), models.Index(fields=['undo_until'], name='changes_by_their_end')],
            },
        ),
        migrations.CreateModel(
            name='SignInReset',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('factors', 'Remove every second factor'), ('phone', 'Replace the phone number')], max_length=7, verbose_name='act')),
                ('proof', models.CharField(choices=[('contact', 'By another contact point of the account'), ('document', 'By a document of identity, seen and not kept'), ('enterprise', 'By a letter of the enterprise')], max_length=10, verbose_name='proof of identity')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='reference')),
                ('new_phone', privacy.encryption.fields.SealedTextField(null=True)),
                ('state', models.CharField(choices=[('proposed', 'Waits for a second person'), ('done', 'Done'), ('refused', 'Refused')], default='proposed', max_length=8, verbose_name='state')),
                ('proposed_by', models.UUIDField(verbose_name='proposed by')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('decided_by', models.UUIDField(null=True, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
            ],
            options={
                'verbose_name': 'reset of the sign-in',
                'verbose_name_plural': 'resets of the sign-in',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='two_people_reset_a_sign_in'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('subject', 'act'), name='one_open_reset_of_each_kind')],
            },
        ),
        migrations.CreateModel(
            name='StaffProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('deactivate', 'Deactivate the account'), ('remove_role', 'Remove a role'), ('end_sessions', 'End every session'), ('end_factors', 'Remove every second factor')], max_length=12, verbose_name='act')),
                ('role', models.CharField(blank=True, max_length=150, verbose_name='role')),
                ('proposed_by', models.UUIDField(verbose_name='proposed by')),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='proposed')),
                ('confirmed_by', models.UUIDField(null=True, verbose_name='confirmed by')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'staff account',
                'verbose_name_plural': 'staff accounts',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='two_people_change_staff'), models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True)), fields=('member', 'act', 'role'), name='one_open_proposal_each')],
            },
        ),
        migrations.CreateModel(
            name='StaffVouch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vouched_by', models.UUIDField(null=True, verbose_name='vouched by')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'vouch for a staff account',
                'verbose_name_plural': 'vouches for staff accounts',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TryTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('password_failed', 'wrong passwords'), ('factor_failed', 'wrong second factors'), ('code_asked', 'codes requested')], max_length=15)),
                ('window', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('window', 'kind'), name='one_total_per_kind_and_window')],
            },
        ),
        migrations.CreateModel(
            name='TryWait',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('tried_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['tried_at'], name='accounts_tr_tried_a_297c3a_idx')],
            },
        ),
        *(RefuseLateWrites(f'accounts_{table}') for table in (*EARLIER, *NEW)),
        *(RefuseLateWrites(*trigger) for trigger in BY_USER),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
