"""`manage.py restore DIR`: restore a backup. The portal stays in maintenance mode until the erasures are replayed."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.commands.backup import DATA, KEYS, LICENCES
from portal.runtime.backups import databases, folders, licences
from portal.runtime.backups.journal import refuse_without_journal
from portal.runtime.backups.master_keys import missing_master_keys
from privacy.erasure.replay import ReplayUnderWay, one_replay_at_a_time
from privacy.journal.errors import JournalError
from privacy.journal.maintenance import begin_filling, begin_restore, end_filling


class Command(BaseCommand):
    help = "Restore the data of DIR/data. The portal stays in maintenance until you run replay_erasures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--at", default="", metavar="NAME", help="name of the backup (default: the newest)")
        parser.add_argument("--keys", type=Path, metavar="DIR", help="restore the keys too, from this folder")
        parser.add_argument(
            "--keys-at", default="", metavar="NAME", help="name of the keys backup (default: the newest)"
        )
        parser.add_argument(
            "--without-journal", action="store_true", help="restore even if there is no erasure journal"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask; overwrite the current databases")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check everything first, then restore."""
        try:
            data = folders.find(options["folder"] / "data", options["at"])
            keys = folders.find(options["keys"], options["keys_at"]) if options["keys"] else None
            if not options["without_journal"]:
                refuse_without_journal(folders.manifest_of(data).get("journal", {}))
        except (folders.BackupNotFound, JournalError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The journal or the backup cannot be read ({type(error).__name__}).") from None
        if keys:
            _refuse_without_master_keys(keys)
        sources = {"default": data / DATA} | ({"keys": keys / KEYS} if keys else {})
        for alias, source in sources.items():
            if not databases.is_readable(alias, source):
                raise CommandError(f"{source} is not a backup of this kind of database.")
        if not options["yes"] and not _is_wanted():
            raise CommandError("Nothing was changed.")
        try:
            with one_replay_at_a_time():
                self._restore(sources, data / LICENCES)
        except ReplayUnderWay as other:
            raise CommandError(f"{other} Nothing was changed.") from None

    def _restore(self, sources: dict[str, Path], files: Path) -> None:
        begin_restore(with_keys="keys" in sources)
        begin_filling()
        try:
            for alias, source in sources.items():
                databases.restore(alias, source)
                self.stdout.write(f"Restored {source}")
        except databases.BackupFailed as error:
            raise CommandError(f"{error} The portal stays in maintenance: restore again.") from None
        for alias in ("keys", "default"):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        licences.restore(files)
        end_filling()
        self.stdout.write("The portal stays in maintenance until you run: manage.py replay_erasures")


def _is_wanted() -> bool:
    try:
        return input("This overwrites the current databases. Restore? [y/N] ").strip().lower() == "y"
    except EOFError:
        raise CommandError(
            "This overwrites the current databases. To confirm without a terminal, add --yes. Nothing was changed."
        ) from None


def _refuse_without_master_keys(keys: Path) -> None:
    missing = missing_master_keys(folders.manifest_of(keys).get("master_keys", {}))
    if missing:
        raise CommandError(
            f"The keys in {keys} are wrapped by master keys that are not in MASTER_KEYS: {', '.join(missing)}. Add "
            "them again, after the current one. Nothing was changed."
        )
