"""A guardian's way to their children: a link that is sent to their address, works once, and opens a short session."""

import datetime as dt
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from privacy.database.waking import wake
from privacy.evidence.clock import database_now
from privacy.guardians.models.accesses import GuardianAccess
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.tokens import keyed, new_token
from privacy.jurisdictions.site import link_to
from privacy.notices.services import send_notice

LINK, SEND = "guardian_link", "privacy.guardians.tasks.send_access_links"
# How long a link works, a session stays open without use, and at most.
LINK_FOR = IDLE_FOR = dt.timedelta(minutes=30)
OPEN_FOR = dt.timedelta(hours=4)
NOTED_EVERY = dt.timedelta(minutes=1)
KEPT_FOR = dt.timedelta(days=1)
LATE_AFTER = dt.timedelta(minutes=15)
BATCH = 100


class LinkUsed(Exception):
    """The link opened a session before, or was revoked."""


def ask_for_access(*, address: str) -> None:
    """Note that a link is asked for with an address in its stored form. Known and unknown addresses cost the same."""
    with transaction.atomic():
        access = GuardianAccess.objects.create(address_index=address)
        transaction.on_commit(partial(wake, SEND, access.pk))


def send_access_links(*, access: UUID | None = None, batch: int = BATCH) -> int:
    """Write the links that were asked for, or one of them, to the guardians; return how many. An unknown address gets
    none, and its row is deleted.
    """
    due = links_to_send()
    found = due.filter(pk=access) if access else due
    return sum(_send(number) for number in found.values_list("pk", flat=True)[:batch])


def links_to_send() -> QuerySet[GuardianAccess]:
    """Return the links that were asked for and not written yet, oldest first."""
    return GuardianAccess.objects.filter(sent_at__isnull=True, ended_at__isnull=True).order_by("asked_at")


def links_late() -> QuerySet[GuardianAccess]:
    """Return the links that should have been written a quarter of an hour ago."""
    return links_to_send().filter(asked_at__lte=Now() - LATE_AFTER)


def open_access(*, token: str) -> GuardianAccess | None:
    """Open a session by the secret of a link, which then works no more; None if it is wrong or too old.

    Raises `LinkUsed` the second time.
    """
    found, now = GuardianAccess.objects.filter(token_hash=keyed(token)), database_now()
    unused = found.filter(opened_at__isnull=True, ended_at__isnull=True, sent_at__gt=now - LINK_FOR)
    if unused.update(opened_at=now, used_at=now):
        return found.get()
    if found.filter(Q(opened_at__isnull=False) | Q(ended_at__isnull=False)).exists():
        raise LinkUsed
    return None


def open_accesses() -> QuerySet[GuardianAccess]:
    """Return the sessions that are open."""
    return GuardianAccess.objects.filter(
        ended_at__isnull=True, used_at__gt=Now() - IDLE_FOR, opened_at__gt=Now() - OPEN_FOR
    )


def guardianships_with(access: GuardianAccess) -> QuerySet[Guardianship]:
    """Return the guardianships in force of the address of a link or session, oldest first."""
    found = Guardianship.objects.filter(address_index=bytes(access.address_index), ended_at__isnull=True)
    return found.filter(subject__erased_at__isnull=True).select_related("subject").order_by("since")


def note_use(*, access: GuardianAccess) -> None:
    """Note the use of a session, from which its idle time counts; at most once a minute."""
    now = database_now()
    GuardianAccess.objects.filter(pk=access.pk, used_at__lte=now - NOTED_EVERY).update(used_at=now)


def end_access(*, number: str) -> None:
    """End one session."""
    GuardianAccess.objects.filter(pk=number, ended_at__isnull=True).update(ended_at=database_now())


def end_accesses(*, address_index: bytes | memoryview) -> int:
    """Revoke every link and session of a guardian's address; return how many."""
    found = GuardianAccess.objects.filter(address_index=bytes(address_index), ended_at__isnull=True)
    return found.update(ended_at=database_now())


def delete_old_accesses() -> int:
    """Delete the links, and with them the sessions, that were asked for a day ago; return how many.

    Also those of an address that is no guardian's any more: its keyed hash goes with the last child.
    """
    living = Guardianship.objects.filter(ended_at__isnull=True, subject__erased_at__isnull=True)
    without = ~Exists(living.filter(address_index=OuterRef("address_index")))
    old = Q(asked_at__lte=Now() - KEPT_FOR) | (Q(sent_at__isnull=False) & without)
    return GuardianAccess.objects.filter(old).delete()[0]


def _send(number: UUID) -> bool:
    token = new_token()
    with transaction.atomic():
        access = links_to_send().select_for_update().filter(pk=number).first()
        if access is None:  # another worker was first
            return False
        guardianship = guardianships_with(access).first()
        if guardianship is None:
            access.delete()
            return False
        access.token_hash, access.sent_at = keyed(token), database_now()
        access.save(update_fields=["token_hash", "sent_at"])
        send_notice(
            subject=None,
            channel=guardianship.channel,
            address=str(guardianship.address),
            template=LINK,
            language=guardianship.language,
            context={
                "jurisdiction": guardianship.subject.jurisdiction,
                "read_url": link_to("open_my_children", token),
                "minutes": str(int(LINK_FOR.total_seconds() // 60)),
            },
            # Each link works once: an equal message within the hour is not the same one.
            about=str(access.pk),
        )
    return True
