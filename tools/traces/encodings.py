"""The encodings of a value in stores."""

import base64
import html
import json
import quopri
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import codepoint2name
from urllib.parse import quote, quote_from_bytes, quote_plus

from tools.traces.spellings import spellings

# Shorter bytes occur by chance.
SHORTEST = 4
SURE, SURE_AMONG_DIGITS = 7, 10
DIGITS = frozenset(b"0123456789abcdef")
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Form:
    """One encoding of a value; `exact` if upper and lower case differ in meaning."""

    needle: bytes
    encoding: str
    exact: bool = False

    @property
    def may_be_chance(self) -> bool:
        """Whether it is so short that it occurs by chance in sealed data or its hexadecimal digits."""
        return len(self.needle) < (SURE_AMONG_DIGITS if DIGITS.issuperset(self.needle) else SURE)


def is_long_enough(value: str) -> bool:
    """Whether a value is too long to occur by chance: four Latin letters, or two Chinese characters."""
    return len(value.encode()) >= SHORTEST


def forms(value: str) -> list[Form]:
    """Return every form of a value, each once.

    ASCII letters of a form that is not exact are lower case: it is searched in lower-case text.
    """
    found: dict[bytes, Form] = {}
    for text in sorted(spellings(value), key=lambda spelling: spelling != value):
        for form in _forms(text):
            if len(form.needle) >= SHORTEST:
                found.setdefault(form.needle, form)
    return list(found.values())


def _forms(text: str) -> Iterator[Form]:
    for encoding, written in _characters(text):
        yield from _plain_and_dumped(encoding, written)
        yield from _plain_and_dumped(f"percent-encoding of {encoding}", quote_from_bytes(written, safe="").encode())
        for needle in _base64(written):
            yield from _plain_and_dumped(f"base64 of {encoding}", needle, exact=True)
    for encoding, marked in _markup(text):
        yield from _plain_and_dumped(encoding, marked.encode())


def _plain_and_dumped(encoding: str, written: bytes, *, exact: bool = False) -> Iterator[Form]:
    """Yield bytes as they are, and as hexadecimal digits, as a dump has them."""
    yield Form(written if exact else written.lower(), encoding, exact)
    yield Form(written.hex().encode(), f"hexadecimal of {encoding}")


def _characters(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the inner encodings: a queue holds base64 of JSON, a dump hexadecimal of UTF-16."""
    yield "UTF-8", text.encode()
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")
    yield "GB18030", text.encode("gb18030")
    yield "JSON", _json(text).encode()
    try:
        yield "Windows-1252", text.encode("cp1252")
    except UnicodeEncodeError:
        return


def _markup(text: str) -> Iterator[tuple[str, str]]:
    written = text.encode()
    yield "JSON in JSON", _json(_json(text))
    yield "JSON, letters as they are", json.dumps(text, ensure_ascii=False)[1:-1]
    yield "JSON in HTML", _each(_json(text), lambda letter: f"\\u{ord(letter):04x}", "<>&'")
    yield "escapes of Python", text.encode("unicode_escape").decode()
    yield "SQL", text.replace("'", "''")
    yield "COPY of PostgreSQL", text.replace("\\", "\\\\")
    yield "percent-encoding", quote(text)
    yield "percent-encoding of a form", quote_plus(text)
    yield "percent-encoding of every byte", "".join(f"%{byte:02x}" for byte in written)
    yield from _entities(text)
    yield "quoted-printable", _unwrapped(quopri.encodestring(written))
    yield "quoted-printable, spaces too", _unwrapped(quopri.encodestring(written, quotetabs=True))
    yield "quoted-printable of a header", _header(written, LETTERS + "-!*+/").replace("=20", "_")
    yield "quoted-printable of every byte", _header(written, "")


def _base64(written: bytes) -> Iterator[bytes]:
    """Yield the base64 characters that depend only on the value, at each of three offsets, in both alphabets."""
    for offset, start in enumerate((0, 2, 3)):
        whole = base64.b64encode(bytes(offset) + written)
        decided = whole[start : (offset + len(written)) * 8 // 6]
        yield decided
        yield decided.replace(b"+", b"-").replace(b"/", b"_")


def _entities(text: str) -> Iterator[tuple[str, str]]:
    for name, escaped in (("HTML", html.escape(text)), ("HTML, quotes as they are", html.escape(text, quote=False))):
        yield name, escaped
        yield f"{name}, decimal entities", _each(escaped, lambda letter: f"&#{ord(letter)};")
        yield f"{name}, hexadecimal entities", _each(escaped, lambda letter: f"&#x{ord(letter):x};")
        yield f"{name}, named entities", _each(escaped, _named)
    yield (
        "HTML, decimal quotes",
        _each(html.escape(text).replace("&#x27;", "&#39;"), lambda letter: f"&#{ord(letter)};"),
    )


def _named(letter: str) -> str:
    return f"&{codepoint2name[ord(letter)]};" if ord(letter) in codepoint2name else f"&#{ord(letter)};"


def _each(text: str, change: Callable[[str], str], also: str = "") -> str:
    """Change every character that is not ASCII, and those in `also`."""
    return "".join(change(letter) if letter in also or not letter.isascii() else letter for letter in text)


def _header(written: bytes, kept: str) -> str:
    return "".join(chr(byte) if chr(byte) in kept else f"={byte:02x}" for byte in written)


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _unwrapped(written: bytes) -> str:
    return written.replace(b"=\n", b"").decode()
