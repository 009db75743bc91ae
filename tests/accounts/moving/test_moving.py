"""A move to another jurisdiction: one living account under new keys, and nothing readable of the person before it."""

import datetime as dt

import pytest
from django.db import IntegrityError

from accounts.contact_points.models import ContactPoint
from accounts.enterprises.models import Invitation, Membership
from accounts.moving.refusals import CannotMove, Why
from accounts.moving.services import Agreed, move_account
from accounts.profiles.models import Profile
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import PolicyNotInForce
from privacy.encryption.keys import KeyDestroyed, forget_keys, key_for
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account
from privacy.evidence.clock import database_now
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.guardians.same_address import mark_of_account
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from privacy.policies.published import forget_versions
from privacy.restriction.services import restrict_processing
from privacy.rights.models.requests import RightsRequest
from privacy.subjects.models import DataSubject
from tests.enterprises import make_enterprise, make_member
from tests.erasures import held
from tests.factories import PASSWORD, agree, make_person, make_policy, make_staff
from tests.parallel import in_parallel
from tests.privacy.rights.in_admin import proven
from tests.sign_in_clients import client_of

CN = "CN"


@pytest.fixture
def chinese() -> PolicyVersion:
    """The policy of the other jurisdiction."""
    return make_policy("cn")


def moved(user: User, chinese: PolicyVersion, country: str = CN) -> ErasureCase:
    """Move, and return the case of what stayed behind."""
    agreed = Agreed(chinese.digest, chinese.language)
    case = move_account(subject=user.subject, country=country, agreed=agreed, channel="web")
    forget_keys()
    return case


def present(user: User) -> User:
    """The account as it is stored now."""
    return User.objects.select_related("subject").get(pk=user.pk)


def test_the_account_goes_on_under_a_new_person_of_the_other_jurisdiction(chinese: PolicyVersion):
    user = make_person()
    agree(user.subject, PolicyVersion.objects.get(jurisdiction="intl"), "product_news")
    case = moved(user, chinese)
    after = present(user)
    assert after.subject_id != user.subject_id
    assert (after.subject.jurisdiction, str(after.username)) == ("cn", str(user.username))
    profile = Profile.objects.get(subject=after.subject)
    assert (str(profile.name), str(profile.country)) == ("Maria Petrović", CN)
    [contact] = ContactPoint.objects.filter(subject=after.subject)
    assert str(contact.value).startswith("+381")
    assert contact.verified_at
    [consent] = ConsentRecord.objects.filter(subject=after.subject)
    assert (consent.act, consent.version_id, consent.purposes) == ("moved", chinese.pk, [])
    assert purposes_in_force(after.subject_id) == []
    assert (case.moved_to, case.continued_as, case.state) == ("cn", after.subject_id, "cooling_off")
    assert after.check_password(PASSWORD)


def test_what_stayed_is_erased_at_once_with_its_keys_and_evidence_stays(chinese: PolicyVersion):
    user = make_person()
    case = moved(user, chinese)
    erase_due_accounts()
    forget_keys()
    case.refresh_from_db()
    assert case.state == ErasureCase.State.ERASED
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.counts["keys"] == len(SEALED_CLASSES)
    with pytest.raises(KeyDestroyed):
        key_for(user.subject_id, "account")
    for model, record in declared_records():
        left = model._default_manager.filter(**{record.subject: user.subject_id})
        assert bool(record.keeps) or not left.exists(), model
    assert ConsentRecord.objects.filter(subject=user.subject).exists()
    assert str(Profile.objects.get(subject=present(user).subject).name) == "Maria Petrović"


def test_it_can_sign_in_as_before_and_old_sessions_are_over(chinese: PolicyVersion):
    user = make_person()
    browser = client_of(user)
    assert browser.get("/settings/profile/").status_code == 200
    moved(user, chinese)
    assert not Session.objects.filter(subject=user.subject).exists()
    assert browser.get("/settings/profile/").status_code == 302
    page = client_of(present(user)).get("/settings/profile/").content.decode()
    assert "Maria Petrović" in page


def test_devices_memberships_and_requests_go_along(chinese: PolicyVersion):
    enterprise = make_enterprise()
    user, membership = make_member(enterprise)
    now = database_now()
    device = KnownDevice(subject=user.subject, hash=b"1" * 32, device="Firefox", created_at=now, last_used_at=now)
    device.name = "My laptop"
    device.save()
    request = proven("question", subject=user.subject)
    moved(user, make_policy("cn", label="other"))
    after = present(user).subject
    assert str(KnownDevice.objects.get(subject=after).name) == "My laptop"
    found = Membership.objects.get(subject=after)
    assert (found.pk, found.enterprise_id) == (membership.pk, enterprise.subject_id)
    erase_due_accounts()
    assert Membership.objects.filter(subject=after, ended_at=None).exists()
    now_open = RightsRequest.objects.get()
    assert (now_open.pk, now_open.subject_id, now_open.due_at) == (request.pk, after.pk, request.due_at)


def test_members_and_invitations_of_an_enterprise_that_moves_stay_with_it():
    enterprise = make_enterprise()
    member, _membership = make_member(enterprise)
    phone = ContactPoint(subject=enterprise.subject, field="phone", kind="phone", verified_at=database_now())
    phone.value = phone.index = "+8613812345678"
    phone.save()
    moved(enterprise, make_policy("cn"))
    erase_due_accounts()
    after = present(enterprise).subject
    assert Membership.objects.get(subject=member.subject).enterprise_id == after.pk
    assert not Invitation.objects.filter(enterprise=enterprise.subject).exists()
    profile = Profile.objects.get(subject=after)
    assert profile.registration_number_needs_review == bool(profile.registration_number)


