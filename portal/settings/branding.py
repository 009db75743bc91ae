"""Settings of the operator's branding: name of the service, colours, logo, icon, links of the foot."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import brand_values

_NAMES = {"en": brand_values.service_name("SERVICE_NAME"), "zh-hans": brand_values.service_name("SERVICE_NAME_ZH")}
if _NAMES["zh-hans"] and not _NAMES["en"]:
    raise ImproperlyConfigured("SERVICE_NAME_ZH is set and SERVICE_NAME is not. Set both, or only SERVICE_NAME.")
# By language; empty: the portal's own name.
SERVICE_NAMES = {language: name for language, name in _NAMES.items() if name}
BRAND_ACCENT, BRAND_ACCENT_DARK = brand_values.colour("BRAND_ACCENT"), brand_values.colour("BRAND_ACCENT_DARK")
BRAND_LOGO, BRAND_ICON = brand_values.image("BRAND_LOGO"), brand_values.image("BRAND_ICON")
HELP_URL, IMPRINT_URL = brand_values.link("HELP_URL"), brand_values.link("IMPRINT_URL")
ACCESSIBILITY_URL = brand_values.link("ACCESSIBILITY_URL")
