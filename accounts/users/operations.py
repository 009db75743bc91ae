"""Operations of users: Django's tables that refer to them, labels of staff actions, and what people chose."""

from accounts.users.preferences import preferences_of_user
from accounts.users.third_party_models import THIRD_PARTY_MODELS, staff_change_label
from privacy.inventory.value_labels import ValueLabel
from privacy.preferences.preferences import PreferencesOfPerson

OPERATIONS = [
    *THIRD_PARTY_MODELS,
    ValueLabel("staff_change", staff_change_label),
    PreferencesOfPerson(preferences_of_user),
]
