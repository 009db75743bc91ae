"""The time zones of each country, and of each controller."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from portal.settings import data_files
from privacy.jurisdictions.country_codes import country_codes
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.jurisdictions.time_zones import only_zone_of_country, zones_of_country

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("CN", {"Asia/Shanghai", "Asia/Urumqi"}),
        ("RS", {"Europe/Belgrade"}),
        ("XK", {"Europe/Belgrade"}),
        ("DE", {"Europe/Berlin", "Europe/Busingen", "Europe/Zurich"}),
        ("BV", set()),
        ("XX", set()),
        ("", set()),
        ("cn", set()),
    ],
)
def test_the_zones_of_a_country_are_those_of_ianas_tables(code: str, zones: set[str]):
    assert zones_of_country(code) == zones


@given(st.sampled_from(sorted(country_codes() - {"BV", "HM"})))
def test_every_inhabited_country_has_zones_that_can_be_used(code: str):
    assert zones_of_country(code)
    assert all(ZoneInfo(zone) for zone in zones_of_country(code))


def test_each_controller_has_its_time_zone():
    assert get_jurisdiction("cn").time_zone == "Asia/Shanghai"
    assert get_jurisdiction("intl").time_zone == "Europe/Belgrade"


@pytest.mark.parametrize(
    "line", ["", 'time_zone = "Mars/Base"', 'time_zone = ""', 'time_zone = "../x"', "time_zone = 1"]
)
def test_a_file_without_the_controllers_time_zone_is_refused(tmp_path: Path, line: str):
    file = tmp_path / "jurisdictions.toml"
    file.write_text(f"[sg]\n{line}\n")
    with pytest.raises(ImproperlyConfigured, match="JURISDICTIONS_FILE, sg, time_zone, must be that of the controller"):
        data_files.codes_in("JURISDICTIONS_FILE", str(file))


@pytest.mark.parametrize(("code", "zone"), [("CN", "Asia/Shanghai"), ("DE", "Europe/Berlin"), ("US", None), ("", None)])
def test_a_country_has_one_zone_if_all_its_clocks_show_the_same(code: str, zone: str | None):
    found = only_zone_of_country(code, dt.datetime(2026, 12, 15, tzinfo=dt.UTC))
    assert found == (ZoneInfo(zone) if zone else None)
