"""The secrets of second factors, sealed under their person's key: allauth's hooks do not know the user."""

from typing import Any

from allauth.mfa.models import Authenticator

from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import Place, seal, unseal
from privacy.inventory.retention_classes import RetentionClass

# The places of sealed values in allauth's data: an app's secret, the seed of recovery codes.
SECRETS = ("secret", "seed")


class NewSecret(str):
    """A new secret, which is sealed when its factor is saved; saved without that, it is empty text."""

    __slots__ = ("text",)

    text: str


class BoundSecret(str):
    """The ciphertext of a secret, with the factor that it belongs to."""

    __slots__ = ("factor", "name")

    factor: Authenticator
    name: str


def new_factor_secret(text: str) -> NewSecret:
    """Return a secret for a factor that is about to be saved."""
    made = NewSecret()
    made.text = text
    return made


def open_factor_secret(secret: str) -> str:
    """Return the text of a factor's secret. Raises `CannotOpen` for one of another factor, `KeyDestroyed`."""
    if isinstance(secret, NewSecret):
        return secret.text
    if not isinstance(secret, BoundSecret):
        raise CannotOpen("This secret belongs to no factor.")
    try:
        return unseal(bytes.fromhex(secret), _place(secret.factor, secret.name))
    except ValueError:
        raise CannotOpen("This is not a sealed secret.") from None


def seal_new_secrets(instance: Authenticator, **_more: Any) -> None:
    """Seal the new secrets of a factor that is about to be saved."""
    for name in SECRETS:
        secret = instance.data.get(name)
        if isinstance(secret, NewSecret):
            instance.data[name] = _bound(seal(secret.text, _place(instance, name)).hex(), instance, name)


def bind_secrets(instance: Authenticator, **_more: Any) -> None:
    """Tie the sealed secrets of a loaded factor to it, so that they open in no other factor."""
    data = instance.__dict__.get("data") or {}
    for name in SECRETS:
        if name in data and not isinstance(data[name], NewSecret):
            data[name] = _bound(str(data[name]), instance, name)


def _bound(sealed: str, factor: Authenticator, name: str) -> BoundSecret:
    bound = BoundSecret(sealed)
    bound.factor, bound.name = factor, name
    return bound


def _place(factor: Authenticator, name: str) -> Place:
    # A person has one factor of each kind with a secret, so that the user identifies the row.
    owner = factor.user
    return Place(Authenticator._meta.db_table, name, owner.pk.hex, owner.subject_id, RetentionClass.ACCOUNT)
