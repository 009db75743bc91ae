"""The tables of `privacy` at once, as the migrations up to 0027 leave them; triggers last."""

import django.db.models.deletion
import django.db.models.functions.datetime
import privacy.encryption.fields
import privacy.erasure.models
import uuid
from django.db import migrations, models

from privacy.evidence.late_writes import RefuseLateWrites
from privacy.evidence.triggers import RefuseChanges


PUBLISHED = (
    "EXISTS (SELECT 1 FROM privacy_policyversion version "
    "WHERE version.id = OLD.version_id AND version.published_at IS NOT NULL)"
)


def vacuum_keys_soon(apps, schema_editor):
    """A destroyed key is a dead row until the next vacuum, which by default waits for a fifth of the table."""
    if schema_editor.connection.vendor == "postgresql" and schema_editor.connection.alias == "keys":
        schema_editor.execute(
            "ALTER TABLE privacy_datakey SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 200)"
        )


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('privacy', '0001_initial'),
        ('privacy', '0002_notices'),
        ('privacy', '0003_policies'),
        ('privacy', '0004_consent_and_erasure'),
        ('privacy', '0005_rest'),
        ('privacy', '0006_copies'),
        ('privacy', '0007_staff'),
        ('privacy', '0008_holds_and_journal'),
        ('privacy', '0009_retention'),
        ('privacy', '0010_recipients'),
        ('privacy', '0011_journal_head'),
        ('privacy', '0012_ended_messages_and_late_writes'),
        ('privacy', '0013_access_ended_at'),
        ('privacy', '0014_earlier_receipt'),
        ('privacy', '0015_names'),
        ('privacy', '0016_urgent_notices'),
        ('privacy', '0017_keys_fingerprint'),
        ('privacy', '0018_journal_store'),
        ('privacy', '0019_counts_of_consents'),
        ('privacy', '0020_found_in_a_search'),
        ('privacy', '0021_ground_of_owner'),
        ('privacy', '0022_indexes'),
        ('privacy', '0023_cancellation_words'),
        ('privacy', '0024_company_numbers'),
        ('privacy', '0025_citations'),
        ('privacy', '0026_announcements'),
        ('privacy', '0027_two_people_release'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DataSubject',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jurisdiction', models.CharField(max_length=16)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(editable=False, unique=True, verbose_name='place in the chain')),
                ('previous_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('staff', models.UUIDField(verbose_name='member of staff')),
                ('role', models.CharField(max_length=80, verbose_name='role')),
                ('act', models.CharField(choices=[('found', 'Found the account in a search'), ('opened', 'Looked at the data'), ('corrected', 'Corrected data'), ('compared', 'Compared a number with the licence'), ('cancelled', 'Cancelled the account'), ('ended_sessions', 'Ended every session'), ('asked_reset', 'Proposed to reset the sign-in'), ('factors_reset', 'Removed the second factors'), ('phone_reset', 'Replaced the phone number'), ('refused_reset', 'Refused to reset the sign-in')], max_length=14, verbose_name='act')),
                ('reason', models.CharField(choices=[('search', 'To find the person'), ('request', 'The person asked for it'), ('support', 'To solve a problem of the person'), ('security', 'To keep accounts safe'), ('law', 'A law asks for it')], max_length=8, verbose_name='reason')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='reference')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
            ],
            options={
                'verbose_name': 'access by staff',
                'verbose_name_plural': 'accesses by staff',
                'indexes': [models.Index(fields=['subject', '-position'], name='privacy_acc_subject_cab468_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reference__regex', '^[A-Za-z0-9-]{0,40}$')), name='a_reference_is_no_name')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jurisdiction', models.CharField(max_length=16, verbose_name='jurisdiction')),
                ('label', models.CharField(max_length=32, verbose_name='version')),
                ('language', models.CharField(max_length=16, verbose_name='language')),
                ('variant', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='variant')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('original', models.BinaryField()),
                ('original_sha256', models.CharField(max_length=64, verbose_name='digest of the file')),
                ('media_type', models.CharField(choices=[('html', 'HTML'), ('markdown', 'Markdown')], max_length=8, verbose_name='kind of file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('html', models.TextField()),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('stated_updated_on', models.DateField(blank=True, null=True, verbose_name='updated, as the text says')),
                ('stated_effective_on', models.DateField(blank=True, null=True, verbose_name='effective, as the text says')),
                ('material', models.BooleanField(blank=True, null=True, verbose_name='material')),
                ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='effective')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('in_force_from', models.DateTimeField(blank=True, null=True, verbose_name='in force from')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='imported')),
            ],
            options={
                'verbose_name': 'policy version',
                'verbose_name_plural': 'policy versions',
                'ordering': ['jurisdiction', '-created_at'],
                'constraints': [models.UniqueConstraint(fields=('jurisdiction', 'language', 'label'), name='policy_label_once'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', False)), fields=('jurisdiction', 'language', 'in_force_from'), name='policy_one_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('in_force_from__isnull', True), ('published_at__isnull', True)), models.Q(('effective_at__isnull', False), ('in_force_from__gte', models.F('published_at')), ('material__isnull', False), ('published_at__isnull', False), ('in_force_from__gte', models.F('effective_at'))), _connector='OR'), name='policy_published_whole')],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('first', 'announcement'), ('reminder', 'reminder')], default='first', max_length=8, verbose_name='kind')),
                ('asked_by', models.UUIDField(null=True, verbose_name='asked for by')),
                ('started_at', models.DateTimeField(verbose_name='begun')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('told', models.PositiveIntegerField(default=0, verbose_name='written to')),
                ('unreachable', models.PositiveIntegerField(default=0, verbose_name='without a verified contact point')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='failed')),
                ('cursor', models.UUIDField(null=True)),
                ('last_batch_at', models.DateTimeField(verbose_name='last batch')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.policyversion', verbose_name='policy version')),
            ],
            options={
                'verbose_name': 'announcement of a policy',
                'verbose_name_plural': 'announcements of policies',
                'ordering': ['-started_at'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('version',), name='one_announcement_at_a_time'), models.UniqueConstraint(condition=models.Q(('kind', 'first')), fields=('version',), name='one_first_announcement')],
            },
        ),
        migrations.CreateModel(
            name='AnsweredRequest',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('request', models.BinaryField(max_length=32)),
                ('answer', models.BinaryField(null=True)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='privacy_ans_expires_dccd9c_idx')],
                'verbose_name': 'answered request of an app',
                'verbose_name_plural': 'answered requests of apps',
            },
        ),
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('chain', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=0)),
                ('hash', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')),
            ],
        ),
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('anchor', models.CharField(max_length=80)),
                ('number', models.CharField(blank=True, max_length=32)),
                ('heading', models.CharField(blank=True, max_length=300)),
                ('level', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='privacy.policyversion')),
            ],
            options={
                'verbose_name': 'clause',
                'verbose_name_plural': 'clauses',
                'ordering': ['version', 'position'],
                'constraints': [models.UniqueConstraint(fields=('version', 'anchor'), name='clause_anchor_once'), models.UniqueConstraint(fields=('version', 'position'), name='clause_position_once')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=64)),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='privacy.clause')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='privacy.policyversion')),
            ],
            options={
                'verbose_name': 'clause that states something',
                'verbose_name_plural': 'clauses that state something',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('version', 'topic', 'clause'), name='citation_once')],
            },
        ),
        migrations.CreateModel(
            name='CitationCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed_by', models.UUIDField(null=True)),
                ('confirmed_at', models.DateTimeField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='citation_check', to='privacy.policyversion')),
            ],
            options={
                'verbose_name': 'check of the clauses',
                'verbose_name_plural': 'checks of the clauses',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClosedMonth',
            fields=[
                ('month', models.DateField(primary_key=True, serialize=False)),
                ('closed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ConsentRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(editable=False, unique=True, verbose_name='place in the chain')),
                ('previous_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('digest', models.CharField(max_length=64, verbose_name='digest of the text')),
                ('language', models.CharField(max_length=16, verbose_name='language')),
                ('purposes', models.JSONField(default=list, verbose_name='optional purposes')),
                ('act', models.CharField(choices=[('registered', 'Agreed at registration'), ('accepted', 'Accepted a changed policy'), ('granted', 'Switched a purpose on'), ('withdrew', 'Switched a purpose off'), ('asked_anew', 'To be asked anew: a backup was restored, and an answer is lost')], max_length=10, verbose_name='act')),
                ('channel', models.CharField(choices=[('web', 'Web page'), ('rest', 'App'), ('ops', 'Operator')], max_length=4, verbose_name='channel')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.policyversion', verbose_name='policy version')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-position'], name='privacy_con_subject_a3477f_idx')],
                'verbose_name': 'consent record',
                'verbose_name_plural': 'consent records',
            },
        ),
        migrations.CreateModel(
            name='ConsentTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.IntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.policyversion')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DataCopy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('making', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed'), ('forgotten', 'Forgotten')], default='waiting', max_length=9)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('document', privacy.encryption.fields.SealedTextField(null=True)),
                ('language', models.CharField(max_length=16)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('ready_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('last_failure', models.CharField(blank=True, max_length=120)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
            ],
            options={
                'ordering': ['-asked_at'],
                'indexes': [models.Index(fields=['state', 'next_attempt_at'], name='privacy_dat_state_0a0abc_idx'), models.Index(fields=['asked_at'], name='copies_by_age')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'making'])), fields=('subject',), name='one_copy_in_the_making_per_subject'), models.CheckConstraint(condition=models.Q(('state', 'ready'), ('document__isnull', True), _connector='OR'), name='only_a_ready_copy_holds_data')],
                'verbose_name': 'copy of the data',
                'verbose_name_plural': 'copies of the data',
            },
        ),
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.UUIDField()),
                ('retention_class', models.CharField(max_length=16)),
                ('wrapped', models.BinaryField(null=True)),
                ('master_key', models.CharField(max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'retention_class'), name='one_key_per_owner_and_class'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('wrapped__isnull', True)), models.Q(('destroyed_at__isnull', True), ('wrapped__isnull', False)), _connector='OR'), name='a_destroyed_key_holds_nothing')],
                'indexes': [models.Index(models.F('retention_class'), models.F('destroyed_at'), condition=models.Q(('destroyed_at__isnull', False)), name='gravestones_by_age'), models.Index(models.F('owner'), condition=models.Q(('destroyed_at__isnull', True), ('retention_class', 'notice')), name='living_keys_of_messages')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('url', models.CharField(max_length=300, verbose_name='address')),
                ('classes', models.JSONField(verbose_name='what it holds')),
                ('state', models.CharField(choices=[('active', 'Told'), ('gone', 'Gone: it answered 410'), ('retired', 'Holds nothing any more')], default='active', max_length=7, verbose_name='state')),
                ('secret', models.BinaryField()),
                ('previous_secret', models.BinaryField(null=True)),
                ('previous_until', models.DateTimeField(null=True, verbose_name='the previous secret signs until')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='registered')),
            ],
            options={
                'verbose_name': 'recipient',
                'verbose_name_plural': 'recipients',
                'ordering': ['name'],
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('previous_secret__isnull', True), ('previous_until__isnull', True)), models.Q(('previous_secret__isnull', False), ('previous_until__isnull', False)), _connector='OR'), name='a_previous_secret_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event', models.CharField(choices=[('subject.suspended', 'Stop using it'), ('subject.resumed', 'Use it again'), ('subject.corrected', 'Corrected'), ('subject.erased', 'Erase it')], max_length=17, verbose_name='event')),
                ('classes', models.JSONField(verbose_name='retention classes')),
                ('fields', models.JSONField(default=list, verbose_name='fields')),
                ('case', models.UUIDField(null=True, verbose_name='erasure case')),
                ('occurred_at', models.DateTimeField(verbose_name='happened')),
                ('deadline_at', models.DateTimeField(verbose_name='to be acknowledged by')),
                ('state', models.CharField(choices=[('queued', 'Not acknowledged yet'), ('acknowledged', 'Acknowledged'), ('failed', 'Given up'), ('superseded', 'Overtaken by a later one'), ('settled', 'Told by other means')], default='queued', max_length=12, verbose_name='state')),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next attempt')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('give_up_at', models.DateTimeField(verbose_name='given up at')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='acknowledged')),
                ('last_error', models.CharField(blank=True, max_length=80, verbose_name='last error')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.recipient', verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'message to a recipient',
                'verbose_name_plural': 'messages to recipients',
                'permissions': [('settle_delivery', 'Can try a failed delivery again, or settle it by other means')],
                'default_permissions': ('view',),
                'indexes': [models.Index(models.F('due_at'), condition=models.Q(('state', 'queued')), name='deliveries_due'), models.Index(models.F('recipient'), models.F('deadline_at'), condition=models.Q(('state__in', ['queued', 'failed'])), name='deliveries_outstanding'), models.Index(models.F('case'), condition=models.Q(('case__isnull', False)), name='deliveries_by_case'), models.Index(fields=['occurred_at'], name='deliveries_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', False), ('state__in', ['acknowledged', 'settled'])), models.Q(('acknowledged_at__isnull', True), ('state__in', ['queued', 'failed', 'superseded'])), _connector='OR'), name='an_acknowledgement_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='EarlierReceipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(editable=False, unique=True, verbose_name='place in the chain')),
                ('previous_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('reference', models.CharField(db_index=True, max_length=23)),
                ('entry', models.BigIntegerField()),
                ('entry_hash', models.BinaryField()),
                ('erased_at', models.DateTimeField()),
                ('noted_at', models.DateTimeField()),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.policyversion')),
            ],
        ),
        migrations.CreateModel(
            name='ErasureCase',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=privacy.erasure.models.new_reference, max_length=23, unique=True, verbose_name='reference')),
                ('ground', models.CharField(choices=[('7', "Cancelled by the account's owner"), ('6.3.1', 'The data was handled against the law'), ('6.3.2', 'The data was collected without consent'), ('6.3.3', 'The data was handled against the agreement'), ('6.3.4', 'The person no longer uses the service'), ('6.3.5', 'The service is no longer provided')], default='7', max_length=5, verbose_name='ground')),
                ('state', models.CharField(choices=[('cooling_off', 'Cancelled, waiting to be erased'), ('rows_erased', 'Rows erased, keys to be destroyed'), ('erased', 'Erased'), ('held', 'Erased, save what a legal hold keeps'), ('undone', 'Cancellation undone')], default='cooling_off', max_length=11, verbose_name='state')),
                ('language', models.CharField(default='en', max_length=16, verbose_name='language')),
                ('cancelled_at', models.DateTimeField(verbose_name='cancelled')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('deadline_at', models.DateTimeField(verbose_name='to be erased by')),
                ('started_at', models.DateTimeField(null=True, verbose_name='begun')),
                ('erased_at', models.DateTimeField(null=True, verbose_name='erased')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(verbose_name='next attempt')),
                ('last_failure', models.CharField(blank=True, max_length=120, verbose_name='last failure')),
                ('counts', models.JSONField(default=dict, verbose_name='what was erased')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('held', models.JSONField(default=list, verbose_name='what a legal hold keeps')),
                ('access_ended_at', models.DateTimeField(null=True, verbose_name='access ended')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['cooling_off', 'rows_erased', 'held'])), fields=['next_attempt_at'], name='erasures_to_do'), models.Index(fields=['cancelled_at'], name='erasures_by_time'), models.Index(fields=['deadline_at'], name='erasures_by_deadline')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['cooling_off', 'rows_erased', 'held'])), fields=('subject',), name='one_open_erasure_per_subject')],
                'verbose_name': 'erasure case',
                'verbose_name_plural': 'erasure cases',
                'permissions': [('retry_erasurecase', 'Can try a failing erasure again at once')],
            },
        ),
        migrations.CreateModel(
            name='ErasureReceipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(editable=False, unique=True, verbose_name='place in the chain')),
                ('previous_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('reference', models.CharField(max_length=23, verbose_name='reference')),
                ('cancelled_at', models.DateTimeField(verbose_name='cancelled')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('erased_at', models.DateTimeField(verbose_name='erased')),
                ('counts', models.JSONField(verbose_name='what was erased')),
                ('kept', models.JSONField(verbose_name='what stays')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.erasurecase', verbose_name='erasure case')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.policyversion', verbose_name='policy version')),
                ('held', models.JSONField(default=list, verbose_name='what a legal hold keeps')),
            ],
            options={
                'indexes': [models.Index(fields=['erased_at'], name='receipts_by_time')],
                'verbose_name': 'erasure receipt',
                'verbose_name_plural': 'erasure receipts',
            },
        ),
        migrations.CreateModel(
            name='HouseKey',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
                ('master_key', models.CharField(max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(editable=False, unique=True, verbose_name='place in the chain')),
                ('previous_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('kind', models.CharField(choices=[('cancelled', 'Cancelled'), ('undone', 'Cancellation undone'), ('erased', 'Erased'), ('hold_approved', 'Legal hold approved'), ('hold_released', 'Legal hold released')], max_length=13, verbose_name='kind')),
                ('item', models.UUIDField(verbose_name='item')),
                ('reference', models.CharField(blank=True, max_length=23, verbose_name='reference')),
                ('clause', models.CharField(blank=True, max_length=6, verbose_name='clause')),
                ('classes', models.JSONField(default=list, verbose_name='retention classes')),
                ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                ('deadline_at', models.DateTimeField(null=True, verbose_name='to be erased by')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('details', models.JSONField(default=dict, verbose_name='details')),
            ],
            options={
                'verbose_name': 'entry of the erasure journal',
                'verbose_name_plural': 'entries of the erasure journal',
                'indexes': [models.Index(fields=['subject', 'kind'], name='privacy_jou_subject_3d47d2_idx')],
            },
        ),
        migrations.CreateModel(
            name='JournalHead',
            fields=[
                ('chain', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='JournalStoreIdentity',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('identity', models.UUIDField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_journal_store')],
            },
        ),
        migrations.CreateModel(
            name='KeysFingerprint',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_fingerprint_of_the_keys')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('exception', models.CharField(choices=[('1.7.1', 'National security and defence'), ('1.7.2', 'Public safety, public health, major public interest'), ('1.7.3', 'A criminal or administrative investigation, a trial, a judgment'), ('1.7.4', 'Life or property of a person who cannot be asked'), ('1.7.5', 'Data that the person made public'), ('1.7.6', 'Data from lawful public sources'), ('1.7.7', 'An agreement with the person that still has to be kept'), ('1.7.8', 'Safe and stable operation, finding and repairing faults'), ('1.7.9', 'Lawful news reporting'), ('1.7.10', 'Academic research in the public interest'), ('1.7.11', 'Another law')], max_length=6, verbose_name='exception')),
                ('legal_basis', models.CharField(max_length=80, verbose_name='legal basis')),
                ('classes', models.JSONField(verbose_name='retention classes')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('approved', 'Approved'), ('refused', 'Refused'), ('released', 'Released')], default='asked', max_length=8, verbose_name='state')),
                ('asked_by', models.UUIDField(null=True, verbose_name='asked for by')),
                ('asked_at', models.DateTimeField(verbose_name='asked for')),
                ('decided_by', models.UUIDField(null=True, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('released_by', models.UUIDField(null=True, verbose_name='released by')),
                ('released_at', models.DateTimeField(null=True, verbose_name='released')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject', verbose_name='person')),
                ('release_asked_at', models.DateTimeField(null=True, verbose_name='release asked for')),
                ('release_asked_by', models.UUIDField(null=True, verbose_name='release asked for by')),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'permissions': [('approve_legalhold', 'Can approve or refuse a legal hold'), ('release_legalhold', 'Can ask for the release of a legal hold, or release it as the second person')],
                'indexes': [models.Index(condition=models.Q(('state', 'approved')), fields=['subject'], name='holds_in_force'), models.Index(condition=models.Q(('state', 'approved')), fields=['until'], name='holds_by_their_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('asked_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='two_people_hold'), models.CheckConstraint(condition=models.Q(('exception__in', ['1.7.1', '1.7.2', '1.7.3', '1.7.4', '1.7.5', '1.7.6', '1.7.7', '1.7.8', '1.7.9', '1.7.10', '1.7.11'])), name='a_hold_names_an_exception'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('release_asked_by__isnull', True), models.Q(('released_by', models.F('release_asked_by')), _negated=True), _connector='OR'), name='two_people_release')],
            },
        ),
        migrations.CreateModel(
            name='MonthlyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('jurisdiction', models.CharField(max_length=16, verbose_name='jurisdiction')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('country', models.CharField(max_length=5, verbose_name='country')),
                ('registered', models.PositiveIntegerField(verbose_name='people who registered')),
            ],
            options={
                'verbose_name': 'monthly count',
                'verbose_name_plural': 'monthly counts',
                'ordering': ['-month', 'jurisdiction', 'kind', 'country'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('month', 'jurisdiction', 'kind', 'country'), name='one_count_per_month_and_group'), models.CheckConstraint(condition=models.Q(('registered__gte', 10)), name='no_count_of_a_few')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail')], max_length=5, verbose_name='channel')),
                ('template', models.CharField(max_length=40, verbose_name='occasion')),
                ('language', models.CharField(max_length=16, verbose_name='language')),
                ('address', privacy.encryption.fields.SealedTextField(null=True)),
                ('context', privacy.encryption.fields.SealedTextField(null=True)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sent', 'Sent'), ('failed', 'Given up')], default='queued', max_length=6, verbose_name='state')),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='due')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('last_error', models.CharField(blank=True, max_length=80, verbose_name='last error')),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.datasubject')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='sent or given up')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='queued')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='code expires')),
                ('fold_key', models.BinaryField(null=True)),
                ('folded', models.PositiveIntegerField(db_default=0, default=0, verbose_name='duplicates not sent')),
                ('is_urgent', models.BooleanField(db_default=False, default=False, verbose_name='urgent')),
            ],
            options={
                'indexes': [models.Index(fields=['ended_at'], name='notices_by_age'), models.Index(models.F('is_urgent'), models.F('due_at'), condition=models.Q(('state', 'queued')), name='notices_due'), models.Index(models.F('fold_key'), condition=models.Q(('fold_key__isnull', False)), name='notices_equal')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('address__isnull', False), ('context__isnull', False), ('state', 'queued')), models.Q(('address__isnull', True), ('context__isnull', True), ('state__in', ['sent', 'failed'])), _connector='OR'), name='only_a_queued_notice_holds_anything'), models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email'])), name='notice_has_a_channel')],
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
            },
        ),
        migrations.CreateModel(
            name='PublicationProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed_by', models.UUIDField()),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('material', models.BooleanField(null=True)),
                ('effective_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.UUIDField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='privacy.policyversion')),
            ],
            options={
                'permissions': [('confirm_publication', 'Can confirm a publication')],
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='two_people_publish')],
                'verbose_name': 'proposal to publish',
                'verbose_name_plural': 'proposals to publish',
            },
        ),
        migrations.CreateModel(
            name='Purge',
            fields=[
                ('record', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='record')),
                ('last_run_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='last run')),
                ('last_count', models.PositiveBigIntegerField(default=0, verbose_name='rows that went in the last run')),
                ('total', models.PositiveBigIntegerField(default=0, verbose_name='rows that ever went')),
            ],
            options={
                'verbose_name': 'purge by age',
                'verbose_name_plural': 'purges by age',
                'ordering': ['record'],
                'default_permissions': (),
            },
        ),
        migrations.RunPython(vacuum_keys_soon, migrations.RunPython.noop, hints={"database": "keys"}),
        RefuseChanges("privacy_policyversion", when="OLD.published_at IS NOT NULL"),
        *(
            RefuseChanges(f"privacy_{table}", when=PUBLISHED)
            for table in ("clause", "citation", "citationcheck")
        ),
        RefuseChanges("privacy_delivery", when="OLD.state IN ('acknowledged', 'settled')"),
        *(
            RefuseChanges(f"privacy_{table}")
            for table in ("consentrecord", "accessrecord", "erasurereceipt", "earlierreceipt", "journalentry")
        ),
        *(
            RefuseLateWrites(f"privacy_{table}")
            for table in ("datacopy", "answeredrequest", "consentrecord", "notice")
        ),
    ]
