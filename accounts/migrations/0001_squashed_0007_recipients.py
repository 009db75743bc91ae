"""The tables of `accounts` at once, as the migrations up to 0007 leave them, before what other applications refer to."""

import django.db.models.deletion
import django.db.models.functions.datetime
import privacy.encryption.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_profiles'),
        ('accounts', '0003_second_factors'),
        ('accounts', '0004_staff'),
        ('accounts', '0005_late_writes'),
        ('accounts', '0006_unused'),
        ('accounts', '0007_recipients'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('privacy', '0010_recipients'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(max_length=20, verbose_name='field')),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail')], max_length=5, verbose_name='kind')),
                ('value', privacy.encryption.fields.SealedTextField()),
                ('index', privacy.encryption.fields.BlindIndexField(max_length=32)),
                ('verified_at', models.DateTimeField(null=True, verbose_name='verified')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'indexes': [models.Index(fields=['index'], name='accounts_co_index_07acd9_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verified_at__isnull', False)), fields=('index',), name='one_owner_per_verified_contact'), models.UniqueConstraint(condition=models.Q(('verified_at__isnull', False)), fields=('subject', 'field'), name='one_verified_contact_per_field')],
                'verbose_name': 'contact point',
                'verbose_name_plural': 'contact points',
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('use', models.CharField(choices=[('verify', 'Verify a contact point'), ('recover', 'Choose a new password'), ('sign_in', 'Sign in without a password')], max_length=8)),
                ('hash', models.BinaryField()),
                ('expires_at', models.DateTimeField()),
                ('tries_left', models.PositiveSmallIntegerField(default=5)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contactpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'use'), name='one_code_per_contact_and_use')],
                'verbose_name': 'code',
                'verbose_name_plural': 'codes',
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(max_length=40, verbose_name='field')),
                ('by', models.CharField(choices=[('self', 'Myself'), ('staff', 'Staff, on request')], max_length=5, verbose_name='by whom')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'indexes': [models.Index(fields=['subject', '-at'], name='accounts_co_subject_ec08f7_idx'), models.Index(fields=['at'], name='corrections_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('individual', 'Individual'), ('enterprise', 'Enterprise')], max_length=10, verbose_name='kind')),
                ('name', privacy.encryption.fields.SealedTextField()),
                ('company_name', privacy.encryption.fields.SealedTextField(null=True)),
                ('country', privacy.encryption.fields.SealedTextField()),
                ('time_zone', privacy.encryption.fields.SealedTextField(null=True)),
                ('enterprise_name', privacy.encryption.fields.SealedTextField(null=True)),
                ('registration_number', privacy.encryption.fields.SealedTextField(null=True)),
                ('registration_number_needs_review', models.BooleanField(default=False, verbose_name='registration number to be compared with the licence')),
                ('business_period_start', privacy.encryption.fields.SealedDateField(null=True)),
                ('business_period_end', privacy.encryption.fields.SealedDateField(null=True)),
                ('business_area', privacy.encryption.fields.SealedTextField(null=True)),
                ('business_address', privacy.encryption.fields.SealedTextField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('subject', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'profile',
                'verbose_name_plural': 'profiles',
            },
        ),
        migrations.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'A sign-in failed'), ('password_changed', 'Password changed'), ('recovered', 'Access recovered, new password'), ('contact_added', 'Phone number or e-mail address added'), ('contact_changed', 'Phone number or e-mail address changed'), ('username_changed', 'Username changed'), ('mfa_added', 'Authenticator app added'), ('mfa_removed', 'Authenticator app removed'), ('recovery_codes_made', 'Recovery codes made'), ('passkey_added', 'Passkey added'), ('passkey_removed', 'Passkey removed'), ('session_ended', 'A session ended'), ('sessions_ended', 'Several sessions ended'), ('change_undone', 'Change undone and account locked'), ('factors_reset', 'Second factors removed on request'), ('phone_reset', 'Phone number replaced on request')], max_length=20, verbose_name='kind')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('device', models.CharField(max_length=60, verbose_name='device')),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject', '-at'], name='accounts_se_subject_b24ac9_idx'), models.Index(fields=['at'], name='accounts_se_at_6a8451_idx')],
                'verbose_name': 'security event',
                'verbose_name_plural': 'security events',
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField()),
                ('expire_date', models.DateTimeField(db_index=True)),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnusedWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days')),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='begun')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('notices', models.JSONField(default=list, verbose_name='messages')),
                ('queued', models.PositiveIntegerField(default=1, verbose_name='waiting')),
                ('subject', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'verbose_name': 'warning of an unused account',
                'verbose_name_plural': 'warnings of unused accounts',
                'indexes': [models.Index(fields=['ends_at'], name='accounts_un_ends_at_23bd9a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('days__in', [60, 7, 1])), name='warned_60_7_and_1_days_before')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('username', privacy.encryption.fields.SealedTextField()),
                ('username_index', privacy.encryption.fields.BlindIndexField(max_length=32, null=True, unique=True)),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='submission')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, verbose_name='staff status')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='verified')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('subject', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'default_permissions': (),
                'permissions': [('find_person', 'Can find people and see them masked'), ('open_person', "Can open a person's data with a reason"), ('correct_person', 'Can correct data on request'), ('cancel_person', 'Can cancel an account on a verified request'), ('end_sessions', "Can end a person's sessions"), ('propose_reset', "Can propose to reset a person's sign-in"), ('confirm_reset', "Can confirm or refuse to reset a person's sign-in"), ('see_counts', 'Can see counts of registrations')],
            },
        ),
    ]
