"""`manage.py replay_erasures`: after a restore, forget again whom the portal had forgotten, and open it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.erasure.replay import Replay, ReplayUnderWay, replay_erasures, restore_steps
from privacy.journal.errors import JournalError


class Command(BaseCommand):
    """Replays the erasure journal; safe to stop and to repeat."""

    help = "After a restore: erase again whoever was erased since the backup, list what is lost, open the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do without a whole journal."""
        parser.add_argument(
            "--rewrite-journal",
            action="store_true",
            help="write a damaged or missing file anew, from a database that knows all it had",
        )
        parser.add_argument(
            "--without-journal",
            action="store_true",
            help="the newest journal is lost for good: whoever was erased since the backup is not erased again",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Replay, and say what was done."""
        try:
            done = replay_erasures(
                rewrite_journal=options["rewrite_journal"],
                without_journal=options["without_journal"],
                progress=self._say_how_far,
            )
        except (JournalError, ReplayUnderWay) as fault:
            raise CommandError(str(fault)) from None
        except OSError as error:
            raise CommandError(f"The journal cannot be read or written ({type(error).__name__}).") from None
        self._say(done)

    def _say_how_far(self, replay: Replay) -> None:
        self.stdout.write(f"... {replay.read} lines, {replay.erased} persons erased again")
        self.stdout.flush()

    def _say(self, done: Replay) -> None:
        self.stdout.write(f"{done.erased} persons erased again, {done.keys_destroyed} revived keys destroyed.")
        self.stdout.write(
            f"{done.cancelled} cancellations, {done.undone} undone ones and {done.holds} legal holds brought back; "
            f"{done.unknown} persons in the journal are not in this backup at all, and stay forgotten."
        )
        for hold in done.lost_holds:
            self.stdout.write(
                f"Legal hold {hold.number} kept {', '.join(hold.classes)}: this backup has nothing of that, it is lost."
            )
        for name, count in done.restore.lost.items():
            self.stdout.write(f"{count} {name} are lost: they came after the backup.")
        for path in done.restore.lost_lists:
            self.stdout.write(f"They are listed by their numbers in {path}")
        for step in restore_steps():
            if count := done.counts[step.name]:
                self.stdout.write(step.said.format(count=count))
        self.stdout.write("The portal serves again.")
