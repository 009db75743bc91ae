"""Administrators and owners hand in the enterprise's licence after a fresh sign-in; members only see its state."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from accounts.enterprises.services import leave
from accounts.licences.models import Licence, LicencePage
from accounts.users.models import User
from privacy.restriction.services import restrict_processing
from tests.app import App
from tests.enterprises import make_enterprise, make_member
from tests.factories import PASSWORD, make_person
from tests.licences import handed_in, licence_row, photo
from tests.sign_in_clients import client_of, fresh_client_of

PAGE, REST = "/settings/enterprise/licence/", "me/enterprise/licence"
RANKS = ["stranger", "member", "administrator", "owner", "account"]
MAY = ("administrator", "owner", "account")


@pytest.fixture
def enterprise() -> User:
    return make_enterprise()


def who(enterprise: User, rank: str) -> User:
    """Someone of a rank in an enterprise."""
    if rank == "account":
        return enterprise
    return make_person() if rank == "stranger" else make_member(enterprise, rank)[0]


def app_of(user: User) -> App:
    app = App()
    assert app.sign_in(str(user.username), PASSWORD).status_code == 200
    return app


def put(app: App) -> HttpResponse:
    return app.send("PUT", REST, photo(), content_type="image/jpeg")


def file() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("licence.jpg", photo())}


@pytest.mark.parametrize("rank", RANKS)
def test_an_app_hands_it_in_for_the_enterprise(enterprise: User, rank: str):
    answer = put(app_of(who(enterprise, rank)))
    if rank in MAY:
        assert (answer.status_code, answer.json()["state"]) == (200, "in_review")
        assert Licence.objects.get().subject_id == enterprise.subject_id
        assert answer.json()["pages"] == []
        return
    expected = {"stranger": (404, "not_found"), "member": (403, "role_too_low")}[rank]
    assert (answer.status_code, answer.json()["code"]) == expected
    assert not Licence.objects.exists()


@pytest.mark.parametrize("rank", RANKS)
def test_the_page_takes_a_file_for_the_enterprise(enterprise: User, rank: str):
    answer = fresh_client_of(who(enterprise, rank)).post(PAGE, file())
    if rank in ("administrator", "owner"):
        assert answer["Location"] == PAGE
        assert Licence.objects.get().subject_id == enterprise.subject_id
        return
    # The enterprise's own account has a page of its own.
    assert answer.status_code == {"stranger": 404, "member": 403, "account": 302}[rank]
    assert not Licence.objects.exists()


def test_the_page_needs_a_fresh_sign_in(enterprise: User):
    browser = client_of(who(enterprise, "administrator"))
    for answer in (browser.get(PAGE), browser.post(PAGE, file())):
        assert answer.headers["Location"].startswith("/sign-in/again/")
    assert not Licence.objects.exists()


def test_an_app_signs_in_again_first(enterprise: User):
    app = app_of(who(enterprise, "administrator"))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        refused = put(app)
        assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_required")
        assert app.get(REST).status_code == 200
        assert app.post("auth/again", {"password": PASSWORD}).status_code == 204
        assert put(app).status_code == 200


def test_members_see_its_state_and_administrators_also_the_reasons(enterprise: User):
    row = licence_row(enterprise.subject, "returned", code="unreadable")
    row.words = "The stamp cannot be read."
    row.save(update_fields=["words"])
    member, administrator = (who(enterprise, rank) for rank in ("member", "administrator"))
    seen = app_of(member).get(REST).json()
    assert (seen["state"], seen["is_in_force"], seen["code"], seen["words"], seen["due_at"]) == (
        "returned",
        False,
        "",
        "",
        None,
    )
    full = app_of(administrator).get(REST).json()
    assert (full["code"], full["words"]) == ("unreadable", "The stamp cannot be read.")
    pages = {user: client_of(user).get("/settings/enterprise/").content.decode() for user in (member, administrator)}
    assert "Returned" in pages[member]
    assert "stamp" not in pages[member]
    assert PAGE not in pages[member]
    assert "The stamp cannot be read." in pages[administrator]


def test_pictures_are_for_the_enterprises_own_account_alone(enterprise: User):
    handed_in(user=enterprise)
    picture = f"/settings/licence/pages/{LicencePage.objects.get().pk}/"
    assert client_of(enterprise).get(picture).status_code == 200
    assert client_of(who(enterprise, "owner")).get(picture).status_code == 404


def test_a_file_that_is_no_licence_is_an_error_of_the_form(enterprise: User):
    browser = fresh_client_of(who(enterprise, "owner"))
    answer = browser.post(PAGE, {"file": SimpleUploadedFile("licence.pdf", b"words")})
    assert "This is neither a PDF" in answer.content.decode()
    assert not Licence.objects.exists()


@pytest.mark.parametrize("how", ["left", "restricted"])
def test_who_acts_for_it_no_more_hands_in_nothing(enterprise: User, how: str):
    make_member(enterprise, "owner")
    person = who(enterprise, "owner")
    app = app_of(person)
    if how == "left":
        leave(subject=person.subject)
    else:
        restrict_processing(subject=enterprise.subject, why="request")
    assert put(app).status_code == 404
    assert not Licence.objects.exists()
