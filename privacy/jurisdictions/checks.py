"""A system check: the operator's file of jurisdictions has nothing that the portal no longer reads."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - Django's name


@register()
def ages_are_those_of_countries(**_options: Any) -> list[CheckMessage]:
    """W031: a jurisdiction has `age_of_consent`, which has no effect."""
    declared = tomllib.loads(Path(settings.JURISDICTIONS_FILE).read_text(encoding="utf-8"))
    return [
        Warning(
            f"JURISDICTIONS_FILE, {code}, age_of_consent, has no effect: the age is that of a person's country.",
            hint="Remove it. COUNTRIES_FILE corrects the age of a country (docs/configuration.md).",
            id="privacy.W031",
        )
        for code, table in declared.items()
        if "age_of_consent" in table
    ]
