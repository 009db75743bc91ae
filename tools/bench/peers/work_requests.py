"""The requests of each stack by work: those that are closest to the portal's."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.bench.known_people import KnownPeople, Person

PASSWORD = "Lantern-Quartz-Orbit-51"  # noqa: S105
CREATED, NO_CONTENT = 201, 204


@dataclass(frozen=True)
class Request:
    """A request, and the expected status of its answer."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


# Each call returns the next request.
Works = Mapping[str, Callable[[], Request]]


class Turns:
    """Yields people and cookies in turn, and numbers that no other request has."""

    def __init__(self, people: KnownPeople) -> None:
        self._asked, self._cookies = itertools.cycle(people.asked), itertools.cycle(people.cookies)
        self._leaving = iter(people.leaving)
        self.numbers: Iterator[int] = itertools.count()

    def person(self) -> Person:
        """Return the next person for a request."""
        return next(self._asked)

    def leaving(self) -> Person:
        """Return the next person who cancels, each once."""
        return next(self._leaving)

    def page(self, path: str) -> Callable[[], Request]:
        """Return the work of opening a page in the next browser."""
        return lambda: Request("GET", path, headers={"Cookie": next(self._cookies), "Accept": "text/html"})

    def get(self, path: str, scheme: str) -> Callable[[], Request]:
        """Return the work of reading with the token of the next person."""
        return lambda: Request("GET", path, headers=bearer(self.person(), scheme))


def bearer(person: Person, scheme: str) -> dict[str, str]:
    """Return the header that a person's token is sent in."""
    return {"Authorization": f"{scheme} {person.token}"}


def portal(people: KnownPeople, policy: Mapping[str, str]) -> Works:
    """Return the portal's works; `policy` is what new people agree to."""
    turns = Turns(people)

    def patch_me() -> Request:
        body = {"company_name": f"Petrović & daughters {next(turns.numbers)}"}
        return Request("PATCH", "/api/v1/me", body, bearer(turns.person(), "Bearer"))

    def sign_up() -> Request:
        body = registration(next(turns.numbers), policy)
        return Request("POST", "/api/v1/registrations/individual", body, status=CREATED)

    def sign_in() -> Request:
        person = turns.person()
        return Request("POST", "/api/v1/auth/sign-in", {"login": person.username, "password": person.password})

    def cancel() -> Request:
        token = bearer(turns.leaving(), "Bearer")
        return Request("POST", "/api/v1/me/cancellation", {"confirmed": True}, token, CREATED)

    get_me = turns.get("/api/v1/me", "Bearer")
    return {
        "get_me": get_me,
        "get_me_at_once": get_me,
        "patch_me": patch_me,
        "home": turns.page("/home/"),
        "settings": turns.page("/settings/profile/"),
        "sign_up": sign_up,
        "sign_in": sign_in,
        "cancel": cancel,
    }


def registration(number: int, policy: Mapping[str, str]) -> dict[str, object]:
    """Return the body of a registration."""
    agreed = {
        "policy": policy["digest"],
        "language": policy["language"],
        "agreed": True,
        "birth_month": {"year": 1990, "month": 5},
    }
    return {
        "name": "Jörg Groß",
        "username": f"newcomer{number}",
        "password": PASSWORD,
        "phone": f"+4915{number * 10_007 % 10**9:09}",  # no neighbouring numbers, whose codes are counted together
        "country": "DE",
        "consent": agreed,
    }


def floor(people: KnownPeople) -> Works:
    """Return the floor's works: it has no registration and no sign-in."""
    turns = Turns(people)

    def patch_me() -> Request:
        body = {"company_name": f"Petrović & daughters {next(turns.numbers)}"}
        return Request("PATCH", "/api/v1/me", body, bearer(turns.person(), "Token"))

    return {
        "get_me": turns.get("/api/v1/me", "Token"),
        "get_me_at_once": turns.get("/api/v1/me/at-once", "Token"),
        "patch_me": patch_me,
        "home": turns.page("/home/"),
        "settings": turns.page("/settings/profile/"),
    }


def djoser(people: KnownPeople) -> Works:
    """Return djoser's works: it has no pages."""
    turns = Turns(people)

    def patch_me() -> Request:
        body = {"email": f"changed{next(turns.numbers)}@example.org"}
        return Request("PATCH", "/auth/users/me/", body, bearer(turns.person(), "Token"))

    def sign_up() -> Request:
        return Request("POST", "/auth/users/", _newcomer(next(turns.numbers)), status=CREATED)

    def sign_in() -> Request:
        return Request("POST", "/auth/token/login/", _credentials(turns.person()))

    def cancel() -> Request:
        person = turns.leaving()
        body = {"current_password": person.password}
        return Request("DELETE", "/auth/users/me/", body, bearer(person, "Token"), NO_CONTENT)

    return {
        "get_me": turns.get("/auth/users/me/", "Token"),
        "patch_me": patch_me,
        "sign_up": sign_up,
        "sign_in": sign_in,
        "cancel": cancel,
    }


def dj_rest_auth(people: KnownPeople) -> Works:
    """Return dj-rest-auth's works: it has no pages, and deletes no account."""
    turns = Turns(people)

    def patch_me() -> Request:
        body = {"first_name": f"Maria {next(turns.numbers)}"}
        return Request("PATCH", "/auth/user/", body, bearer(turns.person(), "Token"))

    def sign_up() -> Request:
        newcomer = _newcomer(next(turns.numbers))
        body = newcomer | {"password1": newcomer["password"], "password2": newcomer["password"]}
        return Request("POST", "/auth/registration/", body, status=CREATED)

    def sign_in() -> Request:
        return Request("POST", "/auth/login/", _credentials(turns.person()))

    return {
        "get_me": turns.get("/auth/user/", "Token"),
        "patch_me": patch_me,
        "sign_up": sign_up,
        "sign_in": sign_in,
    }


def allauth_headless(people: KnownPeople) -> Works:
    """Return allauth's works: `GET me` is its session, the page is that of e-mail addresses; it deletes no account."""
    turns = Turns(people)

    def get_me() -> Request:
        return Request("GET", "/_allauth/app/v1/auth/session", headers={"X-Session-Token": turns.person().token})

    def sign_up() -> Request:
        return Request("POST", "/_allauth/app/v1/auth/signup", _newcomer(next(turns.numbers)))

    def sign_in() -> Request:
        return Request("POST", "/_allauth/app/v1/auth/login", _credentials(turns.person()))

    return {"get_me": get_me, "settings": turns.page("/accounts/email/"), "sign_up": sign_up, "sign_in": sign_in}


def _newcomer(number: int) -> dict[str, str]:
    name = f"newcomer{number}"
    return {"username": name, "email": f"{name}@example.org", "password": PASSWORD}


def _credentials(person: Person) -> dict[str, str]:
    return {"username": person.username, "password": person.password}
