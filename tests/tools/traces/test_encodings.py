"""A value is found in every encoding, at every offset."""

import base64
import email.charset
import email.header
import email.message
import html
import json
import quopri
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.traces.encodings import forms, is_long_enough
from tools.traces.searching import Search
from tools.traces.sources import Source

pytestmark = pytest.mark.embedded

ENCODERS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16 LE": lambda value: value.encode("utf-16-le"),
    "UTF-16 BE": lambda value: value.encode("utf-16-be"),
    "GB18030": lambda value: value.encode("gb18030"),
    "hexadecimal": lambda value: value.encode().hex().encode(),
    "hexadecimal, upper case": lambda value: value.encode().hex().upper().encode(),
    "hexadecimal of UTF-16": lambda value: value.encode("utf-16-le").hex().encode(),
    "hexadecimal of base64": lambda value: base64.b64encode(f"a{value}".encode()).hex().encode(),
    "hexadecimal of HTML": lambda value: html.escape(value).encode().hex().encode(),
    "base64": lambda value: base64.b64encode(value.encode()),
    "base64, one byte further": lambda value: base64.b64encode(f"a{value} and more".encode()),
    "base64, two bytes further": lambda value: base64.b64encode(f"ab{value} and more".encode()),
    "base64, URL-safe": lambda value: base64.urlsafe_b64encode(f">>{value}??".encode()),
    "base64 of JSON, as in a message": lambda value: base64.b64encode(json.dumps([[value], {}]).encode()),
    "base64 of UTF-16": lambda value: base64.b64encode(value.encode("utf-16-le")),
    "percent-encoding": lambda value: quote(value).encode(),
    "percent-encoding of a form": lambda value: quote_plus(value).encode(),
    "percent-encoding, nothing safe": lambda value: quote(value, safe="").lower().encode(),
    "JSON": lambda value: json.dumps({"name": value}).encode(),
    "JSON, letters as they are": lambda value: json.dumps({"name": value}, ensure_ascii=False).encode(),
    "JSON in JSON": lambda value: json.dumps(json.dumps({"name": value})).encode(),
    "escapes of Python": lambda value: value.encode("unicode_escape"),
    "HTML": lambda value: html.escape(value).encode(),
    "HTML with entities": lambda value: html.escape(value).encode("ascii", "xmlcharrefreplace"),
    "HTML with hexadecimal entities": lambda value: "".join(
        letter if letter.isascii() else f"&#x{ord(letter):X};" for letter in html.escape(value, quote=False)
    ).encode(),
    "quoted-printable": lambda value: quopri.encodestring(f"Dear {value},".encode()),
    "a header of a mail": lambda value: email.header.Header(value, _quoted(), maxlinelen=10_000).encode().encode(),
    "a header of a mail, base64": lambda value: (
        email.header.Header(value, "utf-8", maxlinelen=10_000).encode().encode()
    ),
    "composed": lambda value: unicodedata.normalize("NFC", value).encode(),
    "decomposed": lambda value: unicodedata.normalize("NFD", value).encode(),
    "lower case": lambda value: value.lower().encode(),
    "upper case": lambda value: value.upper().encode(),
    "case folded": lambda value: value.casefold().encode(),
    "SQL": lambda value: value.replace("'", "''").encode(),
}
VALUES = {
    "German": "Désirée Größenwahn 42",
    "Irish": "O'Neill & <Söhne>",
    "Chinese": "苏州金鸡湖贸易",
    "two characters": "欧阳",
    "Persian, with a joiner": "نیک\u200cنام رضایی",
    "beyond the first plane": "𞤀𞤣𞤢𞤥 𠮷田",
    "a path": r"C:\Müller\new",
    "a mailbox": "Kontakt.77+x@Geraetebau.example",
    "four letters": "Ngoz",
    "password": "Lantern-Quartz_Orbit=5172?",
}


def _quoted() -> email.charset.Charset:
    chosen = email.charset.Charset("utf-8")
    chosen.header_encoding = email.charset.QP
    return chosen


