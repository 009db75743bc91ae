"""The roles of staff are read-only in the admin, also for administrators."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from privacy.operations.roles import ROLES
from tests.factories import make_staff
from tests.sign_in_clients import client_of

SUPPORT = "Support"


def test_an_administrator_sees_what_a_role_may_do():
    client = client_of(make_staff())
    listed = client.get(reverse("admin:auth_group_changelist")).content.decode()
    assert all(name in listed for name in ROLES)
    page = client.get(reverse("admin:auth_group_change", args=[Group.objects.get(name=SUPPORT).pk]))
    assert page.status_code == 200
    assert "find" in page.content.decode().lower()
    assert 'name="_save"' not in page.content.decode()


@pytest.mark.parametrize("act", ["add", "change", "delete"])
def test_roles_cannot_be_changed_there(act: str):
    client, group = client_of(make_staff()), Group.objects.get(name=SUPPORT)
    before = set(group.permissions.values_list("codename", flat=True))
    address = reverse(f"admin:auth_group_{act}", args=[] if act == "add" else [group.pk])
    answer = client.post(address, {"name": "Everything", "permissions": [], "post": "yes"})
    assert answer.status_code == 403
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert set(group.permissions.values_list("codename", flat=True)) == before


def test_nor_from_the_list():
    client, group = client_of(make_staff()), Group.objects.get(name=SUPPORT)
    data = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
    client.post(reverse("admin:auth_group_changelist"), data)
    assert Group.objects.filter(pk=group.pk).exists()
