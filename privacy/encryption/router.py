"""Sends models of keys and of the journal's checkpoints to `keys`, and everything else to `default`."""

from typing import Any

from django.db import models
from django.db.models.options import Options

KEYS = "keys"
# The second set holds the names of earlier migrations.
_KEY_MODELS = {"datakey", "systemkey", "journalcheckpoint", "journalstoreidentity"} | {"housekey", "journalhead"}


class KeysRouter:
    """Django's database router for the two databases."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str:
        """Return the database that holds a model."""
        return KEYS if _is_in_keys(model._meta) else "default"

    db_for_write = db_for_read

    def allow_relation(self, first: models.Model, second: models.Model, **_hints: Any) -> bool:
        """Allow relations inside one database only."""
        # Not by type(): the subject of a request may be a lazy object.
        return _is_in_keys(first._meta) == _is_in_keys(second._meta)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Migrate key models in `keys` only, and nothing else there; raw operations name the database in `hints`."""
        if model_name is None:
            return db == hints.get("database", "default")
        return (db == KEYS) == _is_key_model(app_label, model_name)


def _is_in_keys(options: Options) -> bool:
    return _is_key_model(options.app_label, options.model_name)


def _is_key_model(app_label: str, model_name: str | None) -> bool:
    return app_label == "privacy" and model_name in _KEY_MODELS
