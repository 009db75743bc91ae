"""The `accounts` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Knows who signs in, and what they told us."""

    name = "accounts"
    verbose_name = _("Accounts")
    # Its packages are looked through for `operations`.
    has_packages = True
