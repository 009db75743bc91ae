"""Enterprises with members, whose links are read from the messages to them."""

import json
import re
from itertools import count

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.enterprises.models import Membership
from accounts.enterprises.services import invite, join
from accounts.profiles.services import new_profile
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from tests.factories import agree, make_person, make_policy, make_user

_numbers = count(1)


def make_enterprise(name: str = "Example Ltd") -> User:
    """A registered, verified enterprise with an e-mail address and a consent."""
    user = make_user()
    values = {"name": "Ana Kovač", "country": "RS", "enterprise_name": name}
    new_profile(subject=user.subject, kind="enterprise", values=values).save()
    address = f"office{next(_numbers)}@enterprise.example"
    mark_verified(add_contact_point(subject=user.subject, field="enterprise_email", value=address))
    newest = PolicyVersion.objects.filter(jurisdiction="intl").first()
    agree(user.subject, newest or make_policy("intl"))
    return user


def secret_of(address: str) -> str:
    """The secret in the newest invitation to an address."""
    sent = [
        notice
        for notice in Notice.objects.filter(template="enterprise_invitation").order_by("-due_at", "-id")
        if str(notice.address) == address
    ]
    url = json.loads(str(sent[0].context))["read_url"]
    found = re.search(r"/enterprises/join/([^/]+)/", url)
    assert found
    return found[1]


def invited(enterprise: User, role: str = "member", address: str = "") -> str:
    """Invite an address; return the secret of its link."""
    address = address or f"someone{next(_numbers)}@example.com"
    invite(by=enterprise.subject, address=address, role=role)
    return secret_of(address)


def make_member(enterprise: User, role: str = "member") -> tuple[User, Membership]:
    """A person who joined an enterprise by an invitation."""
    person = make_person()
    return person, join(subject=person.subject, token=invited(enterprise, role))
