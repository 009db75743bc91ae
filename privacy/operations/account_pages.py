"""A page of the settings: its row in the list of settings, its entry in the navigation, its card on the home page."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """What a state means for the person; it chooses the colour and the icon of its chip."""

    NEUTRAL = ""
    GOOD = "good"
    WARN = "warn"


@dataclass(frozen=True)
class PageState:
    """The state of one page of a person: a line in words, and a chip of one or two words.

    `step` says what the person can do next and `url` where; the page itself where it is empty. `is_needed` is whether
    something waits for the person: the home page shows it first.
    """

    line: str
    chip: str = ""
    level: Level = Level.NEUTRAL
    step: str = ""
    url: str = ""
    is_needed: bool = False


@dataclass(frozen=True)
class AccountPage:
    """Declared by the package that owns the page `url_name`.

    `label` is a lazy text, `icon` a file of `templates/components/icons/`. `state` takes the request of a
    signed-in person. `position` orders the pages. Without `on_home` the home page has no card. `for_staff` takes the
    request of a member of staff and returns whether they have the page, `for_person` that of anyone who is signed in.
    """

    url_name: str
    label: Any
    icon: str
    position: int
    state: Callable[[Any], PageState]
    on_home: bool = True
    for_staff: Callable[[Any], bool] = lambda _request: True
    for_person: Callable[[Any], bool] = lambda _request: True
