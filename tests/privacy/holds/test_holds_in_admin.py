"""Staff request, approve, refuse and release in the admin: by permission, never both by one, and each is logged."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.users.models import User
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_release, refuse_hold
from tests.factories import make_person, make_staff, make_subject
from tests.privacy.holds.in_admin import ADD, OFFICER, UNTIL, act, asked, page, typed
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_a_member_asks_for_a_hold_which_keeps_nothing_yet(asks: User):
    subject = make_person().subject
    answer = client_of(asks).post(ADD, typed(subject.pk), follow=True)
    hold = LegalHold.objects.get()
    assert answer.redirect_chain == [(reverse("admin:privacy_legalhold_change", args=[hold.pk]), 302)]
    assert answer.status_code == 200
    assert "Requested. A second person must approve it here" in answer.content.decode()
    assert (hold.subject_id, hold.exception, hold.legal_basis) == (subject.pk, "1.7.3", "Court order 12/2026")
    assert (hold.classes, hold.until, hold.state) == (["account", "contact"], UNTIL, "asked")
    assert hold.asked_by == asks.pk
    assert timezone.now() - hold.asked_at < timedelta(minutes=1)
    assert hold.decided_at is None
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (asks.pk, str(hold.pk))
    assert "asked for" in entry.change_message


def test_the_form_knows_whose_page_it_was_opened_from(asks: User):
    number = uuid4()
    shown = client_of(asks).get(f"{ADD}?subject={number}").content.decode()
    assert f'value="{number}"' in shown
    assert "Request a legal hold" in shown
    assert shown.count('name="classes"') == 5
    assert "errorlist" not in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", uuid4()),
        ("subject", "somebody"),
        ("exception", ""),
        ("exception", "1.7.12"),
        ("legal_basis", "x" * 81),
        ("legal_basis", "ab"),
        ("legal_basis", "Order <12>"),
        ("legal_basis", "Order\n12"),
        ("classes", []),
        ("classes", ["sign_in"]),
        ("until", "2020-01-01 00:00"),
        ("until", "soon"),
    ],
)
def test_errors_are_shown_at_their_fields_and_no_hold_is_requested(asks: User, field: str, value: object):
    answer = client_of(asks).post(ADD, typed(make_subject().pk) | {field: value})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not LegalHold.objects.exists()


@pytest.mark.parametrize("basis", ["GDPR art. 17(3)(e)", "HGB § 257 (1)", "Court order 12 K 345/2026"])
def test_an_article_or_the_number_of_an_order_is_a_basis(asks: User, basis: str):
    assert client_of(asks).post(ADD, typed(make_subject().pk, legal_basis=basis)).status_code == 302
    assert LegalHold.objects.get().legal_basis == basis


def test_the_second_person_approves_and_a_release_takes_two_people_again(asks: User, decides: User):
    hold = asked(asks)
    answer = act(decides, hold, "approve", follow=True)
    assert answer.redirect_chain == [(reverse("admin:privacy_legalhold_change", args=[hold.pk]), 302)]
    assert "Done." in answer.content.decode()
    hold.refresh_from_db()
    assert (hold.state, hold.decided_by) == ("approved", decides.pk)
    assert timezone.now() - hold.decided_at < timedelta(minutes=1)
    said = act(decides, hold, "ask-release", follow=True).content.decode()
    assert "A second person must release it here" in said
    assert "must confirm, because you requested this" in act(decides, hold, "release", follow=True).content.decode()
    hold.refresh_from_db()
    assert (hold.state, hold.release_asked_by, hold.released_by) == ("approved", decides.pk, None)
    act(asks, hold, "release")
    hold.refresh_from_db()
    assert (hold.state, hold.released_by) == ("released", asks.pk)
    assert timezone.now() - hold.released_at < timedelta(minutes=1)
    entries = LogEntry.objects.order_by("pk").values_list("user_id", "object_id", "change_message")
    assert list(entries) == [
        (decides.pk, str(hold.pk), "approve"),
        (decides.pk, str(hold.pk), "ask-release"),
        (asks.pk, str(hold.pk), "release"),
    ]


def test_a_release_is_rejected_by_the_second_person_or_taken_back_by_the_first(asks: User, decides: User):
    hold = approve_hold(hold=asked(asks), by=decides.pk)
    for keeps in (asks, decides):
        act(decides, hold, "ask-release")
        act(keeps, hold, "keep")
        hold.refresh_from_db()
        assert (hold.state, hold.release_asked_by, hold.release_asked_at) == ("approved", None, None)
        assert "No one has requested the release" in act(asks, hold, "release", follow=True).content.decode()


def test_no_one_releases_with_a_second_account_of_their_own(asks: User, decides: User):
    hold = approve_hold(hold=asked(asks), by=decides.pk)
    act(decides, hold, "ask-release")
    unknown = make_staff(OFFICER, username="unknown", vouched=False)
    for name in ("release", "keep"):
        assert "ask an administrator to vouch for you" in act(unknown, hold, name, follow=True).content.decode()
    hold.refresh_from_db()
    assert (hold.state, hold.release_asked_by) == ("approved", decides.pk)


def test_pages_and_lists_name_staff_and_show_none_of_their_numbers(asks: User, decides: User):
    hold = approve_hold(hold=asked(asks), by=decides.pk)
    ask_for_release(hold=hold, by=asks.pk)
    shown = page(decides, hold) + client_of(decides).get(reverse("admin:privacy_legalhold_changelist")).content.decode()
    assert str(asks.pk) not in shown
    assert shown.count(">asks<") >= 3
    assert ">decides<" in shown
    LegalHold.objects.update(decided_by=uuid4())
    assert "former member of staff (" in page(decides, hold)


def test_a_name_costs_a_list_the_same_however_long_it_is(asks: User, decides: User):
    client, where = client_of(asks), reverse("admin:privacy_legalhold_changelist")
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for _ in range(3):
        approve_hold(hold=asked(asks), by=decides.pk)
    client.get(where)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) <= len(few) + 2


def test_the_first_page_says_whose_release_waits(asks: User, decides: User):
    hold = approve_hold(hold=asked(asks), by=decides.pk)
    waiting = "its release has been waiting for a second person since"
    assert waiting not in client_of(decides).get("/admin/").content.decode()
    ask_for_release(hold=hold, by=asks.pk)
    shown = client_of(decides).get("/admin/").content.decode()
    assert waiting in shown
    assert f"/admin/privacy/legalhold/{hold.pk}/change/" in shown
    assert "asks" in shown


def test_the_second_person_refuses(asks: User, decides: User):
    hold = asked(asks)
    act(decides, hold, "refuse")
    hold.refresh_from_db()
    assert (hold.state, hold.decided_by) == ("refused", decides.pk)


@pytest.mark.parametrize("name", ["approve", "refuse"])
def test_the_requester_reads_that_another_person_decides(asks: User, name: str):
    hold = asked(asks)
    answer = act(asks, hold, name, follow=True)
    assert "A second person must confirm, because you requested" in answer.content.decode()
    assert "Done." not in answer.content.decode()
    hold.refresh_from_db()
    assert (hold.state, hold.decided_by) == ("asked", None)
    assert not LogEntry.objects.exists()


def test_staff_read_in_their_language_what_is_kept_and_why_not(asks: User):
    hold, chinese = asked(asks), {"Accept-Language": "zh-Hans"}
    form = client_of(asks).get(ADD, headers=chinese).content.decode()
    assert re.findall(r'name="classes"[^>]*>\s*([^<]+?)</label>', form) == [
        "账号和资料",
        "联系方式",
        "安全记录",
        "更正",
        "申请",
    ]
    shown = client_of(asks).get(reverse("admin:privacy_legalhold_change", args=[hold.pk]), headers=chinese)
    assert '<div class="readonly">联系方式</div>' in shown.content.decode()
    assert "[&quot;contact" not in shown.content.decode()
    refused = act(asks, hold, "approve", follow=True, headers=chinese).content.decode()
    assert "须由另一人确认" in refused
    headings = client_of(asks).get("/admin/", headers=chinese).content.decode()
    assert ("Accounts" in headings, "Privacy" in headings) == (False, False)


def test_a_decided_hold_is_not_decided_again_and_shows_its_state(asks: User, decides: User):
    hold = refuse_hold(hold=asked(asks), by=decides.pk)
    assert "This hold is Refused." in act(decides, hold, "approve", follow=True).content.decode()
    assert "This hold is Refused." in act(decides, hold, "release", follow=True).content.decode()


def test_a_hold_whose_end_has_passed_is_not_approved(asks: User, decides: User):
    hold = asked(asks)
    LegalHold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "This hold has already ended." in act(decides, hold, "approve", follow=True).content.decode()
