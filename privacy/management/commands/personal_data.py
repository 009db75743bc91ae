"""`manage.py personal_data`: every declared personal field, as a table or as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from privacy.inventory.declarations import PersonalField
from privacy.inventory.queries import personal_fields
from privacy.inventory.retention_classes import words_of
from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.policies.citations import cited_clauses
from privacy.policies.queries import NoPolicyInForce, version_to_show
from privacy.policies.topics import field_topic


class Command(BaseCommand):
    help = "Print every declared personal field, and the clause of the policy in force that names it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["table", "json"], default="table")
        parser.add_argument(
            "--jurisdiction",
            choices=list(all_jurisdictions()),
            help="jurisdiction whose policy names the clauses (default: the first)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the data inventory in the policy's order."""
        cited = _cited(options["jurisdiction"] or settings.JURISDICTIONS[0])
        rows = [_row(declared, cited) for declared in personal_fields()]
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(_table([{name: _cell(value) for name, value in row.items()} for row in rows]))


def _cited(jurisdiction: str) -> Mapping[str, str]:
    try:
        return cited_clauses(version_to_show(jurisdiction, settings.LANGUAGE_CODE))
    except NoPolicyInForce:
        return {}


def _row(declared: PersonalField, cited: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": declared.key,
        "label": str(declared.label),
        "clause": {kind.value: cited.get(field_topic(declared, kind), "") for kind in sorted(declared.kinds)},
        "purpose": declared.purpose,
        "why": str(declared.why),
        "required_for": sorted(kind.value for kind in declared.required_for),
        "required_in": sorted(declared.required_in),
        "sensitive": declared.sensitive,
        "sealed": declared.sealed,
        "class": declared.retention_class.value,
        "retention": words_of(declared.retention_class),
    }


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else ""
        case list():
            return ", ".join(value)
        case dict():
            return ", ".join(dict.fromkeys(value.values()))
        case _:
            return str(value)


def _table(rows: list[dict[str, str]]) -> str:
    names = [name for name in rows[0] if name not in ("label", "why")]
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    lines = [{name: name for name in names}, {name: "-" * widths[name] for name in names}, *rows]
    return "\n".join("  ".join(line[name].ljust(widths[name]) for name in names).rstrip() for line in lines)
