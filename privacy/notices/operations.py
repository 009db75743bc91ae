"""Operations of messages: data store, sweeps that send them, figures, alarms, and permissions on the outbox."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.inventory.value_labels import ValueLabel
from privacy.journal.restores import AfterRestore
from privacy.notices import tasks
from privacy.notices.data_store import NoticesStore
from privacy.notices.figures import WATCHED, needed_messages, stuck_messages
from privacy.notices.models import Notice
from privacy.notices.rendering import occasion_of
from privacy.notices.replay import give_up_old_notices
from privacy.operations.queues import BULK, CODES, QueueOf
from privacy.operations.roles import PRIVACY_OFFICER, SUPPORT, Permissions
from privacy.operations.staff_pages import MOST_NEWEST, FirstPagePart, PersonPart
from privacy.operations.sweeps import Sweep

SEE_MESSAGES = "privacy.view_notice"


def _messages(subject_id: UUID) -> dict[str, Any]:
    notices = Notice.objects.filter(subject_id=subject_id).order_by("-created_at")[:MOST_NEWEST]
    return {"rows": [(notice, occasion_of(notice.template)) for notice in notices]}


OPERATIONS = [
    QueueOf(CODES, (tasks.send_code, tasks.send_due_codes)),
    QueueOf(BULK, (tasks.send_notice, tasks.send_due_notices)),
    NoticesStore(),
    AfterRestore(
        "notices",
        give_up_old_notices,
        40,
        "Waiting messages not sent again, because they may have been sent before: {count}.",
    ),
    ValueLabel("occasion", occasion_of),
    Permissions({PRIVACY_OFFICER: (SEE_MESSAGES,), SUPPORT: (SEE_MESSAGES,)}),
    Sweep("codes", tasks.send_due_codes),
    Sweep("notices", tasks.send_due_notices),
    Sweep("keys of messages that are gone", tasks.destroy_orphaned_keys, dt.timedelta(hours=1)),
    *WATCHED,
    FirstPagePart(
        "admin/first_page/messages.html",
        stuck_messages,
        (SEE_MESSAGES,),
        position=60,
        shows=("notices_stuck",),
        needs=needed_messages,
    ),
    PersonPart("messages", _("Messages"), "admin/person/messages.html", _messages, SEE_MESSAGES, position=60),
]
