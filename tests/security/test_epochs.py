"""What was proved before a change of the account is void after it: proofs, waiting sign-ins, codes, challenges."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.sessions.models import Session
from accounts.sessions.services import change_password, end_sessions
from accounts.users.epochs import BeginAgain, hold_epoch
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD, give_second_factor, make_person
from tests.parallel import in_parallel
from tests.passkeys import PasskeyDevice
from tests.sign_in_clients import app_code, client_of, newest_code

PHONE, EMAIL = "+4915123456789", "maria@example.com"
NEW, THEIRS = "Granite-Piano-River-77", "Copper-Meadow-Violin-31"


@pytest.fixture
def owner() -> User:
    person = make_person(phone=PHONE)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=EMAIL))
    return person


def own_app(user: User) -> App:
    app = App()
    app.sign_in(user.username, PASSWORD)
    if app.get("auth/session").json()["next"]:
        app.post("auth/second-factor", {"code": app_code()})
    return app


def new_password(user: User) -> None:
    assert own_app(user).post("auth/password", {"current": PASSWORD, "password": NEW}).status_code == 200


def recovery(_user: User) -> None:
    app = App()
    app.post("auth/recover", {"login": EMAIL})
    assert app.post("auth/recover/confirm", {"code": newest_code("recovery_code")}).status_code == 204
    assert app.post("auth/recover/password", {"password": NEW}).status_code == 200


def end_of_other_sessions(user: User) -> None:
    assert own_app(user).send("DELETE", "auth/sessions").status_code == 204


def end_of_sessions_by_staff(user: User) -> None:
    end_sessions([user.subject_id])


def changed_contact(user: User) -> None:
    app = own_app(user)
    app.post("me/contacts/email", {"value": "other@example.com"})
    assert app.post("me/contacts/email/verify", {"code": newest_code()}).status_code == 200


def added_passkey(user: User) -> None:
    app = own_app(user)
    made = PasskeyDevice().made(app.get("auth/passkeys").json()["options"])
    assert app.post("auth/passkeys", {"credential": made}).status_code == 201


def added_app(user: User) -> None:
    app = own_app(user)
    secret = app.get("auth/app").json()["secret"]
    assert app.post("auth/app", {"code": app_code(secret)}).status_code == 201


CHANGES = [
    new_password,
    recovery,
    end_of_other_sessions,
    end_of_sessions_by_staff,
    changed_contact,
    added_passkey,
    added_app,
]
every_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)


@every_change
def test_a_proof_of_a_recovery_is_void_after_a_change(owner: User, change: Callable[[User], None]):
    x = App()
    x.post("auth/recover", {"login": PHONE})
    assert x.post("auth/recover/confirm", {"code": newest_code("recovery_code")}).status_code == 204
    change(owner)
    before = User.objects.get(pk=owner.pk).password
    assert x.post("auth/recover/password", {"password": THEIRS}).json()["code"] == "no_pending_step"
    assert User.objects.get(pk=owner.pk).password == before


@every_change
@pytest.mark.parametrize(("path", "template"), [("auth/code", "sign_in_code"), ("auth/recover", "recovery_code")])
def test_a_code_is_void_after_a_change(owner: User, change: Callable[[User], None], path: str, template: str):
    x = App()
    x.post(path, {"login": PHONE})
    code = newest_code(template)
    change(owner)
    assert x.post(f"{path}/confirm", {"code": code}).json()["code"] == "wrong_code"


@pytest.mark.parametrize("change", CHANGES[:-1], ids=lambda change: change.__name__)
def test_a_sign_in_that_waits_for_the_second_step_is_void_after_a_change(owner: User, change: Callable[[User], None]):
    PasskeyDevice().set_up(owner)
    give_second_factor(owner)
    x = App()
    assert x.sign_in(owner.username, PASSWORD).json()["next"] == "second_factor"
    change(owner)
    assert x.get("auth/second-factor").json()["code"] == "no_pending_step"
    assert x.post("auth/second-factor", {"code": app_code()}).json()["code"] == "no_pending_step"
    assert x.get("auth/session").json()["next"] is None


def test_a_removed_factor_voids_a_waiting_sign_in(owner: User):
    PasskeyDevice().set_up(owner)
    give_second_factor(owner)
    x, mine = App(), own_app(owner)
    x.sign_in(owner.username, PASSWORD)
    assert mine.send("DELETE", "auth/app").status_code == 204
    assert x.get("auth/second-factor").json()["code"] == "no_pending_step"


def test_new_recovery_codes_void_a_waiting_sign_in(owner: User):
    give_second_factor(owner)
    x, mine = App(), own_app(owner)
    x.sign_in(owner.username, PASSWORD)
    assert mine.post("auth/recovery-codes").status_code == 201
    assert x.get("auth/second-factor").json()["code"] == "no_pending_step"


def test_the_page_of_the_second_step_says_that_one_begins_again(client: Client, owner: User):
    give_second_factor(owner)
    client.post("/sign-in/", {"login": owner.username, "password": PASSWORD})
    end_of_sessions_by_staff(owner)
    answer = client.post("/sign-in/second-step/", {"code": app_code()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "Start again" in answer.content.decode()
    assert client.get("/home/").status_code == 302


def test_the_page_of_a_new_password_says_that_one_begins_again(client: Client, owner: User):
    client.post("/recover/", {"login": PHONE})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})
    new_password(owner)
    answer = client.post("/recover/password/", {"password": THEIRS}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "Start again" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_a_code_for_a_new_contact_point_is_void_after_a_change(owner: User):
    x = own_app(owner)
    x.post("me/contacts/phone", {"value": "+4915123450000"})
    code = newest_code()
    x.post("auth/password", {"current": PASSWORD, "password": NEW})
    assert x.post("me/contacts/phone/verify", {"code": code}).json()["code"] == "wrong_code"


def test_a_session_continues_after_its_own_changes(owner: User):
    client = client_of(owner)
    client.post("/settings/security/password/", {"current": PASSWORD, "password": NEW})
    assert client.get("/home/").status_code == 200


def test_a_cancelled_person_keeps_no_sign_in_that_waits(owner: User):
    give_second_factor(owner)
    x, mine = App(), own_app(owner)
    x.sign_in(owner.username, PASSWORD)
    assert mine.post("me/cancellation", {"confirmed": True}).status_code == 201
    assert x.post("auth/second-factor", {"code": app_code()}).json()["code"] == "no_pending_step"


def test_a_user_read_before_a_change_does_not_pass_the_lock(owner: User):
    read_before = User.objects.get(pk=owner.pk)
    end_of_sessions_by_staff(owner)
    with pytest.raises(BeginAgain):
        hold_epoch(subject_id=read_before.subject_id, epoch=read_before.epoch)
    with pytest.raises(BeginAgain):
        change_password(user=read_before, password=THEIRS)
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_a_recovery_and_a_new_password_at_once_only_one_counts(owner: User):
    x, mine = App(), own_app(owner)
    x.post("auth/recover", {"login": PHONE})
    x.post("auth/recover/confirm", {"code": newest_code("recovery_code")})
    statuses = [0, 0]

    def act(number: int) -> None:
        if number:
            statuses[1] = x.post("auth/recover/password", {"password": THEIRS}).status_code
        else:
            statuses[0] = mine.post("auth/password", {"current": PASSWORD, "password": NEW}).status_code

    assert in_parallel(2, act) == ["done", "done"]
    owner.refresh_from_db()
    winner = NEW if statuses[0] == 200 else THEIRS
    assert sorted(status < 300 for status in statuses) == [False, True], statuses
    assert owner.check_password(winner)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_no_session_outlives_the_end_of_all_that_came_at_the_same_moment(owner: User):
    for _ in range(4):
        apps = [App() for _ in range(3)]

        def act(number: int, apps: list[App] = apps) -> None:
            if number:
                apps[number - 1].sign_in(owner.username, PASSWORD)
            else:
                end_sessions([owner.subject_id])

        in_parallel(4, act)
        open_now = Session.objects.filter(subject_id=owner.subject_id).count()
        signed_in = sum(app.get("me").status_code == 200 for app in apps)
        assert signed_in == open_now
