from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0017_keys_fingerprint'),
    ]

    operations = [
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
    ]
