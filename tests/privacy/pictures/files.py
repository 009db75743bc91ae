"""Files that people hand in: good ones, odd ones and hostile ones, made here. Another file of a kind behaves alike."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageDraw

SEED = 20_261_130
# A text that must not survive in a new picture.
NEEDLE = b"needle-39.9055N-116.3976E"


def drawn(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """A picture with words, whose corner at the upper left is dark."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(160, 0, 0))
    pen.text((size[0] // 3, size[1] // 2), "Business licence 91350100M000100Y43", fill="black")
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a picture in a format of Pillow."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def jpeg(**options: object) -> bytes:
    """A good JPEG picture."""
    return saved(drawn(), "JPEG", **options)


def png(**options: object) -> bytes:
    """A good PNG picture."""
    return saved(drawn(), "PNG", **options)


def turned(orientation: int) -> bytes:
    """A JPEG picture as a camera held in one of eight ways stores it (EXIF 2.32, tag 0x0112)."""
    stored_as = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    picture = drawn()
    if orientation in stored_as:
        picture = picture.transpose(stored_as[orientation])
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, NEEDLE.decode()
    return saved(picture, "JPEG", exif=exif, comment=NEEDLE)


def pdf(
    pages: int = 1, *, box: str = "0 0 595 842", content: bytes = b"0 0 1 rg 50 700 200 100 re f", more: str = ""
) -> bytes:
    """A PDF whose pages are of one size, in points, and have one content."""
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {more} >>".encode(),
        f"<< /Type /Pages /Count {pages} /Kids [ {' '.join(f'{4 + n} 0 R' for n in range(pages))} ] >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        *(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [ {box} ] /Contents 3 0 R /Resources << >> >>".encode()
            for _ in range(pages)
        ),
    ]
    return assembled(bodies)


def assembled(bodies: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of which is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, trailer, len(out),
    )  # fmt: skip


def png_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks, each with its right check sum."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def png_of(width: int, height: int, *, colour: int = 0, rows: bytes = b"") -> bytes:
    """A grey PNG of eight bits that says it has this size; by default its rows are one long run of zeros."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    packed = zlib.compress(rows or bytes((width + 1) * min(height, 2000)), 9)
    return png_chunks((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))


def laughing_pdf(depth: int) -> bytes:
    """A PDF of forms, each of which draws the next ten times: ten to the power of `depth` drawings."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /XObject << /F 5 0 R >> >> >>"
        ),
        b"<< /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    for level in range(depth):
        again = b"/F Do " * 10 if level < depth - 1 else b"0 0 500 500 re f"
        bodies.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length %d"
            b" /Resources << /XObject << /F %d 0 R >> >> >>"
            b"\nstream\n%b\nendstream" % (len(again), 6 + level, again)
        )
    return assembled(bodies)


