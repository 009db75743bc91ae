"""A part of the staff's first page: what needs attention in one package."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FirstPagePart:
    """Drawn by `template` with what `context` returns for a member of staff; None leaves it out.

    `permissions`: any one of them is enough to see it; if empty, only administrators do. `position` orders the parts.
    `shows` names the watched figures that the part shows already, so that they are not listed a second time.
    """

    template: str
    context: Callable[[Any], Mapping[str, Any] | None]
    permissions: tuple[str, ...]
    position: int
    shows: tuple[str, ...] = ()

    def is_for(self, user: Any) -> bool:
        """Whether a member of staff may see it."""
        return user.is_superuser or any(user.has_perm(permission) for permission in self.permissions)
