"""Texts that Redis compressed in its snapshots by LZF; every possible start is tried."""

from collections.abc import Iterator
from typing import BinaryIO

from tools.traces.sources import CHUNK

PACKED = b"\xc3"
SHORTEST_PACKED = 4
LONGEST = 512 << 20
HEADER = 11
LITERALS = 32


def packed_texts(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each packed text of a snapshot, with where it begins."""
    start = 0
    while True:
        file.seek(start)
        chunk = file.read(CHUNK)
        for at in _marks(chunk[:CHUNK]):
            if (text := _text_at(file, chunk, start, at)) is not None:
                yield start + at, text
        if len(chunk) < CHUNK:
            return
        start += len(chunk)


def unpacked(packed: bytes, length: int) -> bytes | None:
    """Return the unpacked text, or None where this is no LZF text of this length."""
    text, at = bytearray(), 0
    while at < len(packed):
        control = packed[at]
        at += 1
        if control < LITERALS:
            text += packed[at : at + control + 1]
            at += control + 1
            continue
        count = control >> 5
        if count == 7 and at < len(packed):  # noqa: PLR2004 - a longer count follows
            count += packed[at]
            at += 1
        if at >= len(packed):
            return None
        back = (control & 0x1F) << 8 | packed[at]
        at += 1
        if back >= len(text) or len(text) > length:
            return None
        for _ in range(count + 2):
            text.append(text[-back - 1])
    return bytes(text) if len(text) == length else None


def _marks(chunk: bytes) -> Iterator[int]:
    at = chunk.find(PACKED)
    while at >= 0:
        yield at
        at = chunk.find(PACKED, at + 1)


def _text_at(file: BinaryIO, chunk: bytes, start: int, at: int) -> bytes | None:
    header = chunk[at + 1 : at + HEADER]
    if len(header) < HEADER - 1:
        file.seek(start + at + 1)
        header = file.read(HEADER - 1)
    packed_length, first = _length(header)
    length, second = _length(header[first:])
    if not (first and second and SHORTEST_PACKED <= packed_length < length <= LONGEST):
        return None
    begin = at + 1 + first + second
    packed = chunk[begin : begin + packed_length]
    if len(packed) < packed_length:
        file.seek(start + begin)
        packed = file.read(packed_length)
    return unpacked(packed, length) if len(packed) == packed_length else None


def _length(header: bytes) -> tuple[int, int]:
    """Return a length as Redis writes it, and its size in bytes; zeros where there is none."""
    match header[0] >> 6 if header else None:
        case 0:
            return header[0], 1
        case 1 if len(header) > 1:
            return (header[0] & 0x3F) << 8 | header[1], 2
        case 2 if header[0] == 0x80:  # noqa: PLR2004 - 32 bits follow
            return int.from_bytes(header[1:5], "big"), 5
    return 0, 0
