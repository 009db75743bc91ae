"""The works of the floor: `GET me` and `PATCH me`."""

import itertools

from django.core.wsgi import get_wsgi_application

from tools.bench.calls import call
from tools.bench.floor.people import make_people
from tools.bench.work import Work


def works(people: str) -> dict[str, Work]:
    """Make tables and people, and return the works."""
    tokens = make_people(int(people))
    keys = itertools.cycle([f"Token {token.key}" for token in tokens[:: max(len(tokens) // 500, 1)]])
    application, numbers = get_wsgi_application(), itertools.count()

    def get_me() -> None:
        call(application, "GET", "/api/v1/me", token=next(keys))

    def patch_me() -> None:
        body = {"company_name": f"Petrović & daughters {next(numbers)}"}
        call(application, "PATCH", "/api/v1/me", token=next(keys), body=body)

    return {"get_me": get_me, "patch_me": patch_me}
