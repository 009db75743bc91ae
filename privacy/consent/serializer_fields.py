"""Members of REST bodies that name optional purposes. The operator's file declares them, so that the schema cannot."""

from typing import Any

from rest_framework import serializers

from privacy.inventory.purposes import optional_purposes
from privacy.rest.bodies import Text

_SCHEMA = {"pattern": "^[a-z][a-z0-9_]{0,31}$"}


class PurposeKey(Text):
    """The key of an optional purpose; `fields` lists them. `and_retired` also takes a retired one."""

    default_error_messages = {"invalid_choice": serializers.ChoiceField.default_error_messages["invalid_choice"]}

    def __init__(self, **options: Any) -> None:
        super().__init__(schema=_SCHEMA, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the key, or refuse one that is not asked for."""
        key = super().to_internal_value(data)
        if key not in {purpose.key for purpose in optional_purposes()}:
            self.fail("invalid_choice", input=key)
        return key


class PurposeKeys(serializers.ListField):
    """Some of the optional purposes. A list longer than all purposes is refused before its items are checked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=PurposeKey(), **options)

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the keys. Refuse a value that is no list, is too long, or names a purpose that is not asked for."""
        most = len(optional_purposes())
        if isinstance(data, list) and len(data) > most:
            raise serializers.ValidationError(
                serializers.ListField.default_error_messages["max_length"].format(max_length=most), "max_length"
            )
        return list(super().to_internal_value(data))
