"""Settings of the queue: the broker, and what beat wakes when."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import addresses, environment
from portal.settings.environment import duration
from privacy.operations.queues import SWEEPS

_VAR_DIR = environment.var_dir()
REDIS_URL = addresses.redis_url("REDIS_URL", environment.mode())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
# A writer to the broker can start one of our tasks, and nothing else: workers take no control messages from it.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = CELERY_TASK_SEND_SENT_EVENT = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Celery closes the databases around each task, unless it may use a connection again so often; `celery_app` closes those
# that are old or broken.
CELERY_DB_REUSE_MAX = 1_000_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task that cannot be handed on is found by a sweep; nobody waits for another try.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULER = "portal.runtime.beat:SweepingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(_VAR_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        # Longer than the longest task, so that no message is handed out twice while its task runs.
        "visibility_timeout": 1200,
        # A visitor does not wait for a broker that is gone: the sweep does its work.
        "socket_connect_timeout": 2,
        # Nor for one that hangs. Longer than a worker's wait for the next task, which is a second.
        "socket_timeout": 3,
        "max_retries": 1,
        "interval_start": 0,
    }
else:
    _BROKER_DIR = environment.made_folder("PORTAL_VAR", _VAR_DIR / "broker")
    # The host is none: without one kombu warns at each start.
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR),
        "data_folder_out": str(_BROKER_DIR),
        "control_folder": str(_BROKER_DIR / "control"),
    }
# How many tasks of a queue run at once on this host.
WORKERS_CODES = environment.whole_number("WORKERS_CODES", 8, least=2)
WORKERS_SWEEPS = environment.whole_number("WORKERS_SWEEPS", 2, least=1)
WORKERS_BULK = environment.whole_number("WORKERS_BULK", 2, least=1)
CELERY_TASK_DEFAULT_QUEUE = SWEEPS
CELERY_TASK_CREATE_MISSING_QUEUES = True
# Packages declare the queues of their tasks, and their sweeps, of which `portal.runtime.schedule` makes the schedule.
CELERY_TASK_ROUTES = ["privacy.operations.queues.route_task"]
SWEEP_EVERY = duration("SWEEP_EVERY", "PT10S")
# People an announcement of a policy writes to in a minute: what the gateways take beside everything else.
ANNOUNCEMENTS_PER_MINUTE = environment.whole_number("ANNOUNCEMENTS_PER_MINUTE", 600, least=6)
if not SWEEP_EVERY:
    raise ImproperlyConfigured("SWEEP_EVERY must be longer than PT0S.")
