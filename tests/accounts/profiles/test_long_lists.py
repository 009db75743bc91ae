"""Lists of countries and zones: ready-made options, in an order that readers expect, in few bytes."""

import datetime as dt
import gzip
import re
from html import unescape
from importlib.resources import files

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.profiles.countries import PLACEHOLDER, all_zones, clean_time_zone
from accounts.profiles.fields import CountryField, TimeZoneField
from accounts.profiles.long_lists import zone_options
from accounts.profiles.zone_names import zone_label
from privacy.jurisdictions.country_names import LIKE_SOUNDING, countries
from tests.factories import make_policy
from tests.forms import INDIVIDUAL

pytestmark = pytest.mark.embedded

WINTER = dt.date(2026, 12, 1)


def options_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', unescape(html)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_list_has_every_country_once_and_marks_the_chosen_one(language: str):
    with override(language):
        html = CountryField().widget.render("country", "DE", {"id": "id_country"})
    named = dict(countries(language))
    assert {code: name for code, name in options_of(html).items() if code} == named
    assert re.findall(r'<option value="([^"]*)" selected', html) == ["DE"]
    assert html.startswith('<select name="country" id="id_country">')


def test_a_value_that_is_none_of_them_is_chosen_nowhere_and_written_nowhere():
    html = CountryField().widget.render("country", '"><script>', {})
    assert "script" not in html
    assert "selected" not in html


def test_zones_of_the_country_come_first_and_each_is_listed_once():
    html = TimeZoneField(country="CN").widget.render("time_zone", None)
    zones = re.findall(r'<option value="([^"]+)"', html)
    assert zones[:2] == ["Asia/Shanghai", "Asia/Urumqi"]
    assert sorted(zones) == sorted(all_zones())


def test_every_zone_that_is_accepted_is_listed():
    known = set((files("tzdata") / "zones").read_text(encoding="utf-8").split()) - {PLACEHOLDER}
    assert {clean_time_zone(zone) for zone in known} == set(all_zones())


@pytest.mark.parametrize(
    ("language", "groups", "labels"),
    [
        (
            "en",
            ["In this country or region", "Africa", "Americas", "Antarctica", "Asia", "Atlantic Ocean", "Europe"],
            ["Shanghai (UTC+08:00)", "Kolkata (UTC+05:30)", "St. John’s (UTC-03:30)", "Buenos Aires (UTC-03:00)"],
        ),
        (
            "zh-hans",
            ["所选国家或地区", "非洲", "美洲", "南极洲", "亚洲", "大西洋", "欧洲"],
            ["上海（UTC+08:00）", "加尔各答（UTC+05:30）", "圣约翰斯（UTC-03:30）", "布宜诺斯艾利斯（UTC-03:00）"],
        ),
    ],
)
def test_a_zone_is_a_place_and_an_offset_in_a_group_of_its_region(language: str, groups: list[str], labels: list[str]):
    options = zone_options(language, "CN", WINTER)
    assert re.findall(r'<optgroup label="([^"]+)"', options)[:7] == groups
    zones = ["Asia/Shanghai", "Asia/Kolkata", "America/St_Johns", "America/Argentina/Buenos_Aires"]
    assert [options_of(options)[zone] for zone in zones] == labels


def test_zones_without_a_place_have_their_offset():
    named = options_of(zone_options("en", "CN", WINTER))
    assert named["Etc/UTC"] == "Coordinated Universal Time (UTC)"
    assert (named["Etc/GMT+5"], named["Etc/GMT-8"]) == ("UTC-05:00", "UTC+08:00")
    assert named["CST6CDT"] == "Central Time (UTC-06:00)"


def test_an_offset_is_that_of_the_day():
    assert zone_label("Europe/Berlin", WINTER, "en") == "Berlin (UTC+01:00)"
    assert zone_label("Europe/Berlin", dt.date(2026, 7, 1), "en") == "Berlin (UTC+02:00)"


def test_no_two_zones_of_a_list_look_the_same_and_chinese_readers_get_chinese_names():
    for language in ("en", "zh-hans"):
        named = options_of(zone_options(language, "", WINTER))
        assert len(set(named.values())) == len(named) == len(all_zones()) + 1
    latin = [label for label in named.values() if re.match(r"[A-Za-z]", label)]
    assert [label for label in latin if not re.fullmatch(r"UTC[+-]\d\d:00", label)] == []


def test_chinese_names_stand_by_pinyin_those_of_china_first():
    names = [name for _code, name in countries("zh-hans")]
    assert names[0] == "中国"
    assert {name[:2] for name in names[:4]} == {"中国"}
    rest = ["阿尔巴尼亚", "奥地利", "德国", "法国", "梵蒂冈", "菲律宾", "斐济", "南苏丹", "瑙鲁", "尼泊尔", "塞尔维亚"]
    places = [names.index(name) for name in rest]
    assert places == sorted(places)
    zones = options_of(zone_options("zh-hans", "", WINTER)).values()
    signs = "".join([*names, *(label.split("（")[0] for label in zones)])
    rare = {sign for sign in signs if not sign.isascii() and not b"\xb0" <= sign.encode("gb18030")[:1] <= b"\xd7"}
    assert rare - set("（）·") == set(LIKE_SOUNDING)


@pytest.mark.parametrize("path", ["/register/individual/", "/register/enterprise/"])
def test_a_registration_is_small_and_compressed_with_a_length_that_says_nothing(client: Client, path: str):
    make_policy("intl")
    typed = INDIVIDUAL | {"country": "DE", "step": "you"}
    answers = [client.post(path, typed, headers={"Accept-Encoding": "gzip"}) for _ in range(20)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert max(len(answer.content) for answer in answers) < 15_000
    assert len({len(answer.content) for answer in answers}) > 1
    assert b"</html>" in gzip.decompress(answers[0].content)
    assert "Content-Encoding" not in client.post(path, typed).headers


def test_the_secret_of_a_page_is_another_one_in_each_answer(client: Client):
    tokens = {
        re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get("/sign-in/").content.decode())[1] for _ in range(5)
    }
    assert len(tokens) == 5
