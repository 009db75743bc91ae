"""Operations of second factors: allauth's table with sealed secrets, and receivers for its changes."""

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_init, post_save, pre_save

from accounts.second_factors.copy_rows import factor_label, factor_rows
from accounts.second_factors.sealed_secrets import bind_secrets, seal_new_secrets
from accounts.second_factors.services import (
    end_sessions_without_factor,
    note_failed_factor,
    note_removed_factor,
    set_neutral_name,
)
from accounts.second_factors.third_party_models import THIRD_PARTY_MODELS
from privacy.export.copy_rows import CopyRows
from privacy.inventory.value_labels import ValueLabel
from privacy.operations.receivers import Receives

OPERATIONS = [
    *THIRD_PARTY_MODELS,
    CopyRows(Authenticator, factor_rows),
    ValueLabel("second_factor", factor_label),
    Receives(pre_save, seal_new_secrets, sender=Authenticator),
    Receives(post_init, bind_secrets, sender=Authenticator),
    Receives(pre_save, set_neutral_name, sender=Authenticator),
    Receives(post_save, end_sessions_without_factor, sender=Authenticator),
    Receives(signals.authenticator_removed, note_removed_factor),
    Receives(signals.authentication_failed, note_failed_factor),
]
