"""What is corrected on the way back, before the account is verified, is what is stored (GDPR, art. 5(1)(d))."""

import pytest
from django.test import Client

from accounts.profiles.models import Profile
from accounts.users.models import User
from tests.factories import make_policy, make_user
from tests.sign_in_clients import register, shown_text

pytestmark = pytest.mark.embedded


@pytest.fixture
def form(client: Client) -> dict[str, str]:
    make_policy("intl")
    return shown_text(client)


def test_a_name_corrected_on_the_way_back_is_stored(client: Client, form: dict[str, str]):
    register(client, **form, name="Jorg")
    assert register(client, **form, name="Jörg")["Location"] == "/sign-in/verify/"
    assert Profile.objects.get().name == "Jörg"


def test_a_username_changed_on_the_way_back_is_stored(client: Client, form: dict[str, str]):
    register(client, **form)
    register(client, **form, username="another_one")
    assert User.objects.get().username == "another_one"


def test_a_username_in_use_is_refused_on_the_way_back_too(client: Client, form: dict[str, str]):
    register(client, **form)
    make_user(username="another_one")
    answer = register(client, **form, username="another_one")
    assert answer.status_code == 422
    assert "This username is taken" in answer.content.decode()
    assert User.objects.filter(username_index="joerg_gross").exists()
