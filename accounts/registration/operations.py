"""Operations of registration: monthly counts, and the removal of unverified registrations."""

import datetime as dt

from accounts.registration import tasks
from accounts.registration.monthly_counts import verified_registrations
from privacy.operations.sweeps import Sweep
from privacy.retention.sources import CountedRegistrations

OPERATIONS = [
    CountedRegistrations(verified_registrations),
    Sweep("unverified registrations", tasks.remove_unverified_registrations, dt.timedelta(minutes=10)),
]
