"""The `accounts` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Knows persons; declares the library models that point at them."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Declare records of libraries and register holders."""
        import accounts.contact_points.code_owners
        import accounts.contact_points.services
        import accounts.profiles.services
        import accounts.registration.counted
        import accounts.second_factors.copy_rows
        import accounts.second_factors.sealed_secrets
        import accounts.second_factors.services
        import accounts.second_factors.third_party_models
        import accounts.security_events.copy_rows
        import accounts.security_events.failures_in_a_row
        import accounts.security_events.services
        import accounts.sessions.copy_rows
        import accounts.sessions.known_devices
        import accounts.sessions.open_sessions
        import accounts.sessions.services
        import accounts.sign_in.third_party_models
        import accounts.staff.identities
        import accounts.users.third_party_models  # noqa: F401 - declare themselves
