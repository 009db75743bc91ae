"""The adapter for allauth's second factors: sealed secrets and neutral names."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from accounts.second_factors.sealed_secrets import new_factor_secret, open_factor_secret
from privacy.branding.brand import service_name


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals the secrets from which codes are made (clause 1.5 of the sample policy)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong. Enter the code that your app shows now, or an unused recovery code."),
    }

    def get_totp_issuer(self) -> str:
        """Return the name of the service, beside which an authenticator app shows the codes."""
        return service_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for a passkey: the host, and the name of the service, which devices show."""
        return super().get_public_key_credential_rp_entity() | {"name": service_name()}

    def encrypt(self, text: str) -> str:
        """Return a secret of an app, or the seed of recovery codes; it is sealed when its factor is saved."""
        return new_factor_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a factor's secret. Raises `CannotOpen`, `KeyDestroyed`."""
        return open_factor_secret(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """Return a neutral name that is unique among the passkeys of a person."""
        taken = set(
            Authenticator.objects.filter(user_id=user.pk, type=type).values_list("data__name", flat=True)
        )  # of one person: few
        return next(name for name in (f"Passkey {number}" for number in range(1, len(taken) + 2)) if name not in taken)

    def _get_user_identifier(self, user: Any) -> str:
        # The person's own app or phone shows and keeps it; the default would be a blind index.
        return str(user.get_username())