def found(value: str, *chunks: bytes) -> list[tuple[int, str]]:
    results = Search.for_values({7: value}).results(iter([Source("somewhere", chunks)]))
    return [(result.offset, result.encoding) for result in results if result]


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_a_value_is_found_in_every_encoding(encode: Callable[[str], bytes]):
    missed = [
        name for name, value in VALUES.items() if not found(value, b"\0\1\2" * 333 + encode(value) + b"\0" * 1000)
    ]
    assert missed == []


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_a_value_is_found_across_the_border_of_two_pieces(encode: Callable[[str], bytes]):
    value = VALUES["German"]
    planted, search = encode(value), Search.for_values({7: value})
    for cut in range(len(planted)):
        pieces = Source("somewhere", [b"x" * 50 + planted[:cut], planted[cut:] + b"x" * 50])
        assert any(search.results(iter([pieces])))


# What a line of a form may hold: neither control characters nor halves of surrogate pairs nor ends of lines.
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60).map(str.strip)


@given(
    LINES.filter(is_long_enough),
    st.sampled_from(sorted(ENCODERS)),
    st.binary(max_size=40),
    st.integers(0, 60),
)
def test_whatever_is_planted_anywhere_in_any_encoding_is_found(value: str, encoder: str, before: bytes, cut: int):
    whole = before + ENCODERS[encoder](value) + b"\0" * 20
    assert found(value, whole[:cut], whole[cut:])


@given(st.binary(max_size=2000))
def test_nothing_is_found_where_nothing_was_planted(noise: bytes):
    assert found("Désirée Größenwahn 42", noise) == []


NUMBERS = ["+8613812345678", "8613812345678", "13812345678", "+86 138 1234 5678", "138-1234-5678", "138 1234 5678"]


@pytest.mark.parametrize("written", NUMBERS)
@pytest.mark.parametrize("given_as", ["+8613812345678", "+86 138 1234 5678"])
def test_a_telephone_number_is_found_however_it_is_written(given_as: str, written: str):
    assert found(given_as, f"call {written} now".encode())


@pytest.mark.parametrize("width", [60, 64, 76])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_base64_is_found_across_its_line_breaks(width: int, end: bytes):
    value = "Lindenstraße 12, Hinterhaus, 10969 Berlin"
    encoded = base64.b64encode(b"x" * 500 + value.encode() + b"y" * 500)
    lines = [encoded[first : first + width] for first in range(0, len(encoded), width)]
    broken = end.join(lines)
    [(offset, encoding)] = found(value, b"\0" * 10 + broken)
    assert encoding == "base64 of UTF-8"
    whole = encoded.index(base64.b64encode(value.encode()[1:-2])[:8])
    assert abs(offset - 10 - whole - whole // width * len(end)) < 8


def test_quoted_printable_is_found_across_its_soft_line_breaks():
    value = "Vogelsangstraße über der Brücke 7"
    for before in range(0, 80, 7):
        assert found(value, quopri.encodestring(b"w" * before + f" {value} und weiter".encode()))


def test_the_offset_is_that_of_the_value():
    assert found("Größenwahn", b"x" * 3_000_000 + "Größenwahn".encode()) == [(3_000_000, "UTF-8")]
    pieces = [b"x" * 1000] * 50 + [b"y" * 10 + "Größenwahn".encode()]
    assert found("Größenwahn", *pieces) == [(50_010, "UTF-8")]


def test_a_form_is_found_exactly_where_case_means_something():
    encoded = base64.b64encode(b"Lantern-Quartz")
    assert found("Lantern-Quartz", encoded)
    assert not found("Lantern-Quartz", encoded.swapcase())


def test_a_date_is_no_telephone_number():
    assert found("1834-03-12", b"born 1834-03-12")
    assert not found("1834-03-12", b"\\x77ab18340312ffe0")


def test_a_form_that_may_be_chance_says_so():
    assert [form.may_be_chance for form in forms("Ngoz") if form.encoding == "UTF-8"] == [True]
    assert not any(form.may_be_chance for form in forms("Désirée Größenwahn"))
    assert {form.may_be_chance for form in forms("+4930123456") if form.needle in (b"30123456", b"+4930123456")} == {
        True,
        False,
    }


def test_a_value_shorter_than_four_bytes_is_no_value():
    assert not is_long_enough("abc")
    assert is_long_enough("Ngoz")
    assert is_long_enough("欧阳")
    assert all(len(form.needle) >= 4 for value in VALUES.values() for form in forms(value))
