"""Settings of the queue: the broker, and what beat wakes when."""

from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from portal.settings import addresses, environment
from portal.settings.environment import duration

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
# Queues by urgency, each with workers of its own: what hangs in one takes none of another.
CODES, SWEEPS, BULK = QUEUES = ("codes", "sweeps", "bulk")
# How many tasks of a queue run at once on this host.
WORKERS_CODES = environment.whole_number("WORKERS_CODES", 8, least=2)
WORKERS_SWEEPS = environment.whole_number("WORKERS_SWEEPS", 2, least=1)
WORKERS_BULK = environment.whole_number("WORKERS_BULK", 2, least=1)
CELERY_TASK_DEFAULT_QUEUE = SWEEPS
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    "privacy.notices.tasks.send_code": {"queue": CODES},
    "privacy.notices.tasks.send_due_codes": {"queue": CODES},
    # These call servers of others, or write large documents.
    "privacy.notices.tasks.send_notice": {"queue": BULK},
    "privacy.notices.tasks.send_due_notices": {"queue": BULK},
    "privacy.recipients.tasks.*": {"queue": BULK},
    "privacy.export.tasks.*": {"queue": BULK},
    "privacy.announcements.tasks.*": {"queue": BULK},
}
SWEEP_EVERY = duration("SWEEP_EVERY", "PT10S")
# People an announcement of a policy writes to in a minute: what the gateways take beside everything else.
ANNOUNCEMENTS_PER_MINUTE = environment.whole_number("ANNOUNCEMENTS_PER_MINUTE", 600, least=6)
if not SWEEP_EVERY:
    raise ImproperlyConfigured("SWEEP_EVERY must be longer than PT0S: beat would do nothing else.")
# A wake that nobody took is old after a while; much older than a busy worker or a slow broker lets it get.
_EXPIRES = max(6 * SWEEP_EVERY.total_seconds(), 60)
_EVERY = {
    timedelta(minutes=10): {
        "unverified registrations": "accounts.registration.tasks.remove_unverified_registrations",
        "answered requests": "privacy.rest.tasks.forget_answered_requests",
        "counts of consents": "privacy.consent.tasks.fold_tallies",
        "expired codes": "accounts.sign_in.tasks.remove_expired_codes",
        "expired rows of the cache": "portal.operations.tasks.remove_expired_cache_rows",
    },
    timedelta(hours=1): {
        "alarms": "portal.operations.tasks.raise_alarms",
        "rows past their period": "privacy.retention.tasks.purge_expired",
        "keys of messages that are gone": "privacy.notices.tasks.destroy_orphaned_keys",
        "finished months": "privacy.retention.tasks.count_finished_months",
        "unused accounts": "accounts.inactive.tasks.sweep_unused_accounts",
        "old resets of a sign-in": "accounts.staff.tasks.void_old_resets",
    },
    timedelta(days=1): {
        "counts of consents against the consents": "privacy.consent.tasks.mend_tallies",
    },
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": SWEEP_EVERY, "options": {"expires": _EXPIRES}}
    for name, task in {
        "erasures": "privacy.erasure.tasks.erase_due_accounts",
        "codes": "privacy.notices.tasks.send_due_codes",
        "notices": "privacy.notices.tasks.send_due_notices",
        "recipients": "privacy.recipients.tasks.send_due_deliveries",
        "expired sessions": "accounts.sign_in.tasks.remove_expired_sessions",
        "failed sign-ins": "accounts.sign_in.tasks.count_failed_sign_ins",
        "copies": "privacy.export.tasks.sweep_copies",
        "announcements of policies": "privacy.announcements.tasks.announce",
        "journal": "privacy.journal.tasks.write_journal",
        "journal in a bucket": "privacy.journal.tasks.look_into_bucket",
    }.items()
} | {name: {"task": task, "schedule": every} for every, tasks in _EVERY.items() for name, task in tasks.items()}
# By every queue: that its workers answer. By two: what cannot wait, so that neither queue must answer for it.
CELERY_BEAT_SCHEDULE |= {
    f"{name} {queue}": {"task": task, "schedule": every, "options": {"queue": queue, "expires": 60}}
    for name, task, every, queues in [
        ("served", "portal.operations.tasks.note_served", timedelta(seconds=10), QUEUES),
        ("urgent alarms", "portal.operations.tasks.raise_urgent_alarms", timedelta(minutes=1), (CODES, SWEEPS)),
    ]
    for queue in queues
}
