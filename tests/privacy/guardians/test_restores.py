"""A backup brings no child back whose guardian refused, or whose seven days are over."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from privacy.encryption.models import DataKey
from privacy.erasure.replay import replay_erasures
from privacy.guardians import services
from privacy.guardians.ages import Age
from privacy.guardians.journal import CHILDREN
from privacy.guardians.models.deleted import DeletedChild
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.services import GuardianAddress, ask_guardian
from privacy.notices.models import Notice
from tests.chains import chain_errors
from tests.factories import make_policy
from tests.privacy.erasure.restores import restored_after


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def asked(address: str = "parent@example.com") -> PendingChild:
    return ask_guardian(age=Age("DE", dt.date(2030, 5, 31)), guardian=GuardianAddress("email", address, "en"))


def usable(child: PendingChild) -> int:
    return DataKey.objects.filter(owner=child.pk, destroyed_at__isnull=True).count()


@pytest.mark.parametrize("databases", [("default",), ("default", "keys")])
def test_a_refused_child_does_not_come_back(databases: tuple[str, ...]):
    child, stays = asked(), asked("other@example.com")
    with restored_after(*databases):
        services.refuse(child=child)
    assert PendingChild.objects.count() == 2
    replay = replay_erasures()
    assert replay.counts["children"] == 1
    assert list(PendingChild.objects.values_list("pk", flat=True)) == [stays.pk]
    assert (usable(child), usable(stays)) == (0, 1)
    assert Notice.objects.filter(template="guardian_asked").count() == 1
    assert not list(chain_errors(DeletedChild))
    assert replay_erasures().counts["children"] == 0


def test_a_child_whose_time_was_over_at_the_restore_does_not_come_back():
    child = asked()
    PendingChild.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    with restored_after():
        assert services.delete_ended_children() == 1
    replay_erasures()
    assert not PendingChild.objects.exists()
    assert usable(child) == 0
    PendingChild.objects.filter(pk=asked().pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert replay_erasures().counts["children"] == 1
    assert not PendingChild.objects.exists()


def test_the_journal_has_a_random_number_and_nothing_else():
    child = asked()
    with restored_after():
        services.refuse(child=child)
    [line] = list(CHILDREN.journal.lines())
    assert line["child"] == str(child.pk)
    assert set(line) == {"position", "id", "child", "at", "hash", "mac"}


def test_the_list_of_deleted_children_is_not_changed():
    services.refuse(child=asked())
    for change in (lambda rows: rows.delete(), lambda rows: rows.update(at=timezone.now())):
        with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
            change(DeletedChild.objects.all())
