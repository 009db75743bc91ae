"""Checks before the start that the two databases are different, and belong to each other."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections, transaction

from privacy.encryption.models import DataKey
from privacy.encryption.pairing import pair_databases
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

SAME = (
    "KEYS_DATABASE_URL leads to the same database as DATABASE_URL. Use a separate database for keys: a backup "
    "of the data must not contain the keys that open it."
)
SWAPPED = (
    "DATABASE_URL leads to a keys database, or KEYS_DATABASE_URL to a data database. Nothing was changed. Correct the "
    "address that is wrong."
)


def refuse_one_database() -> None:
    """Raise `ImproperlyConfigured` where production's two addresses lead to one database.

    The servers decide: a lock that one connection takes and the other finds taken is in the same database. It needs no
    rights, and works through a pooler of transactions.
    """
    data, keys = connections["default"], connections["keys"]
    if not settings.IN_PRODUCTION or {data.vendor, keys.vendor} != {"postgresql"}:
        return
    number = secrets.randbelow(2**63)
    with transaction.atomic(using="default"), transaction.atomic(using="keys"):
        if not (_takes_lock("default", number) and _takes_lock("keys", number)):
            raise ImproperlyConfigured(SAME)


def refuse_swapped_databases() -> None:
    """Raise `ImproperlyConfigured` where one database has the tables of the other.

    Call it before any migration, which would make the missing tables in the wrong database.
    """
    others = {"default": DataKey._meta.db_table, "keys": DataSubject._meta.db_table}
    if any(table in connections[alias].introspection.table_names() for alias, table in others.items()):
        raise ImproperlyConfigured(SWAPPED)


def refuse_wrong_databases() -> None:
    """Raise `ImproperlyConfigured` where keys and data are one database, or do not belong to each other.

    Both must have their tables. The first start pairs them.
    """
    refuse_one_database()
    pair_databases()


def compare_databases() -> None:
    """Check as `refuse_wrong_databases` does at the start of a process, unless a database does not answer.

    A process that ended for that would be restarted without end; no system key is made in a wrong database.
    """
    try:
        refuse_wrong_databases()
    except OperationalError as error:
        logger.warning("A database does not answer (%s): the keys are not compared.", type(error).__name__)
    finally:
        connections.close_all()


def _takes_lock(alias: str, number: int) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
