"""Enterprises that hand in licences, and the sealed files that are left of them."""

from datetime import timedelta
from functools import cache
from secrets import token_bytes, token_hex
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from accounts.licences.files import stored_names
from accounts.licences.models import RETENTION_CLASS, Licence, LicencePage
from accounts.licences.services import hand_in
from accounts.users.models import User
from privacy.encryption.keys import create_keys
from privacy.encryption.models import DataKey
from privacy.subjects.models import DataSubject
from tests.app import App, registered
from tests.factories import make_policy
from tests.privacy.pictures.files import drawn, saved

PDF = "application/pdf"


@cache
def photo(number: int = 1) -> bytes:
    """A photo of a licence; another number is another file."""
    return saved(drawn((400 + number, 300)), "JPEG")


def enterprise(country: str = "DE", **values: str) -> App:
    """The app of an enterprise that registered over REST."""
    make_policy("cn" if country == "CN" else "intl")
    return registered(country, kind="enterprise", **values)


def put(app: App, data: bytes, content_type: str = "image/jpeg", **headers: str) -> HttpResponse:
    """Hand in a file over REST."""
    return app.send("PUT", "me/licence", data, content_type=content_type, **headers)


def handed_in(number: int = 1, *, user: User | None = None) -> Licence:
    """A licence in review, of the only user by default."""
    return hand_in(subject=(user or User.objects.get()).subject, data=photo(number))


def licence_row(subject: DataSubject, state: str, **values: Any) -> Licence:
    """A licence with one page, without the sealed file."""
    now = timezone.now()
    times = {"due_at": now + timedelta(days=3), "decided_at": None if state == "in_review" else now}
    licence = Licence(subject=subject, state=state, fingerprint=token_bytes(32), **times, **values)
    create_keys(licence.pk, [RETENTION_CLASS])
    licence.save(force_insert=True)
    size = {"width": 800, "height": 600, "size": 12_345}
    LicencePage.objects.create(
        licence=licence, number=1, content_type="image/png", name=token_hex(16), sealed_digest="0" * 64,
        picture_digest="1" * 64, **size,
    )  # fmt: skip
    return licence


def usable_licence_keys() -> set[object]:
    """The licences whose keys still exist."""
    living = DataKey.objects.filter(retention_class=RETENTION_CLASS, wrapped__isnull=False)
    return set(living.values_list("owner", flat=True))


def files() -> set[str]:
    """The names of the sealed files."""
    return set(stored_names())
