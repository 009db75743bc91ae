"""How the settings and the home page show the copies of a person's data."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.export.models import DataCopy
from privacy.export.queries import IN_THE_MAKING, newest_copy
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import SubjectRequest


def copies_state(request: SubjectRequest) -> PageState:
    """Return whether a copy is ready or being prepared."""
    newest = newest_copy(request.data_subject.pk)
    if newest and newest.state in IN_THE_MAKING:
        return PageState(_("We are preparing your copy."), chip=_("Being prepared"), step=_("See the progress"))
    if newest and newest.state == DataCopy.State.READY and newest.expires_at:
        until = formats.date_format(newest.expires_at, "DATE_FORMAT")
        line = _("Your copy is available until %(until)s.") % {"until": until}
        return PageState(line, chip=_("Ready"), level=Level.GOOD, step=_("Read your copy"))
    return PageState(_("Get everything that we hold about you."), step=_("Request a copy"))


COPIES_PAGE = AccountPage("copies", gettext_lazy("A copy of your data"), "download", 50, copies_state)