def test_the_message_is_from_the_new_controller_and_names_the_receipt(chinese: PolicyVersion):
    user = make_person()
    case = moved(user, chinese)
    notice = Notice.objects.get(template="account_moved")
    assert notice.subject_id == present(user).subject_id
    assert case.reference in str(notice.context)
    assert '"jurisdiction": "cn"' in str(notice.context)


def refusal(user: User, version: PolicyVersion, country: str = CN) -> Why:
    with pytest.raises(CannotMove) as refused:
        moved(user, version, country)
    assert present(user).subject_id == user.subject_id
    assert refused.value.words
    return refused.value.why


def test_why_a_move_is_refused(chinese: PolicyVersion, settings):
    user = make_person()
    assert refusal(user, PolicyVersion.objects.get(jurisdiction="intl"), "DE") == Why.SAME
    hold = held(user)
    assert refusal(user, chinese) == Why.HELD
    type(hold).objects.filter(pk=hold.pk).update(until=database_now() - dt.timedelta(seconds=1))
    restrict_processing(subject=user.subject, why="request")
    assert refusal(user, chinese) == Why.RESTRICTED
    other = make_person()
    ContactPoint.objects.filter(subject=other.subject).update(kind="email", field="email")
    assert refusal(other, chinese) == Why.CONTACT
    cancelled = make_person()
    cancel_account(subject=cancelled.subject)
    assert refusal(cancelled, chinese) == Why.RESTRICTED
    settings.JURISDICTIONS = ["intl"]
    assert refusal(make_person(), chinese) == Why.ELSEWHERE


def test_it_moves_back_after_thirty_days_only(chinese: PolicyVersion):
    user = make_person()
    back = PolicyVersion.objects.get(jurisdiction="intl")
    moved(user, chinese)
    erase_due_accounts()
    with pytest.raises(CannotMove) as refused:
        moved(present(user), back, "RS")
    assert refused.value.why == Why.RECENT
    assert refused.value.again_at > database_now() + dt.timedelta(days=29)


def test_staff_allow_an_earlier_move_once(chinese: PolicyVersion):
    user, officer = make_person(), client_of(make_staff("Privacy officer"))
    back = PolicyVersion.objects.get(jurisdiction="intl")
    page, why = f"/admin/accounts/user/{user.pk}/", {"reason": "request", "reference": "T-1"}
    assert "Allow another move" not in officer.get(f"{page}change/").content.decode()
    moved(user, chinese)
    erase_due_accounts()
    assert "Allow another move" in officer.get(f"{page}change/").content.decode()
    officer.post(f"{page}allow-move/", {})
    assert not AccessRecord.objects.filter(act="allowed_move").exists()
    officer.post(f"{page}allow-move/", why)
    officer.post(f"{page}allow-move/", why)
    assert AccessRecord.objects.get(act="allowed_move").subject_id == present(user).subject_id
    assert "Allow another move" not in officer.get(f"{page}change/").content.decode()
    moved(present(user), back, "RS")
    erase_due_accounts()
    with pytest.raises(CannotMove) as refused:
        moved(present(user), chinese)
    assert refused.value.why == Why.RECENT


def test_another_version_than_the_one_shown_moves_nothing(chinese: PolicyVersion):
    user = make_person()
    make_policy("cn", text="More.")
    forget_versions()
    with pytest.raises(PolicyNotInForce):
        moved(user, chinese)
    assert present(user).subject_id == user.subject_id


def test_a_failure_at_the_last_step_leaves_the_account_as_it_was(chinese: PolicyVersion, monkeypatch):
    user = make_person()

    def fail(**_given: object) -> None:
        raise IntegrityError

    monkeypatch.setattr("accounts.moving.services.record_consent", fail)
    with pytest.raises(IntegrityError):
        moved(user, chinese)
    assert present(user).subject_id == user.subject_id
    assert str(Profile.objects.get(subject=user.subject).country) == "RS"
    assert not ErasureCase.objects.exists()


def test_a_guardian_who_moves_still_acts_for_the_child(chinese: PolicyVersion):
    guardian, child = make_person(), make_person()
    row = Guardianship(
        subject=child.subject,
        child=child.pk,
        channel="email",
        language="en",
        address_index="parent@example.org",
        account_mark=mark_of_account(guardian.subject_id),
    )
    row.address, row.account, row.reached_on = "parent@example.org", str(guardian.subject_id), dt.date(2030, 1, 1)
    row.save()
    moved(guardian, chinese)
    erase_due_accounts()
    assert list(guardianships_of_guardian(present(guardian).subject)) == [row]
    assert str(Guardianship.objects.get().account) == str(present(guardian).subject_id)
    assert refusal(child, chinese) == Why.CHILD


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_one():
    user, chinese = make_person(), make_policy("cn")

    done = in_parallel(2, lambda _number: moved(user, chinese))
    assert sorted(done) == ["CannotMove", "done"]
    assert DataSubject.objects.filter(jurisdiction="cn").count() == 1
    assert User.objects.count() == 1
