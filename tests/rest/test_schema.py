"""Every operation answers within its schema for every caller; the schema is complete."""

import re
from unittest.mock import patch

import pytest
import schemathesis
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from portal.wsgi import application
from privacy.export.services import make_due_copies
from tests.app import App
from tests.environment import IS_THOROUGH, examples
from tests.factories import PASSWORD, make_person, make_policy, make_user

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
PLACES = {
    "field": "phone",
    "code": "invalid",
    "reference": "X",
    "jurisdiction": "intl",
    "version": "1",
    "passkey": "1",
    "session": "x",
    "device": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
    "copy": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
    "member": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
    "invitation": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
    "child": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55",
}
ROLES = ("nobody", "person", "staff")
# Their body is a file.
FILES = ("/api/v1/me/licence", "/api/v1/me/enterprise/licence")
# While tests are collected there is no database to compare the journal with.
with patch("portal.web.middleware.in_maintenance", return_value=False):
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
# Every limit of every value, some thousand requests.
schema.config.phases.coverage.enabled = IS_THOROUGH


@schemathesis.serializer("application/pdf")
def _as_it_is(_context: object, value: object) -> bytes:
    """A file is sent as the bytes that were drawn for it."""
    return bytes(value) if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(autouse=True)
def _connections_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Django's own test client: a request does not close the connection that its test's transaction is in."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _self: None)


def token_of(role: str) -> str:
    if role == "nobody":
        return ""
    user = make_person() if role == "person" else make_user()
    if role == "staff":
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    app = App()
    assert app.sign_in(user.username, PASSWORD).json()["signed_in"]
    return app.token


@pytest.mark.embedded
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(
    max_examples=examples(4, 12),
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_leaves_the_schema(case, role):
    if not hasattr(case.operation, "signed_in_for_test"):
        case.operation.signed_in_for_test = {}
    tokens = case.operation.signed_in_for_test
    if role not in tokens:
        make_policy("intl")
        tokens[role] = token_of(role)
    headers = {"Accept-Encoding": "identity"}  # schemathesis opens no compressed answer of a WSGI application
    headers |= {"Authorization": f"Bearer {tokens[role]}"} if tokens[role] else {}
    answer = case.call_and_validate(headers=headers, checks=CHECKS)
    assert answer.status_code < 500


def test_the_schema_is_valid_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    assert (tmp_path / "schema.yaml").read_text().startswith("openapi: 3.1")


def operations():
    document = schema.raw_schema
    return [(path, method, body) for path, item in document["paths"].items() for method, body in item.items()]


def test_every_operation_is_named_described_and_says_how_it_fails():
    assert len({body["operationId"] for *_where, body in operations()}) == len(operations())
    for path, method, body in operations():
        assert body["summary"], path
        assert body["description"], path
        assert body["tags"], path
        assert "406" in body["responses"], (path, method)
        if "requestBody" in body:
            content = body["requestBody"]["content"]
            assert path in FILES or content["application/json"]["examples"], path
            assert {"400", "413", "415", "422"} <= set(body["responses"]), path
        if method == "post":
            assert "Idempotency-Key" in {parameter["name"] for parameter in body["parameters"]}, path


@pytest.mark.django_db
def test_what_is_public_in_the_schema_is_public_and_nothing_else():
    """A matrix of every operation: without a token, each that needs one refuses."""
    for path, method, body in operations():
        address = re.sub(r"{(\w+)}", lambda part: PLACES[part[1]], path)
        is_public = {} in body.get("security", [{}])
        status = App().send(method.upper(), address, {} if method in ("post", "patch") else None).status_code
        assert (status != 401) == is_public, (path, method, status)


@pytest.mark.django_db
def test_the_gate_is_closed_where_the_schema_says_so_and_nowhere_else():
    """The matrix of a person who has yet to agree to a changed policy."""
    make_policy("intl")
    app = App(token_of("person"))
    make_policy("intl", text="Something else.")
    for path, method, body in operations():
        address = re.sub(r"{(\w+)}", lambda part: PLACES[part[1]], path)
        is_closed = "`consent_required`" in body["responses"].get("403", {}).get("description", "")
        answer = App(app.token).send(method.upper(), address, {} if method in ("post", "patch") else None)
        code = answer.json().get("code", "") if "problem" in answer.get("Content-Type", "") else ""
        assert (code == "consent_required") == is_closed, (path, method, code)
        if (path, method) == ("/api/v1/auth/session", "delete"):
            app.sign_in(User.objects.get().username, PASSWORD)  # the matrix signed them out


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["nobody", "person", "staff"])
def test_objects_of_another_person_are_not_found(role):
    """The matrix of every operation on one object, for all callers except its owner."""
    make_policy("intl")
    owner = App(token_of("person"))
    copy = owner.post("me/copies").json()["id"]
    make_due_copies()
    device = owner.get("auth/devices").json()[0]["id"]
    sessions, devices = list(Session.objects.all()), list(KnownDevice.objects.all())
    passkey = Authenticator.objects.create(
        user=User.objects.get(), type=Authenticator.Type.WEBAUTHN, data={"name": "Passkey 1", "credential": {}}
    )
    # A new factor ends every other session, and forgets the devices.
    Session.objects.bulk_create(sessions)
    KnownDevice.objects.bulk_create(devices)
    session = owner.get("auth/sessions").json()[0]["id"]
    objects = {"copy": copy, "passkey": str(passkey.pk), "session": session, "device": device}
    token = token_of(role)
    tried = 0
    for path, method, _body in operations():
        if not any(f"{{{name}}}" in path for name in objects):
            continue
        address = re.sub(r"{(\w+)}", lambda part: objects[part[1]], path)
        status = App(token).send(method.upper(), address).status_code
        assert status == (404 if token else 401), (path, method, status)
        tried += 1
    assert tried == 9
    assert owner.get(f"me/copies/{copy}").json()["state"] == "ready"
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
