"""A virtual environment for each peer, below `.venv-bench/`: made if it is missing or its requirements have changed."""

import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent
ENVIRONMENTS = PEERS.parents[2] / ".venv-bench"


class NotInstalled(Exception):
    """The packages of a peer could not be installed; the message says which peer."""


def python_of(peer: str) -> str:
    """Return the path of a peer's Python, with its packages. Raises `NotInstalled`."""
    folder, requirements = ENVIRONMENTS / peer, PEERS / peer / "requirements.txt"
    python, installed = folder / "bin" / "python", folder / "installed"
    wanted = requirements.read_text(encoding="utf-8")
    if not installed.is_file() or installed.read_text(encoding="utf-8") != wanted:
        print(f"Installing {peer} into {folder} ...", flush=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, "-r", str(requirements)]):
            if subprocess.run(command, check=False).returncode:  # noqa: S603 - a fixed command
                raise NotInstalled(f"{peer} could not be installed: it is not measured.")
        installed.write_text(wanted, encoding="utf-8")
    return str(python)
