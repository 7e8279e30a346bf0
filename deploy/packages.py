#!/usr/bin/env python3
"""The few system packages the project stands on: see what is missing, and install it.

    python3 deploy/packages.py run     what `make run` needs
    python3 deploy/packages.py test    what `make test` needs besides

A package counts as there when what it provides is found, wherever it came from. As root
on Debian or Ubuntu the missing ones are installed; otherwise they are listed together
with the one command that installs them. What only tests need and the distribution does
not offer is named and left out. This file uses nothing but a bare Python.
"""

# ruff: noqa: S603, S607, T201 - it prints, and runs the distribution's own commands by name

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# package -> what it must provide: libraries by name, or one of several commands
LIBRARIES = {
    "libpango-1.0-0": "pango-1.0",
    "libpangoft2-1.0-0": "pangoft2-1.0",
    "libharfbuzz-subset0": "harfbuzz-subset",
}
COMMANDS = {
    "gettext": ["msgfmt"],
    "poppler-utils": ["pdftotext"],
}
TEST_COMMANDS = {
    "chromium": ["chromium", "chromium-browser", "google-chrome"],
    "redis-server": ["redis-server", "valkey-server"],
    "postgresql": ["initdb"],
}
VENV = "python{}.{}-venv".format(*sys.version_info[:2])


def find_missing(purpose: str) -> list[str]:
    """The packages that are missing for `run` or `test`, in the order of the tables."""
    commands = dict(COMMANDS, **TEST_COMMANDS) if purpose == "test" else COMMANDS
    missing = [name for name, library in LIBRARIES.items() if not ctypes.util.find_library(library)]
    missing += [name for name, choices in commands.items() if not any(map(is_command, choices))]
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        missing.append(VENV)
    return missing


def is_command(name: str) -> bool:
    """Whether `name` can be run; PostgreSQL's own programs lie outside the PATH on Debian."""
    return bool(shutil.which(name) or list(Path("/usr/lib/postgresql").glob("*/bin/" + name)))


def install(names: list[str]) -> None:
    """Install what the distribution has of `names`; what it lacks stays missing."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    known = [name for name in names if has_candidate(name)]
    if known:
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *known]
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


def has_candidate(name: str) -> bool:
    """Whether the distribution offers the package (Ubuntu, say, has no chromium)."""
    policy = subprocess.run(
        ["apt-cache", "policy", name], stdout=subprocess.PIPE, text=True, check=False
    ).stdout
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def main(purpose: str) -> int:
    """Make everything be there; return the exit status."""
    missing = find_missing(purpose)
    apt, root = shutil.which("apt-get"), os.geteuid() == 0
    if missing and apt and root:
        print("Installing system packages: " + " ".join(missing), flush=True)
        install(missing)
        missing = find_missing(purpose)
    skipped = [
        name for name in missing if name in TEST_COMMANDS and not (apt and has_candidate(name))
    ]
    needed = [name for name in missing if name not in skipped]
    if skipped:
        print("Not to be had here, so tests that need them are skipped: " + " ".join(skipped))
    if needed:
        print("Missing system packages: " + " ".join(needed))
        if apt and not root:
            print("Install them with:\n    sudo apt-get install -y " + " ".join(needed))
    return 1 if needed else 0


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what says so
        sys.exit("Python 3.11 or newer is needed, e.g. `make run PYTHON=python3.12`.")
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
