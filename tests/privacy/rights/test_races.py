"""Concurrent acts on one request: one outcome, told once."""

import json

import pytest
from django.conf import settings

from accounts.contact_points.services import add_contact_point, mark_verified
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.export.models import DataCopy
from privacy.notices.models import Notice
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.services import restrict_processing
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.carrying_out.stopping import StopEnded, stop_deletion
from privacy.rights.choices import Contact, ItemState
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.proving import MOST_TRIES, check_code
from privacy.rights.services import Asker
from privacy.rights.states.closing import close_unproven
from privacy.rights.states.moving import Decision, move
from tests.factories import make_person, pass_time
from tests.parallel import in_parallel
from tests.privacy.rights.filing import filed, item_of, proven
from tests.privacy.rights.test_closing import let_pass
from tests.privacy.rights.test_stopping import MINE, OTHER, link

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_two_staff_decide_one_item_and_one_of_them_is_told():
    for _ in range(5):
        request = filed("question").request
        item = item_of(request, "question")
        outcomes = in_parallel(
            8, lambda n, item=item: move(item=item, after=ItemState.DONE, decision=Decision(role=f"Role {n}"))
        )
        assert sorted(set(outcomes)) == ["MoveRefused", "done"]
        assert outcomes.count("done") == 1
        decided = RequestRecord.objects.filter(act="decided", reference=request.reference)
        assert decided.get().role == item_of(request, "question").decided_role
    assert RequestRecord.objects.filter(act="closed").count() == 5


def test_workers_that_carry_out_at_once_do_each_thing_once():
    person = make_person()
    switches = ("access", "deletion", "objection", "restriction", "withdrawal")
    request = proven(person, *switches)
    nobody = [proven(None, "access", "deletion") for _one in range(5)]
    in_parallel(6, lambda _n: carry_out_due())
    assert DataCopy.objects.count() == 1
    assert ErasureCase.objects.count() == ProcessingRestriction.objects.count() == 1
    decided = RequestRecord.objects.filter(act="decided")
    assert set(decided.filter(reference=request.reference).values_list("right", flat=True)) == {
        "restriction",
        "withdrawal",
    }
    assert decided.count() == 2 + 2 * len(nobody)
    # Messages to one address within an hour are told apart by the items that they are about.
    assert Notice.objects.filter(template="request_decided").count() == 1 + len(nobody)


def test_a_code_is_used_once_and_guessed_five_times():
    filed("deletion")
    request = RightsRequest.objects.get()
    outcomes = in_parallel(12, lambda _n: check_code(request=request, code="x"))
    assert set(outcomes) == {"WrongCode"}
    assert ProofCode.objects.get().tries == MOST_TRIES


def test_the_link_or_the_erasure_wins_never_both():
    for number in range(4):
        person = make_person(phone=f"{OTHER[:-1]}{number}")
        email = f"{number}{MINE}"
        mark_verified(add_contact_point(subject=person.subject, field="email", value=email))
        request = proven(person, "deletion", asker=Asker("DE", "en", Contact.EMAIL, email))
        carry_out_due()
        sent = Notice.objects.filter(template="deletion_asked", subject=person.subject)
        secret = json.loads(str(sent.get().context))["stop_url"].strip("/").rpartition("/")[2]
        case = ErasureCase.objects.get(subject=person.subject)
        pass_time(case, settings.COOLING_OFF)
        acts = [lambda secret=secret: stop_deletion(secret), erase_due_accounts]
        outcomes = in_parallel(2, lambda n, acts=acts: acts[n]())
        assert outcomes.count(StopEnded.__name__) == 1
        assert not RightsRequest.objects.filter(pk=request.pk).exists()


def test_the_link_used_twice_at_once_stops_once():
    person = make_person(phone=OTHER)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=MINE))
    proven(person, "deletion", asker=Asker("DE", "en", Contact.EMAIL, MINE))
    carry_out_due()
    secret = link().strip("/").rpartition("/")[2]
    outcomes = in_parallel(6, lambda _n: stop_deletion(secret))
    assert outcomes.count("done") == 1
    assert set(outcomes) == {"done", "StopEnded"}
    assert RequestRecord.objects.filter(act="decided").count() == 1


def test_sweeps_that_close_at_once_tell_once():
    requests = [filed("access").request for _one in range(6)]
    for request in requests:
        let_pass(request)
    in_parallel(4, lambda _n: close_unproven())
    assert RequestRecord.objects.filter(act="decided", outcome="not_proven").count() == len(requests)
    assert Notice.objects.filter(template="request_not_proven").count() == len(requests)
    assert set(RequestItem.objects.values_list("state", flat=True)) == {ItemState.NOT_PROVEN}


def test_one_restriction_however_often_it_is_asked_for_at_once():
    person = make_person()
    assert set(in_parallel(8, lambda _n: restrict_processing(subject=person.subject, why="request"))) == {"done"}
    assert ProcessingRestriction.objects.count() == 1
