"""The floor over HTTP, by the same server as the other stacks."""

from tools.bench.floor.people import make_people
from tools.bench.known_people import KnownPeople, Person, chosen
from tools.bench.peers.serving import open_session, serve
from tools.bench.work import Work


def works(people: str, port: str, file: str) -> dict[str, Work]:
    """Make tables and people, write tokens of some into a file, and serve; there is no other work."""
    asked, leaving = chosen(make_people(int(people)))
    known = ([Person(token.user.username, "", token.key) for token in some] for some in (asked, leaving))
    KnownPeople(*known, cookies=[f"sessionid={open_session(token.user)}" for token in asked[:50]]).write(file)
    serve(int(port))
    return {}
