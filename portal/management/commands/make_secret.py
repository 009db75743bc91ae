"""`manage.py make_secret NAME`: print a fresh secret for the environment."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.settings.environment import LEAST_LENGTHS, new_secret


class Command(BaseCommand):
    """Prints a new secret and stores nothing."""

    help = "Print a new random SECRET_KEY, MASTER_KEYS, METRICS_TOKEN or SMS_REPORTS_TOKEN."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[*LEAST_LENGTHS])

    def handle(self, *_args: Any, **options: Any) -> None:
        self.stdout.write(new_secret(options["name"]))
