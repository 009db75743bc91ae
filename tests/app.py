"""An app that uses REST as a person's phone does."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code

ROOT = "/api/v1/"
CONSENT = ("policy", "language", "agreed", "birth_month", "purposes")
GROWN_UP = {"year": 1990, "month": 5}


class App:
    """Keeps the token, and sends and reads JSON."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self.client = Client()
        self.token = token
        self.language = language

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send one request; `headers` are named as in Python, such as `if_match`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Accept-Language", self.language)
        if self.token:
            named.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        kind = named.pop("content-type", "application/json" if data else "")
        path = path if path.startswith("/") else ROOT + path
        response = self.client.generic(method, path, data, content_type=kind, headers=named)
        if response.get("Content-Type") == "application/json" and "token" in (answer := response.json()):
            self.token = self.token if "reference" in answer else answer["token"]  # that of a request is no sign-in
        return response

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Send a GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a POST."""
        return self.send("POST", path, {} if body is None else body, **headers)

    def register(self, country: str = "DE", *, kind: str = "individual", **values: Any) -> HttpResponse:
        """Register with everything right but `values`; those of the agreement go into `consent`."""
        policy = self.get(f"policies/current?country={country}").json()
        usual = {key: value for key, value in INDIVIDUAL.items() if key in ("name", "username", "password", "phone")}
        if kind == "enterprise":
            usual |= {"enterprise_name": "Example", "enterprise_email": "office@enterprise.example", "attested": True}
        agreed = {"policy": policy["digest"], "language": policy["language"], "agreed": True, "birth_month": GROWN_UP}
        agreed |= {key: values.pop(key) for key in CONSENT if key in values}
        headers = values.pop("headers", {})
        return self.post(f"registrations/{kind}", usual | {"country": country, "consent": agreed} | values, **headers)

    def become_verified(self) -> HttpResponse:
        """Give the code that registration sent."""
        return self.post("auth/verify", {"code": newest_code()})

    def sign_in(self, login: str, password: str = INDIVIDUAL["password"]) -> HttpResponse:
        """Sign in by password."""
        return self.post("auth/sign-in", {"login": login, "password": password})


def registered(country: str = "DE", **values: Any) -> App:
    """Return the app of a person who registered over REST and is signed in."""
    app = App()
    assert app.register(country, **values).status_code == 201
    assert app.become_verified().json()["signed_in"]
    return app
