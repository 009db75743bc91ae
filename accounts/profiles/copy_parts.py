"""The profile and its corrections in a copy of a person's data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

PROFILE = CopyPart(
    CopySection.WHO_YOU_ARE,
    "profile",
    _("Profile"),
    CopySource.PERSON,
    (
        CopyValue("name"),
        CopyValue("registered_as", _("Registered as"), column="kind"),
        CopyValue("company_name"),
        CopyValue("country", words="country"),
        CopyValue("time_zone"),
        CopyValue("enterprise_name"),
        CopyValue("registration_number"),
        CopyValue("registration_number_kind", _("What the registration number is")),
        CopyValue(
            "registration_number_needs_review",
            _("Registration number still to be compared with the licence"),
            words="if_true",
        ),
        CopyValue("business_period_start"),
        CopyValue("business_period_end", words="business_period_end"),
        CopyValue("business_area"),
        CopyValue("business_address"),
        CopyValue("attested_at", _("You stated that you may give the contact person's data on")),
        CopyValue("created_at", _("First stored")),
        CopyValue("updated_at", _("Last changed")),
    ),
)
CORRECTIONS = CopyPart(
    CopySection.CHANGED,
    "corrections",
    _("Corrections"),
    CopySource.PORTAL,
    (
        CopyValue("at", _("When")),
        CopyValue("field", _("What"), words="field"),
        CopyValue("by", _("By whom")),
    ),
    newest="at",
)
