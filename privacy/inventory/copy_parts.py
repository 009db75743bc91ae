"""What a record says of itself in a copy of a person's data: its section, its public name, the words of its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CopySection(models.TextChoices):
    """The headings of a copy, in the order in which people read them."""

    WHO_YOU_ARE = "who_you_are", _("Who you are")
    CONTACT = "contact", _("How to reach you")
    SIGN_IN = "sign_in", _("How you sign in")
    CONSENT = "consent", _("What you agreed to")
    RECEIVED = "received", _("Who received or viewed your data")
    CHANGED = "changed", _("What was changed")
    SECURITY = "security", _("Security events")
    MESSAGES = "messages", _("Messages to you")
    REQUESTS = "requests", _("Your requests")
    LEGAL_HOLDS = "legal_holds", _("Data under legal hold")
    STAFF = "staff", _("Your work here as staff")


class CopySource(models.TextChoices):
    """Where a record comes from (GDPR art. 15(1)(g))."""

    PERSON = "person", _("you")
    USE = "use", _("your use of this portal")
    STAFF = "staff", _("our staff")
    PORTAL = "portal", _("records that this portal makes")


@dataclass(frozen=True)
class CopyValue:
    """One value of a record: its public name, which stays whatever its column is called, and the words for it.

    `label` may be left out where the column holds one declared personal field, which has one. `column` is where the
    value stands, if not under the public name: a column, or a path such as `version.label`. `words` names how a value
    is shown to people (`privacy.inventory.value_labels`); choices, times and yes or no need none. `for_people` is False
    where only programs make use of it: it is in the JSON file and not on the page. `is_time` is for parts with
    `custom_rows`, which have no columns to see it from.
    """

    name: str
    label: str | Promise = ""
    column: str = ""
    words: str = ""
    for_people: bool = True
    is_time: bool = False

    @property
    def path(self) -> str:
        """Where the value stands in its row."""
        return self.column or self.name


@dataclass(frozen=True)
class CopyPart:
    """What a copy holds of one kind of record: `values` in the order of reading, newest records first by `newest`.

    `position` orders the parts of one section. `left_out` maps every other column of the record to why a copy does not
    repeat it. The rows of a part with `custom_rows` are made by its package
    (`privacy.export.copy_rows`), because its records are sealed whole.
    """

    section: CopySection
    name: str
    title: str | Promise
    source: CopySource
    values: tuple[CopyValue, ...]
    newest: str = ""
    position: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)
    custom_rows: bool = False

    @property
    def for_people(self) -> bool:
        """Whether the page shows it: some parts are for programs only."""
        return any(value.for_people for value in self.values)


@dataclass(frozen=True)
class NotCopied:
    """Why a copy holds nothing of a kind of record."""

    reason: str


OUR_ATTEMPTS = "how often and when the portal tried: its own work, nothing of the person"
ANOTHER_PERSON = "the number of a member of staff: another person"
ROW_NUMBER = "the number of another row"
