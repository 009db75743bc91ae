"""Names of countries and regions (ISO 3166-1, CLDR), and the one that a browser tells."""

from functools import cache
from unicodedata import normalize

from babel import Locale
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale
from django.utils.translation.trans_real import parse_accept_lang_header

from privacy.jurisdictions.country_codes import country_codes, is_country

# Lists in mainland China use these names; CLDR does not. An operator may change them.
CHINESE_NAMES = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}
# GB 2312 orders common characters by pinyin, but rarer ones by radicals: these sort as a common one of equal sound.
LIKE_SOUNDING = dict(zip("瑙梵斐汶珀讷腓矶", "脑饭匪问破呢肥机", strict=True))


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Return every code with its name in a language (CLDR), sorted as that language's readers expect."""
    locale = Locale.parse(to_locale(language))
    names = {code: locale.territories.get(code, code) for code in country_codes()}
    if locale.language == "zh":
        names |= CHINESE_NAMES
    return sorted(names.items(), key=lambda item: reading_order(item[1], language))


def reading_order(name: str, language: str) -> tuple[bool, bytes]:
    """Return the key by which readers of a language expect names to be sorted.

    For Chinese readers: names of China first, then by pinyin (GB 2312). For others by letters, accents left out.
    """
    if language.startswith("zh"):
        return not name.startswith("中国"), "".join(LIKE_SOUNDING.get(sign, sign) for sign in name).encode("gb18030")
    return False, normalize("NFKD", name).encode("ascii", "ignore").lower() or name.encode()


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language."""
    return dict(countries(get_language() or "en")).get(code, code)


def guessed_country(request: HttpRequest) -> str:
    """Return the region of the browser's first language, such as `CN` of `zh-CN`; the person can change it."""
    for language, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        _language, _, region = to_locale(language).rpartition("_")
        if is_country(region):
            return region
    return ""
