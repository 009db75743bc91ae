"""How a guardian agrees (GDPR art. 8(2)): by the link first, then by one more proof that the jurisdiction takes."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from privacy.encryption.keys import KeyDestroyed
from privacy.evidence.clock import database_now
from privacy.guardians.acting import join_guardianship
from privacy.guardians.adults import is_adult
from privacy.guardians.models.pending import PendingChild, Proof
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import ProofRefused, refuse_child
from privacy.guardians.queries import ASK_FOR
from privacy.guardians.same_address import is_same_address
from privacy.guardians.services import (
    CONFIRM,
    MAY_REGISTER,
    AlreadyAnswered,
    GuardianAddress,
    locked_child,
    note,
    write_to_guardian,
)
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject

# A child who reads a parent's mail for a moment does not reach a second contact point a day later.
CONFIRM_AFTER = dt.timedelta(days=1)
# However often a guardian agrees without a proof, no child waits longer: their data is kept for an answer only.
MOST_WAITING = 2 * ASK_FOR
LATE_AFTER = dt.timedelta(hours=1)
BATCH = 100
State = PendingChild.State


def proofs_for(child: PendingChild) -> tuple[str, ...]:
    """Return the proofs that the jurisdiction of a child takes, besides the link."""
    return get_jurisdiction(child.jurisdiction).guardian_proofs


def agree_by_link(*, child: PendingChild, second: GuardianAddress | None = None) -> PendingChild:
    """Note that the guardian agrees, who opened the link; with a second contact point, that is asked in a day.

    The time begins again, but not beyond `MOST_WAITING` since the question. May be called again until the proof is
    complete, to name another contact point. Raises `ProofRefused`, `AlreadyAnswered`, and `ChildGone` where the time is
    over.
    """
    with transaction.atomic():
        found = locked_child(child.pk)
        if found.state == State.AGREED:
            raise AlreadyAnswered
        found.state, found.agreed_at, found.proof = State.PROVING, database_now(), [Proof.LINK]
        found.expires_at = min(found.agreed_at + ASK_FOR, found.asked_at + MOST_WAITING)
        if second is not None:
            _name_second(found, second)
        found.save()
    return found


def confirm_second(*, child: PendingChild) -> PendingChild:
    """Note that the second contact point agreed, too. Raises `AlreadyAnswered`, `ProofRefused`, `ChildGone`."""
    return _prove(child, Proof.SECOND_CONTACT)


def confirm_account(*, child: PendingChild, account: DataSubject) -> PendingChild:
    """Note that the guardian signed in freshly to an account of their own here.

    It is older than the child's question: an account that was made for the answer proves nothing. It is that of an
    adult (`is_adult`). Raises `ProofRefused`, `AlreadyAnswered`, `ChildGone`.
    """
    if account.created_at >= child.asked_at:
        raise ProofRefused(_("This account was created after the child asked. Choose another proof."))
    refuse_child(child, account=account.pk)
    if not is_adult(account):
        raise ProofRefused(_("This account does not show that you are an adult. Choose another proof."))
    return _prove(child, Proof.ACCOUNT, account=account.pk)


def confirm_document(*, child: PendingChild) -> PendingChild:
    """Note that staff looked at a document of the guardian. Raises as `confirm_second`."""
    return _prove(child, Proof.DOCUMENT)


def send_second_messages(*, batch: int = BATCH) -> int:
    """Write to the second contact points whose day is over; return how many."""
    return sum(_send_second(child) for child in second_messages_due()[:batch])


def second_messages_due() -> QuerySet[PendingChild]:
    """Return the children whose guardian's second contact point is to be asked now."""
    waiting = PendingChild.objects.filter(state=State.PROVING, second_sent_at__isnull=True)
    return waiting.filter(second_due_at__lte=Now(), expires_at__gt=Now()).order_by("second_due_at")


def second_messages_late() -> QuerySet[PendingChild]:
    """Return those that should have been asked an hour ago."""
    return second_messages_due().filter(second_due_at__lte=Now() - LATE_AFTER)


def _name_second(child: PendingChild, second: GuardianAddress) -> None:
    if Proof.SECOND_CONTACT not in proofs_for(child):
        raise ProofRefused(_("A second contact point is not accepted as proof here."))
    if is_same_address(str(child.address), second.value):
        raise ProofRefused(_("Enter another address: this one is the same as the first, or an alias of it."))
    refuse_child(child, second=second.value)
    if child.expires_at <= database_now() + CONFIRM_AFTER:
        raise ProofRefused(_("No time is left to ask a second contact point. Choose another proof."))
    child.second_channel, child.second_address = second.channel, second.value
    child.second_due_at, child.second_sent_at = database_now() + CONFIRM_AFTER, None
    child.links.filter(is_second=True).delete()


def _prove(child: PendingChild, proof: Proof, account: UUID | None = None) -> PendingChild:
    with transaction.atomic():
        found = locked_child(child.pk)
        if found.state == State.AGREED:
            raise AlreadyAnswered
        if found.state != State.PROVING or proof not in proofs_for(found):
            raise ProofRefused(_("Agree by the link of our first message first."))
        refuse_child(found, account=account)
        found.state, found.agreed_at = State.AGREED, database_now()
        found.proof = [*found.proof, proof]
        found.account = str(account) if account else None
        found.expires_at = found.agreed_at + ASK_FOR
        found.save()
        note(found, GuardianRecord.Act.AGREED)
        if found.joins:
            join_guardianship(child=found)
        else:
            write_to_guardian(found, MAY_REGISTER)
    return found


def _send_second(child: PendingChild) -> bool:
    with transaction.atomic():
        mine = PendingChild.objects.filter(pk=child.pk, second_sent_at__isnull=True, state=State.PROVING)
        if not mine.update(second_sent_at=Now()):
            return False
        try:
            notice = write_to_guardian(PendingChild.objects.get(pk=child.pk), CONFIRM, to_second=True)
            if notice.state == Notice.State.FAILED:  # beyond a limit: the sweep tries again
                transaction.set_rollback(True)
                return False
        except KeyDestroyed:  # the row goes with the next sweep
            return False
    return True
