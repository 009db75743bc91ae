"""Ask a parent or guardian (clause 8.1 of the sample policy), remind them, and delete what waits without an answer.

`proving.py` holds how they agree.
"""

import logging
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from privacy.encryption.keys import KeyDestroyed, create_keys, destroy_keys
from privacy.evidence.clock import database_now
from privacy.guardians.ages import Age
from privacy.guardians.information import digest_of, information_for
from privacy.guardians.journal import note_deleted
from privacy.guardians.models.pending import RETENTION_CLASS, GuardianLink, PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.queries import ASK_FOR, children_to_remind, ended_children
from privacy.guardians.same_address import mailbox_of
from privacy.guardians.tokens import keyed, new_token
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, require_stored_here
from privacy.jurisdictions.site import link_to
from privacy.limits.counting import DAY, HOUR, Limit, RateLimited, Try, count
from privacy.notices.models import Notice
from privacy.notices.services import delete_notices, send_notice
from privacy.policies.queries import version_to_show
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

ASKED, REMINDED = "guardian_asked", "guardian_reminded"
CONFIRM, MAY_REGISTER, ACTS = "guardian_confirm", "guardian_may_register", "guardian_acts"
BATCH = 100
# How often strangers can have one mailbox asked, in all networks together.
QUESTIONS = (Limit(3, HOUR), Limit(10, DAY))


class AlreadyAnswered(Exception):
    """The guardian agreed already."""


class ChildGone(Exception):
    """The child no longer waits: their guardian refused, or the time is over."""


@dataclass(frozen=True)
class GuardianAddress:
    """How a guardian is reached: `channel` is `email` or `sms`, `value` the address in its stored form."""

    channel: str
    value: str
    language: str


def ask_guardian(*, age: Age, guardian: GuardianAddress, called: str = "", joins: UUID | None = None) -> PendingChild:
    """Store a child who waits for a guardian, and write to the guardian, in one transaction.

    `called` is what the child is called in the message, `joins` the guardianship of the first guardian where this is
    the second one. Raises `NotStoredHere` where another site stores the data of the country, `RateLimited` where the
    message cannot be sent now (nothing is stored then), and `ValueError` for somebody who is of age.
    """
    if age.reached_on is None:
        raise ValueError("Somebody who is of age needs no guardian.")
    jurisdiction = jurisdiction_of_country(age.country)
    require_stored_here(jurisdiction)
    _count_question(guardian.value)
    child = PendingChild(
        country=age.country,
        jurisdiction=jurisdiction.code,
        language=guardian.language,
        channel=guardian.channel,
        address=guardian.value,
        called=called or None,
        reached_on=age.reached_on,
        joins=str(joins) if joins else None,
        expires_at=database_now() + ASK_FOR,
    )
    # Keys are made before the data: the sweep destroys one that is not used.
    create_keys(child.pk, [RETENTION_CLASS])
    with transaction.atomic():
        child.save(force_insert=True)
        if write_to_guardian(child, ASKED).state == Notice.State.FAILED:
            raise RateLimited(HOUR)
    return child


def refuse(*, child: PendingChild) -> None:
    """Delete a child who waits and whose guardian refuses, at once. Raises `ChildGone` where they are gone already."""
    with transaction.atomic():
        delete_child(locked_child(child.pk))


def remind_guardians(*, batch: int = BATCH) -> int:
    """Write again to the guardians who did not answer; return how many. Two runs at once write once."""
    return sum(_remind(child) for child in children_to_remind()[:batch])


def delete_ended_children(*, batch: int = BATCH) -> int:
    """Delete the children whose time is over, without a trace; return how many. A failure stops no other."""
    deleted = 0
    for child_id in ended_children().values_list("pk", flat=True)[:batch]:
        try:
            with transaction.atomic():
                delete_child(PendingChild.objects.select_for_update().get(pk=child_id))
        except PendingChild.DoesNotExist:  # another worker was first
            continue
        deleted += 1
    return deleted


def _count_question(address: str) -> None:
    """Count a question to a guardian, whose other messages keep a part of the budget. Raises `RateLimited`."""
    mailbox = mailbox_of(address)
    made = [Try.now(limit, "guardian_asked:mailbox", mailbox) for limit in QUESTIONS] if settings.RATE_LIMITS else []
    if beyond := count(made) if made else []:
        raise RateLimited(max(one.wait for one in beyond))


def _remind(child: PendingChild) -> bool:
    with transaction.atomic():
        mine = PendingChild.objects.filter(pk=child.pk, reminders=child.reminders, state=PendingChild.State.ASKED)
        if not mine.update(reminders=child.reminders + 1):
            return False
        try:
            write_to_guardian(PendingChild.objects.get(pk=child.pk), REMINDED)
        except KeyDestroyed:  # the row goes with the next sweep
            return False
    return True


def write_to_guardian(child: PendingChild, template: str, *, to_second: bool = False) -> Notice:
    """Queue a message with links of its own, to the guardian's first or second contact point; return it.

    Beyond a limit, it is stored as not sent.
    """
    token = new_token()
    GuardianLink.objects.create(child=child, token_hash=keyed(token), is_second=to_second)
    notice = send_notice(
        subject=None,
        channel=child.second_channel if to_second else child.channel,
        address=str(child.second_address if to_second else child.address),
        template=template,
        language=child.language,
        context={
            "jurisdiction": child.jurisdiction,
            "called": str(child.called or ""),
            "until": child.expires_at.isoformat(),
            "parts": information_for(child.country, child.jurisdiction, child.language),
            "read_url": link_to("guardian_link", token, "read"),
            "agree_url": link_to("guardian_link", token, "agree"),
            "refuse_url": link_to("guardian_link", token, "refuse"),
            "confirm_url": link_to("guardian_link", token, "confirm"),
        },
    )
    child.notices = [*child.notices, str(notice.pk)]
    child.save(update_fields=["notices"])
    return notice


def locked_child(child_id: UUID) -> PendingChild:
    """Return a child who waits, locked until the transaction ends. Raises `ChildGone`."""
    found = PendingChild.objects.select_for_update().filter(pk=child_id).first()
    if found is None or found.expires_at <= database_now():
        raise ChildGone
    return found


def delete_child(child: PendingChild) -> None:
    """Delete a locked child with their messages, for good: no backup brings them back. Keys go after the commit."""
    delete_notices([UUID(number) for number in child.notices])
    child_id = child.pk
    child.delete()
    note_deleted(child_id)
    # If that fails, the sweep of orphaned keys does it.
    transaction.on_commit(partial(destroy_keys, [child_id]), robust=True)


def note(child: PendingChild, act: str, *, subject: DataSubject | None = None) -> GuardianRecord:
    """Append a step to the evidence: what was shown, and how the guardian proved who they are."""
    return GuardianRecord.append(
        GuardianRecord(
            child=child.pk,
            subject=subject,
            act=act,
            country=child.country,
            age=get_country(child.country).age,
            shown=digest_of(information_for(child.country, child.jurisdiction, child.language)),
            language=child.language,
            policy=version_to_show(child.jurisdiction, child.language).digest,
            proof=child.proof,
            at=database_now(),
        )
    )
