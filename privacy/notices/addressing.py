"""Messages whose addressee is looked up when they are sent.

A request for one stores what was typed, sealed, as a message without a person. It does the same for known and unknown
logins, so that neither its answer nor its duration shows which one this is.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from django.db import IntegrityError, transaction

from privacy.notices.models import Notice
from privacy.operations.collecting import declared
from privacy.subjects.models import DataSubject


@dataclass(frozen=True)
class Addressee:
    """The person who gets a message, and their phone number or e-mail address."""

    subject: DataSubject
    address: str


@dataclass(frozen=True)
class AddresseeLookUp:
    """The look-up of a template's addressee, from the context of the message, which holds what was typed.

    `look_up` runs in the transaction that notes the result.
    """

    template: str
    look_up: Callable[[Mapping[str, str]], Addressee | None]


def waits_for_addressee(notice: Notice) -> bool:
    """Whether the addressee of this message still has to be looked up."""
    return notice.subject_id is None and _look_up_for(notice.template) is not None


class Outcome(Enum):
    """The result of looking up an addressee."""

    ASSIGNED = "it is found, and set on the given notice"
    UNKNOWN = "there is none"
    TAKEN = "another worker looked it up, or sent it, meanwhile"


def assign_addressee(notice: Notice) -> Outcome:
    """Look up and note the addressee of a queued message. Raises `KeyDestroyed`."""
    try:
        with transaction.atomic():
            waiting = Notice.objects.select_for_update().filter(pk=notice.pk, state=Notice.State.QUEUED, subject=None)
            if not waiting:
                return Outcome.TAKEN
            return Outcome.ASSIGNED if _assign(notice) else Outcome.UNKNOWN
    except IntegrityError:  # the person, or their contact point, was deleted meanwhile
        notice.subject = None
        return Outcome.UNKNOWN


def _assign(notice: Notice) -> bool:
    context = json.loads(str(notice.context))
    look_up = _look_up_for(notice.template)
    found = look_up(context) if look_up else None
    if found is None:
        return False
    notice.subject, notice.address = found.subject, found.address
    notice.context = json.dumps({**context, "jurisdiction": found.subject.jurisdiction})
    notice.save(update_fields=["subject", "address", "context"])
    return True


def _look_up_for(template: str) -> Callable[[Mapping[str, str]], Addressee | None] | None:
    return next((each.look_up for each in declared(AddresseeLookUp) if each.template == template), None)
