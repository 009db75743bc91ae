"""The `portal` app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from privacy.operations.receivers import connect_receivers


class PortalConfig(AppConfig):
    """Collects the declarations of the packages of all apps."""

    name = "portal"
    # `privacy.operations` searches the packages of this app.
    has_packages = True

    def ready(self) -> None:
        """Connect the declared receivers, and update the groups of roles after migrations."""
        from portal.operations import checks  # noqa: F401 - registers the checks
        from portal.operations.role_groups import make_role_groups

        connect_receivers()
        # Django sends the signal for its apps in order: the permissions of `accounts` and `privacy` exist before it.
        post_migrate.connect(make_role_groups, sender=apps.get_app_config("auth"))
