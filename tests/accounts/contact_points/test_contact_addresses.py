"""An e-mail address leads to the public Internet, and holds no control character."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.parsing import clean_email
from tests.app import App, registered

pytestmark = pytest.mark.embedded

REFUSED = [
    "a@localhost",
    "a@LOCALHOST",
    "a@ｌocalhost",
    "a@mail",
    "a@db.internal",
    "a@host.localhost",
    "a@printer.local",
    "a@nas.lan",
    "a@router.home.arpa",
    "a@127.0.0.1",
    "a@127.1",
    "a@2130706433",
    "a@0x7f000001",
    "a@example.0x1",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    '"\x01"@example.com',
    '"a\r\nBcc: b"@example.com',
    '"a b"@example.com',
    "a\x00@example.com",
    "a\x7f@example.com",
    "a@exam\x01ple.com",
    "a@example.com\r\nBcc: b@example.com",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_leads_inside_or_holds_controls_is_refused(address: str):
    with pytest.raises(ValidationError) as refused:
        clean_email(address)
    assert refused.value.code == "invalid_email"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jörg.1@bücher.example", None),
        ("joerg+news@BÜCHER.example", "joerg+news@xn--bcher-kva.example"),
        ("o'brien@example.co.uk", "o'brien@example.co.uk"),
        ("a@例子.公司", "a@xn--fsqu00a.xn--55qx5d"),
        ("a@internal.example.com", "a@internal.example.com"),
    ],
)
def test_a_public_address_is_kept_in_its_canonical_form(typed: str, kept: str | None):
    if kept is None:
        with pytest.raises(ValidationError):
            clean_email(typed)
    else:
        assert clean_email(typed) == kept


@pytest.mark.parametrize("address", ["a@localhost", '"\x01"@example.com'])
def test_every_interface_refuses_such_an_address(address: str, signed_in: Client):
    answer = App().register("DE", email=address, username="somebody", phone="+4915123456780")
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]["email"]] == ["invalid_email"]
    app = registered()
    changed = app.post("me/contacts/email", {"value": address})
    assert [error["code"] for error in changed.json()["errors"]["value"]] == ["invalid_email"]
    page = signed_in.post("/settings/security/email/", {"value": address})
    assert "Enter an e-mail address" in page.content.decode()
    assert not ContactPoint.objects.filter(kind="email").exists()
