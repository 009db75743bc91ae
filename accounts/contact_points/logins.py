"""What a typed login may mean: a username, a phone number as people write it, an e-mail address."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from django.core.exceptions import ValidationError

from accounts.contact_points.parsing import LONGEST_TYPED, clean_email, is_number_shaped, no_phone, read_phone
from privacy.inventory.typed import without_margin
from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions


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
