"""`manage.py portal`: set up, then run web, worker and beat until Ctrl-C; or one of these steps."""

import os
import socket
import sys
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.runtime.supervisor import roles
from portal.runtime.supervisor.listening import CannotListen, address_of, listen
from portal.runtime.supervisor.locks import Occupied, hold_folder
from portal.runtime.supervisor.preparation import (
    CannotStart,
    NotPrepared,
    prepare,
    refuse_unprepared,
    refuse_unsound_settings,
)
from portal.runtime.supervisor.starting import keep_from_children, start_again
from portal.runtime.supervisor.supervisor import ROLES, Supervisor
from portal.runtime.supervisor.worker_roles import WORKER_ROLES
from portal.settings.environment import EMBEDDED, PRODUCTION


class Command(BaseCommand):
    help = "Set up, then run web, workers and beat under one supervisor. SIGHUP reloads; closing the terminal stops."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add public options, and hidden ones that the supervisor uses."""
        parser.add_argument("--bind", metavar="HOST:PORT", help="where to listen (default 127.0.0.1:$PORT, else 8000)")
        parser.add_argument(
            "--only", choices=[*ROLES, *WORKER_ROLES], help="run one role; the databases must be prepared already"
        )
        parser.add_argument("--prepare-only", action="store_true", help="migrate and collect static files, then exit")
        parser.add_argument(
            "--trial-on-network",
            action="store_true",
            help="let other machines reach an embedded portal, which is meant for trials on one machine",
        )
        parser.add_argument("--lifeline", type=int, help="internal: descriptor by which a supervisor holds this child")
        parser.add_argument("--socket", type=int, help="internal: descriptor that the supervisor listens on")
        parser.add_argument(
            "--locks", type=int, nargs="+", help="internal: descriptors by which the supervisor holds its folder"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run one child's role, prepare, or supervise."""
        if options["lifeline"] is not None:
            roles.run(options["only"], lifeline=options["lifeline"], listener=options["socket"])
            return
        if options["locks"] is not None:
            sys.exit(self._supervise(options))
        try:
            if options["prepare_only"]:
                prepare(self._say)
            else:
                self._prepare_to_supervise(options)
        except (CannotListen, CannotStart, NotPrepared, Occupied) as reason:
            raise CommandError(str(reason)) from None

    def _prepare_to_supervise(self, options: dict[str, Any]) -> None:
        """Take the folder's lock and the socket, prepare, and start the supervisor as a new process."""
        only = options["only"]
        chosen = [only] if only else ROLES
        with ExitStack() as held:
            locks = [held.enter_context(hold_folder(role)).fileno() for role in chosen]
            address = address_of(options["bind"]) if "web" in chosen else None
            if (
                address
                and settings.PORTAL_ENV == EMBEDDED
                and not address.is_loopback
                and not options["trial_on_network"]
            ):
                raise CommandError(
                    f"An embedded portal keeps codes and keys in files and is meant for trials. To listen on {address} "
                    "anyway, add --trial-on-network. For production, set DATABASE_URL (docs/deployment.md)."
                )
            listener = held.enter_context(listen(address)) if address else None
            if only:
                refuse_unsound_settings()
                refuse_unprepared(self._say)
            else:
                prepare(self._say)
            if address and settings.PORTAL_ENV != PRODUCTION:
                os.environ.setdefault("SITE_URL", f"http://{address.as_reached}")
            arguments = [f"--only={only}"] if only else []
            inherited = list(locks)
            if address and listener:
                arguments += [f"--bind={address}", f"--socket={listener.fileno()}"]
                inherited.append(listener.fileno())
            start_again([*arguments, "--locks", *map(str, locks)], inherited=inherited)

    def _supervise(self, options: dict[str, Any]) -> int:
        only = options["only"]
        chosen = [only] if only else ROLES
        for lock in options["locks"]:
            keep_from_children(os.fdopen(lock))
        address, listener = None, None
        if options["socket"] is not None:
            address, listener = address_of(options["bind"]), socket.socket(fileno=options["socket"])
        return Supervisor(chosen, self._say, address=address, listener=listener).run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
