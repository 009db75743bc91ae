"""What no one proves in time is closed, says so and can be reopened; after three years it is gone with its key."""

import datetime as dt
import json
import uuid

import pytest
from django.db.models import F
from django.utils import timezone

from privacy.encryption.keys import KeyDestroyed, create_keys, forget_keys, key_for
from privacy.encryption.models import DataKey
from privacy.notices.models import Notice
from privacy.retention.purging import purge_expired_rows
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState, Proof
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.notices import send_proof_code
from privacy.rights.services import prove
from privacy.rights.states.closing import close_unproven, destroy_orphaned_keys
from privacy.rights.states.moving import move
from privacy.rights.states.reopening import NotReopened, reopen_request, reopens_until
from tests.factories import make_person
from tests.privacy.rights.filing import filed, item_of, proven

WAITED = dt.timedelta(days=20)


def let_pass(request: RightsRequest, by: dt.timedelta = WAITED) -> None:
    times = ("received_at", "first_due_at", "due_at")
    RightsRequest.objects.filter(pk=request.pk).update(**{name: F(name) - by for name in times})
    ProofCode.objects.filter(request=request).update(sent_at=F("sent_at") - by)
    request.refresh_from_db()


def sent(template: str) -> int:
    return Notice.objects.filter(template=template).count()


def test_what_no_one_proves_is_closed_when_it_is_due_and_not_before():
    request = filed("access", "deletion").request
    let_pass(request, request.due_at - timezone.now() - dt.timedelta(minutes=2))
    assert close_unproven() == 0
    let_pass(request, dt.timedelta(seconds=90))
    assert close_unproven() == 1
    request.refresh_from_db()
    assert set(request.items.values_list("state", flat=True)) == {ItemState.NOT_PROVEN}
    assert request.closed_at <= request.due_at
    assert (close_unproven(), sent("request_not_proven")) == (0, 1)
    acts = RequestRecord.objects.order_by("position").values_list("act", "outcome")
    assert list(acts) == [("received", ""), ("decided", "not_proven"), ("decided", "not_proven"), ("closed", "")]


def test_a_complaint_waits_for_staff_whatever_the_time():
    request = filed("access", "complaint").request
    let_pass(request)
    assert close_unproven() == 1
    request.refresh_from_db()
    assert request.closed_at is None
    assert item_of(request, "complaint").state == ItemState.WITH_STAFF
    only = filed("question").request
    let_pass(only)
    assert close_unproven() == 0


def test_a_proven_request_is_not_closed():
    request = proven(make_person(), "objection")
    let_pass(request)
    assert close_unproven() == 0


def test_its_link_reopens_it_for_ninety_days_with_a_new_due_time():
    request = filed("access").request
    let_pass(request)
    close_unproven()
    reopen_request(request=request)
    request.refresh_from_db()
    assert request.closed_at is None
    assert request.due_at > timezone.now() + dt.timedelta(days=13)
    assert json.loads(str(request.clock))["reopened"]
    assert item_of(request, "access").state == ItemState.RECEIVED
    assert (sent("request_received"), sent("request_code")) == (2, 2)
    assert RequestRecord.objects.get(act="reopened").details == {"due_at": request.due_at.isoformat()}
    prove(request=request, proof=Proof.ONE_CODE, subject=None)
    carry_out_due()
    assert item_of(request, "access").state == ItemState.DONE
    with pytest.raises(NotReopened):
        reopen_request(request=request)


def test_it_reopens_once_so_that_no_address_is_kept_by_its_link_without_end():
    request = filed("access").request
    for reopens in (True, False):
        let_pass(request)
        close_unproven()
        told = Notice.objects.filter(template="request_not_proven").latest("created_at")
        assert ("request_url" in json.loads(str(told.context))) == reopens
        if reopens:
            reopen_request(request=request)
    with pytest.raises(NotReopened):
        reopen_request(request=request)
    request.refresh_from_db()
    assert request.closed_at is not None


def test_an_unproven_part_reopens_beside_a_complaint_that_keeps_its_time():
    request = filed("access", "complaint").request
    let_pass(request)
    close_unproven()
    before = request.due_at
    reopen_request(request=request)
    request.refresh_from_db()
    assert request.due_at == before
    assert close_unproven() == 0
    assert item_of(request, "access").state == ItemState.RECEIVED
    ProofCode.objects.update(sent_at=F("sent_at") - dt.timedelta(days=15))
    assert close_unproven() == 1


def test_after_ninety_days_it_stays_closed():
    request = filed("access").request
    let_pass(request)
    close_unproven()
    assert reopens_until(request) is not None
    RequestItem.objects.update(decided_at=timezone.now() - dt.timedelta(days=90))
    assert reopens_until(request) is None
    with pytest.raises(NotReopened):
        reopen_request(request=request)


def test_after_three_years_rows_and_keys_are_gone_and_the_evidence_stays():
    request = filed("question").request
    move(item=item_of(request, "question"), after=ItemState.DONE)
    request.refresh_from_db()
    # Sent to read the answer: it goes with the request, too.
    send_proof_code(request)
    kept = filed("question").request
    for model in (RightsRequest, RequestItem, ProofCode):
        model.objects.filter(closed_at__isnull=False).update(closed_at=timezone.now() - dt.timedelta(days=1097))
    purge_expired_rows()
    assert list(RightsRequest.objects.all()) == [kept]
    DataKey.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    assert destroy_orphaned_keys() == 1
    assert destroy_orphaned_keys() == 0
    forget_keys()
    with pytest.raises(KeyDestroyed):
        key_for(request.pk, "request")
    assert key_for(kept.pk, "request")
    assert RequestRecord.objects.filter(reference=request.reference).count() == 3


def test_a_key_whose_request_is_being_stored_is_left_alone():
    owner = uuid.uuid4()
    create_keys(owner, ["request"])
    assert destroy_orphaned_keys() == 0
    DataKey.objects.filter(owner=owner).update(created_at=timezone.now() - dt.timedelta(hours=2))
    assert destroy_orphaned_keys() == 1
