"""`RaisedAlarm`: an alarm that is raised once was raised."""

from django.db import models
from django.db.models.functions import Now


class RaisedAlarm(models.Model):
    """The kind of an alarm that is raised once: the figure, the number of the row, its due time and the step."""

    kind = models.CharField(primary_key=True, max_length=160)
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind
