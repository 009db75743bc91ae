import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0029_system_keys_and_checkpoints'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='answeredrequest',
            options={'verbose_name': 'answered app request', 'verbose_name_plural': 'answered app requests'},
        ),
        migrations.AlterModelOptions(
            name='delivery',
            options={'default_permissions': ('view',), 'permissions': [('settle_delivery', 'Can retry a failed delivery, or mark it as notified by other means')], 'verbose_name': 'message to a recipient', 'verbose_name_plural': 'messages to recipients'},
        ),
        migrations.AlterModelOptions(
            name='erasurecase',
            options={'permissions': [('retry_erasurecase', 'Can retry a failing erasure at once')], 'verbose_name': 'account cancellation', 'verbose_name_plural': 'account cancellations'},
        ),
        migrations.AlterModelOptions(
            name='legalhold',
            options={'permissions': [('approve_legalhold', 'Can approve or refuse a legal hold'), ('release_legalhold', 'Can request the release of a legal hold, or release it as the second person')], 'verbose_name': 'legal hold', 'verbose_name_plural': 'legal holds'},
        ),
        migrations.AlterField(
            model_name='accessrecord',
            name='act',
            field=models.CharField(choices=[('found', 'Found the account in a search'), ('opened', 'Viewed the data'), ('corrected', 'Corrected data'), ('compared', 'Compared a number with the licence'), ('cancelled', 'Cancelled the account'), ('ended_sessions', 'Signed out all devices'), ('asked_reset', 'Proposed to reset the sign-in'), ('factors_reset', 'Turned off two-step verification'), ('phone_reset', 'Replaced the phone number'), ('refused_reset', 'Refused to reset the sign-in')], max_length=14, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='accessrecord',
            name='reason',
            field=models.CharField(choices=[('search', 'To find the person'), ('request', "At the person's request"), ('support', 'To solve a problem for the person'), ('security', 'To keep accounts safe'), ('law', 'Required by law')], max_length=8, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='announcement',
            name='asked_by',
            field=models.UUIDField(null=True, verbose_name='requested by'),
        ),
        migrations.AlterField(
            model_name='announcement',
            name='started_at',
            field=models.DateTimeField(verbose_name='started'),
        ),
        migrations.AlterField(
            model_name='announcement',
            name='told',
            field=models.PositiveIntegerField(default=0, verbose_name='notified'),
        ),
        migrations.AlterField(
            model_name='consentrecord',
            name='act',
            field=models.CharField(choices=[('registered', 'Agreed at registration'), ('accepted', 'Accepted a changed policy'), ('granted', 'Turned on an optional use'), ('withdrew', 'Turned off an optional use'), ('asked_anew', 'To be asked again: an answer was lost when a backup was restored')], max_length=10, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='datacopy',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('making', 'Being prepared'), ('ready', 'Ready'), ('failed', 'Failed'), ('forgotten', 'Deleted')], default='waiting', max_length=9),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='case',
            field=models.UUIDField(null=True, verbose_name='account cancellation'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='give_up_at',
            field=models.DateTimeField(verbose_name='failed at'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('queued', 'Not acknowledged yet'), ('acknowledged', 'Acknowledged'), ('failed', 'Failed'), ('superseded', 'Replaced by a later message'), ('settled', 'Notified by other means')], default='queued', max_length=12, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='erasurecase',
            name='started_at',
            field=models.DateTimeField(null=True, verbose_name='started'),
        ),
        migrations.AlterField(
            model_name='erasurecase',
            name='state',
            field=models.CharField(choices=[('cooling_off', 'Cancelled, waiting to be erased'), ('rows_erased', 'Rows erased, keys to be destroyed'), ('erased', 'Erased'), ('held', 'Erased, except what the law requires us to keep'), ('undone', 'Cancellation undone')], default='cooling_off', max_length=11, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='erasurereceipt',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.erasurecase', verbose_name='account cancellation'),
        ),
        migrations.AlterField(
            model_name='erasurereceipt',
            name='kept',
            field=models.JSONField(verbose_name='what is kept'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='asked_at',
            field=models.DateTimeField(verbose_name='requested'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='asked_by',
            field=models.UUIDField(null=True, verbose_name='requested by'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='exception',
            field=models.CharField(choices=[('1.7.1', 'National security and defence'), ('1.7.2', 'Public safety, public health, major public interest'), ('1.7.3', 'A criminal or administrative investigation, a trial, a judgment'), ('1.7.4', 'Life or property of a person whose consent cannot be obtained'), ('1.7.5', 'Data that the person made public'), ('1.7.6', 'Data from lawful public sources'), ('1.7.7', 'A contract with the person that must still be performed'), ('1.7.8', 'Safe and stable operation, finding and repairing faults'), ('1.7.9', 'Lawful news reporting'), ('1.7.10', 'Academic research in the public interest'), ('1.7.11', 'Another law')], max_length=6, verbose_name='exception'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='release_asked_at',
            field=models.DateTimeField(null=True, verbose_name='release requested'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='release_asked_by',
            field=models.UUIDField(null=True, verbose_name='release requested by'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='state',
            field=models.CharField(choices=[('asked', 'Requested'), ('approved', 'Approved'), ('refused', 'Refused'), ('released', 'Released')], default='asked', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='ended_at',
            field=models.DateTimeField(null=True, verbose_name='sent or failed'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='queued', max_length=6, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='stated_effective_on',
            field=models.DateField(blank=True, null=True, verbose_name='effective, as stated in the text'),
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='stated_updated_on',
            field=models.DateField(blank=True, null=True, verbose_name='updated, as stated in the text'),
        ),
        migrations.AlterField(
            model_name='purge',
            name='last_count',
            field=models.PositiveBigIntegerField(default=0, verbose_name='rows deleted in the last run'),
        ),
        migrations.AlterField(
            model_name='purge',
            name='total',
            field=models.PositiveBigIntegerField(default=0, verbose_name='rows deleted in total'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='classes',
            field=models.JSONField(verbose_name='data it holds'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='previous_until',
            field=models.DateTimeField(null=True, verbose_name='previous secret valid until'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='state',
            field=models.CharField(choices=[('active', 'Notified'), ('gone', 'Address gone (answered 410)'), ('retired', 'No longer holds data')], default='active', max_length=7, verbose_name='state'),
        ),
    ]
