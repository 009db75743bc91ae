"""Settings of Celery: broker, workers and beat."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import addresses, environment
from portal.settings.environment import duration
from privacy.operations.queues import SWEEPS

_VAR_DIR = environment.var_dir()
REDIS_URL = addresses.redis_url("REDIS_URL", environment.mode())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
# A writer to the broker can only start tasks of the portal: workers accept no control messages.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = CELERY_TASK_SEND_SENT_EVENT = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Celery closes database connections around each task unless this allows their reuse; `celery_app` closes old and broken
# ones.
CELERY_DB_REUSE_MAX = 1_000_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A sweep finds work whose message could not be sent, so that no request waits for a retry.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULER = "portal.runtime.beat:SweepingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(_VAR_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        # Longer than the longest task, so that no message is delivered twice while its task runs.
        "visibility_timeout": 1200,
        # A request does not wait for a broker that is away: the sweep does the work.
        "socket_connect_timeout": 2,
        # Nor for one that hangs. Longer than the one second that a worker waits for the next task.
        "socket_timeout": 3,
        "max_retries": 1,
        "interval_start": 0,
    }
else:
    _BROKER_DIR = environment.made_folder("PORTAL_VAR", _VAR_DIR / "broker")
    # Not a real host: without one kombu warns at each start.
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "portal.runtime.folder_broker:Transport"
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
# Packages declare queues and sweeps; `portal.runtime.schedule` makes the schedule.
CELERY_TASK_ROUTES = ["privacy.operations.queues.route_task"]
SWEEP_EVERY = duration("SWEEP_EVERY", "PT10S")
# Notices of announcements in a minute: what the gateways can send beside other notices.
ANNOUNCEMENTS_PER_MINUTE = environment.whole_number("ANNOUNCEMENTS_PER_MINUTE", 600, least=6)
if not SWEEP_EVERY:
    raise ImproperlyConfigured("SWEEP_EVERY must be longer than PT0S.")
