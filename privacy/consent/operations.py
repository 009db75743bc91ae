"""Operations of consent: its chain in the journal, the step after a restore, permissions, and sweeps of its counts."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.consent import tasks
from privacy.consent.account_page import PRIVACY_PAGE
from privacy.consent.journal import CONSENTS
from privacy.consent.product_news import PRODUCT_NEWS
from privacy.consent.queries import acts_of
from privacy.consent.replay import ask_lost_consents_again
from privacy.journal.restores import AfterRestore
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import PersonPart, newest
from privacy.operations.sweeps import Sweep

SEE_CONSENTS = "privacy.view_consentrecord"


def _consents(subject_id: UUID) -> dict[str, Any]:
    return newest(acts_of(subject_id), "privacy_consentrecord", subject_id)


OPERATIONS = [
    PRIVACY_PAGE,
    CONSENTS,
    PRODUCT_NEWS,
    AfterRestore("consents", ask_lost_consents_again, 30, "People who will be asked for consent again: {count}."),
    Permissions({PRIVACY_OFFICER: (SEE_CONSENTS,), AUDITOR: (SEE_CONSENTS,)}),
    PersonPart("consent", _("Consent"), "admin/person/consent.html", _consents, SEE_CONSENTS, position=10),
    Sweep("counts of consents", tasks.fold_tallies, dt.timedelta(minutes=10)),
    Sweep("counts of consents against the consents", tasks.mend_tallies, dt.timedelta(days=1)),
]
