"""Dates that a text states are found, in the forms that writers use."""

from datetime import date

import pytest

from privacy.policies.dates import StatedDates, find_dates, without_stated_dates

pytestmark = pytest.mark.embedded

JULY = date(2022, 7, 14)


@pytest.mark.parametrize(
    "text",
    [
        "Effective Date: July 14, 2022",
        "Effective date: 14 July 2022",
        "Effective 14th Jul 2022",
        "This policy is effective as of 2022-07-14.",
        "生效日期：2022年7月14日",
        "2022 年 7 月 14 日生效",
        "本政策自2022年07月14日起施行",
        "Effective: 2022/7/14",
    ],
)
def test_the_effective_date_is_found(text: str) -> None:
    assert find_dates(text) == StatedDates(None, JULY)


@pytest.mark.parametrize(
    "text",
    [
        "Last updated: July 14, 2022",
        "Update Date: July 14, 2022",
        "Last Updated: 2022-07-14",
        "更新日期：2022年7月14日",
        "最后更新：2022-07-14",
        "Last modified on 14 July 2022",
    ],
)
def test_the_date_of_the_update_is_found(text: str) -> None:
    assert find_dates(text) == StatedDates(JULY, None)


def test_both_dates_are_distinguished() -> None:
    stated = find_dates("Update Date: July 14, 2022\nEffective Date: July 19, 2022\nText of 1 May 2020.")
    assert stated == StatedDates(JULY, date(2022, 7, 19))


@pytest.mark.parametrize("text", ["", "Founded July 14, 2022", "Effective Date: February 31, 2022", "Effective soon"])
def test_no_date_is_made_up(text: str) -> None:
    assert find_dates(text) == StatedDates()


def test_only_stated_dates_are_left_out_of_a_comparison() -> None:
    assert (
        without_stated_dates("Last updated: July 14, 2022 Kept until 1 May 2020.").strip() == "Kept until 1 May 2020."
    )


PAGES = 400 * "Words of a policy.\n"


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("Last updated: July 14, 2022", StatedDates(JULY, None)),
        ("This policy was last amended on 14 July 2022.", StatedDates(JULY, None)),
        ("本政策自2022年7月14日起施行。", StatedDates(None, JULY)),
        ("本政策于2022年7月14日更新，2022年7月14日生效。", StatedDates()),
        ("2022年7月14日更新：增加\n2021年1月1日更新：删除", StatedDates(JULY, None)),
        ("Policy of 2014: effective from June 6, 2014 until May 24, 2018", StatedDates()),
        (200 * "words " + "last updated July 14, 2022", StatedDates()),
    ],
)
def test_a_date_may_stand_further_down(line: str, stated: StatedDates) -> None:
    assert find_dates(PAGES + line) == stated


def test_the_beginning_has_precedence_over_later_dates() -> None:
    assert find_dates("Last updated: July 14, 2022\n" + PAGES + "Last updated: May 1, 2023").updated_on == JULY
