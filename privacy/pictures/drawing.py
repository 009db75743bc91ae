"""The child process that draws a stranger's file: `python -m privacy.pictures.drawing`, without Django.

It reads a file from standard input, in a sandbox, and writes new pictures to standard output: for each page a line
`page TYPE WIDTH HEIGHT LENGTH` and the picture, at last a line `done`; or a line `refused CODE`. The pictures are
upright and hold pixels only: no metadata, text layer, link, script or attachment.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps
from pypdfium2.raw import FPDF_ERR_PASSWORD

from privacy.pictures.sandbox import enter_sandbox

MOST_PAGES = 10
MOST_PIXELS = 25_000_000
# A JPEG is decoded at a half, a quarter or an eighth of its size, at the cost of that size only.
MOST_JPEG_PIXELS = 8 * MOST_PIXELS
LEAST_DPI, MOST_DPI, POINTS_PER_INCH = 200, 300, 72
LEAST_SIDE, MOST_TIMES_LONGER = 100, 20
JPEG_QUALITY = 90


class Refused(Exception):
    """A file that is not drawn; the argument is its code."""


@dataclass(frozen=True)
class Drawn:
    """A new picture: its format, its width and height in pixels, and its bytes."""

    format: str
    width: int
    height: int
    data: bytes


def draw(data: bytes) -> Iterator[Drawn]:
    """Draw the pages of a PDF, or a JPEG or PNG picture, known by its first bytes. Raises `Refused`."""
    if data.startswith(b"%PDF-"):
        yield from _draw_pdf(data)
    elif data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        yield _draw_picture(data)
    else:
        raise Refused("unknown_type")


def _draw_pdf(data: bytes) -> Iterator[Drawn]:
    if b"/Launch" in re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), data):
        raise Refused("starts_programs")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == FPDF_ERR_PASSWORD else "damaged") from None
    if not len(document):
        raise Refused("no_pages")
    if len(document) > MOST_PAGES:
        raise Refused("too_many_pages")
    try:
        pages = [document[number] for number in range(len(document))]
        scales = [_scale(*page.get_size()) for page in pages]
        for page, scale in zip(pages, scales, strict=True):
            yield _written(page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil())
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None


def _scale(width: float, height: float) -> float:
    """Return by how much a page of so many points is enlarged: as much as fits, at most to 300 dpi."""
    _check_shape(width, height)
    most = (MOST_PIXELS / (width * height)) ** 0.5 * POINTS_PER_INCH
    if most < LEAST_DPI:
        raise Refused("page_too_large")
    return min(most * 0.999, MOST_DPI) / POINTS_PER_INCH


def _draw_picture(data: bytes) -> Drawn:
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        width, height = picture.size
        if min(width, height) < LEAST_SIDE:
            raise Refused("too_small")
        _check_shape(width, height)
        if picture.format == "JPEG" and width * height <= MOST_JPEG_PIXELS:
            while picture.size[0] * picture.size[1] > MOST_PIXELS and picture.size[0] * 4 > width:
                picture.draft(None, (picture.size[0] // 2, picture.size[1] // 2))
        if picture.size[0] * picture.size[1] > MOST_PIXELS:
            raise Refused("too_many_pixels")
        picture.load()
        return _written(_upright(picture))
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused("damaged") from None


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its camera says, and put what is transparent on white."""
    turned = ImageOps.exif_transpose(picture)
    if turned.mode.startswith("I"):  # 16 bits a pixel: the upper eight
        turned = turned.point(lambda value: value / 256).convert("L")
    if turned.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in turned.info:
        seen = turned.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    return turned if turned.mode in ("1", "L", "RGB") else turned.convert("RGB")


def _written(picture: Image.Image) -> Drawn:
    """Return a picture as a new file: PNG for black and white, JPEG for all others."""
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    file, kind = io.BytesIO(), "png" if clean.mode == "1" else "jpeg"
    clean.save(file, kind, quality=JPEG_QUALITY, optimize=True)
    return Drawn(kind, *clean.size, file.getvalue())


def _check_shape(width: float, height: float) -> None:
    if min(width, height) <= 0 or max(width, height) > MOST_TIMES_LONGER * min(width, height):
        raise Refused("odd_shape")


def prepare() -> None:
    """Load what drawing needs, and enter the sandbox."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS
    enter_sandbox()


def main() -> None:
    """Draw what stands at standard input."""
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    prepare()
    try:
        for drawn in draw(data):
            out.write(f"page {drawn.format} {drawn.width} {drawn.height} {len(drawn.data)}\n".encode() + drawn.data)
        out.write(b"done\n")
    except Refused as reason:
        out.write(f"refused {reason}\n".encode())
    except MemoryError:
        out.write(b"refused too_many_pixels\n")


if __name__ == "__main__":
    main()
