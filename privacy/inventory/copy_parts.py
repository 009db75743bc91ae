"""What a record declares for copies of a person's data: its section, its public name, the labels of its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CopySection(models.TextChoices):
    """The headings of a copy, in reading order."""

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
    """One value of a record: its public name, which never changes, and its label.

    `label` may be left out if the column holds one declared personal field, which has one. `column` is the source of
    the value, if it is not the public name: a column, or a path such as `version.label`. `words` names how a value is
    shown to people (`privacy.inventory.value_labels`); choices, times and booleans need none. `for_people` is False for
    values of use to programs only: they are in the JSON file and not on the page. `is_time` is for parts with
    `custom_rows`, which have no columns that would say so.
    """

    name: str
    label: str | Promise = ""
    column: str = ""
    words: str = ""
    for_people: bool = True
    is_time: bool = False

    @property
    def path(self) -> str:
        """The path of the value in its row."""
        return self.column or self.name


@dataclass(frozen=True)
class CopyPart:
    """What a copy holds of one kind of record: `values` in reading order, newest records first by `newest`.

    `position` orders the parts of one section. `left_out` maps every other column of the record to the reason why a
    copy does not contain it. The package of the record makes the rows of a part with `custom_rows`
    (`privacy.export.copy_rows`), because its records are sealed as a whole.
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
    """The reason why a copy holds nothing of a kind of record."""

    reason: str


OUR_ATTEMPTS = "how often and when the portal tried: its own work, nothing of the person"
ANOTHER_PERSON = "the number of a member of staff: another person"
ROW_NUMBER = "the number of another row"
