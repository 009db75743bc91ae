"""Operations of consent: its chain in the journal, the step after a restore, permissions, and sweeps of its counts."""

import datetime as dt

from privacy.consent import tasks
from privacy.consent.account_page import PRIVACY_PAGE
from privacy.consent.journal import CONSENTS
from privacy.consent.replay import ask_lost_consents_again
from privacy.journal.restores import AfterRestore
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.sweeps import Sweep

SEE_CONSENTS = "privacy.view_consentrecord"

OPERATIONS = [
    PRIVACY_PAGE,
    CONSENTS,
    AfterRestore("consents", ask_lost_consents_again, 30, "People who will be asked for consent again: {count}."),
    Permissions({PRIVACY_OFFICER: (SEE_CONSENTS,), AUDITOR: (SEE_CONSENTS,)}),
    Sweep("counts of consents", tasks.fold_tallies, dt.timedelta(minutes=10)),
    Sweep("counts of consents against the consents", tasks.mend_tallies, dt.timedelta(days=1)),
]
