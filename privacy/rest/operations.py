"""What REST brings: the removal of answers that are kept for retries."""

import datetime as dt

from privacy.operations.sweeps import Sweep
from privacy.rest import tasks

OPERATIONS = [Sweep("answered requests", tasks.forget_answered_requests, dt.timedelta(minutes=10))]
