"""The two closed lists of grounds of a policy: why data may be kept, and why it is erased.

A ground is stored as its number in the sample policies. Which clause states it belongs to each version of the policy:
see `privacy.policies.citations`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionGround(models.TextChoices):
    """Why data may be kept although the person wants it erased (clause 1.7 of the sample policy)."""

    NATIONAL_SECURITY = "1.7.1", _("National security and defence")
    PUBLIC_INTEREST = "1.7.2", _("Public safety, public health, major public interest")
    ENFORCEMENT = "1.7.3", _("A criminal or administrative investigation, a trial, a judgment")
    VITAL_INTERESTS = "1.7.4", _("Life or property of a person whose consent cannot be obtained")
    MADE_PUBLIC = "1.7.5", _("Data that the person made public")
    PUBLIC_SOURCE = "1.7.6", _("Data from lawful public sources")
    AGREEMENT = "1.7.7", _("A contract with the person that must still be performed")
    SAFE_OPERATION = "1.7.8", _("Safe and stable operation, finding and repairing faults")
    NEWS = "1.7.9", _("Lawful news reporting")
    RESEARCH = "1.7.10", _("Academic research in the public interest")
    OTHER_LAW = "1.7.11", _("Another law")


class DeletionGround(models.TextChoices):
    """Why data is erased: the person's own cancellation, or a ground of clause 6.3 of the sample policy."""

    CANCELLED = "7", _("Cancelled by the account's owner")
    UNLAWFUL = "6.3.1", _("The data was handled against the law")
    WITHOUT_CONSENT = "6.3.2", _("The data was collected without consent")
    BREACH = "6.3.3", _("The data was handled against the agreement")
    UNUSED = "6.3.4", _("The person no longer uses the service")
    ENDED = "6.3.5", _("The service is no longer provided")
