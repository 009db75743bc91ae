"""Operations of profiles: kind and country of a person, and labels for values."""

from accounts.profiles.account_page import PROFILE_PAGE
from accounts.profiles.queries import country_of_profile, kind_of_profile
from accounts.profiles.services import record_contact_change
from accounts.profiles.terms import term_in_words
from accounts.profiles.verified_enterprise import VERIFIED_ENTERPRISE
from accounts.sign_in.changes import contact_replaced
from privacy.inventory.country_of_person import CountryOfPerson
from privacy.inventory.kinds import RegistrationKind
from privacy.inventory.value_labels import ValueLabel
from privacy.jurisdictions.country_names import country_name
from privacy.operations.receivers import Receives

OPERATIONS = [
    PROFILE_PAGE,
    VERIFIED_ENTERPRISE,
    RegistrationKind(kind_of_profile),
    CountryOfPerson(country_of_profile),
    ValueLabel("country", country_name),
    ValueLabel("business_period_end", term_in_words),
    Receives(contact_replaced, record_contact_change),
]
