"""Requests about data of somebody else: the person attests that they may act, and staff deal with it (clause 1.6)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from privacy.rights.answering.decisions import moves_for_staff
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import About, ItemState, Right
from privacy.rights.forms.filing import FilingForm
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.staff.importing import read_rows
from tests.app import App
from tests.copies import document_of
from tests.factories import make_person, make_policy
from tests.privacy.rights.filing import Asker, item_of, proven
from tests.privacy.rights.in_admin import officer, page, read
from tests.privacy.rights.pages import file, send, text_of

pytestmark = pytest.mark.django_db
OTHER, NAMED = (Asker("DE", "en", "email", "ada@example.com", about=about) for about in (About.OTHER, About.NAMED))
BODY = {"country": "DE", "contact": {"email": "ada@example.com"}, "items": [{"right": "access"}]}


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


def test_the_form_asks_whose_data_it_is_and_takes_no_answer_as_ones_own():
    client = Client()
    form = text_of(client.get("/requests/"))
    assert "Is this about you or about somebody else?" in form
    assert "I may act for this person" in form
    shown = text_of(client.get(file(client)))
    assert RightsRequest.objects.get().about == About.SELF
    assert "About me" not in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Confirm that you may act for this person"), ("zh-hans", "请确认您有权代此人申请")],
)
def test_a_request_about_somebody_else_needs_the_attestation_which_is_evidence(language: str, words: str):
    client = Client(headers={"Accept-Language": language})
    refused = send(client, about="other")
    assert (refused.status_code, words in text_of(refused)) == (422, True)
    assert not RightsRequest.objects.exists()
    file(client, about="other", attested="on")
    request = RightsRequest.objects.get()
    details = RequestRecord.objects.get(act=RequestRecord.Act.RECEIVED).details
    assert request.attested_at is not None
    assert (details["about"], details["attested_at"]) == ("other", request.attested_at.isoformat())


def test_somebody_who_is_named_in_another_account_says_where():
    client = Client()
    assert "Write whose account it is" in text_of(send(client, about="named", rights=["deletion"], ground="6.3.1"))
    file(client, about="named", rights=["correction"], text="The company of J. Doe calls me its contact person.")
    request = RightsRequest.objects.get()
    assert (request.about, request.attested_at) == ("named", None)


@pytest.mark.parametrize("asker", [OTHER, NAMED], ids=["other", "named"])
@pytest.mark.parametrize("right", [right for right in Right if right not in ("complaint", "question")])
def test_the_portal_carries_out_nothing_about_somebody_else(asker: Asker, right: str):
    """The account of who asks is another one than that whose data it is."""
    person = make_person()
    request = proven(person, right, asker=asker, text="It is about my mother.")
    carry_out_due()
    item = item_of(request, right)
    assert (item.state, item.carried_out_by) == (ItemState.WITH_STAFF, None)
    assert ItemState.PROVEN not in moves_for_staff(request, item)
    # A report of a child is answered, not refused.
    ends = {ItemState.DONE} if right == Right.CHILD else {ItemState.DONE, ItemState.REFUSED}
    assert ends <= set(moves_for_staff(request, item))


def test_someone_without_an_account_is_not_told_that_there_is_no_data():
    request = proven(None, "deletion", asker=NAMED, text="In the account of J. Doe.")
    carry_out_due()
    item = item_of(request, "deletion")
    assert (item.state, item.answer) == (ItemState.WITH_STAFF, "")


def test_staff_see_whose_data_it_is():
    staff = officer()
    shown = read(staff, page(proven(make_person(), "access", asker=OTHER)))
    assert "About somebody else: the writer states that they may act for them" in shown
    assert "Check that they may act" in shown
    assert "Check that they may act" not in read(staff, page(proven(None, "access")))


def test_an_app_attests_it_too():
    for wrong, name in [
        ({"about": "other"}, "attested"),
        ({"about": "other", "attested": False}, "attested"),
        ({"attested": True}, "attested"),
        ({"about": "named"}, "items.0.text"),
        ({"about": "everyone"}, "about"),
        ({"about": "other", "attested": "yes"}, "attested"),
    ]:
        answer = App().post("requests", BODY | wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name]), wrong
    filed = App().post("requests", BODY | {"about": "other", "attested": True}).json()
    assert (filed["about"], RightsRequest.objects.get().attested_at is not None) == ("other", True)
    assert App().post("requests", BODY).json()["about"] == "self"


def test_staff_file_a_letter_about_somebody_else_also_from_a_file():
    table = "received_at,channel,rights,reach,country,about\n2026-01-02 09:00,letter,access,1 Street,DE,other\n"
    [row] = read_rows(table)
    assert (row.errors, row.form.asker().about) == ([], About.OTHER)
    given = {
        "received_at": "2026-01-02 09:00",
        "channel": "letter",
        "rights": ["access"],
        "reach": "x",
        "country": "DE",
    }
    form = FilingForm(given)
    assert form.is_valid()
    assert form.asker().about == About.SELF


def test_the_database_keeps_no_unattested_request_about_somebody_else():
    request = proven(None, "access", asker=OTHER)
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.filter(pk=request.pk).update(attested_at=None)


def test_a_copy_says_whose_data_was_asked_for():
    person = make_person()
    proven(person, "question", asker=OTHER, text="May she?")
    [copied] = document_of(person.subject)["records"]["requests"]
    assert copied["about"] == "other"
    assert copied["attested_at"]
