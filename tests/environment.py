"""Sets the environment of a test run before Django reads it; loaded as a pytest plugin."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("PORTAL_VAR", tempfile.mkdtemp(prefix="portal-tests-"))
# WhiteNoise warns where there is no such folder, and a warning is an error here.
Path(os.environ["PORTAL_VAR"], "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PORTAL_ENV", "development" if "DATABASE_URL" in os.environ else "embedded")
os.environ.setdefault("RATE_LIMITS", "off")
os.environ.setdefault("PASSWORD_COST", "low")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the database's calls

SHARED = Path(__file__).resolve().parents[2] / "shared"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
IN_CI = bool(os.environ.get("CI"))