def broken() -> Iterator[tuple[str, bytes]]:
    """Good files that were cut or changed, more than two hundred: what becomes of each may differ."""
    chance = random.Random(SEED)
    for name, whole in (("jpeg", jpeg()), ("png", png()), ("pdf", pdf()), ("progressive", jpeg(progressive=True))):
        for part in range(1, 25):
            yield f"{name} cut at {part}/25", whole[: len(whole) * part // 25]
        for time in range(30):
            changed = bytearray(whole)
            for _ in range(chance.choice((1, 3, 20))):
                changed[chance.randrange(4, len(changed))] = chance.randrange(256)
            yield f"{name} changed {time}", bytes(changed)


def refused() -> Iterator[tuple[str, bytes, str]]:
    """Files that are no licence, each with the code of its refusal."""
    for kind in ("GIF", "TIFF", "BMP", "WEBP", "ICO"):
        yield kind, saved(drawn(), kind), "unknown_type"
    yield "HTML", b"<!DOCTYPE html><script>alert(1)</script>", "unknown_type"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unknown_type"
    yield "XML entities", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', "unknown_type"
    yield "ZIP", b"PK\x03\x04" + bytes(100), "unknown_type"
    yield "zeros", bytes(1000), "unknown_type"
    yield "one byte", b"\x89", "unknown_type"
    yield "PDF behind HTML", b"<html>" + pdf(), "unknown_type"
    yield "nothing behind the first bytes of a JPEG", b"\xff\xd8\xff", "damaged"
    yield "script behind the first bytes of a JPEG", b"\xff\xd8\xff<script>", "damaged"
    yield "a PDF of words", b"%PDF-1.7\nno object at all", "damaged"
    yield "eleven pages", pdf(11), "too_many_pages"
    yield "a page of 80 metres", pdf(box="0 0 226771 226771"), "page_too_large"
    yield "a page like a thread", pdf(box="0 0 10 5000"), "odd_shape"
    yield "a start of a program", pdf(more="/OpenAction << /S /Launch /F (cmd.exe) >>"), "starts_programs"
    yield "a start in other letters", pdf(more="/OpenAction << /S /L#61unch /F (cmd.exe) >>"), "starts_programs"
    yield "3.6 gigapixels", png_of(60_000, 60_000), "too_many_pixels"
    yield "a little more than 25 megapixels", png_of(5001, 5000), "too_many_pixels"
    yield "1 x 100,000", png_of(1, 100_000), "too_small"
    yield "100 x 100,000", png_of(100, 100_000), "odd_shape"
    yield "10 x 10", saved(drawn((10, 10)), "PNG"), "too_small"
    yield "4 gigabytes of text", text_bomb(), "damaged"


def text_bomb() -> bytes:
    """A PNG whose compressed text is a thousand times as long."""
    text = b"Comment\x00\x00" + zlib.compress(bytes(200 * 2**20), 9)
    header = struct.pack(">IIBBBBB", 400, 300, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(401 * 300))
    return png_chunks((b"IHDR", header), (b"zTXt", text), (b"IDAT", rows), (b"IEND", b""))


def good() -> Iterator[tuple[str, bytes, Image.Image]]:
    """Files of which pictures are made, each with what it looks like on white paper."""
    like = drawn()
    yield "JPEG", jpeg(), like
    yield "progressive JPEG", jpeg(progressive=True), like
    yield "grey JPEG", saved(drawn(mode="L"), "JPEG"), like.convert("L").convert("RGB")
    yield "CMYK JPEG", saved(drawn(mode="CMYK"), "JPEG"), drawn(mode="CMYK").convert("RGB")
    yield "PNG", png(), like
    yield "PNG with a palette", saved(drawn(mode="P"), "PNG"), drawn(mode="P").convert("RGB")
    yield "PNG in black and white", saved(drawn(mode="1"), "PNG"), drawn(mode="1").convert("RGB")
    deep = drawn(mode="L").point(lambda value: value * 256, "I").convert("I;16")
    yield "PNG of 16 bits", saved(deep, "PNG"), like.convert("L").convert("RGB")
    clear = drawn(mode="RGBA")
    clear.putalpha(Image.new("L", clear.size, 255).point(lambda _value: 255))
    clear.paste((0, 0, 0, 0), (200, 0, 400, 100))
    on_white = like.copy()
    on_white.paste("white", (200, 0, 400, 100))
    yield "transparent PNG", saved(clear, "PNG"), on_white
    second = Image.new("RGB", like.size, "black")
    yield "animated PNG", saved(like, "PNG", save_all=True, append_images=[second]), like
    yield "JPEG with a ZIP behind", jpeg() + b"PK\x03\x04" + NEEDLE, like
    yield "PNG with text", png(pnginfo=text_of(NEEDLE)), like
    for orientation in range(1, 9):
        yield f"JPEG turned {orientation}", turned(orientation), like


def text_of(text: bytes) -> object:
    """Text for a PNG."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", text.decode())
    return info
