"""How the settings and the home page show consent."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.consent.queries import has_unanswered_changes, latest_consent
from privacy.inventory.purposes import switches
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.subjects.requests import SubjectRequest, read_once


def privacy_state(request: SubjectRequest) -> PageState:
    """Return which version the person agreed to, how many optional uses are on, and whether an answer is needed."""
    latest = read_once(request, latest_consent)
    if latest is None:
        return PageState(_("You have not agreed to any policy with this account."))
    if has_unanswered_changes(request.data_subject):
        return PageState(
            _("Our privacy policy has changed."),
            chip=_("Answer needed"),
            level=Level.WARN,
            step=_("Read what changed and answer"),
            url=reverse("consent_gate"),
            is_needed=True,
        )
    agreed = _("You agreed to version %(label)s on %(date)s.") % {
        "label": latest.version.label,
        "date": formats.date_format(latest.at, "DATE_FORMAT"),
    }
    offered = switches(list(latest.purposes))
    on = sum(is_on for _purpose, is_on in offered)
    uses = _("Optional uses turned on: %(on)d of %(all)d.") % {"on": on, "all": len(offered)}
    return PageState(f"{agreed} {uses}" if offered else agreed, step=_("See your choices and receipts"))


def staff_have_it(request: SubjectRequest) -> bool:
    """Whether a member of staff agreed to a policy, as people do who registered."""
    return read_once(request, latest_consent) is not None


PRIVACY_PAGE = AccountPage(
    "privacy_settings", gettext_lazy("Privacy"), "shield", 40, privacy_state, for_staff=staff_have_it
)
