"""What a typed login may mean: a username, a phone number as people write it, an e-mail address."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.parsing import (
    EMAIL_ERROR,
    LONGEST_TYPED,
    clean_email,
    is_number_shaped,
    no_phone,
    read_phone,
)
from privacy.inventory.typed import half_width, without_margin
from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions

NO_CONTACT = _("Enter the phone number or e-mail address of your account. We cannot send a code to a username.")


def contacts_meant(login: str) -> list[str]:
    """Return the canonical contact points that a login is looked up as, whether or not an account has them."""
    return list(dict.fromkeys(_readings(without_margin(login)))) if len(login) <= LONGEST_TYPED else []


def clean_login(login: str) -> str:
    """Return a login, or refuse an incomplete phone number. The answer does not depend on whether an account exists.

    Raises `ValidationError`.
    """
    if is_number_shaped(login) and not contacts_meant(login):
        raise no_phone(None)
    return login


def clean_contact(login: str) -> str:
    """Return a phone number or e-mail address as typed, or refuse what cannot be one, such as a username.

    Limits count by the address, and no answer may show an account, so that a username cannot stand for its address.
    Raises `ValidationError`; the answer does not depend on whether an account exists.
    """
    if not contacts_meant(clean_login(login)):
        raise EMAIL_ERROR if "@" in half_width(login) else ValidationError(NO_CONTACT, "invalid_contact")
    return login


def rate_limit_names(login: str) -> list[str]:
    """Return the names under which a try with a login counts against limits: the values that it is looked up as.

    A try never counts by the account that is found: limits would then differ, and show whether an account exists.
    """
    return [without_margin(login), *contacts_meant(login)]


def _readings(login: str) -> Iterator[str]:
    # A national number is read as a number of a country that the settings name.
    served = (country for j in all_jurisdictions().values() if j.is_stored_here for country in j.countries)
    regions = [None, *(country for country in served if country != EVERYWHERE_ELSE)]
    cleaners = [clean_email] if "@" in login else [partial(read_phone, region=region) for region in regions]
    for clean in cleaners:
        with suppress(ValidationError):
            yield clean(login)
