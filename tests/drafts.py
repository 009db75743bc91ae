"""Check, and propose to publish, a draft as staff do: with the state of the draft that the page shows."""

import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from privacy.policies.models import PolicyVersion


def address_of(name: str, version: PolicyVersion) -> str:
    """The address of one of the staff's pages of a version."""
    return reverse(f"admin:privacy_policyversion_{name}", args=[version.pk])


def shown_state(page: str) -> dict[str, str]:
    """What the form of a page sends back of the draft that it shows."""
    return dict(re.findall(r'<input type="hidden" name="(shown)" value="([^"]+)"', page))


def check_clauses(client: Client, version: PolicyVersion, typed: dict[str, str] | None = None) -> HttpResponse:
    """Open the page of the clauses, type something, and send it."""
    page = address_of("clauses", version)
    shown = shown_state(client.get(page).content.decode())
    return client.post(page, shown | (typed or {}), follow=True)


def propose(client: Client, version: PolicyVersion, change: str = "material", **typed: str) -> HttpResponse:
    """Open the page of a draft, and propose to publish it."""
    shown = shown_state(client.get(address_of("change", version)).content.decode())
    return client.post(address_of("propose", version), shown | {"change": change} | typed, follow=True)
