"""A code: 6 digits, 10 minutes, 5 tries, used once, kept as a keyed hash."""

import datetime as dt
import json
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.contact_points.codes import MOST_ALIVE, CodeExpired, WrongCode, send_code, send_code_by_login, use_code
from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import ContactTaken, add_contact_point, mark_verified
from privacy.encryption.keys import KeyDestroyed, key_for
from privacy.notices.models import RETENTION_CLASS, Notice
from privacy.notices.services import WITHOUT_ADDRESSEE, deliver_notice
from tests.factories import make_person, make_user
from tests.parallel import in_parallel

VERIFY, RECOVER = Code.Use.VERIFY, Code.Use.RECOVER


def new_contact(value: str = "+4915123456789") -> ContactPoint:
    return add_contact_point(subject=make_user(verified=False).subject, field="phone", value=value)


def sent(contact: ContactPoint) -> tuple[UUID, str]:
    """Send a code and read it from the sealed notice; return its id and digits."""
    Notice.objects.filter(subject=contact.subject).delete()
    code = send_code(contact, epoch=0, language="en")
    return code.pk, str(json.loads(Notice.objects.get(subject=contact.subject).context).get("code", ""))


def use(code_id: UUID, digits: str, use: Code.Use = VERIFY) -> Code:
    return use_code(code_id=code_id, use=use, digits=digits)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_and_works_once():
    code_id, digits = sent(new_contact())
    assert len(digits) == 6
    assert digits.isdigit()
    use(code_id, digits)
    with pytest.raises(CodeExpired):
        use(code_id, digits)


def test_a_code_ends_after_ten_minutes():
    code_id, digits = sent(new_contact())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10, seconds=1)), pytest.raises(CodeExpired):
        use(code_id, digits)


def test_the_right_code_comes_too_late_after_five_wrong_ones():
    code_id, digits = sent(new_contact())
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refused:
            use(code_id, wrong(digits))
        assert refused.value.tries_left == left
    with pytest.raises(CodeExpired):
        use(code_id, digits)


def test_another_code_to_the_same_contact_point_leaves_the_first_as_it_is():
    contact = new_contact()
    (first, digits), (second, _others) = sent(contact), sent(contact)
    with pytest.raises(WrongCode):
        use(second, wrong(_others))
    use(first, digits)
    use(second, _others)


def test_a_code_for_one_use_does_not_serve_another():
    code_id, digits = sent(new_contact())
    with pytest.raises(CodeExpired):
        use(code_id, digits, Code.Use.RECOVER)


def test_the_table_holds_no_digits():
    code_id, digits = sent(new_contact())
    row = Code.objects.get(pk=code_id)
    assert digits.encode() not in bytes(row.hash)
    assert len(bytes(row.hash)) == 32


def test_no_code_is_sent_for_a_number_of_another_person():
    make_person(phone="+4915123456789")
    contact = new_contact()
    assert sent(contact)[1] == ""
    assert Notice.objects.get(subject=contact.subject).template == "already_registered"


def test_no_code_is_sent_to_a_contact_point_with_many_waiting_codes():
    contact = new_contact()
    first, digits = sent(contact)
    for _ in range(MOST_ALIVE - 1):
        sent(contact)
    surplus, surplus_digits = sent(contact)
    assert Notice.objects.get(subject=contact.subject).template == WITHOUT_ADDRESSEE
    with pytest.raises(WrongCode):
        use(surplus, surplus_digits)
    use(first, digits)


def test_a_code_without_owner_is_stored_but_never_matches_or_is_sent():
    code = send_code_by_login("+4915199999999", use=RECOVER, language="en")
    notice = Notice.objects.get()
    digits = json.loads(str(notice.context))["code"]
    with pytest.raises(WrongCode) as refused:
        use(code.pk, digits, RECOVER)
    assert refused.value.tries_left == 4
    assert not deliver_notice(notice.pk)
    assert not Notice.objects.exists()
    with pytest.raises(KeyDestroyed):
        key_for(notice.pk, RETENTION_CLASS)


def test_the_database_refuses_a_code_with_a_person_but_no_contact_point():
    code_id, _digits = sent(new_contact())
    with pytest.raises(IntegrityError), transaction.atomic():
        Code.objects.filter(pk=code_id).update(contact=None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_parallel_guesses_share_the_five_tries():
    code_id, digits = sent(new_contact())
    outcomes = in_parallel(20, lambda _n: use(code_id, wrong(digits)))
    assert sorted(outcomes) == ["CodeExpired"] * 15 + ["WrongCode"] * 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_right_code_sent_many_times_at_once_works_once():
    code_id, digits = sent(new_contact())
    outcomes = in_parallel(5, lambda _n: use(code_id, digits))
    assert outcomes.count("done") == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_people_who_verify_one_number_at_once_become_one_owner():
    contacts = [new_contact(), new_contact()]
    outcomes = in_parallel(2, lambda n: mark_verified(contacts[n]))
    assert sorted(outcomes) == sorted(["done", ContactTaken.__name__])
    assert ContactPoint.objects.filter(verified_at__isnull=False).count() == 1
