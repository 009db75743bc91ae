"""Counts the segments of an SMS as gateways bill them (3GPP TS 23.038, TS 23.040)."""

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# An escape and a second septet.
_EXTENDED = set("\f^{}\\[~]|€")


def is_seven_bit(text: str) -> bool:
    """Whether the GSM alphabet has all characters."""
    return set(text) <= _BASIC | _EXTENDED


def units(text: str) -> int:
    """Return the length in septets, or in UTF-16 code units where the GSM alphabet does not do."""
    if is_seven_bit(text):
        return sum(2 if character in _EXTENDED else 1 for character in text)
    return len(text.encode("utf-16-be")) // 2


def segments(text: str) -> int:
    """Return how many segments are sent; those of a longer message have a header of their own."""
    whole, part = (160, 153) if is_seven_bit(text) else (70, 67)
    return 1 if units(text) <= whole else -(-units(text) // part)
