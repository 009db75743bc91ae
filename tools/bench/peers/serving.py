"""The process of a peer: tables, people, and waitress, the portal's own web server."""

import logging
import os
import secrets
import threading

from django.apps import apps
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from tools.bench.known_people import KnownPeople, Person, chosen
from tools.bench.work import Work

BACKEND = "django.contrib.auth.backends.ModelBackend"


def works(people: str, port: str, file: str) -> dict[str, Work]:
    """Make tables and people, write into a file how some sign in, and serve; there is no other work."""
    call_command("migrate", verbosity=0)
    make_people(int(people)).write(file)
    serve(int(port))
    return {}


def serve(port: int) -> None:
    """Serve this project in a thread."""
    # This logger writes a line for each request that waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        get_wsgi_application(),
        host="127.0.0.1",
        port=port,
        threads=int(os.environ["WEB_THREADS"]),
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    threading.Thread(target=server.run, daemon=True).start()


def make_people(many: int) -> KnownPeople:
    """Store people with an address, a token and one password; return how some of them sign in."""
    run, password = secrets.token_hex(4), secrets.token_urlsafe(18)
    model, hashed = get_user_model(), make_password(password)
    users = model.objects.bulk_create(
        [
            model(username=f"person-{run}-{n}", email=f"person-{run}-{n}@example.org", password=hashed)
            for n in range(many)
        ],
        batch_size=2000,
    )
    _verify_addresses(users)
    asked, leaving = chosen(users)
    tokens = _tokens(users, known=[*asked, *leaving])
    people = ([Person(u.username, password, tokens[u.pk]) for u in some] for some in (asked, leaving))
    return KnownPeople(*people, cookies=[f"sessionid={open_session(user)}" for user in asked[:50]])


def open_session(user: object) -> str:
    """Return the key of a new session of a person."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _verify_addresses(users: list) -> None:
    if apps.is_installed("allauth.account"):
        address = apps.get_model("account", "EmailAddress")
        rows = [address(user=user, email=user.email, verified=True, primary=True) for user in users]
        address.objects.bulk_create(rows, batch_size=2000)


def _tokens(users: list, *, known: list) -> dict[int, str]:
    """Return the token of each person: of REST framework for all, of allauth a session for the known ones."""
    if not apps.is_installed("rest_framework.authtoken"):
        return {user.pk: open_session(user) for user in known}
    token = apps.get_model("authtoken", "Token")
    rows = token.objects.bulk_create([token(key=token.generate_key(), user=user) for user in users], batch_size=2000)
    return {row.user_id: row.key for row in rows}
