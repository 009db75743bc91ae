"""How the settings show where a person's data is stored."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.profiles.account_page import staff_have_it
from accounts.users.requests import UserRequest
from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.operations.account_pages import AccountPage, PageState


def move_state(request: UserRequest) -> PageState:
    """Return the country in which the person's data is stored."""
    jurisdiction = get_jurisdiction(request.data_subject.jurisdiction)
    line = _("Your data is stored in: %(country)s.") % {"country": value_label("country", jurisdiction.storage_country)}
    return PageState(line, step=_("See what a move changes"))


MOVE_PAGE = AccountPage(
    "move",
    gettext_lazy("Move to another country"),
    "globe",
    66,
    move_state,
    on_home=False,
    for_staff=staff_have_it,
)
