"""Resets of a lost second factor or phone: one member of staff proposes on a verified request, another confirms."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contact_points.services import verified_contact
from accounts.second_factors.services import has_second_factor
from accounts.sign_in.staff_resets import (
    has_newer_factor,
    is_set_for_another,
    reset_factors,
    reset_phone,
    verified_phone,
)
from accounts.staff.models import SignInReset
from accounts.staff.roles import PROPOSE_RESET
from accounts.staff.services import record_act
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.consent.queries import language_of
from privacy.evidence.clock import database_now
from privacy.evidence.staff_names import named
from privacy.subjects.locking import lock_subjects

Recorded = AccessRecord.Act
# A proof of identity holds for a limited time.
LONGEST_OPEN = dt.timedelta(days=7)
PHONE_TAKEN = gettext_lazy("This phone number already belongs to an account.")
_DONE = {SignInReset.Act.FACTORS: Recorded.FACTORS_RESET, SignInReset.Act.PHONE: Recorded.PHONE_RESET}


class ResetRefused(Exception):
    """A sign-in cannot be reset in this way; the message says why."""


def open_resets() -> list[SignInReset]:
    """Return open resets, oldest first, with the usernames of their proposers."""
    waiting = SignInReset.objects.filter(
        state=SignInReset.State.PROPOSED, subject__erased_at__isnull=True, proposed_at__gte=Now() - LONGEST_OPEN
    )
    return named(waiting.order_by("proposed_at"), "proposed_by")


def open_resets_of(subject_id: UUID) -> list[SignInReset]:
    """Return the open resets of one person."""
    return [reset for reset in open_resets() if reset.subject_id == subject_id]


def void_old_resets() -> int:
    """Refuse resets that are open for more than a week, and delete their phone numbers; return how many."""
    old = SignInReset.objects.filter(state=SignInReset.State.PROPOSED, proposed_at__lt=Now() - LONGEST_OPEN)
    return old.update(state=SignInReset.State.REFUSED, new_phone=None, decided_at=Now())


def propose_reset(
    *, staff: User, user: User, act: str, proof: str, reference: str = "", phone: str = ""
) -> SignInReset:
    """Propose to remove a person's second factors, or to replace a lost number by `phone` (E.164).

    `proof` is one of `SignInReset.Proof`: how the identity of the requester was verified. Raises `ResetRefused`, and
    `IsStaffAccount` for every staff account.
    """
    if act not in SignInReset.Act.values or proof not in SignInReset.Proof.values:
        raise ResetRefused(_("Unknown action."))
    with transaction.atomic():
        record_act(staff, user, Recorded.ASKED_RESET, AccessRecord.Reason.REQUEST, reference)
        _check_possible(user, act, phone)
        void_old_resets()
        try:
            with transaction.atomic():
                return SignInReset.objects.create(
                    subject_id=user.subject_id,
                    act=act,
                    proof=proof,
                    reference=reference,
                    new_phone=phone if act == SignInReset.Act.PHONE else None,
                    proposed_by=staff.pk,
                    proposed_at=database_now(),
                )
        except IntegrityError:
            raise ResetRefused(_("This is already proposed.")) from None


def confirm_reset(*, staff: User, reset: SignInReset) -> None:
    """Carry out a reset that another proposed within a week, and notify every contact point that is left.

    Raises `ResetRefused`, also where the person has set up another second factor or phone number meanwhile.
    """
    with transaction.atomic():
        waiting, user = _locked(reset)
        _check_proposer(waiting, staff)
        if waiting.proposed_at < database_now() - LONGEST_OPEN:
            raise ResetRefused(
                _("This proposal is older than %(days)d days. Propose it again.") % {"days": LONGEST_OPEN.days}
            )
        phone = str(waiting.new_phone or "")
        _check_possible(user, waiting.act, phone)
        _check_unchanged(user, waiting)
        record_act(staff, user, _DONE[SignInReset.Act(waiting.act)], AccessRecord.Reason.REQUEST, waiting.reference)
        with translation.override(language_of(user.subject_id)):
            if waiting.act == SignInReset.Act.FACTORS:
                reset_factors(user=user)
            else:
                _reset_phone(user, phone)
        _decide(waiting, SignInReset.State.DONE, staff)


def refuse_reset(*, staff: User, reset: SignInReset) -> None:
    """Refuse a reset, or withdraw one's own proposal. Raises `ResetRefused`."""
    with transaction.atomic():
        waiting, user = _locked(reset)
        record_act(staff, user, Recorded.REFUSED_RESET, AccessRecord.Reason.REQUEST, waiting.reference)
        _decide(waiting, SignInReset.State.REFUSED, staff)


def _locked(reset: SignInReset) -> tuple[SignInReset, User]:
    lock_subjects([reset.subject_id])
    waiting = SignInReset.objects.select_for_update().filter(pk=reset.pk, state=SignInReset.State.PROPOSED).first()
    user = User.objects.filter(subject_id=reset.subject_id).first()
    if waiting is None or user is None:
        raise ResetRefused(_("This has already been decided."))
    return waiting, user


def _check_proposer(reset: SignInReset, staff: User) -> None:
    try:
        check_two_people(first=reset.proposed_by, second=staff.pk)
    except NotTwoPeople as refused:
        raise ResetRefused(str(refused)) from None
    proposer = User.objects.filter(pk=reset.proposed_by, is_staff=True).first()
    if proposer is None or not proposer.has_perm(PROPOSE_RESET):
        raise ResetRefused(_("The person who proposed this no longer has permission to do so. Propose it again."))


def _check_possible(user: User, act: str, phone: str) -> None:
    if not user.is_active or not user.is_verified:
        raise ResetRefused(_("This account is not in use."))
    if act == SignInReset.Act.FACTORS and not has_second_factor(user):
        raise ResetRefused(_("This account does not use two-step verification."))
    if act != SignInReset.Act.PHONE:
        return
    if not phone or not verified_phone(user):
        raise ResetRefused(_("This account has no phone number to replace."))
    # Also the present number of the account, and numbers of the proposing staff account.
    if verified_contact(phone) or is_set_for_another(phone, user):
        raise ResetRefused(str(PHONE_TAKEN))


def _reset_phone(user: User, phone: str) -> None:
    try:
        with transaction.atomic():
            reset_phone(user=user, phone=phone)
    except IntegrityError:  # a reset of another person to this number was confirmed at the same time
        raise ResetRefused(str(PHONE_TAKEN)) from None


def _check_unchanged(user: User, reset: SignInReset) -> None:
    phone = verified_phone(user) if reset.act == SignInReset.Act.PHONE else None
    is_newer = bool(phone and phone.verified_at and phone.verified_at > reset.proposed_at)
    if is_newer or (reset.act == SignInReset.Act.FACTORS and has_newer_factor(user, reset.proposed_at)):
        raise ResetRefused(_("The person has changed this since it was proposed. Ask them, then propose it again."))


def _decide(reset: SignInReset, state: str, staff: User) -> None:
    reset.state, reset.decided_by, reset.decided_at, reset.new_phone = state, staff.pk, database_now(), None
    reset.save(update_fields=["state", "decided_by", "decided_at", "new_phone"])
