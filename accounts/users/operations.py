"""Operations of users: Django's tables that refer to them, and labels of staff actions."""

from accounts.users.third_party_models import THIRD_PARTY_MODELS, staff_change_label
from privacy.inventory.value_labels import ValueLabel

OPERATIONS = [*THIRD_PARTY_MODELS, ValueLabel("staff_change", staff_change_label)]
