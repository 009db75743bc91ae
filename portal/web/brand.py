"""The operator's brand on pages: its stylesheet, logo and icon with a digest in their URLs, and its links."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from csp.constants import HEADER
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.branding.brand import schemes, service_name
from privacy.branding.colours import Scheme
from privacy.branding.images import Image

PREFIX = "/brand/"
YEAR = 31_536_000
# An SVG that is opened as a page runs no script and loads nothing.
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
STYLESHEET = """@media not print {{
  :root {{ --accent: {light.accent}; --on-accent: {light.on_accent}; --accent-soft: {light.accent_soft}; }}
  @supports (color: light-dark(#000, #fff)) {{
    :root {{
      --accent: light-dark({light.accent}, {dark.accent});
      --on-accent: light-dark({light.on_accent}, {dark.on_accent});
      --accent-soft: light-dark({light.accent_soft}, {dark.accent_soft});
    }}
  }}
}}
"""
# An operator's logo is made for a light ground.
LOGO_GROUND = """@media (prefers-color-scheme: dark) {
  .brand img { padding: 0.2rem; border-radius: 0.25rem; background: #fff; }
}
"""
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="{accent}"/>'
    '<path d="M9 16.5l5 5 9-11" fill="none" stroke="{on_accent}" stroke-width="3.5" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)


@dataclass(frozen=True)
class BrandFile:
    """A file of the brand as it is served."""

    url: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Brand:
    """What templates show of the brand; a URL is empty where the operator set nothing."""

    stylesheet: str
    logo: str
    icon: str

    @property
    def name(self) -> str:
        """The name of the service in the reader's language."""
        return service_name()

    @property
    def links(self) -> Iterator[tuple[str, Promise | str]]:
        """The operator's links for the foot: URL and label."""
        labels = {"HELP_URL": _("Help"), "IMPRINT_URL": _("Imprint"), "ACCESSIBILITY_URL": _("Accessibility")}
        return ((getattr(settings, name), label) for name, label in labels.items() if getattr(settings, name))


class BrandMiddleware:
    """Serves the files of the brand, without a session or a query, and so also while the databases are away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        found = next((file for file in _current_files().values() if file.url == request.path_info), None)
        if found is None:
            return self.get_response(request)
        headers = {"Cache-Control": f"public, max-age={YEAR}, immutable"}
        if found.content_type.startswith("image/"):
            headers[HEADER] = IMAGE_POLICY
        return HttpResponse(found.content, content_type=found.content_type, headers=headers)


def brand() -> Brand:
    """Return the brand for a template."""
    urls = {name: file.url for name, file in _current_files().items()}
    icon = urls.get("icon") or static("favicon.svg")
    return Brand(stylesheet=urls.get("stylesheet", ""), logo=urls.get("logo", ""), icon=icon)


def _current_files() -> dict[str, BrandFile]:
    has_colours = bool(settings.BRAND_ACCENT or settings.BRAND_ACCENT_DARK)
    return _files(schemes() if has_colours else None, settings.BRAND_LOGO, settings.BRAND_ICON)


@lru_cache(maxsize=8)
def _files(colours: tuple[Scheme, Scheme] | None, logo: Image | None, icon: Image | None) -> dict[str, BrandFile]:
    found = {}
    style = STYLESHEET.format(light=colours[0], dark=colours[1]) if colours else ""
    if style or logo:
        text = style + (LOGO_GROUND if logo else "")
        found["stylesheet"] = _file("brand", "css", text.encode(), "text/css; charset=utf-8")
    if colours and not icon:
        tinted = ICON.format(accent=colours[0].accent, on_accent=colours[0].on_accent)
        icon = Image(tinted.encode(), "svg")
    for name, image in (("logo", logo), ("icon", icon)):
        if image:
            found[name] = _file(name, image.suffix, image.content, image.content_type)
    return found


def _file(name: str, suffix: str, content: bytes, content_type: str) -> BrandFile:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return BrandFile(f"{PREFIX}{name}.{digest}.{suffix}", content, content_type)
