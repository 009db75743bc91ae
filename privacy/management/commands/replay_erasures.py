"""`manage.py replay_erasures`: after a restore, replay the recorded erasures, and end maintenance mode."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.erasure.replay import Replay, ReplayUnderWay, replay_erasures, restore_steps
from privacy.journal.errors import JournalError


class Command(BaseCommand):
    """Replays the erasure journal; safe to stop and to repeat."""

    help = "After a restore: replay recorded erasures, list lost records, and end maintenance."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do without a whole journal."""
        parser.add_argument(
            "--rewrite-journal",
            action="store_true",
            help="rewrite a damaged or missing journal file from a database that has all its entries",
        )
        parser.add_argument(
            "--without-journal",
            action="store_true",
            help="continue although the newest journal is lost: erasures since the backup are not replayed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Replay, and print what was done."""
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
        self.stdout.write(f"... {replay.read} lines, {_persons(replay.erased)} erased again")
        self.stdout.flush()

    def _say(self, done: Replay) -> None:
        self.stdout.write(f"{_persons(done.erased)} erased again, {done.keys_destroyed} revived keys destroyed.")
        self.stdout.write(
            f"Restored: {done.cancelled} cancellations, {done.undone} undone cancellations, {done.holds} legal holds. "
            f"In the journal, but not in this backup: {_persons(done.unknown)}."
        )
        for hold in done.lost_holds:
            self.stdout.write(f"Legal hold {hold.number} kept {', '.join(hold.classes)}: lost, not in this backup.")
        if done.lost_moves:
            self.stdout.write(
                f"Moves to another jurisdiction that are newer than the backup: {done.lost_moves}. "
                "These people have their account where it was before."
            )
        for name, count in done.restore.lost.items():
            self.stdout.write(f"Lost, because they are newer than the backup: {count} {name}.")
        for path in done.restore.lost_lists:
            self.stdout.write(f"Their numbers are listed in {path}")
        for step in restore_steps():
            if count := done.counts[step.name]:
                self.stdout.write(step.said.format(count=count))
        self.stdout.write("Maintenance has ended.")


def _persons(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'persons'}"
