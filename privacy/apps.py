"""The `privacy` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Registers the checks of the register and the end-of-request clean-up of opened keys."""

    name = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        """Connect what must run at the edges of a request and a task."""
        from celery.signals import task_postrun
        from django.core.signals import request_finished, request_started

        import privacy.access.journal
        import privacy.announcements.services
        import privacy.consent.journal
        import privacy.database.lookups
        import privacy.erasure.journal
        import privacy.erasure.legal_holds
        import privacy.export.checks
        import privacy.inventory.checks
        import privacy.notices.data_store
        import privacy.recipients.third_parties  # noqa: F401 - register themselves
        from privacy.encryption.keys import forget_keys

        def forget(**_kwargs: object) -> None:
            forget_keys()

        for signal in (request_started, request_finished, task_postrun):
            signal.connect(forget, weak=False)
