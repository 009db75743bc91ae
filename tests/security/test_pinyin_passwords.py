"""Passwords of pinyin are guessed as soon as those of English words: names, years, phrases of love, numbers of luck."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.users.passwords import CommonPasswordValidator
from accounts.users.pinyin import pinyin_guesses_log10
from tests.environment import examples

pytestmark = pytest.mark.embedded

SURNAMES = ["wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu"]
GIVEN = ["wei", "fang", "na", "min", "jing", "qiang", "lei", "jun", "yong", "yan", "jie", "juan", "tao", "ming", "xiu"]
ENDINGS = [
    *map(str, range(1950, 2027)),
    *("123456", "1314520", "5211314", "7758521", "16888", "520520", "888888", "666666", "19880101", "20000808"),
]


def is_refused(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


@settings(max_examples=examples(20, 60), deadline=None)
@given(st.sampled_from(SURNAMES), st.lists(st.sampled_from(GIVEN), min_size=1, max_size=2), st.sampled_from(ENDINGS))
def test_a_name_with_a_year_or_a_number_of_luck_is_refused(surname: str, given_name: list[str], ending: str):
    password = surname + "".join(given_name) + ending
    assert is_refused(password)
    assert is_refused(password.title())


@pytest.mark.parametrize(
    "password",
    [
        *("woaini1314520", "baobeiwoaini520", "qinaide520520", "zhongguo19491001", "woaibeijing2008"),
        *("wangfangwei1314520", "liuyangjuan7758521", "zhangminjing_5203344"),
        *("wodemima123456", "mimashimima123", "WoShiShui12345", "xihuan_xuesheng_99", "li-xiaolong-888888"),
    ],
)
def test_what_many_write_in_pinyin_is_refused(password: str):
    assert is_refused(password)


@pytest.mark.parametrize(
    "password", ["wosuoyoudemengxiang", "xiangchifandejiuqutushuguan", "Lantern-Quartz-Orbit-51", "granite-piano-river"]
)
def test_long_phrases_and_other_words_are_taken(password: str):
    assert not is_refused(password)


@pytest.mark.parametrize("text", ["", "12345", "lantern", "wangxqz", "v"])
def test_what_is_no_pinyin_is_not_judged_as_pinyin(text: str):
    assert pinyin_guesses_log10(text) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz019-", max_size=48))
@settings(max_examples=examples(30, 100), deadline=None)
def test_any_text_is_judged_and_another_word_takes_more_guesses(text: str):
    guesses, longer = pinyin_guesses_log10(text), pinyin_guesses_log10(f"{text}-guai")
    assert (longer is None) == (guesses is None and any(character.isalpha() for character in text))
    assert guesses is None or longer is None or longer > guesses
