"""One form, sent many times at once, makes one account."""

from uuid import uuid4

import pytest

from accounts.registration.services import Agreement, register_person
from accounts.users.models import User
from tests.factories import make_policy
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_a_form_sent_twice_at_once_makes_one_account():
    version = make_policy()
    values = {"country": "DE", "name": "Jörg", "username": "joerg", "password": "x" * 20, "phone": "+4915123456789"}
    submission = uuid4()

    def send(_number: int) -> None:
        agreement = Agreement(version.digest, "en")
        register_person(kind="individual", values=values, agreement=agreement, submission=submission, channel="web")

    assert in_parallel(8, send) == ["done"] * 8
    assert User.objects.count() == 1


def test_two_forms_for_one_username_at_once_make_one_owner_of_it():
    version = make_policy()
    values = {"country": "DE", "name": "Jörg", "username": "joerg", "password": "x" * 20, "phone": "+4915123456789"}

    def send(_number: int) -> None:
        agreement = Agreement(version.digest, "en")
        register_person(kind="individual", values=values, agreement=agreement, submission=uuid4(), channel="web")

    assert set(in_parallel(2, send)) <= {"done", "UsernameTaken"}
    assert User.objects.filter(username_index="joerg").count() == 1
