"""What a reviewer does: take a licence for some minutes, look at it, approve, return or refuse it."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.licences.ends import end_of_term
from accounts.licences.models import Licence
from accounts.licences.moving import move, replace
from accounts.licences.queries import licences_of, may_be_used
from accounts.licences.states import LicenceState
from accounts.licences.told import tell_state
from accounts.profiles.queries import profile_of
from accounts.staff.services import settle_registration_number
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.queries import role_of
from privacy.access.services import record_access
from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.evidence.clock import database_now
from privacy.evidence.staff_names import names_of_staff
from privacy.subjects.locking import lock_subjects

TAKEN_FOR = dt.timedelta(minutes=15)


class ReviewRefused(Exception):
    """The licence cannot be reviewed by this member of staff now; the message says so to them."""


def take(*, licence: Licence, staff: User, reason: str, reference: str = "") -> None:
    """Open a licence for a reviewer for `TAKEN_FOR`, and record why; taking it again begins the time again.

    Raises `ReviewRefused`, and `ProcessingRestricted` where the person's data is only stored.
    """
    with transaction.atomic():
        found = _locked(licence)
        _refuse_own(found, staff)
        if found.state != LicenceState.IN_REVIEW:
            raise ReviewRefused(_("This licence is “%(state)s” already.") % {"state": found.get_state_display()})
        if found.taken_by != staff.pk and is_taken(found):
            raise ReviewRefused(_("%(name)s has this licence at the moment.") % {"name": name_of_holder(found)})
        record_access(
            subject=found.subject,
            staff=staff.pk,
            role=role_of(staff),
            act=AccessRecord.Act.OPENED,
            reason=reason,
            reference=reference,
        )
        if not may_be_used(found.subject_id):
            raise ReviewRefused(_("This account is closed."))
        found.taken_by, found.taken_until = staff.pk, database_now() + TAKEN_FOR
        found.save(update_fields=["taken_by", "taken_until"])


def is_taken(licence: Licence) -> bool:
    """Whether a reviewer has a licence at the moment."""
    return licence.taken_until is not None and licence.taken_until > database_now()


def is_open_for(licence: Licence, staff: User) -> bool:
    """Whether this reviewer may see the pictures of a licence, and decide it, at the moment."""
    is_theirs = licence.state == LicenceState.IN_REVIEW and licence.taken_by == staff.pk and is_taken(licence)
    return is_theirs and may_be_used(licence.subject_id)


def name_of_holder(licence: Licence) -> str:
    """Return the name of the reviewer who took a licence."""
    return next(iter(names_of_staff([licence.taken_by]).values()), "")


def approve(*, licence: Licence, staff: User, term: dt.date | str, reason: str = AccessRecord.Reason.REQUEST) -> None:
    """Put a licence in force until the end of its business period (a date, or `NO_FIXED_TERM`).

    It takes the place of the one that was in force. A doubted registration number counts as compared. Raises
    `ReviewRefused`, `MoveRefused`.
    """

    def decide(found: Licence) -> None:
        for earlier in licences_of(found.subject_id).filter(state=LicenceState.APPROVED):
            replace(earlier)
        move(found, LicenceState.APPROVED)
        found.expires_at = end_of_term(found.subject_id, term)
        _settle_number(found, staff, reason)

    _decide(licence, staff, decide)


def return_licence(*, licence: Licence, staff: User, code: str, words: str = "", field: str = "") -> None:
    """Ask for the licence again, with a reason. Raises `ReviewRefused`, `MoveRefused`."""

    def decide(found: Licence) -> None:
        move(found, LicenceState.RETURNED)
        found.code, found.field, found.words = code, field, words or None

    _decide(licence, staff, decide)


def refuse(*, licence: Licence, staff: User, words: str) -> None:
    """Refuse a licence for good, with a reason in words. Raises `ReviewRefused`, `MoveRefused`."""

    def decide(found: Licence) -> None:
        move(found, LicenceState.REFUSED)
        found.words = words

    _decide(licence, staff, decide)


def _decide(licence: Licence, staff: User, decide: Callable[[Licence], None]) -> None:
    with transaction.atomic():
        found = _locked(licence)
        _refuse_own(found, staff)
        if not is_open_for(found, staff):
            raise ReviewRefused(_("You do not have this licence any more. Open it again, with a reason."))
        decide(found)
        found.decided_at, found.decided_by = database_now(), staff.pk
        found.save()
        tell_state(found)


def _locked(licence: Licence) -> Licence:
    """Return a licence as it is now, its person locked until the transaction ends. Raises `ReviewRefused`."""
    lock_subjects([licence.subject_id])
    found = Licence.objects.select_related("subject").filter(pk=licence.pk).first()
    if found is None:
        raise ReviewRefused(_("The person deleted this licence."))
    return found


def _refuse_own(licence: Licence, staff: User) -> None:
    """Raise `ReviewRefused` where the reviewer is the person of the licence, also by another staff account."""
    owner = User.objects.filter(subject_id=licence.subject_id).first()
    is_own = licence.subject_id == staff.subject_id
    if owner is not None and owner.is_staff and not is_own:
        try:
            check_two_people(first=owner.pk, second=staff.pk)
        except NotTwoPeople:
            is_own = True
    if is_own:
        raise ReviewRefused(_("You cannot review a licence of your own. Another reviewer does it."))


def _settle_number(licence: Licence, staff: User, reason: str) -> None:
    profile = profile_of(licence.subject_id)
    if profile is not None and profile.registration_number_needs_review:
        user = User.objects.get(subject_id=licence.subject_id)
        settle_registration_number(staff=staff, user=user, reason=reason, reference="")
