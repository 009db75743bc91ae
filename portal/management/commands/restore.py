"""`manage.py restore DIR`: put data back from a backup. The portal serves nobody until the erasures are replayed."""

import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import databases, folders
from portal.management.commands.backup import DATA, KEYS, MEDIA
from privacy.journal.maintenance import begin_restoring
from privacy.journal.services import journal_folder, journalled_chains


class Command(BaseCommand):
    """Restores a backup, and leaves the portal in maintenance."""

    help = "Restore the data of DIR/data. Afterwards run replay_erasures: until then the portal serves nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--at", default="", metavar="NAME", help="which backup (default: the newest)")
        parser.add_argument("--keys", type=Path, metavar="DIR", help="restore the keys too, from this folder")
        parser.add_argument("--keys-at", default="", metavar="NAME", help="which backup of the keys")
        parser.add_argument("--without-journal", action="store_true", help="restore although there is no journal")
        parser.add_argument("--yes", action="store_true", help="do not ask: what the databases hold now goes")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check everything first, then restore."""
        if not options["without_journal"] and all(chain.file.last() is None for chain in journalled_chains()):
            raise CommandError(
                f"There is no journal in {journal_folder()}: nobody would know who was erased since the backup. "
                "Put it back, or say --without-journal."
            )
        try:
            data = folders.find(options["folder"] / "data", options["at"])
            keys = folders.find(options["keys"], options["keys_at"]) if options["keys"] else None
        except folders.NoSuchBackup as error:
            raise CommandError(str(error)) from None
        sources = {"default": data / DATA} | ({"keys": keys / KEYS} if keys else {})
        for alias, source in sources.items():
            if not databases.is_readable(alias, source):
                raise CommandError(f"{source} is no backup of this kind of database.")
        if not options["yes"] and input("What the databases hold now goes. Restore? [y/N] ").lower() != "y":
            raise CommandError("Nothing was changed.")
        self._restore(sources, data)

    def _restore(self, sources: dict[str, Path], data: Path) -> None:
        begin_restoring()
        try:
            for alias, source in sources.items():
                databases.restore(alias, source)
                self.stdout.write(f"Restored {source}")
        except databases.BackupFailed as error:
            raise CommandError(f"{error} The portal stays in maintenance: restore again.") from None
        if (data / MEDIA).is_file():
            with tarfile.open(data / MEDIA) as archive:
                archive.extractall(settings.MEDIA_ROOT, filter="data")
        for alias in ("keys", "default"):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        self.stdout.write("The portal serves nobody until you run: manage.py replay_erasures")
