"""A document that staff look at proves who asks: who may confirm that, what is evidence of it, and what it does."""

import pytest

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.operations.roles import SUPPORT
from privacy.rights.admin.step_details import details_in_words
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState, Proof
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestMessage
from privacy.rights.showing import steps_of_request
from tests.factories import make_person, make_staff
from tests.privacy.rights import filing
from tests.privacy.rights.in_admin import filed, officer, page, proven, with_staff
from tests.sign_in_clients import client_of

SEEN = {"looked": "on", "document": "passport"}
OWN = "This is your own request."


def with_mailbox(staff: User) -> User:
    """A member of staff with the address of the requests of `in_admin`."""
    mark_verified(add_contact_point(subject=staff.subject, field="email", value="ada@example.com"))
    return staff


def test_a_document_proves_who_asks_once():
    person, request = make_person(), filed("correction")
    client = client_of(officer())
    unknown = client.post(page(request, "identity"), {"subject": str(request.pk), **SEEN}, follow=True)
    assert "No person has this number" in unknown.content.decode()
    client.post(page(request, "identity"), {"subject": str(person.subject.pk), "document": "passport"})
    client.post(page(request, "identity"), {"subject": str(person.subject.pk), "looked": "on"})
    request.refresh_from_db()
    assert request.proven_at is None
    client.post(page(request, "identity"), {"subject": str(person.subject.pk), **SEEN})
    request.refresh_from_db()
    assert (request.proof, request.subject) == ("document", person.subject)
    assert request.items.get().state == "proven"
    again = client.post(page(request, "identity"), SEEN, follow=True)
    assert "proven already" in again.content.decode()


def test_the_evidence_says_which_document_was_seen_and_by_which_role():
    person, request = make_person(), filed("correction")
    client = client_of(officer())
    client.post(page(request, "identity"), {"subject": str(person.subject.pk), **SEEN})
    record = RequestRecord.objects.get(act="proven")
    assert (record.role, record.details["document"]) == ("Privacy officer", "passport")
    assert [step.by for step in steps_of_request(request)] == ["You", "Privacy officer"]
    assert dict(details_in_words(record.details))["Identity document"] == "Passport"


def test_support_neither_sees_the_form_nor_may_send_it():
    request, support = filed("deletion"), client_of(make_staff(SUPPORT, username="support"))
    assert page(request, "identity") not in support.get(page(request)).content.decode()
    person = make_person()
    assert support.post(page(request, "identity"), {"subject": str(person.subject_id), **SEEN}).status_code == 403
    carry_out_due()
    assert not ErasureCase.objects.exists()


@pytest.mark.parametrize("typed", ["nobody", "another"])
def test_a_request_of_a_known_person_stays_theirs(typed):
    person, other = make_person(), make_person()
    request = filed("correction", subject=person.subject)
    number = {"subject": str(other.subject_id)} if typed == "another" else {}
    client_of(officer()).post(page(request, "identity"), number | SEEN)
    request.refresh_from_db()
    assert (request.proof, request.subject) == (Proof.DOCUMENT, person.subject)


def test_codes_and_documents_end_no_staff_account():
    member = with_mailbox(make_staff(username="admin"))
    for proof in (Proof.ONE_CODE, Proof.DOCUMENT):
        request = filing.proven(member, "deletion", proof=proof)
        carry_out_due()
        assert filing.item_of(request, "deletion").state == ItemState.WITH_STAFF
    assert not ErasureCase.objects.exists()


def test_a_member_of_staff_who_signs_in_cancels_their_own_account():
    request = filing.proven(with_mailbox(make_staff(username="admin")), "deletion", proof=Proof.SIGN_IN)
    carry_out_due()
    assert filing.item_of(request, "deletion").state == ItemState.COOLING_OFF


def test_no_one_works_on_their_own_request():
    own = with_mailbox(officer())
    client, request = client_of(own), proven("correction", subject=own.subject)
    item = with_staff(request)
    unproven = filed("correction")
    words = {"text": "Yes", "confirmed": "1"}
    sent = {
        page(request, "decide", item.pk, "done"): words,
        page(request, "answer"): words,
        page(request, "step", item.pk, "proven"): {},
        page(request, "extend"): words | {"days": "5", "reason": "complex"},
        page(unproven, "identity"): SEEN,
    }
    for address, data in sent.items():
        assert OWN in client.post(address, data, follow=True).content.decode(), address
    item.refresh_from_db()
    unproven.refresh_from_db()
    assert (item.state, unproven.proof) == (ItemState.WITH_STAFF, "")
    assert not RequestMessage.objects.exists()
    other = client_of(officer("other"))
    assert OWN not in other.post(page(request, "answer"), words, follow=True).content.decode()
    assert RequestMessage.objects.count() == 1
