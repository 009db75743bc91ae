"""File a request; prove who asks (clauses 9.1 and 9.2 of the sample policy, GDPR art. 12(6))."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from privacy.database.waking import wake
from privacy.encryption.keys import create_keys
from privacy.evidence.clock import database_now
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country, require_stored_here
from privacy.jurisdictions.time_zones import zones_of_country
from privacy.policies.grounds import DeletionGround
from privacy.rights.choices import WITHOUT_PROOF, About, ItemState, Right
from privacy.rights.clock import Due, due_after
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RETENTION_CLASS, RequestItem, RightsRequest
from privacy.rights.notices import send_proof_code, send_receipt
from privacy.rights.proof.tokens import keyed, link_token
from privacy.rights.states.moving import locked, note
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

# The rule of the due time: the sample policy's clause, or the law of a country where that is stricter.
POLICY = "policy 9.2"
# A child without a guardian's consent is deleted as soon as possible (8.2 of the sample policy).
CHILD_RULE, CHILD_DAYS = "policy 8.2", 1
# A closed request is deleted after three years: an older receipt is a slip, and its due time may not exist.
OLDEST_RECEIPT = dt.timedelta(days=3 * 366)
SWEEP = "privacy.rights.tasks.carry_out_items"


class AnotherPerson(Exception):
    """The request is of one person, and another was proven: a request never changes its person."""


class RequestRefused(Exception):
    """A request cannot be filed in this way; the message says why."""


@dataclass(frozen=True)
class Asked:
    """One right that is asked for, in the person's words; `ground` is that of a deletion (6.3 of the sample policy)."""

    right: str
    text: str = ""
    ground: str = ""


@dataclass(frozen=True)
class Asker:
    """Who asks: where they are, and how they are reached.

    `contact` is one of `Contact`, with its `address`: an e-mail address, a phone number in E.164, the lines of a
    letter. `zones` are the time zones where they may be; none: those of the country. `about` is one of `About`: one
    who asks about somebody else has attested that they may.
    """

    country: str
    language: str
    contact: str
    address: str
    zones: frozenset[str] = frozenset()
    about: str = About.SELF


@dataclass(frozen=True)
class Filed:
    """A stored request, and the secret of the person's link, which is stored nowhere."""

    request: RightsRequest
    token: str


def file_request(
    *,
    items: Sequence[Asked],
    asker: Asker,
    channel: str,
    subject: DataSubject | None = None,
    proof: str = "",
    received_at: dt.datetime | None = None,
    filed_by: UUID | None = None,
) -> Filed:
    """Store a request, compute its due time, and send its receipt with the reference, in one transaction.

    `items` are what is asked for, each right once; `channel` is one of `Channel`. `subject` is a signed-in person,
    `proof` how they were identified already. `received_at` is the receipt of a letter that staff file (`filed_by`);
    default now. No code is sent where staff work all items without proof: one that is sent later opens the answer.
    Raises `RequestRefused`, and `NotStoredHere` where another site stores the data of the country.
    """
    jurisdiction = jurisdiction_of_country(asker.country)
    require_stored_here(jurisdiction)
    _check(items)
    now = database_now()
    request = _new_request(asker, _due(_receipt(received_at, now), asker, jurisdiction, items))
    request.subject, request.channel, request.filed_by = subject, channel, filed_by
    request.attested_at = now if asker.about == About.OTHER else None
    # Keys are made before the data: an unused key is harmless, and the sweep of orphaned keys destroys it.
    create_keys(request.pk, [RETENTION_CLASS])
    with transaction.atomic():
        request.save(force_insert=True)
        for asked in items:
            _new_item(request, asked).save(force_insert=True)
        if not proof:
            # Before the receipt: a code that is refused uses up no other message.
            if any(asked.right not in WITHOUT_PROOF for asked in items):
                send_proof_code(request)
            send_receipt(request)
        note(request, RequestRecord.Act.RECEIVED, details=_received(request))
        if proof:
            prove(request=request, proof=proof, subject=subject)
            send_receipt(request)
    return Filed(request, link_token(request.pk))


