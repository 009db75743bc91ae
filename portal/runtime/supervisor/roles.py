"""The roles of children: serve pages, run tasks, schedule sweeps. Each runs in the main thread of its process."""

import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from celery.signals import beat_init, worker_ready
from django.urls import get_resolver

from portal.runtime.celery_app import app as celery_app
from portal.runtime.database_pairing import compare_databases
from portal.runtime.queues import share_this_process, tasks_at_once
from portal.runtime.supervisor.lifeline import Lifeline
from portal.runtime.supervisor.starting import name_process
from portal.runtime.supervisor.web import serve
from portal.runtime.supervisor.worker_roles import WORKER_ROLES
from privacy.operations.queues import CODES, QUEUES


def worker() -> None:
    """Run the tasks of every queue, each queue in its own threads."""
    _run_celery(",".join(QUEUES), pool="threads", at_once=share_this_process())


def worker_of(queue: str) -> None:
    """Run the tasks of one queue. Codes wait for gateways, for which threads cost less than processes."""
    _run_celery(queue, pool="threads" if queue == CODES else "prefork", at_once=tasks_at_once(queue))


def _run_celery(queues: str, *, pool: str, at_once: int) -> None:
    options = [f"--queues={queues}", f"--pool={pool}", f"--concurrency={at_once}", f"--hostname={queues}@%h"]
    celery_app.worker_main(["-q", "worker", *options, "--without-gossip", "--without-mingle", "-l", "WARNING"])


def beat() -> None:
    """Schedule the sweeps. Beats on two hosts do no harm: sweeps claim each due row once."""
    celery_app.Beat(loglevel="WARNING", quiet=True).run()


def load() -> None:
    """Import what the roles run, so that children forked later share the memory that it takes."""
    celery_app.loader.import_default_modules()
    _ = celery_app.Worker, celery_app.Beat, get_resolver().url_patterns


def run(role: str, *, lifeline: int, listener: int | None) -> None:
    """Run one role until it ends or the supervisor dies.

    Raises `ImproperlyConfigured` with the wrong databases.
    """
    logging.captureWarnings(capture=True)  # as log records instead of text on standard error
    name_process(role)
    line = Lifeline(lifeline)
    line.hold()
    compare_databases()

    def report_ready(**_signal: Any) -> None:
        line.report_ready()

    worker_ready.connect(report_ready)
    beat_init.connect(report_ready)
    roles: dict[str, Callable[[], None]] = {
        "web": lambda: serve(socket.socket(fileno=listener), report_ready=line.report_ready),
        "worker": worker,
        "beat": beat,
    }
    roles |= {process: partial(worker_of, queue) for process, queue in WORKER_ROLES.items()}
    roles[role]()
