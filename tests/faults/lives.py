"""Whole lives of people in a running portal, over REST: every field given, corrected, copied, cancelled, erased."""

import http.client
import json
import random
import string
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from stdnum.cn import uscc

# Of each country whose registration numbers have no rule of their own here, save China.
NAMES = (
    ("CN", "欧阳娜娜"), ("IR", "نیک\u200cنام رضایی"), ("LI", "Désirée Größenwahn"), ("CN", "𠮷田麗子"),
    ("CA", "Siobhán O'Neill-Ó Dálaigh"), ("LA", "Nguyễn Thị Ánh Tuyết"), ("UZ", "Ксения Щёголева"), ("NP", "प्रियंका"),
)  # fmt: skip
PHONES = {"CN": "+86138{:08}", "DE": "+4915123{:06}"}
ZONES = ("Antarctica/Troll", "Indian/Chagos", "Pacific/Kiritimati", "Antarctica/Macquarie")
CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NOT_PERSONAL = ("country",)


class Refused(Exception):
    """The portal gave an unexpected answer; the message has its code, no value."""


@dataclass
class Life:
    """The values that one person gives, all of which must be erased at the end."""

    kind: str
    country: str
    given: dict[str, str]
    later: dict[str, str]
    contacts: dict[str, str]
    password: str
    words: str
    reference: str = ""

    @property
    def attested(self) -> dict[str, bool]:
        """What an enterprise states with the data of its contact person."""
        return {"attested": True} if self.kind == "enterprise" else {}

    @property
    def values(self) -> list[str]:
        """Every value that this person gave; a country alone identifies no one."""
        given = [self.given, self.later, self.contacts, {"password": self.password, "words": self.words}]
        return [value for part in given for key, value in part.items() if key not in NOT_PERSONAL]


def lives(count: int) -> list[Life]:
    """Make up so many people of both kinds, from many countries, with every field of their kind filled."""
    return [_life(number) for number in range(count)]


