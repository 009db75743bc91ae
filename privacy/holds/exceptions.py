"""The eleven exceptions of clause 1.7, and no other."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Exception17(models.TextChoices):
    """Why data may be kept although its owner wants it erased."""

    NATIONAL_SECURITY = "1.7.1", _("National security and defence")
    PUBLIC_INTEREST = "1.7.2", _("Public safety, public health, major public interest")
    ENFORCEMENT = "1.7.3", _("A criminal or administrative investigation, a trial, a judgment")
    VITAL_INTERESTS = "1.7.4", _("Life or property of a person who cannot be asked")
    MADE_PUBLIC = "1.7.5", _("Data that the person made public")
    PUBLIC_SOURCE = "1.7.6", _("Data from lawful public sources")
    AGREEMENT = "1.7.7", _("An agreement with the person that still has to be kept")
    SAFE_OPERATION = "1.7.8", _("Safe and stable operation, finding and repairing faults")
    NEWS = "1.7.9", _("Lawful news reporting")
    RESEARCH = "1.7.10", _("Academic research in the public interest")
    OTHER_LAW = "1.7.11", _("Another law")
