"""Estimates the guesses for a password in pinyin: Chinese names, words and short phrases in Latin letters."""

import re
from functools import cache

from zxcvbn_rs_py import zxcvbn

# Every syllable of Hanyu Pinyin without tones (GB/T 16159), by its initial; ü is written v or u.
_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
# Words that are so frequent in passwords that each counts as one guess in a hundred.
_USUAL = """
woaini aini woaiwo wode wodemima mima nihao nihaoma wohao woshi woshishui nishishui laopo laogong baobei
baobao qinaide tiantian kuaile xingfu gongxi facai zhongguo beijing shanghai guangzhou shenzhen chengdu
hangzhou tianjin nanjing wuhan xian chongqing daxue xuesheng laoshi pengyou mama baba gege jiejie didi
meimei erzi nver xiaoming zhangsan lisi wangwu wangwei liwei zhangwei xiaolong diannao shouji youxi
wangluo dengdai yongyuan shijie jintian mingtian zuotian ziji xihuan buzhidao meiyou shenme zenme keyi
haode xiexie zaijian xiongdi
"""
# Numbers that are read aloud as words: 520 is "I love you", 1314 "all my life", 168 "get rich on the way".
_NUMBERS = """
520 521 1314 5201314 5211314 1314520 1314521 201314 20131420 13145200 3344 3344520 5203344 584520 7758521 7758258
9420 1573 5257 168 1688 16888 168168 518 51888 998 9958 66888 88666 666888 888666 147258 147258369 159357
"""
_USUAL_GUESSES = 2.0
# Two syllables are a word, and passwords use about 1,600 words and names: half of log10(1600).
_SYLLABLE_GUESSES = 1.6
_LONGEST = 9
_LETTERS = re.compile(r"[a-z]+")


def pinyin_guesses_log10(password: str) -> float | None:
    """Return log10 of the guesses for a password in pinyin; None where its letters are no pinyin.

    `password` is folded: small letters, no marks. Digits and signs between the letters are estimated by zxcvbn, except
    numbers that are read as words.
    """
    runs = _LETTERS.findall(password)
    if not runs:
        return None
    spelt = [_cheapest(run) for run in runs]
    if None in spelt:
        return None
    others = [rest for rest in _LETTERS.split(password) if rest]
    return sum(cost for cost in spelt if cost) + sum(map(_between, others))


def _between(rest: str) -> float:
    """Return the guesses (log10) for digits and signs."""
    guesses = float(zxcvbn(rest).guesses_log10)
    return min(guesses, _USUAL_GUESSES) if rest.strip("_-.@!*#") in _NUMBERS.split() else guesses


def _cheapest(letters: str) -> float | None:
    """Return the lowest guesses (log10) for the letters as syllables, or None where they are no pinyin."""
    costs = _costs()
    best: list[float | None] = [0.0] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        reached = [
            before + costs[piece]
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and (piece := letters[start:end]) in costs
        ]
        best[end] = min(reached, default=None)
    return best[-1]


@cache
def _costs() -> dict[str, float]:
    syllables = {initial + final for initial, finals in _FINALS.items() for final in finals.split()}
    return dict.fromkeys(syllables, _SYLLABLE_GUESSES) | dict.fromkeys(_USUAL.split(), _USUAL_GUESSES)