def _life(number: int) -> Life:
    kind = ("individual", "enterprise")[number % 2]
    country, name = NAMES[number // 2 % len(NAMES)]
    given, later = (_told(country, name, kind, number * 2 + turn) for turn in (0, 1))
    mail = "enterprise_email" if kind == "enterprise" else "email"
    contacts = {"phone": later.pop("phone"), mail: later.pop(mail)}
    later.pop("country")
    return Life(kind, country, given, later, contacts, f"Granite-{_tail(9)}", f"Wo liegt {_tail(9)}?")


def _told(country: str, name: str, kind: str, number: int) -> dict[str, str]:
    tail = f"{_tail(5)}{number:04}"
    given = {
        "name": f"{name} {tail}",
        "username": f"person_{tail}",
        "password": f"Lantern-{_tail(9)}",
        "phone": PHONES.get(country, PHONES["DE"]).format(random.randrange(10_000) * 100 + number % 100),
        "country": country,
        "company_name": f"金鸡湖 Trading & Söhne {tail}",
        "time_zone": ZONES[number % len(ZONES)],
    }
    if kind == "individual":
        return given | {"email": f"Mail.{tail}@post.example"}
    return given | {
        "enterprise_name": f"Müllerschön 机械 {tail}",
        "registration_number": _credit_code() if country == "CN" else f"HRB {tail} B",
        "business_period_start": _day(1800),
        "business_period_end": _day(2200),
        "business_area": f"Ventile, Armaturen <Sonderbau> {tail}",
        "business_address": f"Lindenstraße {tail}, 10969 Berlin",
        "enterprise_email": f"office.{tail}@geraetebau.example",
    }


def _day(since: int) -> str:
    return f"{since + random.randrange(100)}-0{random.randrange(1, 10)}-{random.randrange(10, 28)}"


def _tail(length: int) -> str:
    return "".join(random.choices(string.ascii_lowercase, k=length))


def _credit_code() -> str:
    base = f"91310000{''.join(random.choices(CREDIT_LETTERS, k=9))}"
    return base + uscc.calc_check_digit(base)


class Codes:
    """The codes in a portal's messages, each given out once, the oldest first; each host has an outbox of its own."""

    def __init__(self, *outboxes: Path) -> None:
        self.outboxes = outboxes
        self.came: Counter[str] = Counter()
        self._read: set[Path] = set()
        self._waiting: dict[str, list[str]] = defaultdict(list)
        self._lock = Lock()

    def next(self, to: str) -> str:
        """Wait for a code to an address. Raises `Refused` where none comes."""
        for _ in range(1200):
            with self._lock:
                self.look()
                if self._waiting[to]:
                    return self._waiting[to].pop(0)
            time.sleep(0.05)
        raise Refused("No code came.")

    def look(self) -> None:
        """Read what is new, and count who got how many codes."""
        there = {path for outbox in self.outboxes for path in outbox.glob("*.json")}
        for path in sorted(there - self._read, key=lambda path: path.name):
            self._read.add(path)
            message = json.loads(path.read_text())
            if "code" in message:
                self.came[message["to"]] += 1
                self._waiting[message["to"]].append(message["code"])


@dataclass
class ApiClient:
    """A REST client of a running portal, for one person."""

    address: str
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        """Send one request and return its answer. Raises `Refused` for an unexpected one."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        content = json.dumps(body) if body is not None else None
        status, answer = self.send(method, f"/api/v1/{path}", content, headers)
        if expect is not None and status != expect:
            raise Refused(f"{method} {path}: {status} {answer.get('code')} {answer.get('errors')}")
        if isinstance(answer, dict):
            # That of a request is no sign-in.
            self.token = self.token if "reference" in answer else answer.get("token") or self.token
        return answer

    def send(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> tuple[int, Any]:
        """Send one request on a connection of its own; return the status and the JSON of its answer."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=60)
        try:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        return response.status, json.loads(answer) if answer else {}

    def post(self, path: str, body: Any = None, expect: int | None = None) -> Any:
        """Send a POST."""
        return self.ask("POST", path, {} if body is None else body, expect)


def register(client: ApiClient, codes: Codes, life: Life) -> float:
    """Register and verify; return after how many seconds the code came. Raises `Refused`."""
    policy = client.ask("GET", f"policies/current?country={life.country}", expect=200)
    agreed = {
        "policy": policy["digest"],
        "language": policy["language"],
        "agreed": True,
        "birth_month": {"year": 1990, "month": 5},
    }
    begun = time.monotonic()
    client.post(f"registrations/{life.kind}", life.given | life.attested | {"consent": agreed}, 201)
    code = codes.next(life.given["phone"])
    seconds = time.monotonic() - begun
    client.post("auth/verify", {"code": code}, 200)
    return seconds


def live(address: str, codes: Codes, life: Life) -> None:
    """Let one person use every function of the portal, and cancel."""
    client = ApiClient(address)
    client.post(f"registrations/{life.kind}", life.given | life.attested | {"consent": {"agreed": False}}, 422)
    register(client, codes, life)
    _correct(client, life)
    _change_contacts(client, codes, life)
    _sign_in_in_every_way(address, codes, life)
    client = _signed_in(address, life)
    _read_a_copy(client)
    _file_a_request(client, life)
    life.reference = client.post("me/cancellation", {"confirmed": True}, 201)["reference"]


def _correct(client: ApiClient, life: Life) -> None:
    held = client.ask("GET", "me", expect=200)
    client.ask("PATCH", "me", {"name": life.later["name"], "unknown": life.given["name"]}, 422)
    corrected = {key: value for key, value in life.later.items() if key in held and key != "username"}
    client.ask("PATCH", "me", corrected | life.attested, 200)
    client.post("auth/password", {"current": life.given["password"], "password": life.later["password"]}, 200)
    client.post("me/consents", {"act": "granted", "purpose": "product_news"}, 201)
    client.post("me/consents", {"act": "withdrew", "purpose": "product_news"}, 201)


def _change_contacts(client: ApiClient, codes: Codes, life: Life) -> None:
    for name, value in life.contacts.items():
        client.post(f"me/contacts/{name}", {"value": value}, 202)
        client.post(f"me/contacts/{name}/verify", {"code": codes.next(value)}, 200)


def _sign_in_in_every_way(address: str, codes: Codes, life: Life) -> None:
    phone = life.contacts["phone"]
    ApiClient(address).post("auth/sign-in", {"login": life.given["username"], "password": life.given["name"]}, 422)
    ApiClient(address).post("auth/sign-in", {"login": life.given["password"], "password": life.given["phone"]}, 422)
    by_code = ApiClient(address)
    by_code.post("auth/code", {"login": phone}, 200)
    by_code.post("auth/code/confirm", {"code": codes.next(phone)}, 200)
    recovering = ApiClient(address)
    recovering.post("auth/recover", {"login": phone}, 200)
    recovering.post("auth/recover/confirm", {"code": codes.next(phone)}, 204)
    recovering.post("auth/recover/password", {"password": life.password}, 200)


def _signed_in(address: str, life: Life) -> ApiClient:
    client = ApiClient(address)
    client.post("auth/sign-in", {"login": life.contacts["phone"], "password": life.password}, 200)
    return client


def _read_a_copy(client: ApiClient) -> None:
    copy = client.post("me/copies", {}, 202)["id"]
    for _ in range(600):
        if client.ask("GET", f"me/copies/{copy}", expect=200)["state"] == "ready":
            break
        time.sleep(0.1)
    client.ask("GET", f"me/copies/{copy}/document", expect=200)


def _file_a_request(client: ApiClient, life: Life) -> None:
    """Ask for access, which the portal answers, and a question, which waits for staff and goes with the account."""
    items = [{"right": "access"}, {"right": "question", "text": life.words}]
    filed = client.post("requests", {"items": items}, 201)["reference"]
    for _ in range(600):
        # Unlike the page of one request, the list is not limited.
        [request] = [
            each for each in client.ask("GET", "me/requests", expect=200)["results"] if each["reference"] == filed
        ]
        states = {item["right"]: item["state"] for item in request["items"]}
        if states == {"access": "done", "question": "with_staff"}:
            return
        time.sleep(0.1)
    raise Refused("A request was not carried out.")
