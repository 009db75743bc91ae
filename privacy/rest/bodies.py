"""The bodies of requests: exactly the types and members that the schema states."""

import copy
from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from privacy.rest.problems import MOST_ERRORS


class Body(serializers.Serializer):
    """Refuses unknown and read-only members instead of ignoring them (mass assignment)."""

    shown_only: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the members that are checked: of a given body, those that it names, and those that are required."""
        declared, given = self._declared_fields, getattr(self, "initial_data", None)
        if isinstance(given, Mapping):
            declared = {name: field for name, field in declared.items() if name in given or field.required}
        return {name: _own(field) for name, field in declared.items()}

    def to_internal_value(self, data: Any) -> Any:
        """Check the members' names, then their values."""
        if isinstance(data, Mapping):
            unknown = (str(name) for name in data if name not in self._declared_fields)
            refusals = {name: [self._refusal(name)] for name in islice(unknown, MOST_ERRORS)}
            return self._all_at_once(data, refusals)
        return super().to_internal_value(data)

    def _all_at_once(self, data: Any, refusals: dict[str, list[ErrorDetail]]) -> Any:
        """Check the values also if a name is refused, so that one answer lists every error."""
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            said: Any = error.detail  # by member, as this is a body
            raise serializers.ValidationError({**said, **refusals}) from None
        if refusals:
            raise serializers.ValidationError(refusals)
        return values

    def _refusal(self, name: str) -> ErrorDetail:
        if name in self.shown_only:
            return ErrorDetail(str(_("This field is read-only.")), "read_only")
        return ErrorDetail(str(_("Unknown field.")), "unknown_field")


def _own(field: serializers.Field) -> serializers.Field:
    """Return a field for one body: a field without child fields needs no deep copy, which builds it again."""
    has_others = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return copy.deepcopy(field) if has_others else copy.copy(field)


class Text(serializers.CharField):
    """Text as it was typed: a number is not text, and nothing is stripped.

    `schema` adds to its description in the OpenAPI document; forms check it.
    """

    def __init__(self, *, schema: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)
        self._spectacular_annotation = {"field": {"type": "string", **(schema or {})}}

    def to_internal_value(self, data: Any) -> str:
        """Return the text, or refuse another type."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """`true` or `false`, and no other value."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the flag, or refuse another type."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class Choice(serializers.ChoiceField):
    """One of some texts; a number is not text."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text, or refuse another type."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))