def prove(
    *,
    request: RightsRequest,
    proof: str,
    subject: DataSubject | None,
    role: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Note how the person proved who they are, and let the items be carried out. May be called again.

    `subject` is the person whose account it is; None if they have no account here. `role` is that of staff who looked
    at a document, `details` what the evidence says besides. A closed request stays as it is: the proof opens its
    answer, and its last step stays the closing, by which a lost request is told. Raises `AnotherPerson`.
    """
    proven = subject.pk if subject else None
    with transaction.atomic():
        # An erasure that runs locks the person first; once it is done, there is no account.
        lock_subjects([subject.pk] if subject else [])
        subject = DataSubject.objects.filter(pk=subject.pk, erased_at=None).first() if subject else None
        found = locked(request.pk)
        if found.subject_id not in (None, proven):
            raise AnotherPerson(f"Request {found.reference} is of another person.")
        if found.proven_at is None and found.closed_at is None:
            found.proven_at, found.proof, found.subject = database_now(), proof, found.subject or subject
            found.save(update_fields=["proven_at", "proof", "subject"])
            note(found, RequestRecord.Act.PROVEN, role=role, details={"proof": proof, **(details or {})})
        found.items.filter(state=ItemState.RECEIVED).update(state=ItemState.PROVEN)
        transaction.on_commit(partial(wake, SWEEP))
    request.refresh_from_db()


def _receipt(received_at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return the time of receipt. Raises `RequestRefused` where it is in the future, or too long ago."""
    received = received_at or now
    if received > now:
        raise RequestRefused("A request cannot be received in the future.")
    if received < now - OLDEST_RECEIPT:
        raise RequestRefused("A request cannot be received more than three years ago.")
    return received


def _due(received_at: dt.datetime, asker: Asker, jurisdiction: Jurisdiction, items: Sequence[Asked]) -> Due:
    country = get_country(asker.country)
    zones = asker.zones or zones_of_country(asker.country)
    is_stricter = country.answer_days < jurisdiction.answer_within_days
    compared = {*zones, jurisdiction.time_zone}
    if any(asked.right == Right.CHILD for asked in items):
        return due_after(received_at=received_at, days=CHILD_DAYS, zones=compared, rule=CHILD_RULE)
    return due_after(
        received_at=received_at,
        days=country.answer_days,
        zones=compared,
        rule=f"law {asker.country}" if is_stricter else POLICY,
    )


def _received(request: RightsRequest) -> dict[str, object]:
    """Return what the evidence of the receipt says: rule, due time, attestation (1.6 of the sample policy)."""
    said: dict[str, object] = {"rule": request.rule, "due_at": request.due_at.isoformat()}
    if request.about != About.SELF:
        said["about"] = request.about
    return said | ({"attested_at": request.attested_at.isoformat()} if request.attested_at else {})


def _check(items: Sequence[Asked]) -> None:
    rights = [asked.right for asked in items]
    if not rights or len(set(rights)) != len(rights) or not set(rights) <= set(Right.values):
        raise RequestRefused("A request names one or more rights, each once.")
    for asked in items:
        if (asked.right == Right.DELETION) != (asked.ground in DeletionGround.values):
            raise RequestRefused("A deletion names its ground, and nothing else does.")


def _new_request(asker: Asker, due: Due) -> RightsRequest:
    request = RightsRequest(
        country=asker.country,
        jurisdiction=jurisdiction_of_country(asker.country).code,
        language=asker.language,
        about=asker.about,
        contact=asker.contact,
        address=asker.address or None,
        received_at=due.received_at,
        rule=due.rule,
        clock=json.dumps(due.inputs()),
        first_due_at=due.at,
        due_at=due.at,
    )
    request.token_hash = keyed(link_token(request.pk), "token")
    return request


def _new_item(request: RightsRequest, asked: Asked) -> RequestItem:
    state = ItemState.WITH_STAFF if asked.right in WITHOUT_PROOF else ItemState.RECEIVED
    return RequestItem(request=request, right=asked.right, ground=asked.ground, text=asked.text or None, state=state)
