"""Selects of countries and time zones, whose options are rendered once for each language."""

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

from accounts.profiles.countries import all_zones, countries, zones_of

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
def zone_options(language: str, country: str) -> SafeString:
    """Return an option for each time zone, those of a country first, after an empty one."""
    nearby = zones_of(country)
    others = [zone for zone in all_zones() if zone not in nearby]
    with override(language):
        parts = [_options([("", _("Choose one"))])]
        if nearby:
            parts.append(_group(_("In this country or region"), nearby))
        return mark_safe("".join([*parts, _group(_("Elsewhere"), others)]))  # noqa: S308 - escaped


def zone_option(zone: str) -> SafeString:
    """Return the option of one zone that the list does not have."""
    return _options([(zone, _readable(zone))])


def _group(label: str, zones: Iterable[str]) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', label, _options((z, _readable(z)) for z in zones))


def _options(choices: Iterable[tuple[str, str | Promise]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', choices)


def _readable(zone: str) -> str:
    return zone.replace("_", " ")
