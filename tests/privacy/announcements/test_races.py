"""Two who act at once on an announcement: one round, and each person once."""

from uuid import uuid4

import pytest

from privacy.announcements.models import Announcement
from privacy.announcements.services import remind
from privacy.policies.models import PolicyVersion
from privacy.policies.services import publish_policy
from tests.announcing import announce_all, draft_of, publish
from tests.factories import make_person, make_policy
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_two_languages_published_at_once_begin_one_round():
    make_policy(label="old")
    make_person()
    for number in range(5):
        drafts = [draft_of(f"new{number}", language=language) for language in ("en", "zh-hans")]
        outcomes = in_parallel(2, lambda n, drafts=drafts: publish_policy(version=drafts[n], material=True))
        assert outcomes == ["done", "done"]
        assert PolicyVersion.objects.filter(label=f"new{number}", published_at__isnull=False).count() == 2
        assert Announcement.objects.filter(version__label=f"new{number}").count() == 1


def test_two_languages_reminded_of_at_once_begin_one_round():
    make_policy(label="old")
    make_person()
    versions = [publish("new"), publish("new", language="zh-hans")]
    announce_all()
    Announcement.objects.update(finished_at="2020-01-01T00:00:00Z")
    outcomes = in_parallel(2, lambda n: remind(version=versions[n], by=uuid4()))
    assert sorted(outcomes) == ["CannotRemind", "done"]
    assert Announcement.objects.filter(kind="reminder").count() == 1
