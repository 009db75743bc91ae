"""Change the state of a licence by the table of allowed moves; remove the pictures of what is replaced or deleted."""

import logging
from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.licences.files import delete_files
from accounts.licences.models import Licence, LicencePage
from accounts.licences.states import LicenceState, may_move
from privacy.encryption.keys import destroy_keys

logger = logging.getLogger(__name__)


class MoveRefused(Exception):
    """The licence cannot go to this state, because of its present one; the message says so to staff."""


def move(licence: Licence, after: str) -> None:
    """Give a licence its next state, in the caller's transaction, which locked its person. Raises `MoveRefused`."""
    licence.refresh_from_db()
    if not may_move(licence.state, after):
        raise MoveRefused(_("This licence is “%(state)s” already.") % {"state": licence.get_state_display()})
    licence.state = after
    licence.taken_by = licence.taken_until = None


def replace(licence: Licence) -> None:
    """Move a licence to `replaced`, and remove its pictures, its words and its key after the commit."""
    move(licence, LicenceState.REPLACED)
    licence.words = None
    licence.save()
    names = list(licence.pages.values_list("name", flat=True))
    licence.pages.all().delete()
    remove_after_commit([licence.pk], names)


def delete_licences(licences: Collection[UUID]) -> None:
    """Delete licences with their pictures and keys, in the caller's transaction."""
    if not licences:
        return
    names = list(LicencePage.objects.filter(licence__in=licences).values_list("name", flat=True))
    Licence.objects.filter(pk__in=licences).delete()
    remove_after_commit(licences, names)


def remove_after_commit(owners: Collection[UUID], names: Collection[str]) -> None:
    """Destroy keys and delete sealed files once the transaction is over; the sweep does it where that fails."""
    transaction.on_commit(partial(_remove, list(owners), list(names)), robust=True)


def _remove(owners: Collection[UUID], names: Collection[str]) -> None:
    # The keys first: a file without its key is unreadable.
    destroy_keys(owners)
    delete_files(names)
