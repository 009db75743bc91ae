"""Each role sees and does its part, and nothing else: every page of the admin, for every role."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse

from accounts.staff import roles
from accounts.staff.sign_in_resets import propose_reset
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.operations.roles import ROLES, permissions_by_role
from privacy.policies.services import import_policy
from privacy.recipients.services import register_recipient
from tests.erasures import asked
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
OFFICER, SUPPORT, REVIEWER, AUDITOR, OPERATOR = ROLES
FIND = {OFFICER, SUPPORT, REVIEWER}
EVIDENCE = {OFFICER, AUDITOR}
POLICIES = {OFFICER, OPERATOR}
COUNTS = {OFFICER, OPERATOR}
NUMBERS = ("monthlycount", "purge")


Place = tuple[str, str, dict[str, Any], set[str]]


def places() -> dict[str, tuple[str, str, set[str]]]:
    """Every page and act: name -> method, address, who may."""
    person = make_person()
    found = places_of_people(person) | places_of_policies() | places_of_recipients() | places_of_holds(person)
    found |= places_of_evidence()
    return {name: (method, reverse(url, kwargs=given), who) for name, (method, url, given, who) in found.items()}


def places_of_people(person: User) -> dict[str, Place]:
    reset = propose_reset(
        staff=make_staff(username="proposes"), user=person, act="phone", proof="contact", phone="+4915123450001"
    )
    at = {"pk": person.pk}
    return {
        "first page": ("GET", "admin:index", {}, set(ROLES)),
        "find": ("GET", "admin:accounts_user_changelist", {}, FIND),
        "person": ("GET", "admin:accounts_user_change", at, FIND),
        "open": ("POST", "admin:accounts_user_open", at, {OFFICER, SUPPORT}),
        "end sessions": ("POST", "admin:accounts_user_end-sessions", at, {OFFICER, SUPPORT}),
        "cancel": ("POST", "admin:accounts_user_cancel", at, {OFFICER}),
        "allow a move": ("POST", "admin:accounts_user_allow-move", at, {OFFICER, SUPPORT}),
        "propose a reset": ("POST", "admin:accounts_user_propose-reset", at, {OFFICER, SUPPORT}),
        "confirm a reset": ("POST", "admin:accounts_user_confirm-reset", {"pk": reset.pk}, {OFFICER}),
        "refuse a reset": ("POST", "admin:accounts_user_refuse-reset", {"pk": reset.pk}, {OFFICER}),
    }


def places_of_policies() -> dict[str, Place]:
    draft = import_policy(content=b"# P\n\n1.1 x", file_name="p.md", jurisdiction="cn", label="9", language="en")
    return {
        "policies": ("GET", "admin:privacy_policyversion_changelist", {}, POLICIES),
        "import": ("GET", "admin:privacy_policyversion_add", {}, {OPERATOR}),
        "propose": ("POST", "admin:privacy_policyversion_propose", {"pk": draft.pk}, {OPERATOR}),
        "check clauses": ("GET", "admin:privacy_policyversion_clauses", {"pk": draft.pk}, {OPERATOR}),
        "reject": ("POST", "admin:privacy_policyversion_reject", {"pk": draft.pk}, POLICIES),
        "confirm": ("POST", "admin:privacy_policyversion_confirm", {"pk": draft.pk}, POLICIES),
        "announcements": ("GET", "admin:privacy_announcement_changelist", {}, POLICIES),
    }


def places_of_recipients() -> dict[str, Place]:
    recipient, _secret = register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    return {
        "recipients": ("GET", "admin:privacy_recipient_changelist", {}, {OFFICER}),
        "recipient": ("GET", "admin:privacy_recipient_change", {"object_id": recipient.pk}, {OFFICER}),
        "register a recipient": ("GET", "admin:privacy_recipient_add", {}, {OFFICER}),
        **{
            f"{act} a recipient": ("POST", "admin:privacy_recipient_act", {"pk": recipient.pk, "act": act}, {OFFICER})
            for act in ("rotate", "retire", "notify-again")
        },
    }


def places_of_holds(person: User) -> dict[str, Place]:
    hold = asked(person)
    return {
        "holds": ("GET", "admin:privacy_legalhold_changelist", {}, {OFFICER}),
        "ask for a hold": ("GET", "admin:privacy_legalhold_add", {}, {OFFICER}),
        "hold": ("GET", "admin:privacy_legalhold_change", {"object_id": hold.pk}, {OFFICER}),
        **{
            f"{act} a hold": ("POST", f"admin:privacy_legalhold_{act}", {"pk": hold.pk}, {OFFICER})
            for act in ("approve", "refuse", "ask-release", "release", "keep")
        },
    }


def places_of_evidence() -> dict[str, Place]:
    case = cancel_account(subject=make_person().subject)
    return {
        "try an erasure again": ("POST", "admin:privacy_erasurecase_try_again", {"pk": case.pk}, {OFFICER}),
        "erasures": ("GET", "admin:privacy_erasurecase_changelist", {}, {OFFICER}),
        **{
            model: ("GET", f"admin:privacy_{model}_changelist", {}, EVIDENCE)
            for model in ("consentrecord", "erasurereceipt", "accessrecord", "journalentry", "delivery")
        },
        **{model: ("GET", f"admin:privacy_{model}_changelist", {}, COUNTS) for model in NUMBERS},
        **{
            f"add {model}": ("GET", f"admin:privacy_{model}_add", {}, set())
            for model in ("consentrecord", "erasurereceipt", "accessrecord", "erasurecase", "delivery", *NUMBERS)
        },
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_its_part_and_nothing_else(role):
    client = client_of(make_staff(role))
    for name, (method, address, who) in places().items():
        status = client.generic(method, address).status_code
        assert (status in (200, 302)) == (role in who), (role, name, status)


def test_a_member_of_staff_without_a_role_sees_an_empty_first_page():
    member = make_staff(OFFICER)
    member.groups.clear()
    client = client_of(member)
    page = client.get("/admin/").content.decode()
    assert 'class="module"' not in page.split('id="needs"')[1].split('id="content-related"')[0].split("<div")[0]
    assert client.get("/admin/accounts/user/").status_code == 403


def test_people_cannot_be_deleted_or_listed():
    client = client_of(make_staff())
    person = make_person()
    for action in ("delete", "history"):
        assert client.get(f"/admin/accounts/user/{person.pk}/{action}/").status_code == 404
    assert person.username not in client.get("/admin/accounts/user/").content.decode()


def test_the_groups_hold_what_the_table_says():
    held = {
        group.name: {
            f"{permission.content_type.app_label}.{permission.codename}" for permission in group.permissions.all()
        }
        for group in Group.objects.all()
    }
    assert held == {name: set(permissions) for name, permissions in permissions_by_role().items()}


def test_the_command_makes_staff_with_roles(capsys):
    call_command("create_staff", "anna", "--role", "Support", "--role", "Auditor", "--jurisdiction", "intl")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert set(user.groups.values_list("name", flat=True)) == {"Support", "Auditor"}
    assert "shown only once" in capsys.readouterr().out


def permissions_of(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_the_group_of_a_removed_role_has_no_permission_after_a_migration(monkeypatch):
    own = Group.objects.create(name="Group of an operator")
    former = Group.objects.create(name="Inspector")
    for group in (own, former):
        group.permissions.add(Permission.objects.get(codename="open_person"))
    member = make_staff("Inspector")
    monkeypatch.setattr(roles, "FORMER_ROLES", ("Inspector", SUPPORT))
    call_command("migrate", verbosity=0)
    assert permissions_of("Inspector") == set()
    assert permissions_of("Group of an operator") == {"open_person"}
    assert "open_person" in permissions_of(SUPPORT), "a role that is one still keeps its permissions"
    assert not User.objects.get(pk=member.pk).has_perm("accounts.open_person")


def test_a_role_that_is_removed_is_named_as_a_former_one():
    assert {"Privacy officer", "Support", "Reviewer", "Auditor", "Policy operator"} <= {*ROLES, *roles.FORMER_ROLES}
