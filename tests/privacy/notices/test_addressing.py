"""A message whose addressee is looked up when it is sent: it reaches the owner of what was typed, or no one."""

import json
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.contact_points.codes import MOST_ALIVE, CodeExpired, WrongCode, send_code_by_login, use_code
from accounts.contact_points.models import Code
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.encryption.keys import KeyDestroyed, destroy_keys, key_for
from privacy.notices import addressing, services
from privacy.notices.addressing import AddresseeLookUp, Outcome, assign_addressee
from privacy.notices.limits import LIMITS, MessagePurpose
from privacy.notices.models import RETENTION_CLASS, Notice
from privacy.notices.services import deliver_notice, send_due_codes
from tests.declarations import declare
from tests.erasures import erase
from tests.factories import make_person
from tests.parallel import in_parallel
from tests.sign_in_clients import code_in

PHONE = "+4915123456789"
RECOVER = Code.Use.RECOVER


def asked(login: str = PHONE) -> tuple[Code, Notice]:
    before = list(Notice.objects.values_list("pk", flat=True))
    code = send_code_by_login(login, use=RECOVER, language="en")
    return code, Notice.objects.exclude(pk__in=before).get()


def digits_of(notice: Notice) -> str:
    return str(json.loads(str(notice.context))["code"])


@pytest.fixture
def owner() -> User:
    return make_person(phone=PHONE)


def test_a_code_and_its_message_have_no_person_until_they_are_sent(owner: User):
    code, notice = asked()
    assert (code.contact_id, code.subject_id, notice.subject_id) == (None, None, None)
    with pytest.raises(WrongCode):
        use_code(code_id=code.pk, use=RECOVER, digits=digits_of(notice))


def test_sending_finds_the_owner_and_the_code_works_once(owner: User):
    code, notice = asked(" +49 1512 3456789 ")
    digits = digits_of(notice)
    assert deliver_notice(notice.pk)
    notice.refresh_from_db()
    assert (notice.subject_id, notice.state) == (owner.subject_id, Notice.State.SENT)
    used = use_code(code_id=code.pk, use=RECOVER, digits=digits)
    assert used.subject_id == owner.subject_id
    with pytest.raises(CodeExpired):
        use_code(code_id=code.pk, use=RECOVER, digits=digits)


def test_it_goes_to_the_stored_address_and_in_the_name_of_the_persons_company(owner: User):
    mark_verified(add_contact_point(subject=owner.subject, field="email", value="maria@example.org"))
    _code, notice = asked("MARIA@example.org")
    assert code_in(notice)
    assert (str(notice.address), notice.channel) == ("maria@example.org", "email")
    assert json.loads(str(notice.context))["jurisdiction"] == owner.subject.jurisdiction
    assert deliver_notice(notice.pk)
    assert [message.to for message in mail.outbox] == [["maria@example.org"]]


@pytest.mark.parametrize("login", ["+4915199999999", "nobody@example.org", "a-username", "\x00", "@" * 300])
def test_a_message_without_an_addressee_is_dropped_with_its_key(login: str, owner: User):
    code, notice = asked(login)
    assert not deliver_notice(notice.pk)
    assert not Notice.objects.filter(pk=notice.pk).exists()
    assert Code.objects.get(pk=code.pk).subject_id is None
    with pytest.raises(KeyDestroyed):
        key_for(notice.pk, RETENTION_CLASS)


def test_a_code_that_was_asked_for_again_is_not_sent(owner: User):
    client = Client()
    client.post("/recover/", {"login": PHONE})
    client.post("/recover/", {"login": PHONE})
    assert Notice.objects.filter(template="recovery_code").count() == 2
    assert send_due_codes() == 1


def test_a_person_who_is_erased_meanwhile_gets_no_message(owner: User):
    _code, notice = asked()
    erase(owner)
    assert not deliver_notice(notice.pk)
    assert not Notice.objects.filter(pk=notice.pk).exists()


def test_the_database_refuses_what_was_looked_up_before_an_erasure(owner: User):
    _code, notice = asked()
    look_up = addressing._look_up_for("recovery_code")

    def too_late(context):
        found = look_up(context)
        type(owner.subject).objects.filter(pk=owner.subject_id).update(erased_at=notice.created_at)
        return found

    with declare(AddresseeLookUp("recovery_code", too_late)):
        assert not deliver_notice(notice.pk)
    assert not Notice.objects.filter(pk=notice.pk).exists()


def test_a_worker_that_died_as_it_dropped_a_message_leaves_no_stuck_one(owner: User):
    _code, notice = asked("+4915199999999")
    destroy_keys([notice.pk])
    assert not deliver_notice(notice.pk)
    assert not Notice.objects.filter(pk=notice.pk).exists()


def test_a_contact_point_that_waits_for_many_codes_is_sent_no_more(owner: User):
    asks = [asked() for _ in range(MOST_ALIVE + 1)]
    assert [bool(code_in(notice)) for _code, notice in asks] == [True] * MOST_ALIVE + [False]


def test_more_codes_than_a_person_may_get_are_not_sent(owner: User, limits_on, monkeypatch):
    monkeypatch.setitem(LIMITS[MessagePurpose.CODE], "person", (2, 2))
    numbers = [asked()[1].pk for _ in range(3)]
    assert [deliver_notice(number) for number in numbers] == [True, True, False]
    refused = Notice.objects.get(pk=numbers[2])
    assert (refused.state, refused.last_error, refused.address) == (Notice.State.FAILED, "RateLimited", None)


def test_a_silent_gateway_puts_a_found_message_off_as_any_other(owner: User, monkeypatch):
    def silent(*_given):
        raise services.GatewaySilent

    _code, notice = asked()
    monkeypatch.setattr(services, "deliver", silent)
    assert not deliver_notice(notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.subject_id) == (Notice.State.QUEUED, 1, owner.subject_id)


def test_the_second_worker_leaves_the_message_to_the_first(owner: User, limits_on):
    mark_verified(add_contact_point(subject=owner.subject, field="email", value="maria@example.org"))
    _code, notice = asked("MARIA@example.org")
    late, later = Notice.objects.get(pk=notice.pk), Notice.objects.get(pk=notice.pk)
    assert assign_addressee(notice) is Outcome.ASSIGNED
    assert assign_addressee(late) is Outcome.TAKEN
    assert deliver_notice(notice.pk)
    assert not services._assign_and_count(later)
    assert Notice.objects.get(pk=notice.pk).state == Notice.State.SENT
    assert [message.to for message in mail.outbox] == [["maria@example.org"]]


def test_a_look_up_that_fails_is_put_off_and_stops_no_other_message(owner: User):
    _code, failing = asked("+4915199999999")
    _code, fine = asked()
    look_up = addressing._look_up_for("recovery_code")

    def fails(context):
        if PHONE not in context["meant"]:
            raise RuntimeError(PHONE)
        return look_up(context)

    with declare(AddresseeLookUp("recovery_code", fails)):
        assert send_due_codes() == 1
    failing.refresh_from_db()
    assert (failing.attempts, failing.last_error, failing.state) == (1, "RuntimeError", Notice.State.QUEUED)
    assert Notice.objects.get(pk=fine.pk).state == Notice.State.SENT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_workers_send_one_message_once():
    make_person(phone=PHONE)
    _code, notice = asked()
    sent: list[UUID] = []
    in_parallel(6, lambda _n: sent.append(notice.pk) if deliver_notice(notice.pk) else None)
    assert sent == [notice.pk]
