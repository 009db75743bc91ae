"""A publication takes two people."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from privacy.policies.models import PolicyVersion, PublicationProposal
from privacy.policies.services import import_policy
from tests import drafts
from tests.drafts import check_clauses
from tests.factories import agree, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
TEXT = b"# P\n\n1.1 We keep promises."


def member(name: str, role: str) -> Client:
    return client_of(make_staff(role, username=name, jurisdiction="cn"))


def draft(content: bytes = TEXT) -> PolicyVersion:
    return import_policy(content=content, file_name="p.md", jurisdiction="cn", label="1", language="en")


def propose(client: Client, version: PolicyVersion) -> None:
    check_clauses(client, version)
    drafts.propose(client, version)


def confirm(client: Client, version: PolicyVersion, proposed_at: str = "") -> str:
    proposal = PublicationProposal.objects.filter(version=version).first()
    at = proposed_at or (proposal.proposed_at.isoformat() if proposal else "")
    address = reverse("admin:privacy_policyversion_confirm", args=[version.pk])
    return client.post(address, {"proposed_at": at}, follow=True).content.decode()


def is_published() -> bool:
    return PolicyVersion.objects.get().is_published


def test_one_proposes_and_another_confirms():
    version, first, second = draft(), member("one", "Policy operator"), member("two", "Policy operator")
    propose(first, version)
    assert not is_published()
    assert "A second person must confirm" in confirm(first, version)
    assert not is_published()
    assert "Published" in confirm(second, version)
    assert is_published()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationProposal.objects.update(confirmed_by=PublicationProposal.objects.get().proposed_by)


def test_a_draft_without_a_proposal_is_not_published():
    confirm(member("two", "Privacy officer"), draft())
    assert not is_published()


def test_a_text_that_changed_after_the_proposal_is_not_published():
    version = draft()
    propose(member("one", "Policy operator"), version)
    draft(b"# P\n\n1.1 We sell everything.")
    confirm(member("two", "Privacy officer"), version)
    assert not is_published()


def test_a_proposal_that_changed_after_it_was_read_is_not_published():
    version, first = draft(), member("one", "Policy operator")
    propose(first, version)
    read = PublicationProposal.objects.get().proposed_at.isoformat()
    drafts.propose(first, version, "editorial")
    assert PublicationProposal.objects.get().material is False
    confirm(member("two", "Privacy officer"), version, read)
    assert not is_published()


def test_counts_of_consent_are_shown_for_each_version():
    person = make_person()
    old = PolicyVersion.objects.get()
    new = make_policy("intl")
    agree(make_person(phone="+38164999999").subject, new)
    client = member("two", "Privacy officer")
    for version, people in ((old, 1), (new, 1)):
        page = client.get(reverse("admin:privacy_policyversion_change", args=[version.pk])).content.decode()
        assert f"the latest version that {people} person agreed to" in page
    agree(person.subject, new)
    page = client.get(reverse("admin:privacy_policyversion_change", args=[new.pk])).content.decode()
    assert "the latest version that 2 people agreed to" in page
