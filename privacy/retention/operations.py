"""Operations of retention: the sweep of rows past their period, and the count of finished months."""

import datetime as dt

from privacy.operations.sweeps import Sweep
from privacy.retention import tasks

OPERATIONS = [
    Sweep("rows past their period", tasks.purge_expired, dt.timedelta(hours=1)),
    Sweep("finished months", tasks.count_finished_months, dt.timedelta(hours=1)),
]
