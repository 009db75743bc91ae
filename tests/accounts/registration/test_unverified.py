"""A registration that nobody verified goes after 24 hours, and leaves no key that opens anything."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F

from accounts.models import User
from accounts.registration.unverified import remove_unverified
from privacy.encryption.models import DataKey
from privacy.register.holders import all_holders
from tests.factories import make_person, make_user


def age(user: User, by: timedelta) -> None:
    User.objects.filter(pk=user.pk).update(created_at=F("created_at") - by)


def test_it_goes_with_its_keys_once_its_time_is_over():
    user = make_user(verified=False)
    age(user, settings.UNVERIFIED_FOR + timedelta(minutes=1))
    assert remove_unverified() == 1
    assert not User.objects.filter(pk=user.pk).exists()
    assert all(key.wrapped is None for key in DataKey.objects.filter(owner=user.subject_id))
    assert sum(sum(holder.erase([user.subject_id]).values()) for holder in all_holders()) == 0


def test_it_stays_until_then_and_verified_people_stay_for_good():
    waiting, person = make_user(verified=False), make_person()
    age(waiting, settings.UNVERIFIED_FOR - timedelta(minutes=1))
    age(person, timedelta(days=400))
    assert remove_unverified() == 0
