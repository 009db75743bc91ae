"""The `privacy` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """The app; it drops opened keys at the start and end of each request and task."""

    name = "privacy"
    verbose_name = _("Privacy")
    # Its packages are searched for `operations`.
    has_packages = True

    def ready(self) -> None:
        """Connect what must run at the start and end of a request and a task."""
        from celery.signals import task_postrun
        from django.core.signals import request_finished, request_started

        from privacy.encryption.keys import forget_keys
        from privacy.operations.collecting import modules

        modules(self.name, "checks")

        def forget(**_kwargs: object) -> None:
            forget_keys()

        for signal in (request_started, request_finished, task_postrun):
            signal.connect(forget, weak=False)
