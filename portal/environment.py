"""Reads the environment: which mode, which secrets, which durations.

Three modes, by `PORTAL_ENV`: `embedded` (the default without `DATABASE_URL`: everything under `var/`),
`development` (real servers, outbox instead of gateways) and `production` (the default with `DATABASE_URL`),
so that a deployment that names a database is held to production's rules unless it says otherwise.
"""

import base64
import datetime as dt
import ipaddress
import json
import secrets
from collections.abc import Collection
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.dateparse import parse_duration

EMBEDDED, DEVELOPMENT, PRODUCTION = "embedded", "development", "production"
MODES = (EMBEDDED, DEVELOPMENT, PRODUCTION)
MINIMUM_SECRET_LENGTH = 50
KNOWN_DEFAULTS = ("changeme", "change-me", "secret", "django-insecure", "insecure", "default", "example", "test")

env = environ.Env()


def mode() -> str:
    """Return the mode this process runs in; raise `ImproperlyConfigured` for an unknown one."""
    chosen = env.str("PORTAL_ENV", default=PRODUCTION if "DATABASE_URL" in env.ENVIRON else EMBEDDED)
    if chosen not in MODES:
        raise ImproperlyConfigured(f"PORTAL_ENV must be one of {', '.join(MODES)}; it is {chosen!r}.")
    return chosen


def var_dir() -> Path:
    """Return the folder of everything that a portal keeps beside its databases: `PORTAL_VAR`, else `var/`."""
    beside_the_code = Path(__file__).resolve().parent.parent / "var"
    return Path(env.str("PORTAL_VAR", default=str(beside_the_code))).resolve()


def duration(name: str, default: str) -> dt.timedelta:
    """Return the ISO 8601 duration of an environment variable, such as `P7D` or `PT0S`."""
    return parsed_duration(name, env.str(name, default=default))


def optional_duration(name: str) -> dt.timedelta | None:
    """Return the ISO 8601 duration of an environment variable, or None where it is empty."""
    return duration(name, "") if env.str(name, default="") else None


def durations(name: str, known: Collection[str]) -> dict[str, dt.timedelta]:
    """Return `key=P7D,key=P30D` as a dictionary; a key that is not among the known ones refuses to start."""
    parts = [part.partition("=") for part in env.str(name, default="").split(",") if part.strip()]
    found = {key.strip(): parsed_duration(name, text.strip()) for key, _, text in parts}
    if unknown := found.keys() - set(known):
        raise ImproperlyConfigured(f"{name} may name {', '.join(known)}; it names {', '.join(sorted(unknown))}.")
    return found


def parsed_duration(name: str, text: str) -> dt.timedelta:
    """Return an ISO 8601 duration; `name` says in the error what it is. Raises `ImproperlyConfigured`."""
    value = parse_duration(text) if text.startswith("P") else None
    if value is None or value < dt.timedelta(0):
        raise ImproperlyConfigured(f"{name} must be an ISO 8601 duration such as P7D or PT30M; it is {text!r}.")
    return value


def required_in_production(name: str, running: str, fallback: str) -> str:
    """Return a variable's value; in production a missing one refuses to start."""
    value = env.str(name, default="")
    if value:
        return value
    if running == PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. In production it has no default. PORTAL_ENV=development is for trying things out."
        )
    return fallback


def secret(name: str, running: str, var: Path) -> str:
    """Return a secret from the environment; outside production one is made once and kept in `var`."""
    value = _secret_file(name) or required_in_production(name, running, "") or _kept_secret(name, var)
    if running == PRODUCTION and _is_default(name, value):
        raise ImproperlyConfigured(
            f"{name} is a default or too weak. Make one with: python manage.py make_secret {name}"
        )
    return value


def master_keys(text: str) -> dict[str, bytes]:
    """Parse `MASTER_KEYS`: `id:base64,id:base64`, 32 bytes each, the first wraps new keys.

    Raises `ImproperlyConfigured` on a wrong shape; never says the value.
    """
    keys: dict[str, bytes] = {}
    for number, part in enumerate(filter(None, (piece.strip() for piece in text.split(","))), start=1):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:  # noqa: PLR2004 - AES-256
            raise ImproperlyConfigured(f"MASTER_KEYS: entry {number} must be ID:BASE64 of 32 bytes, each ID once.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("MASTER_KEYS is empty: give at least one ID:BASE64 of 32 bytes.")
    return keys


def new_secret(name: str) -> str:
    """Return a fresh random value for a secret of this name."""
    if name == "MASTER_KEYS":
        return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(64)


def networks(name: str, default: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return `10.1.0.0/16,fd00::/8` as networks. Raises `ImproperlyConfigured`."""
    parts = [part.strip() for part in env.str(name, default=default).split(",") if part.strip()]
    try:
        return [ipaddress.ip_network(part) for part in parts]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list networks such as 10.1.0.0/16: {error}.") from None


def mapping(name: str) -> dict[str, str]:
    """Return an environment variable of the form `key=value,key=value` (or JSON) as a dictionary."""
    text = env.str(name, default="")
    if text.startswith("{"):
        return {str(key): str(value) for key, value in json.loads(text).items()}
    return dict(part.split("=", 1) for part in text.split(",") if "=" in part)


def _secret_file(name: str) -> str:
    """Return what stands in the file that `NAME_FILE` names, as orchestrators mount secrets."""
    path = env.str(f"{name}_FILE", default="")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None


def _kept_secret(name: str, var: Path) -> str:
    var.mkdir(parents=True, exist_ok=True)
    path = var / f".{name.lower()}"
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(new_secret(name))
        try:
            # Two processes may start at once: a hard link is made by exactly one of them.
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _is_default(name: str, value: str) -> bool:
    if name == "MASTER_KEYS":
        return any(len(set(key)) < 8 for key in master_keys(value).values())  # noqa: PLR2004 - a pattern, not random
    return len(value) < MINIMUM_SECRET_LENGTH or value.lower().startswith(KNOWN_DEFAULTS)
