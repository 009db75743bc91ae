"""What the floor does: `GET me` and `PATCH me` of a bare project."""

import itertools

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from rest_framework.authtoken.models import Token

from bench.calls import call
from bench.floor.models import Profile
from bench.work import Work


def works(people: str) -> dict[str, Work]:
    """Make the tables and as many people, and return the works."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Profile)
    users = User.objects.bulk_create([User(username=f"person{n}") for n in range(int(people))], batch_size=2000)
    Profile.objects.bulk_create(
        [
            Profile(user=user, kind="individual", name=f"Maria Petrović {user.pk}", country="RS", phone="+381641234567")
            for user in users
        ],
        batch_size=2000,
    )
    tokens = Token.objects.bulk_create([Token(key=Token.generate_key(), user=user) for user in users], batch_size=2000)
    keys = itertools.cycle([f"Token {token.key}" for token in tokens[:: max(len(tokens) // 500, 1)]])
    application, numbers = get_wsgi_application(), itertools.count()

    def get_me() -> None:
        call(application, "GET", "/api/v1/me", token=next(keys))

    def patch_me() -> None:
        body = {"company_name": f"Petrović & daughters {next(numbers)}"}
        call(application, "PATCH", "/api/v1/me", token=next(keys), body=body)

    return {"get_me": get_me, "patch_me": patch_me}
