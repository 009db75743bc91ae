"""Make new pictures of a stranger's file, in a child process that cannot reach the network, nor write, nor last."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10 * 2**20
# Ten pages of 25 megapixels each are about half of this.
MOST_DRAWN_BYTES = 200 * 2**20
SECONDS = 30.0
PROGRAM = (sys.executable, "-s", "-m", "privacy.pictures.drawing")

ENDINGS = {".pdf": "PDF", ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
SAVED_AGAIN = _("The file is damaged. Open it, save it again, and upload the new file; or take a photo of the licence.")
# What a person reads whose file is refused: what is wrong, and what to do.
REASONS = {
    "empty": _("The file is empty. Choose the file of the licence."),
    "too_large": _("The file is larger than 10 MB. Scan the licence at a lower resolution, or take a photo of it."),
    "unknown_type": _("This is neither a PDF nor a JPEG or PNG picture. Save the licence as one of these."),
    "heic": _(
        "This is a HEIC picture. On an iPhone, choose Settings, Camera, Formats, Most Compatible, and take it again; "
        "or save the picture as JPEG."
    ),
    "encrypted": _("The PDF has a password. Save it without one: print it to a new PDF, or take a photo of it."),
    "starts_programs": _("The PDF starts a program when it is opened. Print it to a new PDF, or take a photo of it."),
    "no_pages": _("The PDF has no pages. Choose the file of the licence."),
    "too_many_pages": _("The PDF has more than 10 pages. Upload only the pages of the licence."),
    "page_too_large": _("A page of the PDF is too large. Print it to a new PDF of A4 or A3 size."),
    "too_many_pixels": _("The picture has too many pixels. Save it smaller: 25 megapixels are enough."),
    "too_small": _("The picture is too small to be read. Take a photo of the whole licence."),
    "odd_shape": _("The picture is much longer than wide. Take a photo of the whole licence."),
    "damaged": SAVED_AGAIN,
    "took_too_long": SAVED_AGAIN,
}


class FileRefused(Exception):
    """A file of which no pictures are made; `code` is a key of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Picture:
    """A picture that was made here: `image/png` or `image/jpeg`, its size in pixels, and its bytes."""

    content_type: str
    width: int
    height: int
    data: bytes


def make_pictures(data: bytes) -> list[Picture]:
    """Return new pictures of the pages of a PDF, or of a JPEG or PNG picture, upright and without metadata.

    Raises `FileRefused`.
    """
    if not data:
        raise FileRefused("empty")
    if len(data) > MOST_BYTES:
        raise FileRefused("too_large")
    if data[4:8] == b"ftyp":
        raise FileRefused("heic")
    return list(_read(BytesIO(_drawn(data))))


def _drawn(data: bytes) -> bytes:
    """Return what the child writes; it has no secret of this process in its environment."""
    environment = {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
    pipe = subprocess.PIPE
    child = subprocess.Popen(  # noqa: S603 - a fixed program
        PROGRAM, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
    )
    entry, answer = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    late = threading.Timer(SECONDS, child.kill)
    given = threading.Thread(target=_give, args=(entry, data), daemon=True)
    try:
        late.start()
        given.start()
        return answer.read(MOST_DRAWN_BYTES)
    finally:
        late.cancel()
        child.kill()
        given.join()
        child.wait()
        answer.close()


def _give(entry: IO[bytes], data: bytes) -> None:
    try:
        entry.write(data)
        entry.close()
    except BrokenPipeError:
        pass  # the child was killed


def _read(lines: BytesIO) -> Iterator[Picture]:
    """Read the child's answer; one that ends early was killed by a limit."""
    while True:
        match lines.readline().decode("ascii", "replace").split():
            case ["page", ("png" | "jpeg") as kind, width, height, length]:
                yield Picture(f"image/{kind}", int(width), int(height), lines.read(int(length)))
            case ["refused", code] if code in REASONS:
                raise FileRefused(code)
            case ["done"]:
                return
            case _:
                raise FileRefused("took_too_long")
