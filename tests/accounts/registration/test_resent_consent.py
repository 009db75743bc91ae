"""A form that is sent again with other optional uses leaves on only what the person left ticked."""

import pytest
from django.test import Client

from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.inventory.purposes import optional_purposes
from tests.factories import make_policy
from tests.sign_in_clients import register, shown_text

pytestmark = pytest.mark.embedded


def test_an_optional_use_that_was_unticked_on_the_way_back_is_off(client: Client):
    make_policy("intl")
    form = shown_text(client)
    purpose = optional_purposes()[0].key
    assert register(client, purposes=purpose, **form)["Location"] == "/sign-in/verify/"
    assert register(client, **form)["Location"] == "/sign-in/verify/"
    user = User.objects.get()
    assert purpose not in purposes_in_force(user.subject_id)
    assert list(ConsentRecord.objects.order_by("position").values_list("act", flat=True)) == ["registered", "withdrew"]


def test_the_same_form_twice_changes_no_consent(client: Client):
    make_policy("intl")
    form = shown_text(client) | {"purposes": optional_purposes()[0].key}
    for _ in range(2):
        assert register(client, **form)["Location"] == "/sign-in/verify/"
    assert ConsentRecord.objects.get().purposes == [form["purposes"]]
