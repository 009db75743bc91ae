"""A system check: the operator's colours can be read wherever the pages use them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from privacy.branding.brand import schemes
from privacy.branding.colours import LEAST_CONTRAST, Scheme, low_contrasts


@register()
def colours_can_be_read(**_options: Any) -> list[CheckMessage]:
    """E030: an accent with too little contrast to a colour that it meets; named with its variable and the pair."""
    light, dark = schemes()
    return [*_problems("BRAND_ACCENT", light), *_problems("BRAND_ACCENT_DARK", dark)]


def _problems(variable: str, scheme: Scheme) -> Iterator[CheckMessage]:
    if not getattr(settings, variable):
        return
    for name, colour, ratio in low_contrasts(scheme):
        yield Error(
            f"{variable}={scheme.accent} has a contrast of {ratio:.2f} to {name} ({colour}) in the {scheme.name} "
            f"scheme; {LEAST_CONTRAST} is the least (WCAG 2.2, 1.4.3).",
            hint=f"Choose a {'darker' if variable == 'BRAND_ACCENT' else 'lighter'} colour.",
            id="privacy.E030",
        )
