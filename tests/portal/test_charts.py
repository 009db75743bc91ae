"""Charts of counts by day: their axes, and that nothing is said by the chart alone."""

import datetime as dt
import re
from itertools import pairwise

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.profiles.models import Profile
from accounts.staff.registration_charts import registrations_by_day
from privacy.operations.charts import MOST_LABELS, WIDTH, Chart
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded
TODAY = dt.date(2026, 11, 29)


def chart(*counts: int, highest: int = 0) -> Chart:
    days = [TODAY - dt.timedelta(days=back) for back in reversed(range(len(counts)))]
    return Chart("some", "Some things", list(zip(days, counts, strict=True)), highest)


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (4, 4), (5, 10), (10, 10), (11, 20), (41, 100)]
)  # fmt: skip
def test_the_axis_ends_at_a_simple_number_above_all_counts(highest: int, top: int):
    shown = chart(0, highest)
    assert [tick.count for tick in shown.ticks] == [0, top // 2, top]
    assert max(bar.height for bar in shown.bars) <= shown.ground


def test_bars_are_as_high_as_their_counts():
    low, high, none = chart(5, 10, 0).bars
    assert high.height == 2 * low.height
    assert none.height == 0
    assert high.y + high.height == chart(1).ground


def test_charts_that_are_compared_have_one_scale():
    assert chart(1, highest=40).top == chart(40).top


@pytest.mark.parametrize("days", [1, 2, 5, 6, 14, 31, 90])
def test_the_last_day_has_a_date_and_no_two_dates_overlap(days: int):
    bars = chart(*range(days)).bars
    labelled = [bar for bar in bars if bar.is_labelled]
    assert labelled[-1] == bars[-1]
    assert len(labelled) <= MOST_LABELS
    assert all(two.middle - one.middle > 35 for one, two in pairwise(labelled))
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in bars)


def test_no_days_are_an_empty_chart():
    assert chart().bars == []
    assert chart().total == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_value_is_in_a_table_too_and_numbers_of_the_drawing_have_a_point(language: str, settings):
    settings.LANGUAGE_CODE = language
    html = render_to_string("components/chart.html", {"chart": chart(1, 1200)})
    assert '<th scope="row">2026-11-29</th><td>1' in html
    assert "<title>2026-11-29: 1200</title>" in html
    assert 'role="img" aria-labelledby="some"' in html
    assert not re.search(r'="\d+,\d', html)


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "day"), [(None, "2026-11-28"), ("Asia/Shanghai", "2026-11-29")])
def test_a_registration_counts_for_the_day_of_the_reader(zone: str | None, day: str):
    make_person()
    Profile.objects.update(created_at=dt.datetime(2026, 11, 28, 20, tzinfo=dt.UTC))
    with time_machine.travel(dt.datetime(2026, 11, 28, 21, tzinfo=dt.UTC), tick=False), timezone.override(zone):
        shown = [each for each in registrations_by_day() if each.total]
    assert [[str(date) for date, count in each.days if count] for each in shown] == [[day]]


@pytest.mark.django_db
def test_the_first_page_draws_what_was_registered_and_names_what_was_not():
    make_person()
    page = client_of(make_staff()).get("/admin/").content.decode()
    assert page.count('<figure class="chart">') == 1
    assert "Enterprises, Mainland China: 0" in page
