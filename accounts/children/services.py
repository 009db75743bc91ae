"""What a guardian decides for a child: switch optional uses, cancel, delete, report, withdraw, ask a second guardian.

Guardians use the rights of clause 6 of the sample policy for the child.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.services import contact_points_of
from privacy.consent.services import NoConsent, PolicyNotInForce, switch_purpose
from privacy.erasure.services import AlreadyCancelled, cancel_account, cancel_at_once
from privacy.erasure.suspending import suspended_among
from privacy.guardians.acting import end_guardianship, guardians_of, note_act
from privacy.guardians.inviting import invite_guardian
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import OF_THE_CHILD, OfTheChild
from privacy.guardians.same_address import is_same_address
from privacy.policies.grounds import DeletionGround
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import is_restricted
from privacy.restriction.services import restrict_processing
from privacy.subjects.locking import lock_subjects

# Before the erasure of any other account, which has days.
ERASE_FOUND_WITHIN = dt.timedelta(hours=24)

NOT_AGREED = _("This account has agreed to no policy, or must first answer a change of it.")


class NotAgreed(Exception):
    """Nothing can be turned on for the child now; `NOT_AGREED` says why to the guardian."""


class ChildSuspended(Exception):
    """The account of the child is suspended: it can be seen, copied and ended, and nothing else."""


def is_suspended(guardianship: Guardianship) -> bool:
    """Whether the account of the child is suspended, or its data only stored since its guardians disagree."""
    return bool(suspended_among([guardianship.subject_id])) or is_restricted(guardianship.subject_id)


def refuse_where_suspended(guardianship: Guardianship) -> None:
    """Raise `ChildSuspended` where the data of the child is not used now, and so not changed either."""
    if is_suspended(guardianship):
        raise ChildSuspended


def switch_for_child(*, guardianship: Guardianship, key: str, on: bool, channel: str) -> None:
    """Turn an optional use of a child's data on or off; `channel` is one of `ConsentRecord.Channel`.

    Raises `UnknownPurpose`, and to turn one on `ChildSuspended` and `NotAgreed`; to turn one off, `NotAgreed` where the
    account never agreed to anything.
    """
    if on:
        refuse_where_suspended(guardianship)
    try:
        switch_purpose(subject=guardianship.subject, key=key, on=on, channel=channel)
    except (NoConsent, PolicyNotInForce):
        raise NotAgreed from None


def cancel_for_child(*, guardianship: Guardianship) -> None:
    """Cancel the account of a child, with the cooling-off period of each cancellation. May be called again."""
    try:
        cancel_account(subject=guardianship.subject)
    except AlreadyCancelled:
        return


def delete_for_child(*, guardianship: Guardianship) -> None:
    """Cancel the account of a child without a cooling-off period: its data is erased as soon as a worker is free.

    A cooling-off period that runs is ended.
    """
    _erase_now(guardianship, DeletionGround.CANCELLED)


def report_for_child(*, guardianship: Guardianship) -> None:
    """Suspend the account of a child, of whom a guardian says that they registered without consent (8.2 of the sample
    policy), and erase it before all others. The guardian has proven who they are, so no member of staff decides first.
    """
    with transaction.atomic():
        if _erase_now(guardianship, DeletionGround.WITHOUT_CONSENT, within=ERASE_FOUND_WITHIN):
            note_act(guardianship, GuardianRecord.Act.FOUND)


def withdraw_for_child(*, guardianship: Guardianship) -> bool:
    """Withdraw the agreement of a guardian (GDPR art. 7(3), PIPL art. 15); return whether the account ends with it.

    It ends with that of the last guardian. Where another one still agrees, the data is only stored until staff
    decided: the two disagree. One transaction, so that no agreement is withdrawn of which nothing follows; of two
    guardians who withdraw at once, the second one is the last.
    """
    child = [guardianship.subject_id]
    with transaction.atomic():
        lock_subjects(child)
        end_guardianship(guardianship=guardianship, end=Guardianship.End.WITHDREW, act=GuardianRecord.Act.WITHDREW)
        if guardians_of(guardianship.subject_id):
            restrict_processing(subject=guardianship.subject, why=ProcessingRestriction.Why.DISPUTE)
            return False
        delete_for_child(guardianship=guardianship)
    return True


def invite_for_child(*, guardianship: Guardianship, address: str) -> PendingChild:
    """Ask a second guardian at an address in its stored form. Raises `ProofRefused` for that of a guardian.

    Raises `OfTheChild` for a contact point of the child, whether verified or not: the child would answer.
    """
    if any(is_same_address(str(own.value), address) for own in contact_points_of(guardianship.subject_id)):
        raise OfTheChild(OF_THE_CHILD)
    return invite_guardian(guardianship=guardianship, address=address)


def _erase_now(guardianship: Guardianship, ground: str, within: dt.timedelta | None = None) -> bool:
    """Return False where the erasure had begun already."""
    subjects = [guardianship.subject_id]
    return bool(cancel_at_once(subjects=subjects, ground=ground, within=within, recipients_know=True))
