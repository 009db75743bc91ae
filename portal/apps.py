"""The `portal` app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from privacy.operations.receivers import connect_receivers


class PortalConfig(AppConfig):
    """Collects what the packages of all apps declare."""

    name = "portal"
    # Its packages are looked through for `operations`.
    has_packages = True

    def ready(self) -> None:
        """Connect the declared receivers, and keep the groups of roles as the packages say."""
        from portal.operations import checks  # noqa: F401 - it registers the checks
        from portal.operations.role_groups import make_role_groups

        connect_receivers()
        # Django reports the apps in their order: the permissions of ours exist when it comes to its own.
        post_migrate.connect(make_role_groups, sender=apps.get_app_config("auth"))
