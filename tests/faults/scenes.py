"""What the scripts of the fault suite do inside a portal of their own, and what must be so at the end."""

import io
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.journal.maintenance import forget_answer
from privacy.journal.models import JournalEntry
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests import factories
from tests.chains import chain_errors
from tests.declarations import declare
from tests.erasures import held
from tests.factories import STAFF_WITHOUT_ACCOUNT

__all__ = [
    "DataSubject",
    "ErasureCase",
    "JournalEntry",
    "Notice",
    "User",
    "answer",
    "asked",
    "cancel_all",
    "chain_errors",
    "die_at",
    "erase_due_accounts",
    "erase_until_done",
    "hold_contact",
    "make_people",
    "manage",
    "outcome",
    "revived",
    "usable_keys",
]

BOUNDARIES = (
    *("privacy.erasure.erasing._erase_from_data_stores", "privacy.erasure.erasing.note"),
    *("privacy.erasure.erasing.write_erasures", "privacy.erasure.erasing.destroy_keys"),
    *("privacy.erasure.erasing.ErasureReceipt.append_all", "django.db.transaction.Atomic.__exit__"),
)


def answer(value: Any) -> None:
    """Print what the test waits for."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


def make_people(count: int) -> list[str]:
    """Make verified people with a phone, a profile and a consent; return their numbers."""
    with transaction.atomic():
        return [str(factories.make_person().subject_id) for _ in range(count)]


def cancel_all(only: list[str] | None = None) -> int:
    """Cancel every account, or some, that is not cancelled yet; with no cooling-off their erasures are due at once."""
    subjects = DataSubject.objects.filter(erased_at=None, pk__in=User.objects.values("subject"))
    subjects = subjects.exclude(pk__in=subjects_with_an_open_case())
    chosen = list(subjects.filter(pk__in=only) if only is not None else subjects)
    for subject in chosen:
        cancel_account(subject=subject)
    return len(chosen)


def hold_contact(subject: str) -> LegalHold:
    """Let an approved hold keep a person's contact data."""
    with declare(STAFF_WITHOUT_ACCOUNT):
        return held(User.objects.get(subject_id=subject), "contact")


def erase_until_done(batch: int = 7, pause: float = 0.01) -> None:
    """Do what a worker does, for ever."""
    while True:
        erase_due_accounts(batch=batch)
        time.sleep(pause)


def manage(*arguments: str) -> str:
    """Run a management command in this process; return what it said."""
    said = io.StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def asked() -> list[int]:
    """Return what a page, an endpoint and the readiness check answer now."""
    forget_answer()
    client = Client(raise_request_exception=False)
    return [client.get(path).status_code for path in ("/", "/api/v1/me", "/readyz")]


def usable_keys(subject: str) -> int:
    """Return how many keys of a person live."""
    return DataKey.objects.filter(owner=subject, wrapped__isnull=False).count()


def die_at(boundary: str, after: bool, call: int) -> None:
    """Let this process die by SIGKILL just before or after the given call of a function."""
    owner_path, _dot, name = boundary.rpartition(".")
    owner = _resolve(owner_path)
    real: Callable[..., Any] = getattr(owner, name)
    calls = Counter[str]()

    def deadly(*args: Any, **kwargs: Any) -> Any:
        calls["seen"] += 1
        if calls["seen"] == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if calls["seen"] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def outcome() -> dict[str, Any]:
    """Return counts of lost, half-erased, repeated and broken data."""
    erased = set(ErasureCase.objects.filter(state="erased").values_list("subject_id", flat=True))
    receipts = Counter(ErasureReceipt.objects.values_list("subject_id", flat=True))
    notified = Notice.objects.filter(template="account_erased").count()
    living = set(DataKey.objects.filter(wrapped__isnull=False, owner__in=erased).values_list("owner", flat=True))
    rows = sum(model.objects.filter(subject_id__in=erased).count() for model in (User, Profile, ContactPoint))
    return {
        "erased": len(erased),
        "open": ErasureCase.objects.exclude(state__in=["erased", "undone"]).count(),
        "receipts": sum(receipts.values()),
        "doubled receipts": sum(1 for count in receipts.values() if count > 1),
        "erased without a receipt": len(erased - receipts.keys()),
        "rows of the erased": rows,
        "living keys of the erased": len(living),
        "notified": notified,
        "notified twice": max(0, notified - len(erased)),
        "chain faults": len(list(chain_errors(ErasureReceipt)) + list(chain_errors(JournalEntry))),
    }


def revived() -> dict[str, int]:
    """Return how many people and living keys there are of those whose journal entry says that they were erased."""
    erased = set(JournalEntry.objects.filter(kind="erased").values_list("subject_id", flat=True))
    return {
        "people": User.objects.filter(subject_id__in=erased).count()
        + Profile.objects.filter(subject_id__in=erased).count(),
        "keys": DataKey.objects.filter(wrapped__isnull=False, owner__in=erased).count(),
        "left": User.objects.count(),
    }


def _resolve(path: str) -> Any:
    from importlib import import_module

    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise ImportError(path)
