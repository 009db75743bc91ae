"""How the settings and the home page show who of the staff viewed a person's data."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.access.queries import latest_access
from privacy.operations.account_pages import AccountPage, PageState
from privacy.subjects.requests import SubjectRequest


def accesses_state(request: SubjectRequest) -> PageState:
    """Return when staff last viewed the person's data."""
    last = latest_access(request.data_subject.pk)
    if last is None:
        return PageState(_("No member of our staff has viewed your data."), step=_("See the list"))
    day = formats.date_format(last.at, "DATE_FORMAT")
    return PageState(_("Last viewed by our staff on %(date)s.") % {"date": day}, step=_("See the list"))


ACCESSES_PAGE = AccountPage("accesses", gettext_lazy("Who has viewed your data"), "eye", 60, accesses_state)
