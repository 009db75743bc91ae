"""A restore forgets no decision, tells no one twice, and names the requests that it lost."""

import datetime as dt
import json

import time_machine
from django.core.management import call_command
from django.utils import timezone

from privacy.erasure.replay import replay_erasures
from privacy.journal.services import write_journal
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState, Proof
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import lost_requests
from privacy.rights.services import prove
from privacy.rights.states.closing import close_unproven
from privacy.rights.states.moving import Decision, move
from privacy.rights.states.reopening import reopen_request
from tests import journal
from tests.chains import chain_errors
from tests.erasures import erase
from tests.factories import make_person, make_staff
from tests.privacy.erasure.restores import restored_after
from tests.privacy.rights.filing import filed, item_of, proven
from tests.privacy.rights.in_admin import QUEUE, officer
from tests.privacy.rights.test_closing import let_pass
from tests.privacy.rights.test_filing import REASONS
from tests.sign_in_clients import client_of


def test_a_step_is_copied_without_its_details():
    filed("access")
    write_journal()
    [line] = journal.text("requests").splitlines()
    assert set(json.loads(line)) == {
        *("position", "id", "subject_id", "request", "reference", "act", "right", "outcome", "due_at", "role", "at"),
        *("hash", "mac"),
    }


def test_what_was_decided_stays_decided_and_no_one_is_told_again():
    request = filed("access", "deletion").request
    with restored_after():
        prove(request=request, proof=Proof.ONE_CODE, subject=None)
        carry_out_due()
        before = list(RequestRecord.objects.values_list("pk", flat=True).order_by("position"))
    replay_erasures()
    request.refresh_from_db()
    assert {item.state for item in request.items.all()} == {ItemState.DONE}
    assert request.closed_at is not None
    carry_out_due()
    close_unproven()
    assert not Notice.objects.filter(template__in=("request_decided", "request_not_proven")).exists()
    assert list(RequestRecord.objects.values_list("pk", flat=True).order_by("position")) == before
    assert list(chain_errors(RequestRecord)) == []


def test_a_refusal_waits_for_staff_again():
    request = filed("question").request
    with restored_after():
        move(item=item_of(request, "question"), after=ItemState.REFUSED, decision=REASONS)
    replay_erasures()
    request.refresh_from_db()
    assert item_of(request, "question").state == ItemState.WITH_STAFF
    assert request.closed_at is None


def test_a_reopened_request_is_open_with_its_new_due_time():
    request = filed("access").request
    let_pass(request)
    close_unproven()
    with restored_after():
        reopen_request(request=request)
        due_at = RightsRequest.objects.get().due_at
    replay_erasures()
    request.refresh_from_db()
    assert (request.due_at, request.closed_at) == (due_at, None)
    assert item_of(request, "access").state == ItemState.RECEIVED


def test_a_request_that_was_filed_after_the_backup_is_named_until_staff_dealt_with_it(capsys):
    with restored_after():
        lost = filed("access", "question").request
        answered = filed("question").request
        move(item=item_of(answered, "question"), after=ItemState.DONE, decision=Decision(role="Support"))
    call_command("replay_erasures")
    said = capsys.readouterr().out
    assert "Requests lost that must still be answered: 1." in said
    assert "lost-requests-" in said
    assert [step.reference for step in lost_requests()] == [lost.reference]
    assert lost_requests().get().due_at == lost.due_at
    assert not RightsRequest.objects.exists()
    call_command("replay_erasures")
    assert lost_requests().count() == 1
    with time_machine.travel(lost.due_at + dt.timedelta(days=40), tick=False):
        assert [step.reference for step in lost_requests()] == [lost.reference]
    staff = client_of(officer())
    assert f"{QUEUE}lost/" in staff.get(QUEUE).content.decode()
    assert lost.reference in staff.get(f"{QUEUE}lost/").content.decode()
    assert client_of(make_staff(AUDITOR, username="auditor")).get(f"{QUEUE}lost/").status_code == 403
    for said in ("Done.", "Someone has dealt with it already."):
        answer = staff.post(f"{QUEUE}lost/", {"reference": lost.reference}, follow=True)
        assert said in answer.content.decode()
    steps = RequestRecord.objects.filter(reference=lost.reference).order_by("position")
    assert list(steps.values_list("act", "role")) == [("received", ""), ("lost", ""), ("closed", "Privacy officer")]
    call_command("replay_erasures")
    assert not lost_requests().exists()


def test_an_erasure_that_is_replayed_is_noted_once():
    person = make_person()
    request = proven(person, "objection")
    with restored_after():
        erase(person)
    replay_erasures()
    assert not RightsRequest.objects.exists()
    ended = RequestRecord.objects.filter(reference=request.reference, act__in=("erased", "closed"))
    assert ended.count() == 1
    assert not lost_requests().exists()


def test_nothing_is_lost_without_a_restore():
    request = filed("question").request
    move(item=item_of(request, "question"), after=ItemState.DONE)
    RightsRequest.objects.update(closed_at=timezone.now() - dt.timedelta(days=1100))
    filed("access")
    assert not lost_requests().exists()
