"""Operations of REST: the sweep that deletes expired answers of retries."""

import datetime as dt

from privacy.operations.sweeps import Sweep
from privacy.rest import tasks

OPERATIONS = [Sweep("answered requests", tasks.forget_answered_requests, dt.timedelta(minutes=10))]
