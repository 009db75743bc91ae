"""While a guardian acts for a person, each of their fields counts as sensitive, wherever it is shown."""

import pytest
from django.test import Client

from accounts.profiles.models import Profile
from accounts.staff.people import masked_facts, opened_facts, person_of
from accounts.users.models import User
from privacy.guardians.acting import end_guardianship
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.sensitivity import fields_seen_for, is_sensitive
from privacy.inventory.queries import personal_fields
from privacy.operations.roles import SUPPORT
from tests.children import opened, page_of, registered_child
from tests.copies import document_of, make_guardianship
from tests.factories import make_person, make_policy, make_staff
from tests.sign_in_clients import client_of

FIELDS = {field.key: field for field in personal_fields()}
CHIP = "about-sensitive"


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> User:
    person = make_person()
    make_guardianship(person.subject, ended_at=None, ended_as="")
    return person


@pytest.mark.parametrize("key", FIELDS)
def test_a_field_is_sensitive_as_declared_and_always_of_a_child(key: str):
    person, field = make_person(), FIELDS[key]
    assert is_sensitive(person.subject_id, field) is field.sensitive
    guardianship = make_guardianship(person.subject, ended_at=None, ended_as="")
    assert is_sensitive(person.subject_id, field) is True
    assert [shown.sensitive for shown in fields_seen_for(person.subject_id, [field])] == [True]
    end_guardianship(guardianship=guardianship, end="of_age", act=GuardianRecord.Act.CAME_OF_AGE)
    assert is_sensitive(person.subject_id, field) is field.sensitive


def test_not_every_field_of_an_adult_is_sensitive():
    """The tests here would notice if all were."""
    assert {field.sensitive for field in FIELDS.values()} == {True, False}


def test_in_the_admin_each_is_masked_until_a_reason_is_given_and_marked(child: User):
    person = person_of(child)
    for facts in (masked_facts(person), opened_facts(person)):
        assert len(facts) >= 4
        assert all(fact.is_sensitive for fact in facts)
    masked = {fact.value for fact in masked_facts(person)}
    assert masked.isdisjoint(fact.value for fact in opened_facts(person))
    page = f"/admin/accounts/user/{child.pk}/"
    staff = client_of(make_staff(SUPPORT))
    assert "Maria" not in staff.get(f"{page}change/").content.decode()
    reason = {"reason": "support", "reference": "TICKET-7"}
    shown = staff.post(f"{page}open/", reason, follow=True).content.decode()
    assert "Maria" in shown
    assert shown.count("Sensitive") == len(opened_facts(person))


def test_in_the_copy_each_is_marked(child: User):
    declared = {key: field.sensitive for key, field in FIELDS.items()}
    for person, expected in ((child, dict.fromkeys(FIELDS, True)), (make_person(), declared)):
        fields = document_of(person.subject)["fields"]
        assert {key: said["sensitive"] for key, said in fields.items()} == expected


def test_on_the_pages_of_the_guardian_each_has_the_chip():
    guardianship = registered_child()
    browser = opened()
    answers = browser.get(page_of(guardianship))
    assert answers.content.decode().count(CHIP) == len(answers.context["answers"]) >= 3
    form = browser.get(page_of(guardianship, "correct/"))
    assert form.content.decode().count(CHIP) == len(form.context["form"].asked)


def test_on_the_childs_own_pages_each_has_the_chip(child: User):
    browser: Client = client_of(child)
    form = browser.get("/settings/profile/")
    assert form.content.decode().count(CHIP) == len(form.context["form"].asked)
    security = browser.get("/settings/security/")
    assert security.content.decode().count(CHIP) == len(security.context["contacts"])
    Guardianship.objects.all().delete()
    assert Profile.objects.exists()
    form = browser.get("/settings/profile/")
    assert form.content.decode().count(CHIP) < len(form.context["form"].asked)
