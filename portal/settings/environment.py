"""Reads modes, secrets, durations and other values from the environment.

Three modes, by `PORTAL_ENV`: `embedded` (the default without `DATABASE_URL`: everything under `var/`),
`development` (real servers, outbox instead of gateways) and `production` (the default with `DATABASE_URL`),
so that a deployment with a database follows production's rules by default.
"""

import base64
import datetime as dt
import json
import os
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.dateparse import parse_duration

from portal.settings.weak_secrets import is_weak

EMBEDDED, DEVELOPMENT, PRODUCTION = "embedded", "development", "production"
MODES = (EMBEDDED, DEVELOPMENT, PRODUCTION)
# The secrets that `make_secret` makes: characters of text, bytes of a key.
LEAST_LENGTHS = {"SECRET_KEY": 50, "MASTER_KEYS": 32, "METRICS_TOKEN": 32, "SMS_REPORTS_TOKEN": 32}

# A date this far from now is still valid.
LONGEST = dt.timedelta(days=36_500)
# Variables with a password that may be read from the file NAME_FILE, beside the secrets of `secret`.
FROM_FILES = (
    *("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SMS_URL"),
    *("METRICS_TOKEN", "SMS_REPORTS_TOKEN"),
)

env = environ.Env()
_read_from_files: set[str] = set()


def read_files() -> None:
    """Set each of `FROM_FILES` that is not set from its file. Raises `ImproperlyConfigured` for an unreadable one."""
    for name in FROM_FILES:
        if name not in env.ENVIRON and (value := _secret_file(name)):
            env.ENVIRON[name] = value
            _read_from_files.add(name)


def environment_of_children() -> dict[str, str]:
    """Return the environment for child processes without secrets from files: they read the files again."""
    return {name: value for name, value in os.environ.items() if name not in _read_from_files}


def mode() -> str:
    """Return the mode this process runs in; raise `ImproperlyConfigured` for an unknown one."""
    chosen = env.str("PORTAL_ENV", default=PRODUCTION if "DATABASE_URL" in env.ENVIRON else EMBEDDED)
    if chosen not in MODES:
        raise ImproperlyConfigured(f"PORTAL_ENV must be one of {', '.join(MODES)}; it is {chosen!r}.")
    return chosen


def var_dir() -> Path:
    """Return the folder for all data beside the databases: `PORTAL_VAR`, else `var/`.

    Outside production it is made where it is missing, for this user alone.
    """
    beside_the_code = Path(__file__).resolve().parents[2] / "var"
    folder = Path(env.str("PORTAL_VAR", default=str(beside_the_code))).resolve()
    return folder if mode() == PRODUCTION else made_folder("PORTAL_VAR", folder)


def made_folder(name: str, folder: Path) -> Path:
    """Return a folder, made for this user alone where it is missing; `name` is the variable that names it.

    Raises `ImproperlyConfigured` where it cannot be made or used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {folder} cannot be created ({error.strerror}).") from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name}: this user cannot read and write the folder {folder}.")
    return folder


def duration(name: str, default: str) -> dt.timedelta:
    """Return the ISO 8601 duration of an environment variable, such as `P7D` or `PT0S`."""
    return parsed_duration(name, env.str(name, default=default))


def lifetime(name: str, default: str) -> dt.timedelta:
    """Return a duration longer than zero. Raises `ImproperlyConfigured`."""
    value = duration(name, default)
    if not value:
        raise ImproperlyConfigured(f"{name} must be longer than zero, such as {default}.")
    return value


def optional_duration(name: str) -> dt.timedelta | None:
    """Return the ISO 8601 duration of an environment variable, or None where it is empty."""
    return duration(name, "") if env.str(name, default="") else None


def durations(name: str, known: Collection[str]) -> dict[str, dt.timedelta]:
    """Return `key=P7D,key=P30D` as a dictionary; raise `ImproperlyConfigured` for an unknown key."""
    text = env.str(name, default="")
    try:
        pairs = _pairs(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be CLASS=P7D,CLASS=P30D; it is {text!r}.") from None
    _refuse_unknown(name, [key for key, _value in pairs], known)
    return {key: parsed_duration(f"{name}, {key},", value) for key, value in pairs}


def parsed_duration(name: str, text: str) -> dt.timedelta:
    """Return an ISO 8601 duration; `name` is for the error. Raises `ImproperlyConfigured`."""
    value = parse_duration(text) if text.startswith("P") else None
    if value is None or not dt.timedelta(0) <= value <= LONGEST:
        raise ImproperlyConfigured(f"{name} must be an ISO 8601 duration such as P7D or PT30M; it is {text!r}.")
    return value


def required_in_production(name: str, running: str, fallback: str) -> str:
    """Return a variable's value. Raises `ImproperlyConfigured` where it is missing in production."""
    value = env.str(name, default="")
    if value:
        return value
    if running == PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. It has no default in production. For trials, use PORTAL_ENV=development."
        )
    return fallback


