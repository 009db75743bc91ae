"""Indexes of what is due and of what is counted, made while people are served."""

from django.db import migrations, models

from privacy.database.online_indexes import AddIndexWhileServing


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('privacy', '0021_ground_of_owner'),
    ]

    operations = [
        AddIndexWhileServing(
            model_name='notice',
            index=models.Index(models.F('is_urgent'), models.F('due_at'), condition=models.Q(('state', 'queued')), name='notices_due'),
        ),
        AddIndexWhileServing(
            model_name='notice',
            index=models.Index(models.F('fold_key'), condition=models.Q(('fold_key__isnull', False)), name='notices_equal'),
        ),
        AddIndexWhileServing(
            model_name='erasurecase',
            index=models.Index(fields=['cancelled_at'], name='erasures_by_time'),
        ),
        AddIndexWhileServing(
            model_name='erasurecase',
            index=models.Index(fields=['deadline_at'], name='erasures_by_deadline'),
        ),
        AddIndexWhileServing(
            model_name='delivery',
            index=models.Index(fields=['occurred_at'], name='deliveries_by_time'),
        ),
    ]
