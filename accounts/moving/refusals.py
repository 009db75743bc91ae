"""Why somebody cannot move to a country now, in words, with what to do."""

import datetime as dt

from django.db.models import TextChoices
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Why(TextChoices):
    """The reasons; each with what the person can do."""

    SAME = "same_jurisdiction", _("The same company, law and policy apply in this country: change it in your profile.")
    ELSEWHERE = "stored_elsewhere", _("Another site stores the data of people from this country.")
    CHILD = "child", _("A parent or guardian acts for this account. To move it, file a request.")
    RESTRICTED = "restricted", _("Your data is only stored. Lift the restriction, then move.")
    HELD = "held", _("A law or a court orders us to keep some of your data as it is. To move anyway, file a request.")
    RECENT = "moved_recently", _("You moved less than 30 days ago. To move again before that, file a request.")
    CONTACT = "contact_needed", _("In this country we need a mobile number that you confirmed. Add one, then move.")
    TOO_YOUNG = "too_young", _("In this country a parent or guardian has to agree for you. File a request to move.")


class CannotMove(Exception):
    """This person cannot move to this country now; `why` says why, `again_at` from when they can."""

    def __init__(self, why: Why, again_at: dt.datetime | None = None) -> None:
        super().__init__(why.value)
        self.why, self.again_at = why, again_at

    @property
    def words(self) -> str:
        """The reason for the person."""
        if self.again_at is None:
            return str(self.why.label)
        until = formats.date_format(self.again_at, "DATE_FORMAT")
        return gettext("%(reason)s You can move again on %(date)s.") % {"reason": self.why.label, "date": until}
