"""What the children do: serve pages, run tasks, wake the sweeps. Each runs in the main thread of its own process."""

import socket
from collections.abc import Callable
from typing import Any

from celery.signals import beat_init, worker_ready
from django.conf import settings

from portal.celery import app as celery_app
from portal.supervisor.lifeline import Lifeline
from portal.supervisor.web import serve


def worker() -> None:
    """Run tasks: in threads with the embedded broker, in processes with Redis."""
    pool = "prefork" if settings.REDIS_URL else "threads"
    concurrency = f"--concurrency={settings.WORKER_CONCURRENCY}"
    celery_app.worker_main(
        ["-q", "worker", f"--pool={pool}", concurrency, "--without-gossip", "--without-mingle", "-l", "WARNING"]
    )


def beat() -> None:
    """Wake the sweeps. Two of them on two hosts do no harm: a sweep takes due rows, and none twice."""
    celery_app.Beat(loglevel="WARNING", quiet=True).run()


def run(role: str, *, lifeline: int, listener: int) -> None:
    """Run one role until it ends, or the supervisor at the other end of the lifeline does."""
    line = Lifeline(lifeline)
    line.hold()

    def report_ready(**_signal: Any) -> None:
        line.report_ready()

    worker_ready.connect(report_ready)
    beat_init.connect(report_ready)
    roles: dict[str, Callable[[], None]] = {
        "web": lambda: serve(socket.socket(fileno=listener), report_ready=line.report_ready),
        "worker": worker,
        "beat": beat,
    }
    roles[role]()
