"""`manage.py write_copy_schema`: store the JSON Schema of a copy, as docs/copy.schema.json has it."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from privacy.export.schema import copy_schema

STORED = settings.BASE_DIR / "docs" / "copy.schema.json"


class Command(BaseCommand):
    """Writes the schema in English. Its `$id` begins with `SITE_URL`; that of the stored file with the default."""

    help = "Write the JSON Schema of a copy to docs/copy.schema.json."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add another file to write to."""
        parser.add_argument("--to", type=Path, default=STORED, metavar="PATH", help="write to this file instead")

    def handle(self, *_args: Any, to: Path, **_options: Any) -> None:
        """Write the file."""
        with translation.override("en"):
            text = json.dumps(copy_schema(), indent=1)
        to.write_text(f"{text}\n", encoding="utf-8")
