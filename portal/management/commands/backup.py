"""`manage.py backup DIR`: back up the data, and the keys separately, while the portal runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.runtime.backups import databases, folders, licences
from portal.runtime.backups.master_keys import make_system_keys, probes
from portal.settings.environment import parsed_duration
from privacy.journal.errors import JournalError
from privacy.journal.locks import IN_A_COMMAND, JournalBusy
from privacy.journal.services import journal_chains, write_journal

DATA, KEYS, LICENCES = "portal.backup", "keys.backup", "licences.tar"


class Command(BaseCommand):
    help = "Back up data to DIR/data, and the wrapped keys to a separate folder with a shorter retention."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keys", type=Path, metavar="DIR", help="folder for the keys (default DIR/keys)")
        parser.add_argument("--keep", default="P30D", help="how long to keep data backups (ISO 8601 duration)")
        parser.add_argument("--keep-keys", default="P5D", help="how long to keep key backups (ISO 8601 duration)")

    def handle(self, *_args: Any, **options: Any) -> None:
        data, keys = options["folder"] / "data", options["keys"] or options["folder"] / "keys"
        beside = _refuse_among_data(data, keys)
        keep = {
            data: parsed_duration("--keep", options["keep"]),
            keys: parsed_duration("--keep-keys", options["keep_keys"]),
        }
        if keep[keys] > keep[data]:
            raise CommandError(
                "--keep-keys must not be longer than --keep: an old key makes an erased person's old copy readable."
            )
        if keep[keys] >= settings.COOLING_OFF:
            self.stderr.write("Warning: --keep-keys is not shorter than the cooling-off period. See docs/backups.md.")
        try:
            made = _make(data, keys)
        except (databases.BackupFailed, folders.BackupUnderWay, JournalError) as error:
            raise CommandError(str(error)) from None
        except JournalBusy:
            raise CommandError("Another process is writing the journal. Try again later.") from None
        for folder in made:
            self.stdout.write(f"Created {folder}")
        if beside:
            self.stdout.write(
                "Warning: the keys are next to the data. Move them elsewhere, or choose another folder with --keys."
            )
        for parent, period in keep.items():
            for gone in folders.prune(parent, period):
                self.stdout.write(f"Deleted {gone}")


def _refuse_among_data(data: Path, keys: Path) -> bool:
    """Refuse keys in the folder of the data's backups; return whether one copy may take both."""
    data, keys = data.resolve(), keys.resolve()
    if keys.is_relative_to(data) or data.is_relative_to(keys):
        raise CommandError("Keys must not be in the folder of the data backups. Choose another folder with --keys.")
    return keys.is_relative_to(data.parent)


def _make(data: Path, keys: Path) -> list[Path]:
    write_journal(wait=IN_A_COMMAND)
    for chain in journal_chains():
        chain.verify()
    make_system_keys()
    # Data first. A person who registers in between has only a key in the backups, which does no harm; a person who is
    # erased in between has only a row, which cannot be decrypted.
    return [folders.make(data, _fill_data), folders.make(keys, _fill_keys)]


def _fill_data(folder: Path) -> dict[str, Any]:
    # Positions first: the dump has at least these entries.
    positions = {chain.name: (chain.journal.last() or {"position": 0})["position"] for chain in journal_chains()}
    databases.dump("default", folder / DATA)
    return {"holds": "data", "journal": positions, "licence_files": licences.dump(folder / LICENCES)}


def _fill_keys(folder: Path) -> dict[str, Any]:
    databases.dump("keys", folder / KEYS)
    return {"holds": "wrapped keys", "master_keys": probes()}
