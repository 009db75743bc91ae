"""One reviewer at a time opens a licence with a reason, compares it, and approves, returns or refuses it."""

import datetime as dt
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.licences.facts import typed_facts
from accounts.licences.models import Licence
from accounts.licences.queries import licence_in_force, licences_to_review
from accounts.licences.reviewing import ReviewRefused, approve, take
from accounts.licences.services import delete_all
from accounts.licences.states import LicenceState
from accounts.profiles.models import Profile
from accounts.profiles.terms import NO_FIXED_TERM
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR, REVIEWER, SUPPORT
from privacy.restriction.services import restrict_processing
from tests.factories import make_staff
from tests.licences import enterprise, files, handed_in, usable_licence_keys
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded
FACTS = {"fact_enterprise_name": "right", "fact_registration_number": "right"}
ENDS = dt.date(2031, 5, 4)


@pytest.fixture
def licence() -> Licence:
    """A licence in review, of an enterprise in Germany."""
    enterprise(registration_number="HRB 12345", time_zone="Asia/Tokyo")
    return handed_in()


@pytest.fixture
def reviewer() -> User:
    return make_staff(REVIEWER, username="reviewer")


@pytest.fixture
def staff(licence: Licence, reviewer: User) -> Client:
    """The browser of the reviewer."""
    return client_of(reviewer)


def page(licence: Licence, name: str = "change") -> str:
    return reverse(f"admin:accounts_licence_{name}", args=[licence.pk])


def opened(staff: Client, licence: Licence) -> str:
    return staff.post(page(licence, "take"), {"reason": "request"}, follow=True).content.decode()


def decided(staff: Client, licence: Licence, act: str, **values: str) -> Licence:
    answer = staff.post(page(licence, "decide"), {"act": act, **values})
    assert answer.status_code == 302, answer.context["review_form"].errors
    licence.refresh_from_db()
    return licence


def pictures(licence: Licence) -> list[str]:
    return [reverse("admin:accounts_licence_picture", args=[licence.pk, each.pk]) for each in licence.pages.all()]


def templates() -> list[str]:
    return sorted(Notice.objects.filter(template__startswith="licence").values_list("template", flat=True))


def test_nothing_of_a_licence_is_shown_before_it_is_opened_with_a_reason(staff: Client, licence: Licence):
    shown = staff.get(page(licence)).content.decode()
    assert "HRB 12345" not in shown
    assert staff.get(pictures(licence)[0]).status_code == 403
    assert "This field is required" in staff.post(page(licence, "take"), {}).content.decode()
    assert "HRB 12345" in opened(staff, licence)
    access = AccessRecord.objects.get()
    assert (access.subject_id, access.act, access.reason) == (licence.subject_id, "opened", "request")


def test_a_picture_runs_nothing_and_is_not_cached(staff: Client, licence: Licence):
    opened(staff, licence)
    answer = staff.get(pictures(licence)[0])
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == "inline"


def test_a_second_reviewer_is_told_who_has_it_and_takes_it_later(staff: Client, licence: Licence):
    opened(staff, licence)
    second = client_of(make_staff(REVIEWER, username="second"))
    assert "reviewer has this licence" in second.get(page(licence)).content.decode()
    assert "reviewer has this licence" in opened(second, licence)
    assert second.get(pictures(licence)[0]).status_code == 403
    Licence.objects.update(taken_until=timezone.now() - timedelta(seconds=1))
    assert "HRB 12345" in opened(second, licence)
    assert (
        "do not have this licence"
        in staff.post(page(licence, "decide"), {"act": "refuse"}, follow=True).content.decode()
    )


def test_opening_it_again_begins_the_time_again_and_is_recorded(staff: Client, licence: Licence):
    opened(staff, licence)
    soon = timezone.now() + timedelta(seconds=5)
    Licence.objects.update(taken_until=soon)
    opened(staff, licence)
    licence.refresh_from_db()
    assert licence.taken_until > soon
    assert AccessRecord.objects.count() == 2


def test_an_approved_licence_is_in_force_until_the_end_of_its_last_day_in_the_zone_of_the_person(staff, licence):
    opened(staff, licence)
    decided(staff, licence, "approve", term=ENDS.isoformat(), **FACTS)
    assert licence.state == LicenceState.APPROVED
    assert licence.expires_at == dt.datetime(2031, 5, 5, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert licence_in_force(licence.subject_id) == licence
    assert set(templates()) == {"licence_approved"}


def test_no_fixed_term_is_a_choice_of_its_own(staff: Client, licence: Licence):
    opened(staff, licence)
    decided(staff, licence, "approve", term=NO_FIXED_TERM, **FACTS)
    assert licence.expires_at is None
    assert licence_in_force(licence.subject_id) == licence


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("approve", FACTS, "term"),
        ("approve", FACTS | {"term": "2001-01-01"}, "term"),
        ("approve", {"term": NO_FIXED_TERM, "fact_enterprise_name": "right"}, "fact_registration_number"),
        ("approve", FACTS | {"term": NO_FIXED_TERM, "fact_enterprise_name": "wrong"}, "fact_enterprise_name"),
        ("return", {}, "code"),
        ("return", {"code": "differs"}, "field"),
        ("return", {"code": "other"}, "words"),
        ("return", {"code": "lost"}, "code"),
        ("refuse", {}, "words"),
    ],
)
def test_a_decision_needs_its_reasons(staff: Client, licence: Licence, act: str, values: dict, field: str):
    opened(staff, licence)
    answer = staff.post(page(licence, "decide"), {"act": act, **values})
    assert list(answer.context["review_form"].errors) == [field]
    licence.refresh_from_db()
    assert licence.state == LicenceState.IN_REVIEW


