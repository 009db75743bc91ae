"""Files and their packed content: archives, compressed files, dumps and snapshots."""

import bz2
import gzip
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from typing import BinaryIO, cast

from tools.traces.lzf import packed_texts
from tools.traces.programs import output_of
from tools.traces.sources import DAMAGED, Place, Source, Unseen, chunks_of, joined, reason

DEEPEST = 5
PEEK = 512
TABLE = b"\nCOPY "
CUSTOM_DUMP = b"PGDMP"
CUSTOM_FORMAT = (10, b"\1")  # where a dump is marked as one file, not as a folder
IS_UTF_8 = 0x800
TAR = (257, b"ustar")
FOREIGN = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"-----BEGIN PGP MESSAGE": "PGP",
}


def looked_into(label: str, file: BinaryIO, depth: int = 0) -> Place:
    """Yield a file, and then its packed content, recursively."""
    try:
        begins = file.read(PEEK)
        file.seek(0)
        yield Source(label, chunks_of(file))
        look = _packed_as(begins)
        if look and depth >= DEEPEST:
            yield Unseen(label, "is packed too many times: unpack it by hand, and name the folder with --also.")
        elif look:
            file.seek(0)
            yield from look(label, file, depth + 1)
        for name in (name for sign, name in FOREIGN.items() if begins.startswith(sign)):
            yield Unseen(label, f"is packed by {name}: unpack it by hand, and name the folder with --also.")
    except DAMAGED as error:
        yield Unseen(label, reason(error))


def _packed_as(begins: bytes) -> Callable[[str, BinaryIO, int], Place] | None:
    for (at, sign), look in _LOOKS.items():
        if begins[at : at + len(sign)] == sign:
            return look
    return None


def _gzip(label: str, file: BinaryIO, depth: int) -> Place:
    yield from looked_into(f"{label}, unpacked", cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb")), depth)


def _bzip2(label: str, file: BinaryIO, depth: int) -> Place:
    yield from looked_into(f"{label}, unpacked", cast("BinaryIO", bz2.BZ2File(file)), depth)


def _xz(label: str, file: BinaryIO, depth: int) -> Place:
    yield from looked_into(f"{label}, unpacked", cast("BinaryIO", lzma.LZMAFile(file)), depth)  # noqa: SIM115 - its file is closed elsewhere


def _tar(label: str, file: BinaryIO, depth: int) -> Place:
    """Search the members of an archive that are packed themselves; the others are plain in the archive."""
    with tarfile.open(fileobj=file, mode="r:") as archive:
        for member in archive:
            # The name of a link is plain in the archive; its target may be missing, or the link itself.
            if not member.isreg() or (content := archive.extractfile(member)) is None:
                continue
            with content:
                if _packed_as(content.read(PEEK)):
                    content.seek(0)
                    yield from looked_into(f"{label}, file {member.name}", cast("BinaryIO", content), depth)


def _zip(label: str, file: BinaryIO, depth: int) -> Place:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            name = f"{label}, file {_named(member)}"
            if member.flag_bits & 1:
                yield Unseen(name, "is encrypted: unpack it by hand, and name the folder with --also.")
                continue
            with archive.open(member) as content:
                yield from looked_into(name, cast("BinaryIO", content), depth)


def _named(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as UTF-8: without the flag Python decodes it as cp437."""
    if member.flag_bits & IS_UTF_8:
        return member.filename
    return member.filename.encode("cp437").decode(errors="surrogateescape")


def _dump(label: str, file: BinaryIO, _depth: int) -> Place:
    begins = file.read(PEEK)
    file.seek(0)
    at, sign = CUSTOM_FORMAT
    if begins[at : at + 1] == sign:
        said = output_of(["pg_restore", "--file=-"], dict(os.environ), file)
        yield Source(f"{label}, as SQL", said, heading=TABLE)


def _snapshot(label: str, file: BinaryIO, _depth: int) -> Place:
    yield Source(f"{label}, packed texts", joined(text for _at, text in packed_texts(file)))


_LOOKS: dict[tuple[int, bytes], Callable[[str, BinaryIO, int], Place]] = {
    (0, b"\x1f\x8b\x08"): _gzip,
    (4, b"1AY&SY"): _bzip2,
    (0, b"\xfd7zXZ\0"): _xz,
    (0, b"PK\3\4"): _zip,
    (0, b"PK\5\6"): _zip,
    (0, CUSTOM_DUMP): _dump,
    (0, b"REDIS"): _snapshot,
    TAR: _tar,
}
