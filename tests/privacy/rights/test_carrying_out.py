"""The portal carries out what needs no human within a minute of the proof, and says so once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from accounts.profiles.models import Profile
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import switch_purpose
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import undo_cancellation
from privacy.export.models import DataCopy
from privacy.export.services import make_due_copies
from privacy.notices.models import Notice
from privacy.rights.carrying_out.copies import copy_of_request, document_of, page_of
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState, Proof, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from tests.erasures import erase, held
from tests.factories import make_person, pass_time
from tests.privacy.rights.filing import ASKER, filed, item_of, proven

NEEDS_ACCOUNT = ("access", "portability", "correction", "deletion", "withdrawal", "objection", "restriction")


def erase_now(case: ErasureCase) -> None:
    pass_time(case, settings.COOLING_OFF)
    erase_due_accounts()


def messages() -> list[str]:
    return list(Notice.objects.filter(template="request_decided").values_list("template", flat=True))


def test_a_copy_answers_access_and_portability_once_it_is_ready():
    person = make_person()
    request = proven(person, "access", "portability")
    carry_out_due()
    assert {item_of(request, right).state for right in ("access", "portability")} == {ItemState.PROVEN}
    assert copy_of_request(request) is None
    make_due_copies()
    assert carry_out_due() == 2
    assert {item_of(request, right).state for right in ("access", "portability")} == {ItemState.DONE}
    copy = copy_of_request(request)
    assert document_of(copy)["records"]["profile"][0]["name"] == Profile.objects.get(subject=person.subject).name
    assert "Maria Petrović" in page_of(copy)
    assert RightsRequest.objects.get().closed_at is not None
    assert len(messages()) == 1


def test_another_persons_request_has_no_copy():
    proven(make_person(), "access")
    carry_out_due()
    make_due_copies()
    carry_out_due()
    stranger = proven(None, "access")
    carry_out_due()
    assert copy_of_request(stranger) is None


@pytest.mark.parametrize("right", NEEDS_ACCOUNT)
def test_someone_without_an_account_is_told_that_no_data_is_held(right):
    request = proven(None, right)
    carry_out_due()
    item = item_of(request, right)
    assert (item.state, item.answer) == (ItemState.DONE, "no_data")
    assert RequestRecord.objects.get(act="decided").details == {"answer": "no_data"}
    assert len(messages()) == 1


def test_who_showed_a_document_is_looked_up_by_staff():
    request = proven(None, "access", proof=Proof.DOCUMENT)
    carry_out_due()
    assert item_of(request, "access").state == ItemState.WITH_STAFF


def test_nothing_is_carried_out_before_the_proof():
    request = filed(*NEEDS_ACCOUNT).request
    assert carry_out_due() == 0
    assert set(request.items.values_list("state", flat=True)) == {ItemState.RECEIVED}


def test_a_withdrawal_turns_off_every_optional_purpose():
    person = make_person()
    for key in ("product_news", "user_experience"):
        switch_purpose(subject=person.subject, key=key, on=True, channel="web")
    request = proven(person, "withdrawal")
    carry_out_due()
    assert purposes_in_force(person.subject_id) == []
    assert (item_of(request, "withdrawal").state, item_of(request, "withdrawal").answer) == (ItemState.DONE, "off")


@pytest.mark.parametrize("text", ["product_news", "Product news", " 产品资讯。"])
def test_an_objection_to_an_optional_purpose_turns_only_that_one_off(text):
    person = make_person()
    for key in ("product_news", "user_experience"):
        switch_purpose(subject=person.subject, key=key, on=True, channel="web")
    request = proven(person, "objection", text=text)
    carry_out_due()
    assert purposes_in_force(person.subject_id) == ["user_experience"]
    assert item_of(request, "objection").state == ItemState.DONE


@pytest.mark.parametrize("text", ["", "Stop scoring me", "Keep product news, stop the rest"])
def test_an_objection_to_anything_else_is_read_by_staff(text):
    person = make_person()
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    request = proven(person, "objection", text=text)
    carry_out_due()
    assert purposes_in_force(person.subject_id) == ["product_news"]
    assert item_of(request, "objection").state == ItemState.WITH_STAFF


@pytest.mark.parametrize(
    ("text", "proof", "state"),
    [
        ("", Proof.SIGN_IN, ItemState.DONE),
        ("My name is Maria", Proof.SIGN_IN, ItemState.WITH_STAFF),
        ("", Proof.ONE_CODE, ItemState.WITH_STAFF),
    ],
)
def test_a_correction_with_words_is_read_by_staff(text, proof, state):
    request = proven(make_person(), "correction", text=text, proof=proof)
    carry_out_due()
    assert item_of(request, "correction").state == state


def test_a_deletion_cancels_the_account_on_its_ground_and_can_be_undone():
    person = make_person()
    request = proven(person, "deletion")
    carry_out_due()
    case = ErasureCase.objects.get()
    assert (case.subject, case.ground) == (person.subject, "6.3.1")
    assert item_of(request, "deletion").state == ItemState.COOLING_OFF
    assert carry_out_due() == 0
    undo_cancellation(case=case)
    assert carry_out_due() == 1
    assert (item_of(request, "deletion").state, item_of(request, "deletion").answer) == (ItemState.WITHDRAWN, "kept")


def test_a_copy_that_is_asked_for_with_the_deletion_can_be_read_until_the_erasure():
    request = proven(make_person(), "access", "deletion")
    carry_out_due()
    make_due_copies()
    carry_out_due()
    assert item_of(request, "access").state == ItemState.DONE
    assert item_of(request, "deletion").state == ItemState.COOLING_OFF
    assert "Maria" in page_of(copy_of_request(request))


def test_a_deletion_joins_the_cancellation_that_runs_already():
    person = make_person()
    first = proven(person, "deletion")
    carry_out_due()
    second = proven(person, "deletion")
    carry_out_due()
    assert item_of(first, "deletion").carried_out_by == item_of(second, "deletion").carried_out_by


def test_an_erasure_proves_that_the_deletion_is_done():
    person = make_person()
    request = proven(person, "deletion")
    carry_out_due()
    case = ErasureCase.objects.get()
    erase_now(case)
    assert not RightsRequest.objects.exists()
    decided = RequestRecord.objects.get(act="decided", reference=request.reference)
    assert (decided.right, decided.outcome, decided.details) == ("deletion", "done", {"answer": "erased"})
    acts = RequestRecord.objects.filter(reference=request.reference).order_by("position").values_list("act", flat=True)
    assert list(acts) == ["received", "proven", "decided", "closed"]


def test_what_a_hold_keeps_is_a_refusal_in_part_with_its_reasons():
    person = make_person()
    held(person, "contact")
    request = proven(person, "deletion")
    carry_out_due()
    erase_now(ErasureCase.objects.get())
    decided = RequestRecord.objects.get(act="decided", reference=request.reference)
    assert decided.outcome == "partly"
    assert decided.details["kept"] == ["contact"]
    assert decided.details["legal_basis"] == "Court order 12/2026"
    assert all(decided.details[name] for name in ("regulator", "court", "kept_until"))


def test_a_deletion_in_part_names_the_authority_as_any_other_refusal_does():
    person = make_person()
    held(person, "requests")
    request = proven(person, "deletion", asker=replace(ASKER, country="FR"))
    carry_out_due()
    erase_now(ErasureCase.objects.get())
    carry_out_due()
    item = item_of(request, "deletion")
    assert item.regulator == "French National Commission on Informatics and Liberty"
    assert item.court == "the competent court in your country or region"


def test_a_request_that_a_hold_keeps_says_what_was_kept():
    person = make_person()
    held(person, "requests")
    request = proven(person, "deletion")
    carry_out_due()
    erase_now(ErasureCase.objects.get())
    assert carry_out_due() == 1
    item = item_of(request, "deletion")
    assert (item.state, item.kept, item.exception) == (ItemState.PARTLY, ["requests"], "1.7.3")


def test_an_open_request_of_an_erased_person_says_that_it_went_with_the_account():
    person = make_person()
    filed("question", subject=person.subject)
    erase(person)
    assert RequestRecord.objects.order_by("-position").first().act == "erased"


def test_one_item_that_fails_stops_no_other(monkeypatch):
    monkeypatch.setattr("privacy.rights.carrying_out.switches.purposes_in_force", lambda _subject: 1 / 0)
    request = proven(make_person(), "withdrawal", "objection")
    carry_out_due()
    assert item_of(request, "withdrawal").state == ItemState.PROVEN
    assert item_of(request, "objection").state == ItemState.WITH_STAFF


def test_what_the_portal_cannot_do_within_an_hour_waits_for_staff(monkeypatch):
    monkeypatch.setattr("privacy.rights.carrying_out.switches.purposes_in_force", lambda _subject: 1 / 0)
    request = proven(make_person(), "withdrawal")
    RightsRequest.objects.update(proven_at=request.received_at.replace(year=2020))
    carry_out_due()
    assert item_of(request, "withdrawal").state == ItemState.WITH_STAFF


def test_after_a_day_without_sweeps_everything_is_carried_out_all_the_same():
    person = make_person()
    request = proven(person, "access", "withdrawal", "restriction")
    RightsRequest.objects.update(proven_at=F("proven_at") - timedelta(days=1))
    carry_out_due()
    make_due_copies()
    carry_out_due()
    assert set(request.items.values_list("state", flat=True)) == {ItemState.DONE}


def test_a_copy_that_cannot_be_made_waits_for_staff():
    request = proven(make_person(), "access")
    carry_out_due()
    DataCopy.objects.update(state=DataCopy.State.FAILED)
    carry_out_due()
    assert item_of(request, "access").state == ItemState.WITH_STAFF


def test_a_copy_that_was_deleted_meanwhile_is_made_again():
    request = proven(make_person(), "access")
    carry_out_due()
    DataCopy.objects.update(state=DataCopy.State.FORGOTTEN)
    carry_out_due()
    make_due_copies()
    carry_out_due()
    assert copy_of_request(request) is not None


def test_the_message_has_the_link_to_the_request(client):
    request = proven(None, "access")
    carry_out_due()
    sent = Notice.objects.get(template="request_decided")
    link = json.loads(str(sent.context))["request_url"]
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    assert page.status_code == 200
    assert request.reference in page.content.decode()
    assert str(Right.ACCESS.label) in page.content.decode()
