"""The picture of the packages is drawn from the import contracts, and is current."""

import re

import pytest
from django.conf import settings

from tools.package_picture import APPS, PICTURE, picture

pytestmark = pytest.mark.embedded
MADE_BY_DJANGO = {"management", "migrations", "templatetags"}


def test_the_stored_picture_is_the_one_that_is_drawn_now():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "Run `make generate`: it draws docs/packages.svg."


def test_every_package_of_the_three_apps_is_in_the_picture():
    drawn = set(re.findall(r"<text [^>]*>(\w+)</text>", picture()))
    packages = {path.parent.name for app in APPS for path in (settings.BASE_DIR / app).glob("*/__init__.py")}
    assert packages - MADE_BY_DJANGO - drawn == set()


def test_the_architecture_shows_the_picture():
    page = (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.search(r"!\[[^\]]+\]\(packages\.svg\)", page)
