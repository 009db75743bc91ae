"""Publishing: what a person decides, what follows from the text, and which packages get the signal."""

from datetime import UTC, datetime

import pytest
import time_machine

from privacy.policies.models import PolicyVersion
from privacy.policies.services import MaterialityUndecided, import_policy, publish_policy
from privacy.policies.signals import policy_published


def draft(label: str, text: str = "Text", language: str = "en") -> PolicyVersion:
    content = f"# P\n\n{text}".encode()
    return import_policy(content=content, file_name="p.md", jurisdiction="cn", label=label, language=language)


def test_the_first_version_of_a_jurisdiction_is_material() -> None:
    assert publish_policy(version=draft("1"), material=False).material


def test_a_later_version_needs_a_decision() -> None:
    publish_policy(version=draft("1"))
    with pytest.raises(MaterialityUndecided):
        publish_policy(version=draft("2"))
    assert publish_policy(version=draft("2"), material=False).material is False


def test_a_translation_is_what_its_label_is() -> None:
    publish_policy(version=draft("1"))
    publish_policy(version=draft("2"), material=False)
    assert publish_policy(version=draft("2", language="zh-hans")).material is False


@time_machine.travel("2026-05-01T12:00Z", tick=False)
def test_the_date_in_the_text_counts_where_it_lies_ahead() -> None:
    ahead = publish_policy(version=draft("1", "Effective Date: July 14, 2026"))
    assert ahead.in_force_from == datetime(2026, 7, 14, tzinfo=UTC)
    past = publish_policy(version=draft("2", "Effective Date: July 14, 2022"), material=True)
    assert past.in_force_from == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_publication_signals_higher_packages_once() -> None:
    received: list[PolicyVersion] = []

    def listen(version: PolicyVersion, **_kwargs: object) -> None:
        received.append(version)

    policy_published.connect(listen)
    try:
        version = publish_policy(version=draft("1"))
    finally:
        policy_published.disconnect(listen)
    assert received == [version]
