"""How the settings show the way to cancel the account."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.operations.account_pages import AccountPage, PageState
from privacy.subjects.requests import SubjectRequest


def cancel_state(_request: SubjectRequest) -> PageState:
    """Return what cancelling means."""
    return PageState(_("Close the account and have your data erased."))


CANCEL_PAGE = AccountPage(
    "cancel_account",
    gettext_lazy("Cancel account"),
    "trash",
    90,
    cancel_state,
    on_home=False,
    for_staff=lambda _request: False,
)
