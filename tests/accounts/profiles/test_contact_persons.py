"""The contact person of an enterprise is somebody else: who gives their data attests that they may (clause 1.6)."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.profiles.models import Correction, Profile
from accounts.users.models import User
from tests.app import App, registered
from tests.copies import document_of
from tests.factories import make_policy
from tests.sign_in_clients import newest_code, register

pytestmark = pytest.mark.django_db
WORDS = {"en": "Confirm that you are the contact person", "zh-hans": "请确认您就是该联系人"}


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


def attested() -> bool:
    at = Profile.objects.get().attested_at
    return at is not None and (timezone.now() - at).total_seconds() < 60


@pytest.mark.parametrize("language", WORDS)
def test_an_enterprise_registers_with_the_attestation_only(language: str):
    refused = register(Client(headers={"Accept-Language": language}), kind="enterprise", attested="")
    assert (refused.status_code, WORDS[language] in refused.content.decode()) == (422, True)
    assert not Profile.objects.exists()
    register(Client(), kind="enterprise")
    assert attested()


def test_a_person_is_not_asked():
    register(Client())
    assert Profile.objects.get().attested_at is None
    assert "attested" not in App().get("fields?kind=individual&country=DE").content.decode()


@pytest.mark.parametrize("said", [None, False])
def test_an_app_attests_it_too(said: object):
    body = {} if said is None else {"attested": said}
    app = App()
    missing = app.register(kind="enterprise", **({"attested": None} | body))
    assert (missing.status_code, list(missing.json()["errors"])) == (422, ["attested"])
    assert not Profile.objects.exists()
    assert app.register(kind="enterprise").status_code == 201
    assert attested()


def test_another_contact_person_is_attested_again():
    client = Client()
    register(client, kind="enterprise")
    client.post("/sign-in/verify/", {"code": newest_code()})
    Profile.objects.update(attested_at=None)
    typed = {"name": "Li Na", "username": "joerg_gross", "country": "DE", "enterprise_name": "Example"}
    refused = client.post("/settings/profile/", typed)
    assert WORDS["en"] in refused.content.decode()
    assert not Correction.objects.exists()
    client.post("/settings/profile/", typed | {"name": "Jörg Groß", "company_name": "Groß"})
    assert (attested(), [row.field for row in Correction.objects.all()]) == (False, ["company_name"])
    client.post("/settings/profile/", typed | {"attested": "on"})
    assert (attested(), str(Profile.objects.get().name)) == (True, "Li Na")


def test_an_app_attests_another_contact_person():
    app = registered(kind="enterprise")
    Profile.objects.update(attested_at=None)
    refused = app.send("PATCH", "me", {"name": "Li Na"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["attested"])
    assert app.send("PATCH", "me", {"company_name": "Groß", "name": "Jörg Groß"}).status_code == 200
    assert not attested()
    assert app.send("PATCH", "me", {"name": "Li Na", "attested": True}).status_code == 200
    assert attested()
    person = registered(username="another", phone="+4915123456700")
    assert list(person.send("PATCH", "me", {"attested": True}).json()["errors"]) == ["attested"]


def test_a_copy_says_when():
    registered(kind="enterprise")
    [copied] = document_of(User.objects.get().subject)["records"]["profile"]
    assert copied["attested_at"]
