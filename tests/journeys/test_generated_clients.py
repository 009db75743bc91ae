"""Clients generated from the schema compile, and go the whole journey against a live portal."""

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.live import ROOT, LivePortal

CLIENTS = ROOT / "tests" / "clients"
pytestmark = pytest.mark.clients


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def schema(portal: LivePortal, tmp_path: Path) -> Path:
    (portal.var / "outbox").mkdir(exist_ok=True)  # until the first message there is none
    path = tmp_path / "schema.yaml"
    with urllib.request.urlopen(f"{portal.url}/api/v1/schema/") as answer:
        path.write_bytes(answer.read())
    return path


def test_a_python_client_completes_the_journey(portal: LivePortal, schema: Path, tmp_path: Path):
    generate = ("openapi-generator-cli", "generate", "-g", "python", "--package-name", "portal_client")
    run(*generate, "-i", str(schema), "-o", str(tmp_path), cwd=tmp_path)
    shutil.copy(CLIENTS / "journey.py", tmp_path)
    assert "journey done" in run(sys.executable, "journey.py", portal.url, str(portal.var / "outbox"), cwd=tmp_path)


def test_a_typescript_client_compiles_and_completes_the_journey(portal: LivePortal, schema: Path, tmp_path: Path):
    for name in ("package.json", "tsconfig.json", "journey.ts"):
        shutil.copy(CLIENTS / name, tmp_path)
    run("npm", "install", "--no-audit", "--no-fund", cwd=tmp_path)
    run("npx", "openapi-typescript", str(schema), "--output", "schema.d.ts", cwd=tmp_path)
    run("npx", "tsc", cwd=tmp_path)
    assert "journey done" in run("node", "journey.js", portal.url, str(portal.var / "outbox"), cwd=tmp_path)
