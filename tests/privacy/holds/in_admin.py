"""Ask for and decide on holds in the admin."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.users.models import User
from privacy.holds.models import LegalHold
from privacy.holds.services import ask_for_hold
from privacy.operations.roles import ROLES
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

OFFICER, *OTHERS = ROLES
ACTS = ("approve", "refuse", "ask-release", "release", "keep")
ADD = reverse("admin:privacy_legalhold_add")
UNTIL = (timezone.now() + timedelta(days=30)).replace(microsecond=0)


def limited_to(*rights: str) -> User:
    """A member of staff without any role but these rights."""
    user = make_staff(OFFICER, username="limited")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


def typed(subject_id: object, **values: object) -> dict[str, object]:
    usual = {"exception": "1.7.3", "legal_basis": "Court order 12/2026", "classes": ["contact", "account"]}
    return {"subject": str(subject_id), **usual, "until": f"{UNTIL:%Y-%m-%d %H:%M:%S}"} | values


def asked(by: User) -> LegalHold:
    return ask_for_hold(
        subject=make_person().subject,
        exception="1.7.3",
        legal_basis="Court order 12/2026",
        classes=["contact"],
        until=UNTIL,
        by=by.pk,
    )


def act(user: User, hold: LegalHold, name: str, **options: object):
    return client_of(user).post(reverse(f"admin:privacy_legalhold_{name}", args=[hold.pk]), **options)


def page(user: User, hold: LegalHold) -> str:
    answer = client_of(user).get(reverse("admin:privacy_legalhold_change", args=[hold.pk]))
    assert answer.status_code == 200
    return answer.content.decode()
