"""One form, sent many times at once, makes one account; many forms at once share no username, and none fails."""

from uuid import UUID, uuid4

import pytest

from accounts.registration.services import Agreement, register_person
from accounts.users.models import User
from privacy.policies.models import PolicyVersion
from tests.factories import make_policy, make_user
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def register(version: PolicyVersion, username: str, submission: UUID) -> User:
    return register_person(
        kind="individual",
        values={"country": "DE", "name": "Jörg", "username": username, "password": "x" * 20, "phone": "+4915123456789"},
        agreement=Agreement(version.digest, "en"),
        submission=submission,
        channel="web",
    )


def test_a_form_sent_twice_at_once_makes_one_account():
    version, submission = make_policy(), uuid4()
    assert in_parallel(8, lambda _number: register(version, "joerg", submission)) == ["done"] * 8
    assert User.objects.count() == 1


def test_a_form_sent_twice_at_once_takes_the_username_of_an_unverified_registration():
    version = make_policy()
    for username in ("first", "second", "third"):
        unverified, submission = make_user(username=username, verified=False), uuid4()
        outcomes = in_parallel(4, lambda _number, name=username, form=submission: register(version, name, form))
        assert outcomes == ["done"] * 4
        assert User.objects.get(username_index=username).submission == submission
        assert User.objects.get(pk=unverified.pk).username_index is None


def test_many_forms_for_one_username_at_once_make_one_owner_of_it():
    version = make_policy()
    for username in ("first", "second", "third"):
        outcomes = in_parallel(4, lambda _number, name=username: register(version, name, uuid4()))
        assert set(outcomes) <= {"done", "UsernameTaken"}
        assert User.objects.filter(username_index=username).count() == 1
