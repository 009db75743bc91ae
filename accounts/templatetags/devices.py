"""Devices in the reader's language."""

from django import template

from accounts.security_events import devices

register = template.Library()


@register.filter
def device_words(family: str) -> str:
    """Return a family of devices, such as "Chrome on Android", in the reader's language."""
    return devices.device_words(family)


@register.filter
def device_icon(family: str) -> str:
    """Return the name of the icon of a family: a phone, or a computer and what is not known."""
    return "phone" if family.endswith(("Android", "iPhone", "iPad")) else "device"
