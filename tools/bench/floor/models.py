"""One row for a person, not encrypted."""

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """The data of a person, as columns of text."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    company_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=40)
    email = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return str(self.pk)
