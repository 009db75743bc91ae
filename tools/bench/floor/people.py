"""The floor's tables and people."""

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from rest_framework.authtoken.models import Token

from tools.bench.floor.models import Profile


def make_people(many: int) -> list[Token]:
    """Make the tables and this many people with a row and a token each; return the tokens."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Profile)
    users = User.objects.bulk_create([User(username=f"person{n}") for n in range(many)], batch_size=2000)
    Profile.objects.bulk_create(
        [
            Profile(user=user, kind="individual", name=f"Maria Petrović {user.pk}", country="RS", phone="+381641234567")
            for user in users
        ],
        batch_size=2000,
    )
    return Token.objects.bulk_create([Token(key=Token.generate_key(), user=user) for user in users], batch_size=2000)
