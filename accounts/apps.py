"""The `accounts` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Knows persons; declares the library models that point at them."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Declare records of libraries and register holders."""
        import accounts.profiles.services
        import accounts.registration.counted
        import accounts.sign_in.code_owners
        import accounts.sign_in.contact_points
        import accounts.sign_in.extracts
        import accounts.sign_in.factor_secrets
        import accounts.sign_in.foreign_records
        import accounts.sign_in.judging
        import accounts.sign_in.known_devices
        import accounts.sign_in.open_sessions
        import accounts.sign_in.second_factors
        import accounts.sign_in.security_events
        import accounts.sign_in.sessions
        import accounts.staff.identities
        import accounts.users.foreign_records  # noqa: F401 - declare themselves
