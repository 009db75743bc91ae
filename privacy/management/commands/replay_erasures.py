"""`manage.py replay_erasures`: after a restore, forget again whom the portal had forgotten, and open it."""

from typing import Any

from django.core.management.base import BaseCommand

from privacy.erasure.replaying import replay_erasures


class Command(BaseCommand):
    """Replays the erasure journal; safe to stop and to repeat."""

    help = "After a restore: erase again whoever was erased since the backup, list what is lost, open the portal."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Replay, and say what was done."""
        done = replay_erasures()
        self.stdout.write(f"{done.erased} persons erased again, {done.keys_destroyed} revived keys destroyed.")
        self.stdout.write(
            f"{done.cancelled} cancellations, {done.undone} undone ones and {done.holds} legal holds brought back; "
            f"{done.unknown} persons in the journal are not in this backup at all."
        )
        for name, count in done.lost.items():
            self.stdout.write(f"{count} {name} are lost: they came after the backup.")
        if done.lost_list:
            self.stdout.write(f"They are listed by their numbers in {done.lost_list}")
        self.stdout.write("The portal serves again.")
