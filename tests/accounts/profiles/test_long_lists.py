"""Lists of countries and zones: ready-made options, in an order that readers expect, in few bytes."""

import gzip
import re
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.profiles.countries import LIKE_SOUNDING, all_zones, countries
from accounts.profiles.fields import CountryField, TimeZoneField
from tests.factories import make_policy

pytestmark = pytest.mark.embedded


def options_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', unescape(html)))


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


def test_chinese_names_stand_by_pinyin_those_of_china_first():
    names = [name for _code, name in countries("zh-hans")]
    assert names[0] == "中国"
    assert {name[:2] for name in names[:4]} == {"中国"}
    rest = ["阿尔巴尼亚", "奥地利", "德国", "法国", "梵蒂冈", "菲律宾", "斐济", "南苏丹", "瑙鲁", "尼泊尔", "塞尔维亚"]
    places = [names.index(name) for name in rest]
    assert places == sorted(places)
    rare = {sign for name in names for sign in name if not b"\xb0" <= sign.encode("gb18030")[:1] <= b"\xd7"}
    assert rare - {"（", "）"} == set(LIKE_SOUNDING)


@pytest.mark.parametrize("path", ["/register/individual/?country=DE", "/register/enterprise/?country=DE"])
def test_a_registration_is_small_and_compressed_with_a_length_that_says_nothing(client: Client, path: str):
    make_policy("intl")
    answers = [client.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(20)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert max(len(answer.content) for answer in answers) < 15_000
    assert len({len(answer.content) for answer in answers}) > 1
    assert b"</html>" in gzip.decompress(answers[0].content)
    assert "Content-Encoding" not in client.get(path).headers


def test_the_secret_of_a_page_is_another_one_in_each_answer(client: Client):
    tokens = {
        re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get("/sign-in/").content.decode())[1] for _ in range(5)
    }
    assert len(tokens) == 5