def secret(name: str, running: str, var: Path) -> str:
    """Return a secret from the environment; outside production one is made once and kept in `var`."""
    value = _secret_file(name) or required_in_production(name, running, "") or _kept_secret(name, var)
    _refuse_weak(name, value, running)
    return value


def token(name: str, running: str) -> str:
    """Return a token from the environment; empty without one. Raises `ImproperlyConfigured` for a weak one."""
    value = env.str(name, default="")
    if value:
        _refuse_weak(name, value, running)
    return value


def optional_secret(name: str) -> str:
    """Return the content of the file that `NAME_FILE` names, or the variable; empty without both."""
    return _secret_file(name) or env.str(name, default="")


def master_keys(text: str) -> dict[str, bytes]:
    """Parse `MASTER_KEYS`: `id:base64,id:base64`, 32 bytes each, the first wraps new keys.

    Raises `ImproperlyConfigured` for another format, without the value.
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
    """Return a fresh random value for a secret of this name.

    The ID of a master key is the day and a random part, so that it differs from all earlier keys, also from removed
    ones that still open an old backup.
    """
    if name == "MASTER_KEYS":
        key_id = f"{dt.datetime.now(dt.UTC):%Y%m%d}-{secrets.token_hex(3)}"
        return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    return secrets.token_urlsafe(64)


def mapping(name: str, known: Collection[str]) -> dict[str, str]:
    """Return `key=value,key=value` (or JSON) as a dictionary of known keys. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="")
    try:
        pairs = json.loads(text).items() if text.startswith("{") else _pairs(text)
        found = {str(key).strip(): str(value).strip() for key, value in pairs}
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be KEY=VALUE,KEY=VALUE or JSON; it is {text!r}.") from None
    _refuse_unknown(name, found, known)
    return found


def listed(name: str, default: str, known: Collection[str]) -> list[str]:
    """Return `one,two` as a list of at least one known word. Raises `ImproperlyConfigured`."""
    text = env.str(name, default=default)
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} must name at least one of {', '.join(known)}; it is {text!r}.")
    _refuse_unknown(name, found, known)
    return found


def choice(name: str, default: str, known: Collection[str]) -> str:
    """Return one of some words. Raises `ImproperlyConfigured`."""
    text = env.str(name, default=default)
    if text not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}; it is {text!r}.")
    return text


def switch(name: str, *, default: bool) -> bool:
    """Return whether a variable is `yes`. Raises `ImproperlyConfigured` for anything but `yes` and `no`."""
    return choice(name, "yes" if default else "no", ["yes", "no"]) == "yes"


def whole_number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number from `least` to `most`. Raises `ImproperlyConfigured`."""
    text = env.str(name, default=str(default)).strip()
    if not text.isdecimal() or int(text) < least or (most is not None and int(text) > most):
        bounds = f"from {least}" if most is None else f"from {least} to {most}"
        raise ImproperlyConfigured(f"{name} must be a whole number {bounds}, such as {default}; it is {text!r}.")
    return int(text)


def is_set(name: str) -> bool:
    """Whether an environment variable is set and not empty."""
    return bool(env.str(name, default="").strip())


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(key.strip() and separator for key, separator, _value in parts):
        raise ValueError(text)
    return [(key.strip(), value.strip()) for key, _separator, value in parts]


def _refuse_unknown(name: str, found: Iterable[str], known: Collection[str]) -> None:
    if unknown := set(found) - set(known):
        raise ImproperlyConfigured(
            f"{name} does not accept {', '.join(sorted(unknown))}. Accepted: {', '.join(known)}."
        )


def _secret_file(name: str) -> str:
    """Return the content of the file that `NAME_FILE` names, as orchestrators mount secrets."""
    path = env.str(f"{name}_FILE", default="")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}_FILE names a file that is not UTF-8 text.") from None


def _kept_secret(name: str, var: Path) -> str:
    made_folder("PORTAL_VAR", var)
    path = var / f".{name.lower()}"
    try:
        return _once_made(name, path)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the file {path} cannot be read ({error.strerror}).") from None


def _once_made(name: str, path: Path) -> str:
    """Return the secret in a file; make it first if there is none."""
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


def _refuse_weak(name: str, value: str, running: str) -> None:
    """Raise `ImproperlyConfigured` in production for a secret, or one of several master keys, that can be guessed."""
    if running != PRODUCTION:
        return
    values = master_keys(value).values() if name == "MASTER_KEYS" else [value.encode()]
    if any(is_weak(each, LEAST_LENGTHS[name]) for each in values):
        raise ImproperlyConfigured(
            f"{name} is a default or too weak. Create one with: python manage.py make_secret {name}"
        )


# Before any setting is read: the mode depends on DATABASE_URL.
read_files()
