"""How the settings show whether a person's data is only stored."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.restriction.queries import restrictions_of
from privacy.subjects.requests import SubjectRequest


def restriction_state(request: SubjectRequest) -> PageState:
    """Return since when the person's data is only stored, or that it is used as agreed."""
    restriction = restrictions_of(request.data_subject.pk).first()
    if restriction is None:
        return PageState(_("Your data is used as you agreed."))
    since = formats.date_format(restriction.since, "DATE_FORMAT")
    line = _("Since %(date)s, your data is only stored.") % {"date": since}
    return PageState(line, chip=_("Restricted"), level=Level.WARN, step=_("Lift the restriction"))


RESTRICTION_PAGE = AccountPage(
    "restriction",
    gettext_lazy("Restrict the use of your data"),
    "shield",
    65,
    restriction_state,
    on_home=False,
    for_staff=lambda _request: False,
)
