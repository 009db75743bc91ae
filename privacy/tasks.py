"""Index: the tasks of every package; Celery looks for them here."""

import privacy.announcements.tasks
import privacy.consent.tasks
import privacy.erasure.tasks
import privacy.export.tasks
import privacy.journal.tasks
import privacy.notices.tasks
import privacy.recipients.tasks
import privacy.rest.tasks
import privacy.retention.tasks  # noqa: F401 - register themselves
