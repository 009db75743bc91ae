"""The personal fields of a profile, declared once (clauses 1.1.1 and 1.1.2 of the sample policy)."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.declarations import Kind, PersonalField

INDIVIDUAL = frozenset({Kind.INDIVIDUAL})
ENTERPRISE = frozenset({Kind.ENTERPRISE})
CANNOT_REGISTER = _("You cannot register.")
SAID_LATER = _("Nothing changes now. We'll ask when a service needs it.")

NAME = PersonalField(
    key="name",
    label=_("Name"),
    kinds=frozenset(Kind),
    purpose="service",
    why=_("To address you and to handle your requests."),
    without=CANNOT_REGISTER,
    required_for=frozenset(Kind),
    max_length=200,
    position=10,
)
COMPANY_NAME = PersonalField(
    key="company_name",
    label=_("Company name"),
    kinds=frozenset(Kind),
    purpose="service",
    why=_("To fill in later forms for you."),
    without=SAID_LATER,
    max_length=200,
    position=50,
)
COUNTRY = PersonalField(
    key="country",
    label=_("Country or region"),
    kinds=frozenset(Kind),
    purpose="law",
    why=_("To decide which company is responsible for your data and where we store it."),
    without=CANNOT_REGISTER,
    required_for=frozenset(Kind),
    sensitive=True,
    max_length=2,
    position=60,
)
TIME_ZONE = PersonalField(
    key="time_zone",
    label=_("Time zone"),
    kinds=frozenset(Kind),
    purpose="service",
    why=_("To show dates and times in your time zone."),
    without=_("Dates and times are shown in UTC."),
    sensitive=True,
    max_length=40,
    position=70,
)
ENTERPRISE_NAME = PersonalField(
    key="enterprise_name",
    label=_("Enterprise name"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("To know who we have a contract with. Enter it as on the licence."),
    without=CANNOT_REGISTER,
    required_for=frozenset({Kind.ENTERPRISE}),
    max_length=200,
    position=90,
)
REGISTRATION_NUMBER = PersonalField(
    key="registration_number",
    label=_("Unified Social Credit Code or registration number"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("To verify the enterprise."),
    without=_("In mainland China, you cannot register. Elsewhere, we'll ask when a service needs it."),
    required_for=frozenset({Kind.ENTERPRISE}),
    required_in=frozenset({"CN"}),
    sensitive=True,
    max_length=100,
    position=100,
)
BUSINESS_PERIOD_START = PersonalField(
    key="business_period_start",
    label=_("Business period from"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("As on the licence."),
    without=SAID_LATER,
    position=110,
)
BUSINESS_PERIOD_END = PersonalField(
    key="business_period_end",
    label=_("Business period to"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("As on the licence: a date, or no fixed term."),
    without=SAID_LATER,
    position=120,
)
BUSINESS_AREA = PersonalField(
    key="business_area",
    label=_("Business area"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("As on the licence."),
    without=SAID_LATER,
    sensitive=True,
    max_length=500,
    position=130,
)
BUSINESS_ADDRESS = PersonalField(
    key="business_address",
    label=_("Business address"),
    kinds=ENTERPRISE,
    purpose="verification",
    why=_("To write to you."),
    without=SAID_LATER,
    sensitive=True,
    max_length=500,
    position=140,
)
