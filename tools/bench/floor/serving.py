"""The floor over HTTP: the same server as everybody's."""

from tools.bench.floor.people import make_people
from tools.bench.known_people import KnownPeople, Person, chosen
from tools.bench.peers.serving import open_session, serve
from tools.bench.work import Work


def works(people: str, port: str, file: str) -> dict[str, Work]:
    """Make the tables and as many people, write into a file how some are known, and serve; there is no other work."""
    asked, leaving = chosen(make_people(int(people)))
    known = ([Person(token.user.username, "", token.key) for token in some] for some in (asked, leaving))
    KnownPeople(*known, cookies=[f"sessionid={open_session(token.user)}" for token in asked[:50]]).write(file)
    serve(int(port))
    return {}
