"""`manage.py load_test_people --count N`: make people for a load generator, one JSON object a line."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.policies.queries import NoPolicyInForce
from tools.load_test.people import create_people


class Command(BaseCommand):
    """Makes verified people and prints how each signs in. Refused in production."""

    help = "Create verified test people and print `username`, `password` and `token` of each as a JSON line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=1000, help="How many people to create (default 1000).")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make people. Raises `CommandError` in production, and without a policy in force."""
        if settings.IN_PRODUCTION:
            raise CommandError("Refused in production: this creates test people and prints their passwords.")
        try:
            for person in create_people(options["count"]):
                self.stdout.write(json.dumps(asdict(person)))
        except NoPolicyInForce as reason:
            raise CommandError(f"{reason} Run `manage.py publish_sample_policies` first.") from None
