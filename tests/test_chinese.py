"""Chinese texts keep the terms and the punctuation of docs/chinese.md."""

import re
import tomllib
from functools import cache

import pytest
from django.conf import settings

from tests.test_translations import messages

pytestmark = pytest.mark.embedded

ROOT = settings.BASE_DIR
PAGE = ROOT / "docs" / "chinese.md"
TABLES = ("privacy/jurisdictions/jurisdictions.toml", "privacy/inventory/optional_purposes.toml")
PAGES_WITHOUT_CATALOGUE = ("plain_500.html",)

HAN = "[\u4e00-\u9fff]"
FULL = "[，。：；？！、（）“”《》]"
FIGURE = r"(?:\d|%\(\w+\)d|%\((?:count|days|minutes|kept_for|lifetime|period|code_lifetime|unverified_for)\)s)"
DATE = r"%\((?:at|until|since_date|due_at|deadline_at|undo_until|erased_by)\)s"
MEASURE = "[天个位人次条项页岁周分小名台年月日时段处层]"
CLAUSE_NUMBER = re.compile(r"^(?:#+ )?(?:D?[\d.]+ )?")
FAULTS = {
    "half-width punctuation at Chinese": rf'(?<={HAN}) ?[,;:!?.()"]|[,;:!?()"] ?(?={HAN})',
    "a blank at full-width punctuation": rf" {FULL}|{FULL} ",
    "a blank between a figure and its measure word": rf"{FIGURE} {MEASURE}",
    "a blank before a period or a date": rf"{HAN} (?:{DATE}|%\((?:kept_for|lifetime|period)\)s)",
    "a blank between Chinese characters": rf"{HAN} +{HAN}",
}


def terms():
    """The table of the page: the Chinese terms of a row, and the variants that it bans."""
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
    return [(used.split("、"), banned.split("、")) for used, banned in rows if re.search(HAN, used)]


@cache
def texts():
    """Every Chinese text that people read, with its place."""
    return tuple(read_texts())


def read_texts():
    for (context, source), message in messages(ROOT).items():
        found = message.string if isinstance(message.string, tuple) else (message.string,)
        yield from ((f"{context or ''} {source}", text) for text in found)
    for name in TABLES:
        yield from ((name, text) for text in chinese_in(tomllib.loads((ROOT / name).read_text())))
    for path in sorted((ROOT / "privacy/policies/samples").glob("*.zh-hans.md")):
        yield from ((path.name, CLAUSE_NUMBER.sub("", line)) for line in path.read_text().splitlines())
    for name in PAGES_WITHOUT_CATALOGUE:
        page = (ROOT / "templates" / name).read_text()
        yield from ((name, text) for text in re.findall(r'lang="zh-Hans">([^<]+)<', page))


def chinese_in(value):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from [part] if key == "zh-hans" else chinese_in(part)


def faults_of(text):
    return [fault for fault, pattern in FAULTS.items() if re.search(pattern, text)]


def test_texts_of_every_kind_are_found():
    places = {place for place, _text in texts()}
    assert {*TABLES, *PAGES_WITHOUT_CATALOGUE, "cn.zh-hans.md", "intl.zh-hans.md"} <= places
    assert len(places) > 1000


def test_punctuation_and_blanks_are_chinese():
    assert [(place, text, faults_of(text)) for place, text in texts() if faults_of(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "姓名 (必填)",
        "您好,%(name)s",
        "已保存.",
        "%(name)s, 您好",
        "注意: 请核对",
        "不填写： 暂无影响",
        "“设置” 中的隐私",
        "%(count)d 天",
        "6 位验证码",
        "保存 %(kept_for)s",
        "将于 %(at)s 删除",
        "已登录 的设备",
    ],
)
def test_a_fault_is_found(text):
    assert faults_of(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "政策版本 2022-07，自2026年11月28日起生效。",
        "第%(clause)s条（GDPR art. 17(3)(e)）",
        "请在 `auth/again` 重试。",
        "网址须以 https:// 开头",
        "%(controller)s：您的验证码是 %(code)s，10分钟内有效。",
        "1.1 注册时，您在两类账号中选择一类。",
    ],
)
def test_good_text_has_no_fault(text):
    assert faults_of(text) == []


def test_no_text_has_a_variant_that_the_page_bans():
    banned = [variant for _used, variants in terms() for variant in variants]
    assert len(banned) > 50
    assert [(place, text, word) for place, text in texts() for word in banned if word in text] == []


def test_every_term_of_the_page_is_in_use_and_none_is_banned():
    everything = "\n".join(text for _place, text in texts())
    used = [term for terms_of_row, _banned in terms() for term in terms_of_row]
    banned = [variant for _used, variants in terms() for variant in variants]
    assert [term for term in used if term not in everything] == []
    assert [(term, word) for term in used for word in banned if word in term] == []
