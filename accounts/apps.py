"""The `accounts` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sign-in identities, and the data that people give."""

    name = "accounts"
    verbose_name = _("Accounts")
    # `privacy.operations` searches the packages of this app.
    has_packages = True
