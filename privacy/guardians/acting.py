"""A guardian begins and ends to act for a child; their address gets the messages of the child's account."""

from collections.abc import Collection, Iterator
from functools import partial
from uuid import UUID

from django.db import transaction

from privacy.encryption.keys import destroy_keys, open_keys
from privacy.evidence.clock import database_now
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.same_address import mark_of, mark_of_account
from privacy.guardians.services import ACTS, ChildGone, locked_child, note
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import ContactAddress
from privacy.notices.services import delete_notices, send_notice
from privacy.subjects.models import DataSubject

# In the evidence: the child agreed beside the guardian.
CHILD_TOO = "child"
GUARDIAN_COLUMNS = ("address", "address_index", "second_mark", "account", "account_mark")


def start_guardianship(*, child_id: UUID, subject: DataSubject) -> Guardianship:
    """Let the guardian who agreed act for the child, who is registered now, in the caller's transaction.

    What waited is deleted; its key is destroyed after the commit. Raises `ChildGone`.
    """
    child = locked_child(child_id)
    if child.state != PendingChild.State.AGREED or child.joins:
        raise ChildGone
    return _become(child, subject)


def join_guardianship(*, child: PendingChild) -> Guardianship:
    """Let a second guardian, who agreed, act for a child beside the first one, in the caller's transaction.

    Raises `ChildGone` where the first one's rights ended meanwhile.
    """
    first = Guardianship.objects.filter(pk=str(child.joins), ended_at__isnull=True).select_related("subject").first()
    if first is None or first.subject.erased_at:
        raise ChildGone
    return _become(child, first.subject)


def _become(child: PendingChild, subject: DataSubject) -> Guardianship:
    child_id = child.pk
    guardianship = Guardianship(
        subject=subject,
        child=child.pk,
        channel=child.channel,
        language=child.language,
        address=str(child.address),
        address_index=str(child.address),
        second_mark=mark_of(str(child.second_address)) if child.second_address else None,
        account=child.account and str(child.account),
        account_mark=mark_of_account(UUID(str(child.account))) if child.account else None,
        reached_on=child.reached_on,
    )
    guardianship.save(force_insert=True)
    if get_country(child.country).needs_both and not child.joins:
        child.proof = [*child.proof, CHILD_TOO]
    note(child, GuardianRecord.Act.REGISTERED, subject=subject)
    delete_notices([UUID(number) for number in child.notices])
    child.delete()
    transaction.on_commit(partial(destroy_keys, [child_id]), robust=True)
    _say_that_it_began(guardianship)
    return guardianship


def _say_that_it_began(guardianship: Guardianship) -> None:
    """Tell the guardian that the account exists, and where they act for the child. The page asks for a link."""
    send_notice(
        subject=None,
        channel=guardianship.channel,
        address=str(guardianship.address),
        template=ACTS,
        language=guardianship.language,
        context={"jurisdiction": guardianship.subject.jurisdiction, "read_url": link_to("my_children")},
        about=str(guardianship.pk),
    )


def end_guardianship(*, guardianship: Guardianship, end: str, act: str) -> bool:
    """End the rights of a guardian, delete what is stored of them, and note it; return False where they ended."""
    with transaction.atomic():
        mine = Guardianship.objects.filter(pk=guardianship.pk, ended_at__isnull=True)
        if not mine.update(ended_at=database_now(), ended_as=end, **dict.fromkeys(GUARDIAN_COLUMNS)):
            return False
        note_act(guardianship, act)
    return True


def follow_account(*, before: UUID, after: UUID) -> int:
    """Let a guardian whose account goes on under another number act for the same children; return for how many."""
    mine = Guardianship.objects.filter(account_mark=mark_of_account(before), ended_at__isnull=True)
    found = list(mine)
    open_keys({guardianship.subject_id for guardianship in found})
    for guardianship in found:
        guardianship.account, guardianship.account_mark = str(after), mark_of_account(after)
        guardianship.save(update_fields=["account", "account_mark"])
    return len(found)


def note_act(guardianship: Guardianship, act: str) -> GuardianRecord:
    """Append what was done for a child to the evidence."""
    first = GuardianRecord.objects.filter(child=guardianship.child).order_by("position").first()
    country = first.country if first else ""
    return GuardianRecord.append(
        GuardianRecord(
            child=guardianship.child,
            subject_id=guardianship.subject_id,
            act=act,
            country=country,
            age=get_country(country).age if country else 0,
            at=database_now(),
        )
    )


def guardians_of(subject_id: UUID) -> list[Guardianship]:
    """Return the guardianships in force of a child, oldest first."""
    return list(Guardianship.objects.filter(subject_id=subject_id, ended_at__isnull=True).order_by("since"))


def guardian_addresses(subjects: Collection[UUID]) -> Iterator[tuple[UUID, ContactAddress]]:
    """Yield the addresses of the guardians of these persons: messages of a child's account go to them, too."""
    found = list(Guardianship.objects.filter(subject_id__in=list(subjects), ended_at__isnull=True))
    open_keys({guardianship.subject_id for guardianship in found})
    for guardianship in found:
        yield guardianship.subject_id, ContactAddress(guardianship.channel, str(guardianship.address))
