"""Each compiled query has the result of its query set: on PostgreSQL, where it is used."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.contact_points.services import EVERY_CONTACT, IN_USE, add_contact_point, mark_verified
from accounts.profiles.queries import PROFILE
from accounts.sessions.models import Session
from accounts.sessions.open_sessions import NOT_EXPIRED
from accounts.sessions.store import WITH_OWNER
from privacy.access.queries import LATEST_ACCESS
from privacy.access.services import record_access
from privacy.consent.queries import EVERY_ACT, LATEST_CONSENT, acts_of, every_act
from privacy.consent.services import switch_purpose
from privacy.database.compiled import CompiledQuery
from privacy.encryption.keys import KEYS_OF, destroy_classes
from privacy.export.queries import NEWEST_COPY
from privacy.export.services import request_copy
from tests.app import App
from tests.factories import PASSWORD, make_person

NAMES = (
    *("session", "profile", "contact points", "every contact point", "keys", "open sessions"),
    *("consents", "latest consent", "newest copy", "latest access"),
)


def queries() -> dict[str, tuple[CompiledQuery, tuple[Any, ...]]]:
    """Return each query by its name, with values of a person with all optional data."""
    user = make_person()
    App().sign_in(user.username, PASSWORD)
    mark_verified(add_contact_point(subject=user.subject, field="email", value="maria@example.com"))
    destroy_classes([user.subject_id], ["copies"])
    request_copy(subject=user.subject)
    record_access(subject=user.subject, staff=uuid4(), role="Support", act="opened", reason="law")
    row_key = Session.objects.get(subject=user.subject).pk
    return {
        "session": (WITH_OWNER, (row_key, timezone.now())),
        "profile": (PROFILE, (user.subject_id,)),
        "contact points": (IN_USE, (user.subject_id,)),
        "every contact point": (EVERY_CONTACT, (user.subject_id,)),
        "keys": (KEYS_OF, (user.subject_id,)),
        "open sessions": (NOT_EXPIRED, (user.subject_id, timezone.now())),
        "consents": (EVERY_ACT, (user.subject_id,)),
        "latest consent": (LATEST_CONSENT, (user.subject_id,)),
        "newest copy": (NEWEST_COPY, (user.subject_id,)),
        "latest access": (LATEST_ACCESS, (user.subject_id,)),
    }


def content(row: Model) -> dict[str, Any]:
    """Return all that a row holds: columns and annotations, sealed ones by their ciphertext."""
    held = {name: value for name, value in vars(row).items() if name != "_state"}
    return {name: getattr(value, "sealed", value) for name, value in held.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_query_finds_what_its_query_set_finds(name: str):
    query, values = queries()[name]
    found, expected = query.rows(*values), list(query.build(*values))
    assert expected
    assert found == expected
    assert [content(row) for row in found] == [content(row) for row in expected]
    assert [(row._state.adding, row._state.db) for row in found] == [(False, row._state.db) for row in expected]


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_query_finds_nothing_of_others(name: str):
    query, values = queries()[name]
    other = str(uuid4()) if name == "session" else uuid4()
    assert query.rows(other, *values[1:]) == []
    assert query.first(other, *values[1:]) is None


def test_an_expired_session_is_not_found():
    query, (row_key, _now) = queries()["session"]
    end = Session.objects.get(pk=row_key).expire_date
    assert query.first(row_key, end) is None


def test_the_list_of_consents_says_what_each_changed():
    user = make_person()
    for on in (True, False):
        switch_purpose(subject=user.subject, key="product_news", on=on, channel="web")
    found = [(act.pk, act.version, act.granted, act.withdrawn) for act in every_act(user.subject_id)]
    assert found == [(act.pk, act.version, act.granted, act.withdrawn) for act in acts_of(user.subject_id)]
    assert [changed for _pk, _version, *changed in found] == [[[], ["product_news"]], [["product_news"], []], [[], []]]
