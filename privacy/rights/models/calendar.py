"""`CalendarFeed`: the secret of the calendar of due times of one member of staff."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """Anyone who knows the secret reads references and due times, as long as the member of staff works on requests.

    Only a keyed hash of the secret is stored. Deleting the row ends the address.
    """

    staff = models.UUIDField(_("member of staff"), primary_key=True)
    secret_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        app_label = "privacy"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.staff)
