"""What the children do: serve pages, run tasks, wake the sweeps. Each runs in the main thread of its own process."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from portal.celery import app as celery_app
from portal.celery_settings import CODES, QUEUES
from portal.pairing import compare_databases
from portal.queues import share_this_process, tasks_at_once
from portal.supervisor.lifeline import hold_lifeline
from portal.supervisor.worker_group import WorkerGroup, worker_role

GRACEFUL_SECONDS = 5
MOST_WORKERS = 4


class NamelessLogger(Logger):
    """Gunicorn's log without what it would say of a visitor: addresses, paths, query strings."""

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log the name of the error only."""
        self.error("A request could not be handled (%s).", getattr(sys.exc_info()[0], "__name__", "unknown"))


class WebServer(BaseApplication):
    """Gunicorn over the socket that the supervisor opened."""

    def __init__(self, socket: int) -> None:
        self.socket = socket
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; nothing comes from its own files or variables."""
        folder = settings.VAR_DIR / "gunicorn"
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in {
            "bind": f"fd://{self.socket}",
            "workers": min(max(settings.WEB_WORKERS, 1), MOST_WORKERS),
            # A browser opens connections ahead of need: in the `sync` class each would hold a whole process.
            "worker_class": "gthread",
            "threads": 2,
            "graceful_timeout": GRACEFUL_SECONDS,
            "worker_tmp_dir": str(folder),
            "control_socket_disable": True,
            "logger_class": NamelessLogger,
            # Below "error" gunicorn logs addresses, which are personal data.
            "loglevel": "error",
            "post_fork": lambda _arbiter, _worker: hold_lifeline(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        return get_wsgi_application()


def web(socket: int) -> None:
    """Serve pages and REST."""
    WebServer(socket).run()


def worker() -> None:
    """Run tasks: with the embedded broker in threads of this process, with Redis in a process for each queue."""
    if settings.REDIS_URL:
        WorkerGroup().run()
    else:
        _run_celery(",".join(QUEUES), pool="threads", at_once=share_this_process())


def worker_of(queue: str) -> None:
    """Run the tasks of one queue. Codes wait for gateways: threads do that, and cost less than processes."""
    _run_celery(queue, pool="threads" if queue == CODES else "prefork", at_once=tasks_at_once(queue))


def _run_celery(queues: str, *, pool: str, at_once: int) -> None:
    options = [f"--queues={queues}", f"--pool={pool}", f"--concurrency={at_once}", f"--hostname={queues}@%h"]
    celery_app.worker_main(["-q", "worker", *options, "--without-gossip", "--without-mingle", "-l", "WARNING"])


def beat() -> None:
    """Wake the sweeps."""
    celery_app.Beat(loglevel="WARNING", quiet=True).run()


def run(role: str, socket: int) -> None:
    """Run one role until it ends, or the supervisor does. Raises `ImproperlyConfigured` with the wrong databases."""
    hold_lifeline()
    compare_databases()
    roles: dict[str, Callable[[], None]] = {"web": lambda: web(socket), "worker": worker, "beat": beat}
    roles |= {worker_role(queue): partial(worker_of, queue) for queue in QUEUES}
    roles[role]()
