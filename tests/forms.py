"""Types something into the real registration form, to see what it says."""

from typing import Any

from accounts.registration.forms import RegistrationForm
from privacy.policies.models import PolicyVersion

INDIVIDUAL = {
    "name": "Jörg Groß",
    "username": "joerg_gross",
    "password": "Lantern-Quartz-Orbit-51",
    "phone": "+4915123456789",
    "birth_month": "5",
    "birth_year": "1990",
    "agreed": "on",
    "policy": "digest",
    "language": "en",
    "submission": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
}
ENTERPRISE = INDIVIDUAL | {
    "enterprise_name": "Example",
    "enterprise_email": "office@enterprise.example",
    "attested": "on",
}


def typed(country: str = "DE", *, kind: str = "individual", **data: Any) -> RegistrationForm:
    """Return the form of a kind and country with everything right but `data`, already checked."""
    usual = INDIVIDUAL if kind == "individual" else ENTERPRISE
    form = RegistrationForm(
        usual | {"country": country} | data,
        kind=kind,
        country=country,
        version=PolicyVersion(label="1", digest="digest", language="en"),
    )
    form.is_valid()
    return form


def error_codes(form: RegistrationForm, field: str) -> list[str]:
    """Return the codes of a field's errors."""
    return [error.code for error in form.errors.as_data().get(field, [])]
