"""The catalogue has every message of code and templates, translated, and no other."""

import gettext
import os
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from tests.environment import IN_CI, compile_stale

pytestmark = pytest.mark.embedded

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
SOURCES = ("manage.py", "portal", "accounts", "privacy", "templates", "static", "locale", "tools")
TOOLS = ("xgettext", "msgfmt", "msgmerge", "msguniq", "msgattrib")

needs_gettext = pytest.mark.skipif(
    not IN_CI and not all(shutil.which(tool) for tool in TOOLS), reason="no GNU gettext: install the package gettext"
)


def messages(root):
    """The live messages of a catalogue by their source text; obsolete ones are no part of it."""
    with (root / CATALOGUE).open("rb") as file:
        return {(message.context, message.id): message for message in read_po(file, locale="zh_Hans") if message.id}


def test_every_message_is_translated_and_none_is_a_guess():
    assert [text for text, message in messages(settings.BASE_DIR).items() if not is_translated(message)] == []


def is_translated(message):
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts) and not message.fuzzy


@needs_gettext
def test_the_catalogue_is_well_formed():
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file", "/dev/null", settings.BASE_DIR / CATALOGUE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@needs_gettext
def test_makemessages_finds_nothing_new_and_nothing_gone(tmp_path):
    for name in SOURCES:
        source = settings.BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--verbosity", "0"],
        cwd=tmp_path,
        check=True,
    )
    found, kept = messages(tmp_path).keys(), messages(settings.BASE_DIR).keys()
    missing, unused = as_entries(found - kept), as_entries(kept - found)
    assert missing == "", f"Add these to {CATALOGUE} by hand, beside the other texts of their package:\n{missing}"
    assert unused == "", f"Remove these from {CATALOGUE}:\n{unused}"


def as_entries(keys):
    """Return messages as a catalogue writes them, without a translation."""
    entries = Catalog()
    for context, text in sorted(keys, key=str):
        entries.add(text, context=context)
    written = BytesIO()
    write_po(written, entries, omit_header=True, width=0)
    return written.getvalue().decode().strip()


def test_only_a_catalogue_that_changed_is_compiled(tmp_path: Path):
    catalogue = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Name"\nmsgstr "姓名"\n')
    assert compile_stale([catalogue]) == [catalogue.with_suffix(".mo")]
    assert compile_stale([catalogue]) == []
    catalogue.write_text(catalogue.read_text().replace("姓名", "名字"))
    os.utime(catalogue, (later := catalogue.with_suffix(".mo").stat().st_mtime + 1, later))
    assert compile_stale([catalogue]) == [catalogue.with_suffix(".mo")]
    with catalogue.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Name") == "名字"
    assert [path.name for path in sorted(catalogue.parent.iterdir())] == ["django.mo", "django.po"]
