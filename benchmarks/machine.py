"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import standoff
from benchmarks.floor import FLAGS, compiler

LIBRARIES = (
    "llvmlite", "numpy", "polars", "gillespy2", "bionetgen", "bngsim", "mesa", "tick",
)  # fmt: skip


def machine() -> dict[str, str | int]:
    """Processor, cores and system."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*:\s*(.+)", information.read_text(encoding="utf-8"))
        model = found.group(1) if found else model
    return {"processor": model, "cores": os.cpu_count() or 1, "system": platform.system()}


def versions() -> dict[str, str | None]:
    """Python, the C compiler, and the libraries; None for what is not installed."""
    found: dict[str, str | None] = {"python": platform.python_version(), "compiler": compiler_version()}
    found |= {"compiler_flags": " ".join(FLAGS), "standoff": standoff.__version__}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def compiler_version() -> str | None:
    """What the C compiler calls itself."""
    chosen = compiler()
    return said([chosen, "--version"]) if chosen else None


def commit(here: Path = Path(__file__).parent.parent) -> str | None:
    """The commit of this checkout, with + for changes that are not committed, those of the results aside."""
    name = said(["git", "-C", str(here), "rev-parse", "--short", "HEAD"])
    all_but_results = (".", ":(exclude)benchmarks/results")
    changes = said(["git", "-C", str(here), "status", "--porcelain", "--untracked-files=no", "--", *all_but_results])
    return f"{name}+" if name and changes else name


def said(words: list[str]) -> str | None:
    """The first line that a command prints, or None if it prints nothing or is not there."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return next(iter(done.stdout.splitlines()), None) if done.returncode == 0 else None
