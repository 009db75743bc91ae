"""Selects of countries and time zones, whose options are rendered once for each language."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.profiles.countries import all_zones
from accounts.profiles.zone_names import zone_groups, zone_label
from privacy.jurisdictions.country_names import countries
from privacy.jurisdictions.time_zones import zones_in_order

# Languages times the most frequent countries; each entry takes about 20 kB.
REMEMBERED = 128


class LongSelect(forms.Select):
    """A select with rendered options; the chosen one is marked in the text."""

    def __init__(self, options: Callable[[], SafeString]) -> None:
        super().__init__()
        self.ready_made = options

    def use_required_attribute(self, initial: Any) -> bool:
        """Whether a browser may insist on a choice: the first option is the empty one."""
        return forms.Widget.use_required_attribute(self, initial)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the select, with the option of this value chosen."""
        options, chosen = str(self.ready_made()), conditional_escape("" if value is None else value)
        options = options.replace(f'<option value="{chosen}">', f'<option value="{chosen}" selected>', 1)
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<select name="{conditional_escape(name)}"{attributes}>{options}</select>')  # noqa: S308 - escaped above and where it is made


@lru_cache(maxsize=8)
def country_options(language: str) -> SafeString:
    """Return an option for each country or region, by its name in a language, after an empty one."""
    with override(language):
        return mark_safe(_options([("", _("Choose one"))]) + _options(countries(language)))  # noqa: S308 - escaped


@lru_cache(maxsize=REMEMBERED)
def zone_options(language: str, country: str, on: dt.date) -> SafeString:
    """Return an option for each time zone, those of a country first, after an empty one; with the offsets of a day."""
    nearby = zones_in_order(country)
    others = [zone for zone in all_zones() if zone not in nearby]
    with override(language):
        groups = zone_groups(others, on, language)
        if nearby:
            of_country = [(zone, zone_label(zone, on, language)) for zone in nearby]
            groups = {_("In this country or region"): of_country} | groups
        parts = [_options([("", _("Choose one"))]), *(_group(label, zones) for label, zones in groups.items())]
        return mark_safe("".join(parts))  # noqa: S308 - escaped


def zone_option(zone: str) -> SafeString:
    """Return the option of one zone that the list does not have."""
    return _options([(zone, zone)])


def _group(label: str, zones: Iterable[tuple[str, str]]) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', label, _options(zones))


def _options(choices: Iterable[tuple[str, str | Promise]]) -> SafeString:
    """Return options without their end tags, which HTML does not need: hundreds of them are bytes of each page."""
    return format_html_join("", '<option value="{}">{}', choices)
