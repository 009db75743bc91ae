"""Staff import a document, see what changed, and publish it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from privacy.policies.models import PolicyVersion
from privacy.policies.services import confirm_publication, import_policy, publish_policy
from tests.drafts import check_clauses, propose
from tests.factories import make_staff, make_user
from tests.sign_in_clients import client_of

OLD = b"# P\n\n1.1 We keep promises."
NEW = b"# P\n\n1.1 We always keep promises."


@pytest.fixture
def staff() -> Client:
    return client_of(make_staff())


def publish(content: bytes = OLD, label: str = "1") -> PolicyVersion:
    draft = import_policy(content=content, file_name="p.md", jurisdiction="cn", label=label, language="en")
    return publish_policy(version=draft, material=True)


def confirm(draft: PolicyVersion) -> None:
    """Let a second person confirm."""
    proposal = draft.proposal
    confirm_publication(version=draft, by=uuid4(), proposed_at=proposal.proposed_at)


def upload(client: Client, content: bytes, label: str = "2", **more: str):
    data = {"document": SimpleUploadedFile("p.md", content), "jurisdiction": "cn", "label": label, "language": "zh"}
    return client.post(reverse("admin:privacy_policyversion_add"), data | more, follow=True)


def test_a_document_goes_from_upload_to_force(staff: Client) -> None:
    publish()
    assert b"Import a document" in staff.get(reverse("admin:privacy_policyversion_changelist")).content
    assert b"Import a document" in staff.get(reverse("admin:privacy_policyversion_add")).content
    response = upload(staff, NEW, language="en")
    draft = PolicyVersion.objects.get(label="2")
    assert not draft.is_published
    html = response.content.decode()
    assert "always" in html
    assert "<ins>" in html
    assert "Propose to publish" not in html
    assert "Propose to publish" in check_clauses(staff, draft).content.decode()
    response = propose(staff, draft, "editorial", effective_at="")
    assert "You proposed it. A second person must confirm it." in response.content.decode()
    confirm(draft)
    published = PolicyVersion.objects.get(label="2")
    assert (published.is_published, published.material) == (True, False)


def test_publishing_needs_a_decision(staff: Client) -> None:
    draft = import_policy(content=NEW, file_name="p.md", jurisdiction="cn", label="2", language="en")
    address = reverse("admin:privacy_policyversion_propose", args=[draft.pk])
    assert b"This field is required" in staff.post(address, {"change": ""}, follow=True).content
    assert not PolicyVersion.objects.get().is_published


@pytest.mark.parametrize("name", ["p.exe", "p.md.svg", "p", "p.zip"])
def test_a_file_of_another_kind_is_not_taken(staff: Client, name: str) -> None:
    data = {"document": SimpleUploadedFile(name, NEW), "jurisdiction": "cn", "label": "2", "language": "en"}
    page = staff.post(reverse("admin:privacy_policyversion_add"), data, follow=True).content.decode()
    assert "is not allowed. Allowed extensions are: md, markdown" in page
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(("content", "more"), [(b"\x00\xff", {}), (OLD, {"language": "!"}), (OLD, {"label": "a/b"})])
def test_a_bad_upload_is_explained(staff: Client, content: bytes, more: dict[str, str]) -> None:
    response = upload(staff, content, **more)
    assert "errorlist" in response.content.decode()
    assert not PolicyVersion.objects.exists()


def test_what_is_published_is_read_only_and_cannot_be_deleted(staff: Client) -> None:
    version = publish()
    html = staff.get(reverse("admin:privacy_policyversion_change", args=[version.pk])).content.decode()
    assert "Propose to publish" not in html
    assert staff.post(reverse("admin:privacy_policyversion_delete", args=[version.pk])).status_code == 403
    again = staff.post(
        reverse("admin:privacy_policyversion_propose", args=[version.pk]), {"change": "material"}, follow=True
    )
    assert b"is published and cannot be changed" in again.content
    assert "delete_selected" not in staff.get(reverse("admin:privacy_policyversion_changelist")).content.decode()


def test_a_draft_can_be_deleted(staff: Client) -> None:
    draft = import_policy(content=OLD, file_name="p.md", jurisdiction="cn", label="1", language="en")
    staff.post(reverse("admin:privacy_policyversion_delete", args=[draft.pk]), {"post": "yes"})
    assert not PolicyVersion.objects.exists()


def test_no_one_else_gets_in(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse("admin:privacy_policyversion_add")).status_code == 302
    draft = import_policy(content=OLD, file_name="p.md", jurisdiction="cn", label="1", language="en")
    client.post(reverse("admin:privacy_policyversion_propose", args=[draft.pk]), {"change": "material"})
    assert not PolicyVersion.objects.get().is_published
