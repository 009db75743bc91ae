"""A published version and its clauses never change: the code refuses, and so does the database."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from privacy.policies.models import Clause, PolicyVersion, PublishedVersionFinal
from privacy.policies.services import import_policy, publish_policy


@pytest.fixture
def published() -> PolicyVersion:
    return publish_policy(version=draft())


def draft(label: str = "1") -> PolicyVersion:
    content = b"# P\n\n1.1 One\n\n1.2 Two"
    return import_policy(content=content, file_name="p.md", jurisdiction="cn", label=label, language="en")


@pytest.mark.parametrize(
    "change",
    [
        lambda version: version.save(),
        lambda version: version.delete(),
        lambda version: version.clauses.first().save(),
        lambda version: version.clauses.first().delete(),
        lambda version: Clause(version=version, position=9, anchor="x", level=2, text="x", html="x").save(),
        lambda version: publish_policy(version=version, material=False),
    ],
    ids=["save", "delete", "save a clause", "delete a clause", "add a clause", "publish again"],
)
def test_the_code_refuses_to_change_what_is_published(published: PolicyVersion, change: Callable) -> None:
    with pytest.raises(PublishedVersionFinal):
        change(published)


@pytest.mark.parametrize(
    "change",
    [
        lambda: PolicyVersion.objects.update(html="other"),
        lambda: PolicyVersion.objects.update(published_at=None, in_force_from=None),
        lambda: Clause.objects.update(text="other"),
        lambda: Clause.objects.all().delete(),
        lambda: PolicyVersion.objects.all().delete(),
    ],
    ids=["update", "unpublish", "update clauses", "delete clauses", "delete"],
)
def test_the_database_refuses_to_change_what_is_published(published: PolicyVersion, change: Callable) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    unchanged = PolicyVersion.objects.get()
    assert (unchanged.html, unchanged.clauses.count()) == (published.html, 2)


def test_a_draft_changes_and_goes(published: PolicyVersion) -> None:
    other = draft("2")
    other.title = "Other"
    other.save()
    other.clauses.first().delete()
    other.delete()
    assert PolicyVersion.objects.get() == published


def test_the_database_refuses_a_version_published_by_halves() -> None:
    version = draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(published_at=timezone.now())


def test_the_database_refuses_two_versions_of_one_label_or_moment(published: PolicyVersion) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.create(jurisdiction="cn", language="en", label="1", original=b"")
    moment = dict.fromkeys(("effective_at", "published_at", "in_force_from"), published.in_force_from)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.create(jurisdiction="cn", language="en", label="2", original=b"", material=True, **moment)
