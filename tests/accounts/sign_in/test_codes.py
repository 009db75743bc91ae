"""A code: 6 digits, 10 minutes, 5 tries, used once, kept as a keyed hash."""

import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from accounts.sign_in.codes import CodeExpired, WrongCode, send_code, use_code
from accounts.sign_in.contact_points import ContactTaken, add_contact_point, mark_verified
from accounts.sign_in.models import Code, ContactPoint
from privacy.notices.models import Notice
from tests.factories import make_person, make_subject
from tests.parallel import in_parallel

VERIFY = Code.Use.VERIFY


def new_contact(value: str = "+4915123456789") -> ContactPoint:
    return add_contact_point(subject=make_subject(), field="phone", value=value)


def sent(contact: ContactPoint) -> str:
    """Send a code and read it from the sealed notice."""
    Notice.objects.filter(subject=contact.subject).delete()
    send_code(contact=contact, use=VERIFY, language="en", network="192.0.2.0/24")
    return str(json.loads(Notice.objects.get(subject=contact.subject).context).get("code", ""))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_and_works_once():
    contact = new_contact()
    code = sent(contact)
    assert len(code) == 6
    assert code.isdigit()
    use_code(contact=contact, use=VERIFY, digits=code)
    with pytest.raises(CodeExpired):
        use_code(contact=contact, use=VERIFY, digits=code)


def test_a_code_ends_after_ten_minutes():
    contact = new_contact()
    code = sent(contact)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10, seconds=1)), pytest.raises(CodeExpired):
        use_code(contact=contact, use=VERIFY, digits=code)


def test_the_right_code_comes_too_late_after_five_wrong_ones():
    contact = new_contact()
    code = sent(contact)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refused:
            use_code(contact=contact, use=VERIFY, digits=wrong(code))
        assert refused.value.tries_left == left
    with pytest.raises(CodeExpired):
        use_code(contact=contact, use=VERIFY, digits=code)


def test_a_new_code_ends_the_one_before():
    contact = new_contact()
    first, second = sent(contact), sent(contact)
    if first != second:
        with pytest.raises(WrongCode):
            use_code(contact=contact, use=VERIFY, digits=first)
    use_code(contact=contact, use=VERIFY, digits=second)


def test_a_code_for_one_use_does_not_serve_another():
    contact = new_contact()
    with pytest.raises(CodeExpired):
        use_code(contact=contact, use=Code.Use.RECOVER, digits=sent(contact))


def test_the_table_holds_no_digits():
    contact = new_contact()
    code = sent(contact)
    row = Code.objects.get(contact=contact)
    assert code.encode() not in bytes(row.hash)
    assert len(bytes(row.hash)) == 32


def test_no_code_is_sent_for_a_number_that_somebody_else_verified():
    make_person(phone="+4915123456789")
    contact = new_contact()
    assert sent(contact) == ""
    assert Notice.objects.get(subject=contact.subject).template == "already_registered"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_parallel_guesses_share_the_five_tries():
    contact = new_contact()
    code = sent(contact)
    outcomes = in_parallel(20, lambda _n: use_code(contact=contact, use=VERIFY, digits=wrong(code)))
    assert sorted(outcomes) == ["CodeExpired"] * 15 + ["WrongCode"] * 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_right_code_sent_many_times_at_once_works_once():
    contact = new_contact()
    code = sent(contact)
    outcomes = in_parallel(5, lambda _n: use_code(contact=contact, use=VERIFY, digits=code))
    assert outcomes.count("done") == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_people_who_verify_one_number_at_once_become_one_owner():
    contacts = [new_contact(), new_contact()]
    outcomes = in_parallel(2, lambda n: mark_verified(contacts[n]))
    assert sorted(outcomes) == sorted(["done", ContactTaken.__name__])
    assert ContactPoint.objects.filter(verified_at__isnull=False).count() == 1
