"""`manage.py rotate_master_key`: wrap every key under the first of MASTER_KEYS, while the portal serves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.encryption.master_keys import CannotOpen, master_keys
from privacy.encryption.rotation import BATCH, keys_by_master, rewrap_keys


class Command(BaseCommand):
    """Re-wraps keys; after an interruption, the next call continues."""

    help = "Wrap every key with the first of MASTER_KEYS. You can stop and repeat it."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many at a time."""
        parser.add_argument("--batch", type=int, default=BATCH)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Re-wrap, and print the progress."""
        current, done = master_keys().current(), 0
        try:
            for count in rewrap_keys(batch=options["batch"]):
                done += count
                if count and options["verbosity"]:
                    self.stdout.write(f"{done} keys re-wrapped under {current}")
        except CannotOpen as error:
            raise CommandError(
                f"{error} Add it to MASTER_KEYS again, after the new one, and run this command again."
            ) from None
        others = {name: count for name, count in keys_by_master().items() if name != current}
        if others:
            self.stdout.write(f"Keys created meanwhile are wrapped by {', '.join(others)}. Run this again.")
        else:
            self.stdout.write(f"Every key is wrapped by {current}. You can remove the other master keys.")
