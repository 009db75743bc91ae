"""Exactly one version of a jurisdiction and language is in force at any time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from privacy.policies.models import PolicyVersion
from privacy.policies.queries import (
    NoPolicyInForce,
    PolicyNotFound,
    find_version,
    material_changes_since,
    published_versions,
    scheduled_versions,
    version_by_digest,
    version_in_force,
    version_to_show,
)
from privacy.policies.services import MomentTaken, import_policy, publish_policy
from tests.environment import examples

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def publish(label: str, day: int, *, language: str = "en", ahead: int = 0, material: bool = True) -> PolicyVersion:
    """Publish on a day of 2026; in force `ahead` days later (or earlier, which means at once)."""
    moment = START + day * DAY
    with time_machine.travel(moment, tick=False):
        draft = import_policy(
            content=f"# P\n\nText {label} {language}".encode(),
            file_name="p.md",
            jurisdiction="cn",
            label=label,
            language=language,
        )
        return publish_policy(version=draft, material=material, effective_at=moment + ahead * DAY)


class OneInForce(TestCase):
    """For every order of publications."""

    @settings(max_examples=examples(15, 40), deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 20), st.integers(-10, 10), st.sampled_from(["en", "zh-hans"])), max_size=6),
        st.integers(0, 40),
    )
    def test_exactly_one_is_in_force_once_one_came_into_force(
        self, publications: list[tuple[int, int, str]], asked_on: int
    ) -> None:
        for number, (day, ahead, language) in enumerate(sorted(publications)):
            try:
                publish(str(number), day, ahead=ahead, language=language)
            except MomentTaken:
                continue
        at = START + asked_on * DAY
        for language in ("en", "zh-hans"):
            due = [
                version
                for version in published_versions("cn")
                if version.language == language and version.in_force_from <= at
            ]
            if not due:
                with pytest.raises(NoPolicyInForce):
                    version_in_force("cn", language, at)
                continue
            latest = max(version.in_force_from for version in due)
            assert [version for version in due if version.in_force_from == latest] == [
                version_in_force("cn", language, at)
            ]


def test_a_past_effective_date_means_from_now_on() -> None:
    version = publish("1", 10, ahead=-300)
    assert version.in_force_from == version.published_at == START + 10 * DAY
    assert version.effective_at == START - 290 * DAY


def test_a_scheduled_version_waits_for_its_moment() -> None:
    old, new = publish("1", 0), publish("2", 1, ahead=9)
    moment = new.in_force_from
    assert version_in_force("cn", "en", moment - timedelta(microseconds=1)) == old
    assert version_in_force("cn", "en", moment) == new
    with time_machine.travel(START + 2 * DAY):
        assert list(scheduled_versions()) == [new]
    with time_machine.travel(START + 20 * DAY):
        assert list(scheduled_versions()) == []


def test_two_versions_cannot_begin_at_one_moment() -> None:
    publish("1", 0, ahead=5)
    with pytest.raises(MomentTaken):
        publish("2", 1, ahead=4)


def test_the_reader_s_language_is_shown_where_it_is_up_to_date() -> None:
    english, chinese = publish("1", 0), publish("1", 1, language="zh-hans")
    assert version_to_show("cn", "zh-CN") == chinese
    assert version_to_show("cn", "en") == english
    assert version_to_show("cn", "fr") == english


def test_a_lagging_translation_is_not_shown() -> None:
    publish("1", 0), publish("1", 1, language="zh-hans")
    newest = publish("2", 2)
    assert version_to_show("cn", "zh-hans") == newest
    translated = publish("2", 3, language="zh-hans")
    assert version_to_show("cn", "zh-hans") == translated


def test_a_late_translation_of_an_old_label_is_not_the_newest() -> None:
    publish("1", 0)
    newest = publish("2", 1)
    publish("1", 2, language="zh-hans")
    assert version_to_show("cn", "zh-hans") == newest


def test_a_jurisdiction_without_a_policy_is_an_error() -> None:
    with pytest.raises(NoPolicyInForce):
        version_to_show("cn", "en")
    with pytest.raises(NoPolicyInForce):
        version_in_force("intl", "en")


def test_material_changes_are_those_of_later_labels() -> None:
    first = publish("1", 0)
    translation = publish("1", 1, language="zh-hans")
    publish("2", 2, material=False)
    third = publish("3", 3)
    publish("4", 4, ahead=10)
    at = START + 5 * DAY
    assert list(material_changes_since(first, at)) == [third]
    assert list(material_changes_since(translation, at)) == [third]
    assert list(material_changes_since(third, at)) == []


def test_a_translation_asks_no_one_again() -> None:
    first = publish("1", 0)
    second = publish("2", 1)
    publish("2", 2, language="zh-hans")
    publish("1", 3, language="zh-hans")
    at = START + 5 * DAY
    assert list(material_changes_since(second, at)) == []
    assert {version.label for version in material_changes_since(first, at)} == {"2"}


def test_versions_are_found_by_label_and_digest() -> None:
    english, chinese = publish("1", 0), publish("1", 1, language="zh-hans")
    assert find_version("cn", "1") == english
    assert find_version("cn", "1", "zh-CN") == chinese
    assert version_by_digest("cn", chinese.digest) == chinese
    assert version_by_digest("intl", chinese.digest) is None
    with pytest.raises(PolicyNotFound):
        find_version("cn", "2")


def test_a_draft_is_not_found() -> None:
    draft = import_policy(content=b"# P\n\nx", file_name="p.md", jurisdiction="cn", label="1", language="en")
    assert version_by_digest("cn", draft.digest) is None
    with pytest.raises(PolicyNotFound):
        find_version("cn", "1")
    with pytest.raises(NoPolicyInForce):
        version_in_force("cn", "en")
