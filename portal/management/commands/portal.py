"""`manage.py portal`: set up, then run web, worker and beat until Ctrl-C."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.supervisor import roles
from portal.supervisor.listening import CannotListen, address_of, listen
from portal.supervisor.preparation import CannotStart, prepare
from portal.supervisor.supervisor import ROLES, Supervisor
from portal.supervisor.worker_group import WORKER_ROLES


class Command(BaseCommand):
    """Starts everything that the portal needs."""

    help = "Set everything up, then run web, worker and beat under one supervisor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen; the rest is the supervisor's own."""
        parser.add_argument("--bind", metavar="HOST:PORT", help="where to listen (default 127.0.0.1:$PORT, else 8000)")
        parser.add_argument(
            "--only", choices=[*ROLES, *WORKER_ROLES], help="be one child of the supervisor, which starts this itself"
        )
        parser.add_argument("--socket", type=int, default=-1, help="the descriptor that the supervisor listens on")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run one child's role, or supervise."""
        if options["only"]:
            roles.run(options["only"], options["socket"])
        else:
            sys.exit(self._supervise(options["bind"]))

    def _supervise(self, bind: str | None) -> int:
        try:
            address = address_of(bind)
            listener = listen(address)
        except CannotListen as reason:
            raise CommandError(str(reason)) from None
        try:
            prepare(self._say)
        except CannotStart as reason:
            raise CommandError(str(reason)) from None
        return Supervisor(address, listener, self._say).run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