def test_a_returned_licence_says_why_and_is_sent_again(staff: Client, licence: Licence):
    opened(staff, licence)
    given = {"code": "differs", "field": "registration_number", "words": "The licence says HRB 54321."}
    decided(staff, licence, "return", **given)
    person = client_of(User.objects.get(subject=licence.subject))
    shown = person.get("/settings/licence/").content.decode()
    assert "The licence says HRB 54321." in shown
    assert "Registration number" in shown
    assert "Business licence" in person.get("/home/").content.decode()
    assert set(templates()) == {"licence_returned"}
    assert handed_in(2, user=User.objects.get(subject=licence.subject)).state == LicenceState.IN_REVIEW
    licence.refresh_from_db()
    assert licence.words is None


def test_a_refused_licence_leads_to_the_rights_desk(staff: Client, licence: Licence):
    opened(staff, licence)
    decided(staff, licence, "refuse", words="It was altered.")
    shown = client_of(User.objects.get(subject=licence.subject)).get("/settings/licence/").content.decode()
    assert "It was altered." in shown
    assert 'href="/requests/"' in shown
    assert set(templates()) == {"licence_refused"}


@pytest.mark.django_db(transaction=True)
def test_the_approval_of_a_new_one_replaces_the_old_one_with_its_files(licence: Licence, reviewer: User):
    owner = User.objects.get(subject=licence.subject)
    take(licence=licence, staff=reviewer, reason="request")
    approve(licence=licence, staff=reviewer, term=NO_FIXED_TERM)
    second = handed_in(2, user=owner)
    assert licence_in_force(owner.subject_id) == licence
    take(licence=second, staff=reviewer, reason="request")
    approve(licence=second, staff=reviewer, term=NO_FIXED_TERM)
    licence.refresh_from_db()
    assert licence.state == LicenceState.REPLACED
    assert files() == set(second.pages.values_list("name", flat=True))
    assert usable_licence_keys() == {second.pk}


def test_an_approval_settles_a_doubted_number(licence: Licence, reviewer: User):
    Profile.objects.update(registration_number_needs_review=True)
    take(licence=licence, staff=reviewer, reason="request")
    approve(licence=licence, staff=reviewer, term=NO_FIXED_TERM)
    assert not Profile.objects.get().registration_number_needs_review
    assert [each.act for each in AccessRecord.objects.order_by("position")] == ["opened", "compared"]


def test_no_one_reviews_a_licence_of_their_own(licence: Licence):
    owner = User.objects.get()
    owner.is_staff = True
    owner.save()
    with pytest.raises(ReviewRefused, match="your own"):
        take(licence=licence, staff=owner, reason="request")
    # A second staff account of the same person: nobody knows that it is another one.
    unknown = make_staff(REVIEWER, username="unknown", vouched=False)
    with pytest.raises(ReviewRefused, match="your own"):
        take(licence=licence, staff=unknown, reason="request")


def test_a_restricted_person_is_not_reviewed(staff: Client, licence: Licence):
    opened(staff, licence)
    restrict_processing(subject=licence.subject, why="request")
    assert not licences_to_review().exists()
    assert staff.get(pictures(licence)[0]).status_code == 403
    assert "only stored" in opened(staff, licence)


def test_a_closed_account_and_a_deleted_licence_are_not_reviewed(staff: Client, licence: Licence, reviewer: User):
    opened(staff, licence)
    owner = User.objects.get(subject=licence.subject)
    cancel_account(subject=owner.subject)
    assert staff.get(pictures(licence)[0]).status_code == 403
    assert "This account is closed" in opened(staff, licence)
    delete_all(subject=owner.subject)
    with pytest.raises(ReviewRefused, match="deleted"):
        take(licence=licence, staff=reviewer, reason="request")


@pytest.mark.parametrize("role", [AUDITOR, SUPPORT])
def test_other_roles_neither_see_nor_decide(licence: Licence, role: str):
    other = client_of(make_staff(role, username="other"))
    assert other.get(page(licence)).status_code == 403
    assert other.post(page(licence, "take"), {"reason": "request"}).status_code == 403
    assert other.post(page(licence, "decide"), {"act": "refuse", "words": "No."}).status_code == 403
    assert other.get(pictures(licence)[0]).status_code == 403


def test_the_queue_is_on_the_first_page_and_in_the_list(staff: Client, licence: Licence):
    assert "Business licences to review" in staff.get("/admin/").content.decode()
    assert str(licence.pk) in staff.get("/admin/accounts/licence/?needs=review").content.decode()
    assert str(licence.pk) in staff.get(f"/admin/accounts/licence/?q={licence.subject_id}").content.decode()
    assert "0 results" in staff.get(f"/admin/accounts/licence/?q={licence.pk}").content.decode()


def test_the_page_of_a_person_lists_licences_for_reviewers(staff: Client, licence: Licence):
    owner = User.objects.get(subject=licence.subject)
    assert page(licence) in staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()


def test_what_a_program_says_of_a_number_is_shown_beside_it(licence: Licence):
    notes = {fact.field: fact.note for fact in typed_facts(licence.subject_id)}
    assert notes["registration_number"] == "The check digit and the form are right."
    profile = Profile.objects.get()
    profile.country, profile.registration_number = "CN", "91350100M000100Y44"
    profile.save()
    notes = {fact.field: fact.note for fact in typed_facts(licence.subject_id)}
    assert notes["registration_number"] == "The check digit is wrong."
