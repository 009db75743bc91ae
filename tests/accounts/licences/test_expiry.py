"""A business period ends: three reminders before it, each once, and the licence expires at the end of its last day."""

import datetime as dt
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.licences import expiry
from accounts.licences.ends import end_of_term
from accounts.licences.expiry import expire_due_licences, remind_due_licences
from accounts.licences.models import Licence
from accounts.licences.queries import licence_in_force, unexpired_licences
from accounts.licences.states import LicenceState
from accounts.profiles.models import Profile
from accounts.profiles.terms import NO_FIXED_TERM
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms
from tests.licences import enterprise, handed_in

pytestmark = pytest.mark.embedded
CONTEXT = {"jurisdiction": "intl", "until": "2031-05-05T00:00+00:00"}


@pytest.fixture
def licence() -> Licence:
    """An approved licence without a fixed term."""
    enterprise()
    made = handed_in()
    made.state, made.decided_at = LicenceState.APPROVED, timezone.now()
    made.save()
    return made


def ends_in(licence: Licence, **time: float) -> None:
    Licence.objects.filter(pk=licence.pk).update(expires_at=timezone.now() + timedelta(**time))


def sent(template: str) -> int:
    """The messages of a kind, for each contact point."""
    return Notice.objects.filter(template=template).count() + sum(
        Notice.objects.filter(template=template).values_list("folded", flat=True)
    )


def test_it_expires_when_its_period_is_over_and_is_told_once(licence: Licence):
    ends_in(licence, minutes=1)
    assert expire_due_licences() == 0
    ends_in(licence, seconds=-1)
    assert licence_in_force(licence.subject_id) is None
    assert expire_due_licences() == 1
    told = sent("licence_expired")
    assert expire_due_licences() == 0
    licence.refresh_from_db()
    assert licence.state == LicenceState.EXPIRED
    assert sent("licence_expired") == told > 0


def test_reminders_are_sent_60_30_and_7_days_before_each_once(licence: Licence):
    reminded = []
    for days in (61, 59.9, 59, 29.9, 29, 6.9, 1):
        ends_in(licence, days=days)
        reminded.append(remind_due_licences())
        reminded.append(remind_due_licences())
    assert reminded == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    licence.refresh_from_db()
    assert licence.reminded == 7


def test_after_a_pause_only_the_latest_reminder_is_sent(licence: Licence):
    ends_in(licence, days=5)
    assert remind_due_licences() == 1
    assert remind_due_licences() == 0
    licence.refresh_from_db()
    assert licence.reminded == 7


def test_no_fixed_term_never_ends(licence: Licence):
    assert (expire_due_licences(), remind_due_licences()) == (0, 0)
    assert licence_in_force(licence.subject_id) == licence


def test_one_that_fails_stops_no_other(licence: Licence, monkeypatch: pytest.MonkeyPatch, caplog):
    def fail(_licence: Licence) -> None:
        raise ValueError("a value")

    ends_in(licence, hours=-1)
    monkeypatch.setattr(expiry, "tell_state", fail)
    assert expire_due_licences() == 0
    assert "a value" not in caplog.text
    assert list(unexpired_licences()) == [licence]
    monkeypatch.undo()
    assert expire_due_licences() == 1
    assert not unexpired_licences().exists()


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Asia/Tokyo", dt.datetime(2031, 5, 4, 15, tzinfo=dt.UTC)),
        ("America/New_York", dt.datetime(2031, 5, 5, 4, tzinfo=dt.UTC)),
        # Without a zone of the person: that of the country.
        (None, dt.datetime(2031, 5, 4, 22, tzinfo=dt.UTC)),
    ],
)
def test_the_last_day_ends_in_the_zone_of_the_person(licence: Licence, zone: str | None, end: dt.datetime):
    profile = Profile.objects.get()
    profile.time_zone = zone
    profile.save()
    assert end_of_term(licence.subject_id, dt.date(2031, 5, 4)) == end
    assert end_of_term(licence.subject_id, NO_FIXED_TERM) is None


def test_without_a_profile_the_day_is_that_of_utc():
    assert end_of_term(User().pk, dt.date(2031, 5, 4)) == dt.datetime(2031, 5, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["approved", "returned", "refused", "expired", "ending"])
def test_each_message_is_in_the_language_of_the_person(name: str, language: str):
    email, sms = (render(f"licence_{name}", language, CONTEXT) for render in (render_email, render_sms))
    is_chinese = language == "zh-hans"
    for text in (email.subject, email.body, sms.body):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == is_chinese
    assert ("营业执照" in email.body) == is_chinese
