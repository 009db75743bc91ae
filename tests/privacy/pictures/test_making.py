"""New pictures of strangers' files: legible, upright, without anything else; hostile files end in words."""

import csv
import io
import subprocess
import sys

import pytest
from django.conf import settings
from PIL import Image, ImageChops, ImageStat

from privacy.pictures import making
from privacy.pictures.making import MOST_BYTES, REASONS, FileRefused, make_pictures
from tests.environment import SHARED
from tests.privacy.pictures.files import NEEDLE, broken, good, jpeg, laughing_pdf, pdf, refused

pytestmark = pytest.mark.embedded
ENVIRONMENT = {"PYTHONPATH": str(settings.BASE_DIR)}
ODD = [("damaged", b"\xff\xd8\xff" + bytes(20)), *((code, data) for _name, data, code in refused())]


def opened(picture: making.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


def results(files: list[bytes]) -> list[str]:
    """What becomes of files in one sandbox."""
    given = b"".join(b"%d\n%b" % (len(data), data) for data in files)
    program = [sys.executable, "-s", "-m", "tests.privacy.pictures.many"]
    return (
        subprocess.run(program, input=given, capture_output=True, env=ENVIRONMENT, check=True)
        .stdout.decode()
        .split("\n")[:-1]
    )


def in_sandbox(code: str) -> str:
    """What a program prints that enters the sandbox first."""
    begun = (
        f"from privacy.pictures.sandbox import enter_sandbox\nimport os, socket, subprocess\nenter_sandbox()\n{code}"
    )
    return subprocess.run(
        [sys.executable, "-s", "-c", begun], capture_output=True, env=ENVIRONMENT, check=False
    ).stderr.decode()


def test_good_files_are_legible_upright_and_nothing_but_pixels():
    for name, data, like in good():
        (picture,) = make_pictures(data)
        made = opened(picture)
        assert (made.size, picture.width, picture.height) == (like.size, *like.size), name
        difference = ImageStat.Stat(ImageChops.difference(made.convert("RGB"), like)).mean
        assert max(difference) < 4, name
        assert NEEDLE not in picture.data, name
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}, name
        assert made.getexif() == {}, name


def test_a_pdf_is_drawn_page_by_page_with_at_least_200_dots_an_inch():
    pictures = make_pictures(pdf(3))
    assert [(picture.width >= 595 * 200 // 72, picture.content_type) for picture in pictures] == [
        (True, "image/jpeg")
    ] * 3
    red, green, blue = opened(pictures[0]).convert("RGB").getpixel((pictures[0].width // 4, pictures[0].height // 9))
    assert (blue > 200, red < 50, green < 50) == (True, True, True)


def test_files_that_are_no_licence_are_refused_by_their_code():
    files = list(refused())
    got = results([data for _name, data, _code in files])
    assert [(name, said) for (name, _data, _code), said in zip(files, got, strict=True)] == [
        (name, code) for name, _data, code in files
    ]


def test_more_than_two_hundred_broken_files_end_in_a_picture_or_in_words():
    files = list(broken())
    got = results([data for _name, data in files])
    assert len(files) > 200
    odd = [
        (name, said) for (name, _data), said in zip(files, got, strict=True) if said != "ok 1" and said not in REASONS
    ]
    assert odd == []


@pytest.mark.parametrize("code", ["empty", "too_large", "heic"])
def test_what_is_seen_from_outside_is_refused_without_a_process(monkeypatch: pytest.MonkeyPatch, code: str):
    monkeypatch.setattr(making, "_drawn", None)
    data = {"empty": b"", "too_large": jpeg() + bytes(MOST_BYTES), "heic": b"\x00\x00\x00\x18ftypheic" + bytes(99)}[
        code
    ]
    with pytest.raises(FileRefused) as refusal:
        make_pictures(data)
    assert refusal.value.code == code


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(making, "SECONDS", 2.0)
    with pytest.raises(FileRefused) as refusal:
        make_pictures(laughing_pdf(12))
    assert refusal.value.code == "took_too_long"


def test_a_child_that_writes_without_end_fills_no_memory(monkeypatch: pytest.MonkeyPatch):
    endless = "import sys\nwhile True: sys.stdout.buffer.write(b'page jpeg 1 1 1000000000\\n')"
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", endless))
    monkeypatch.setattr(making, "MOST_DRAWN_BYTES", 1_000_000)
    (picture,) = [*making._read(io.BytesIO(b"page jpeg 1 1 4\nabcd" + b"done\n"))]
    assert picture.data == b"abcd"
    with pytest.raises(FileRefused):
        make_pictures(jpeg())


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "subprocess.run(['true'])",
        "os.fork()",
        "open('/tmp/written', 'wb', 0).write(b'1')",
        "os.kill(1, 0)",
    ],
)
def test_the_sandbox_has_no_network_no_other_process_and_writes_no_file(code: str):
    assert "PermissionError" in in_sandbox(code) or "File too large" in in_sandbox(code)


def test_the_sandbox_limits_memory():
    assert "MemoryError" in in_sandbox("bytearray(2 * 2**30)")


def test_the_child_has_no_secret_in_its_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MASTER_KEYS", "a-secret")
    told = (
        "import os, sys; "
        "sys.stdout.write('page png 1 1 3\\nabc' if 'MASTER_KEYS' in os.environ else 'refused empty\\n')"
    )
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-c", told))
    with pytest.raises(FileRefused) as refusal:
        make_pictures(jpeg())
    assert refusal.value.code == "empty"


@pytest.mark.shared
def test_the_uploads_of_others_are_taken_and_refused_as_they_should_be():
    folder = SHARED / "corpus/uploads/given"
    rows = [row for row in csv.DictReader((folder / "manifest.csv").open()) if "/" not in row["file"]]
    files = {row["file"]: (folder / row["file"]).read_bytes() for row in rows}
    got = dict(
        zip([name for name in files if files[name]], results([data for data in files.values() if data]), strict=True)
    )
    for row in rows:
        taken = got[row["file"]].startswith("ok") if files[row["file"]] else False
        assert taken == row["expected"].startswith("accept") or row["file"] == "pdf_javascript.pdf", row["file"]
    assert len(rows) > 20
