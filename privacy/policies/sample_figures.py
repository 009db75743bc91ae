"""The figures in the sample policies, compared with the settings of this deployment."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from privacy.inventory.retention_classes import RetentionClass, period_of
from privacy.jurisdictions.countries import highest_age
from privacy.jurisdictions.jurisdictions import Jurisdiction

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_NUMBER = r"(\d+)"


def other_figures(text: str, jurisdiction: Jurisdiction) -> Iterator[str]:
    """Yield a line for each figure of a sample's text that differs from this deployment."""
    for name, value, phrases in _promised(jurisdiction):
        for phrase in phrases:
            for figure in re.findall(phrase.format(_NUMBER), text):
                if int(figure) != value:
                    yield f"it says {phrase.format(figure)!r}, and {name} makes that {value:g}"


def figures(text: str) -> set[str]:
    """Return every figure with its unit that a sample contains, except numbers of clauses."""
    return set(re.findall(r"\d+ (?:days|hours)|younger than \d+|\d+(?:天|小时|周岁)", text))


def _promised(jurisdiction: Jurisdiction) -> list[tuple[str, float, tuple[str, str]]]:
    security = period_of(RetentionClass.SECURITY) or timedelta()
    return [
        ("RETENTION", security / DAY, ("for {} days", "保存{}天")),
        ("COOLING_OFF", settings.COOLING_OFF / DAY, ("cooling-off period of {} days", "在{}天的冷静期内")),
        ("ERASE_WITHIN", settings.ERASE_WITHIN / HOUR, ("within {} hours", "在{}小时内删除")),
        ("JURISDICTIONS_FILE", jurisdiction.answer_within_days, ("within {} days", "在{}天内答复")),
        ("COUNTRIES_FILE", highest_age(jurisdiction), ("younger than {}", "未满{}周岁")),
    ]
