"""A request is stored sealed, has its due time and reference at once, and its steps are evidence."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection

from privacy.encryption.keys import KeyDestroyed, destroy_keys, forget_keys
from privacy.notices.models import Notice
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.rights.choices import Channel, Contact, ItemState, Proof, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.queries import request_with_token
from privacy.rights.services import Asked, Asker, Filed, RequestRefused, file_request, prove
from privacy.rights.states.moving import Decision, MoveRefused, move
from tests.factories import make_person

ASKER = Asker("DE", "en", Contact.EMAIL, "ada@example.com")
REASONS = Decision(
    exception=RetentionGround.OTHER_LAW,
    legal_basis="HGB § 257",
    kept=["account"],
    kept_until=dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
    regulator="BfDI",
    court="The administrative court",
)


def file(*rights: str, asker: Asker = ASKER, **more: object) -> Filed:
    grounds = {Right.DELETION: DeletionGround.UNLAWFUL}
    items = [Asked(right, "Please, Ada Lovelace", grounds.get(Right(right), "")) for right in rights]
    return file_request(items=items, asker=asker, channel=Channel.PAGE, **more)


def test_a_request_has_its_reference_due_time_and_items_at_once():
    filed = file(Right.ACCESS, Right.DELETION, Right.QUESTION)
    request = RightsRequest.objects.get()
    assert request == filed.request
    days = request.due_at - request.received_at
    assert dt.timedelta(days=14) <= days <= dt.timedelta(days=16)
    assert set(json.loads(request.clock)["zones"]) >= {"Europe/Belgrade", "Europe/Berlin", "Europe/Busingen"}
    assert dict(request.items.values_list("right", "state")) == {
        "access": ItemState.RECEIVED,
        "deletion": ItemState.RECEIVED,
        # Its answer says nothing of a person: staff need no proof.
        "question": ItemState.WITH_STAFF,
    }
    assert [record.act for record in RequestRecord.objects.all()] == ["received"]


def test_nothing_of_it_is_in_clear_and_its_key_ends_it():
    filed = file(Right.ACCESS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_rightsrequest")
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row])
        cursor.execute("SELECT * FROM privacy_requestitem")
        stored += repr([bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row])
    assert not [secret for secret in ("ada@example", "Lovelace", "Berlin", filed.token) if secret in stored]
    assert RightsRequest.objects.get().address == "ada@example.com"
    destroy_keys([filed.request.pk])
    forget_keys()
    with pytest.raises(KeyDestroyed):
        str(RightsRequest.objects.get().address)


def test_the_receipt_and_the_code_go_to_the_address_that_was_given():
    file(Right.ACCESS)
    sent = {notice.template: notice for notice in Notice.objects.all()}
    assert set(sent) == {"request_received", "request_code"}
    assert {str(notice.address) for notice in sent.values()} == {"ada@example.com"}
    due = json.loads(str(sent["request_received"].context))["due_at"]
    assert dt.datetime.fromisoformat(due) == RightsRequest.objects.get().due_at


def test_only_the_token_opens_it():
    filed = file(Right.ACCESS)
    reference = filed.request.reference
    assert request_with_token(reference.lower().replace("-", " "), filed.token) == filed.request
    assert request_with_token(reference, "other") is None
    assert request_with_token("7KQ2M-0XW4D-P9TRA-H3VBC", filed.token) is None


@pytest.mark.parametrize(
    "items",
    [
        [],
        [Asked("access"), Asked("access")],
        [Asked("everything")],
        [Asked("deletion")],
        [Asked("access", ground="6.3.1")],
        [Asked("deletion", ground="6.3.9")],
    ],
)
def test_items_that_make_no_request_are_refused(items):
    with pytest.raises(RequestRefused):
        file_request(items=items, asker=ASKER, channel=Channel.PAGE)
    assert not RightsRequest.objects.exists()


def test_a_letter_counts_from_its_receipt_and_none_is_received_tomorrow_or_long_ago():
    received = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    by_post = Asker("DE", "de", Contact.POST, "")
    request = file(Right.ACCESS, asker=by_post, received_at=received, proof=Proof.DOCUMENT).request
    assert request.due_at.isoformat() == "2026-11-16T22:59:59+00:00"
    assert not Notice.objects.exists()
    for wrong in (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), dt.datetime(1969, 12, 31, tzinfo=dt.UTC)):
        with pytest.raises(RequestRefused):
            file(Right.ACCESS, received_at=wrong)


def test_proof_moves_the_items_on_once():
    filed, person = file(Right.ACCESS, Right.QUESTION), make_person()
    prove(request=filed.request, proof=Proof.ONE_CODE, subject=person.subject)
    prove(request=filed.request, proof=Proof.TWO_CODES, subject=person.subject)
    filed.request.refresh_from_db()
    assert (filed.request.subject, filed.request.proof) == (person.subject, "one_code")
    assert filed.request.items.get(right="access").state == ItemState.PROVEN
    assert [record.act for record in RequestRecord.objects.order_by("position")] == ["received", "proven"]


def test_the_last_outcome_closes_the_request_and_no_outcome_changes():
    filed = file(Right.ACCESS, Right.QUESTION)
    prove(request=filed.request, proof=Proof.ONE_CODE, subject=None)
    access, question = filed.request.items.order_by("right")
    move(item=access, after=ItemState.DONE)
    assert RightsRequest.objects.get().closed_at is None
    move(item=question, after=ItemState.DONE, decision=Decision(role="Support"))
    request = RightsRequest.objects.get()
    assert request.closed_at is not None
    assert set(request.items.values_list("closed_at", flat=True)) == {request.closed_at}
    with pytest.raises(MoveRefused, match="Done"):
        move(item=question, after=ItemState.REFUSED, decision=REASONS)
    acts = RequestRecord.objects.order_by("position").values_list("act", flat=True)
    assert list(acts) == ["received", "proven", "decided", "decided", "closed"]


@pytest.mark.parametrize("missing", ["exception", "legal_basis", "kept", "kept_until", "regulator", "court"])
def test_no_refusal_without_each_of_its_reasons(missing: str):
    filed = file(Right.QUESTION)
    empty = {"kept": [], "kept_until": None}.get(missing, "")
    decision = Decision(**{**REASONS.__dict__, missing: empty})
    with pytest.raises(IntegrityError):
        move(item=filed.request.items.get(), after=ItemState.REFUSED, decision=decision)


def test_a_refusal_with_its_reasons_is_evidence():
    filed = file(Right.QUESTION)
    move(item=filed.request.items.get(), after=ItemState.REFUSED, decision=REASONS)
    assert RequestItem.objects.get().state == ItemState.REFUSED
    details = RequestRecord.objects.get(act="decided").details
    assert details == {
        "exception": "1.7.11",
        "legal_basis": "HGB § 257",
        "kept": ["account"],
        "kept_until": "2027-01-01T00:00:00+00:00",
        "regulator": "BfDI",
        "court": "The administrative court",
    }
