"""Codes prove who asks: guesses are few, each code works once and in one place, and nothing tells of an account."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.notices.addresses import owner_of
from privacy.notices.models import Notice
from privacy.rights.choices import Contact, ItemState, Proof
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_proof_code
from privacy.rights.proof.documents import UnknownDocument, prove_by_document
from privacy.rights.proof.proving import GIVEN, MOST_TRIES, MOST_TRIES_OF_A_REQUEST, OTHER, WrongCode, check_code
from privacy.rights.services import AnotherPerson, Asker, prove
from privacy.rights.states.closing import close_unproven
from tests.factories import make_person
from tests.privacy.rights.filing import filed, item_of

MINE, PHONE = "ada@example.com", "+4915112345678"


@pytest.fixture
def person() -> User:
    """A person with an e-mail address and a phone."""
    person = make_person(phone=PHONE)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=MINE))
    return person


def asked(*rights: str, address: str = MINE) -> RightsRequest:
    return filed(*rights, asker=Asker("DE", "en", Contact.EMAIL, address)).request


def code_at(address: str) -> str:
    codes = Notice.objects.filter(template="request_code").order_by("-created_at")
    return str(next(json.loads(str(code.context))["code"] for code in codes if str(code.address) == address))


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def refused(request: RightsRequest, code: str) -> bool:
    try:
        check_code(request=request, code=code)
    except WrongCode:
        return True
    return False


def test_data_is_handed_out_after_codes_to_two_contact_points(person):
    request = asked("access")
    assert not check_code(request=request, code=code_at(MINE))
    assert item_of(request, "access").state == ItemState.RECEIVED
    assert check_code(request=request, code=f" {code_at(PHONE)} ")
    request.refresh_from_db()
    assert (request.proof, request.subject) == (Proof.TWO_CODES, person.subject)


def test_one_code_suffices_where_nothing_is_handed_out(person):
    request = asked("deletion")
    assert check_code(request=request, code=code_at(MINE))
    request.refresh_from_db()
    assert request.proof == Proof.ONE_CODE


def test_the_first_code_again_or_a_new_first_one_is_never_the_second(person):
    request = asked("access")
    first = code_at(MINE)
    check_code(request=request, code=first)
    assert refused(request, first)
    send_proof_code(request)
    assert not check_code(request=request, code=code_at(MINE))
    # Even one that has the same digits as the second.
    ProofCode.objects.filter(place=OTHER).update(code_hash=ProofCode.objects.filter(place=GIVEN).last().code_hash)
    assert refused(request, code_at(MINE))
    assert RightsRequest.objects.get().proven_at is None


def test_an_earlier_second_code_does_not_serve_a_later_proof(person):
    request = asked("access")
    check_code(request=request, code=code_at(MINE))
    check_code(request=request, code=code_at(PHONE))
    send_proof_code(request)
    assert not check_code(request=request, code=code_at(MINE))


def test_an_address_that_left_the_account_opens_nothing_of_it_any_more(person):
    request = asked("access")
    check_code(request=request, code=code_at(MINE))
    check_code(request=request, code=code_at(PHONE))
    ContactPoint.objects.get(index=MINE).delete()
    request.refresh_from_db()
    send_proof_code(request)
    assert refused(request, code_at(MINE))


def test_a_replaced_an_expired_and_a_used_code_are_refused():
    request = asked("deletion")
    replaced = code_at(MINE)
    send_proof_code(request)
    assert replaced == code_at(MINE) or refused(request, replaced)
    present = code_at(MINE)
    ProofCode.objects.update(expires_at=ProofCode.objects.get().sent_at)
    assert refused(request, present)
    send_proof_code(request)
    assert check_code(request=request, code=code_at(MINE))
    assert refused(request, code_at(MINE))


def test_a_code_of_another_request_is_refused():
    first, second = asked("deletion"), asked("deletion", address="bob@example.com")
    assert refused(second, code_at(MINE)) or code_at(MINE) == code_at("bob@example.com")
    assert check_code(request=first, code=code_at(MINE))


def test_a_code_is_tried_five_times():
    request = asked("deletion")
    right = code_at(MINE)
    assert all(refused(request, another(right)) for _try in range(MOST_TRIES))
    assert refused(request, right)


def test_new_codes_do_not_buy_guesses_without_end():
    request = asked("deletion")
    for _guess in range(MOST_TRIES_OF_A_REQUEST):
        send_proof_code(request)
        assert refused(request, another(code_at(MINE)))
    send_proof_code(request)
    assert refused(request, code_at(MINE))


def test_before_the_proof_known_and_unknown_cost_the_same_and_read_the_same(person):
    known, unknown = asked("access"), asked("access", address="nobody@example.com")
    said, queries = [], []
    for request in (known, unknown):
        with (
            CaptureQueriesContext(connection) as made,
            pytest.raises(WrongCode) as wrong,
        ):
            check_code(request=request, code="no code")
        said.append(str(wrong.value))
        queries.append([query["sql"].split()[0] for query in made])
    assert said[0] == said[1]
    assert queries[0] == queries[1]
    notices = [list(Notice.objects.filter(template=name).values_list("subject", flat=True)) for name in
               ("request_received", "request_code")]  # fmt: skip
    assert notices == [[None, None], [None, None]]


def test_staff_note_which_document_they_saw_and_nothing_of_it(person):
    request = asked("objection")
    seen = {"request": request, "subject": person.subject, "role": "Privacy officer", "by": uuid4()}
    prove_by_document(kind="passport", **seen)
    proof = RequestRecord.objects.get(act="proven")
    assert (proof.details, proof.role) == ({"proof": "document", "document": "passport"}, "Privacy officer")
    with pytest.raises(UnknownDocument):
        prove_by_document(kind="passport C01X00T47", **seen)


def test_a_request_stays_its_persons_when_its_address_goes_to_somebody_else(person):
    request = filed(
        "correction", text="My divorce", subject=person.subject, asker=Asker("DE", "en", "sms", PHONE)
    ).request
    ContactPoint.objects.get(index=PHONE).delete()
    for_nobody = code_at(PHONE)
    assert refused(request, for_nobody)
    make_person(phone=PHONE)
    request.refresh_from_db()
    send_proof_code(request)
    assert code_at(PHONE) == for_nobody
    assert refused(request, for_nobody)
    with pytest.raises(AnotherPerson):
        prove(request=request, proof=Proof.ONE_CODE, subject=owner_of(PHONE))
    request.refresh_from_db()
    assert (request.subject, request.proven_at) == (person.subject, None)


def test_no_message_goes_to_an_address_that_the_person_left(person):
    filed("correction", subject=person.subject, asker=Asker("DE", "en", "sms", PHONE))
    ContactPoint.objects.get(index=PHONE).delete()
    make_person(phone=PHONE)
    RightsRequest.objects.update(due_at=timezone.now())
    close_unproven()
    [told] = Notice.objects.filter(template="request_not_proven")
    assert (told.channel, str(told.address)) == ("email", MINE)


def test_who_showed_a_document_reads_the_answer_by_a_code_to_the_address_they_wrote_from(person):
    request = asked("access", address="new@example.org")
    prove_by_document(request=request, kind="passport", subject=person.subject, role="Privacy officer", by=uuid4())
    send_proof_code(request)
    assert check_code(request=request, code=code_at("new@example.org"))
    mark_verified(add_contact_point(subject=make_person().subject, field="email", value="new@example.org"))
    send_proof_code(request)
    assert refused(request, code_at("new@example.org"))
