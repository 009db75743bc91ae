"""The outbox: messages as files, to try the portal without gateways. It does not exist in production."""

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

OUTBOX_URL = "outbox://"


def write(channel: str, to: str, subject: str, body: str, code: str) -> Path:
    """Write one message as a file, atomically; return its path. Raises `ImproperlyConfigured` in production."""
    now = dt.datetime.now(dt.UTC)
    message = {"channel": channel, "to": to, "subject": subject, "body": body, "at": now.isoformat()}
    if code:
        message["code"] = code
    path = _folder() / f"{now:%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.json"
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(message, ensure_ascii=False, indent=2), encoding="utf-8")
    return draft.rename(path)


def read_outbox(*, to: str = "", limit: int = 200) -> list[dict[str, Any]]:
    """Return the messages in the outbox, newest first; only those to one address if `to` is given."""
    found = []
    for path in sorted(_folder().glob("*.json"), reverse=True):
        message = json.loads(path.read_text(encoding="utf-8"))
        if not to or message["to"] == to:
            found.append(message)
        if len(found) == limit:
            break
    return found


def _folder() -> Path:
    folder: Path | None = settings.OUTBOX_DIR
    if folder is None:
        raise ImproperlyConfigured("The outbox is not available in production. Set EMAIL_URL and SMS_URL to gateways.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
