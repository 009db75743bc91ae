"""`make lighthouse`: the scores of fifteen pages, some of them signed in, against Debian's Chromium, from 0 to 1.

Nothing else should run meanwhile: performance is measured on this machine, slowed down to that of a phone.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.environment import CHROMIUM
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.live import LivePortal
from tests.journeys.pages import OPEN_TO_ALL, SIGNED_IN, signed_in

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Chromium loses the beginning of a trace now and then.
ATTEMPTS = 3
FOR_VISITORS = ("front", "choose", "individual", "sign-in", "recover", "policy", "policies")
FOR_PEOPLE = ("home", "settings", "profile", "security", "devices", "privacy", "copies", "cancel")


def main() -> int:
    """Print a line for each page; return 1 where a score is below 1."""
    with tempfile.TemporaryDirectory() as folder:
        portal = LivePortal(var=Path(folder))
        try:
            portal.start()
            cookies = _cookies(portal)
            scores = {name: _scores(portal, OPEN_TO_ALL[name], "") for name in FOR_VISITORS}
            scores |= {name: _scores(portal, SIGNED_IN[name], cookies) for name in FOR_PEOPLE}
        finally:
            portal.stop()
    for name, found in scores.items():
        said = "  ".join(f"{category} {score:.2f}" for category, score in found.items())
        sys.stdout.write(f"{name:12}  {said}\n")
    return int(any(score < 1 for found in scores.values() for score in found.values()))


def _cookies(portal: LivePortal) -> str:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        found = signed_in(portal, chromium)
        chromium.close()
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in found)


def _scores(portal: LivePortal, path: str, cookies: str) -> dict[str, float]:
    command = ["npx", "--yes", LIGHTHOUSE, f"{portal.url}{path}", "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
    if cookies:  # pages of the account are closed to search engines on purpose
        command.append(f"--extra-headers={json.dumps({'Cookie': cookies})}")
        command.append("--skip-audits=is-crawlable")
    environment = os.environ | {"CHROME_PATH": str(CHROMIUM)}
    for _ in range(ATTEMPTS):
        ended = subprocess.run(command, env=environment, capture_output=True, check=False)
        if ended.returncode == 0:
            break
    else:
        sys.exit(f"{path}: {ended.stderr.decode()}")
    report = json.loads(ended.stdout)
    return {category: report["categories"][category]["score"] for category in CATEGORIES}


if __name__ == "__main__":
    sys.exit(main())
