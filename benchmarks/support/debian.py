"""Packages of Debian and Ubuntu that tests need, installed where that asks for no password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

START_SECONDS = 30
INSTALL_SECONDS = 900


def install_package(name: str, what: str) -> str | None:
    """Install a package that brings `what`; the problem in words, or None where there was none."""
    root = administrator()
    if shutil.which("apt-get") is None or root is None:
        return "needs apt-get, and root or sudo without a password"
    tell(f"No {what} found; installing the package {name} ...")
    # The lock is waited for: fresh machines often have an update of their own under way.
    apt = [*root, "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    return run_step([*apt, "update"]) or run_step([*apt, "install", "-y", "--no-install-recommends", name])


def administrator() -> list[str] | None:
    """What to put before a command so that it runs as root; None where that would ask for a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], START_SECONDS).returncode == 0:
        return ["sudo", "-n"]
    return None


def run_step(command: list[str]) -> str | None:
    """Run a step of an installation; how it failed, with the end of its output, or None."""
    result = run(command, INSTALL_SECONDS)
    if result.returncode == 0:
        return None
    last_lines = (result.stdout + result.stderr).strip().splitlines()[-15:]
    return "\n    ".join([f"{' '.join(command)} ended with {result.returncode}", *last_lines])


def run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command that may ask nothing; one that cannot be started or does not end counts as failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, returncode=1, stdout="", stderr=str(error))


def tell(message: str) -> None:
    """Say something beside the output that other programs read."""
    print(message, file=sys.stderr, flush=True)
