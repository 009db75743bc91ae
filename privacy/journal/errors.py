"""Errors between the journal and the two databases. While one lasts, the portal is in maintenance mode."""


class JournalError(Exception):
    """The journal and the databases do not agree; the message says what to do."""


class DatabaseRestored(JournalError):
    """The journal knows events that this database lacks: it was restored. Run `manage.py replay_erasures`."""

    def __init__(self, chain: str) -> None:
        super().__init__(
            f"The data database was restored from an older backup ({chain}). Run manage.py replay_erasures."
        )


class JournalTruncated(JournalError):
    """The journal of a chain is missing, or ends before the checkpoint of the keys database."""

    def __init__(self, chain: str, position: int, known: int) -> None:
        super().__init__(
            f"The journal of {chain} ends at line {position}, but the keys database knows of {known}. Mount the "
            "journal, or restore its newest copy. If it is lost, run manage.py replay_erasures --rewrite-journal."
        )


class JournalDamaged(JournalError):
    """A segment of the journal was changed, or was not written by the portal."""

    def __init__(self, chain: str, where: str) -> None:
        super().__init__(
            f"The journal of {chain} was changed or damaged ({where}). Restore an intact copy. If there is none, run "
            "manage.py replay_erasures --rewrite-journal."
        )


class RestoreInterrupted(JournalError):
    """A restore was interrupted: tables may lack rows, and the triggers and constraints that come last."""

    def __init__(self, mark: str) -> None:
        super().__init__(
            "a restore is under way or was interrupted. Wait until it ends, or run manage.py restore again. If both "
            f"databases were restored by other means since, delete {mark}."
        )


class CannotRewrite(JournalError):
    """The database lacks lines of the journal: rewritten from it, the journal would lack erasures."""

    def __init__(self, chain: str) -> None:
        super().__init__(
            f"The database lacks lines that the journal of {chain} had. Restore the newest journal. Only if it is lost "
            "for good, add --without-journal: people erased since the backup are then not erased again."
        )


class OtherStore(JournalError):
    """This host keeps its journal in another store than the other hosts of the portal."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The journal store {place} is not the one of this portal's databases. All hosts share one store: set "
            "JOURNAL_STORE or ERASURE_JOURNAL to it on each host."
        )


class StoreMissing(JournalError):
    """The store of the portal is empty, and was not before."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The journal store {place} is empty, but this portal has one elsewhere. All hosts share one store: mount "
            "it, or set JOURNAL_STORE or ERASURE_JOURNAL to it. If it is lost, run manage.py replay_erasures "
            "--rewrite-journal."
        )
