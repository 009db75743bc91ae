"""Operations of announcements: sweep, message, figures, alarms, and the policies on the staff's first page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from privacy.announcements import tasks
from privacy.announcements.models import PostponedMessage
from privacy.announcements.queries import (
    late_announcements,
    running_announcements,
    stalled_announcements,
    versions_to_agree,
)
from privacy.announcements.services import begin_with_publication
from privacy.announcements.writing import TEMPLATE
from privacy.consent.tallies import people_by_version
from privacy.notices.messages import Message
from privacy.operations.queues import BULK, QueueOf
from privacy.operations.receivers import Receives
from privacy.operations.staff_pages import FirstPagePart, Need, list_url
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Severity, Watched
from privacy.policies.operations import SEE_POLICIES
from privacy.policies.queries import drafts, scheduled_versions, versions_in_force
from privacy.policies.signals import policy_published


def policies_to_show(_user: Any) -> dict[str, Any] | None:
    """Return drafts, scheduled versions and those in force, who has not agreed yet, and running announcements."""
    people = people_by_version()
    parts = {
        "drafts": list(drafts()),
        "scheduled": scheduled_versions(),
        "in_force": [(version, people.get(str(version.pk), 0)) for version in versions_in_force()],
        "to_agree": versions_to_agree(),
        "announcing": running_announcements().select_related("version"),
    }
    return parts if parts["drafts"] or parts["scheduled"] or parts["in_force"] else None


def needed_policies(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the card of the first page, if a publication waits for a second person."""
    proposed = [version for version in context["drafts"] if version.is_proposed]
    if proposed:
        yield Need(_("Publications to confirm"), len(proposed), list_url("privacy_policyversion"))


def _people_left() -> float:
    return sum(max(each.people - each.done, 0) for each in running_announcements())


def _people_to_agree() -> float:
    return sum(people for _version, people in versions_to_agree())


OPERATIONS = [
    QueueOf(BULK, (tasks.announce,)),
    Message(TEMPLATE),
    Receives(policy_published, begin_with_publication),
    Sweep("announcements of policies", tasks.announce),
    Watched("announcements_people_left", "People who have not been notified of a policy yet.", figure=_people_left),
    Watched(
        "announcements_stalled",
        "Running announcements that have stalled.",
        rows=lambda: stalled_announcements().select_related("version"),
        severity=Severity.URGENT,
        line=lambda announcement: f"messages about policy {announcement.version} have stalled",
    ),
    Watched(
        "announcements_late",
        "Announcements that will not reach everyone before their version is in force.",
        rows=late_announcements,
        severity=Severity.HOURLY,
        line=lambda announcement: (
            f"messages about policy {announcement.version} will not reach everyone before it is in force"
        ),
    ),
    Watched("people_to_agree", "People who have not agreed to the policy in force.", figure=_people_to_agree),
    NotWatched(PostponedMessage, "until", "a round that does not reach people in time is watched"),
    FirstPagePart(
        "admin/first_page/policies.html",
        policies_to_show,
        (SEE_POLICIES,),
        position=70,
        shows=("announcements_stalled", "announcements_late"),
        needs=needed_policies,
    ),
]
