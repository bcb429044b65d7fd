"""The verb that looks at the machine: doctor."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.refusals import errors_reported

Finding = tuple[str, bool, str]


def doctor(
    warm: Annotated[bool, typer.Option(help="Compile the engine now, so that the first run starts at once.")] = False,
) -> None:
    """Check that this machine is ready for runs."""
    with errors_reported():
        findings = [*_versions(), _machine(), _cache(), _page()]
        if warm:
            findings.append(_warm())
    for what, good, words in findings:
        print(f"{'ok  ' if good else 'look'}  {what:<12} {words}")
    if not all(good for _, good, _ in findings):
        raise typer.Exit(1)


def _versions() -> list[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    from standoff import __version__

    found: list[Finding] = [
        ("standoff", True, __version__),
        ("python", sys.version_info >= (3, 11), f"{platform.python_version()} ({sys.executable})"),
    ]
    for name in ("numpy", "llvmlite", "polars", "pydantic", "pyyaml", "typer", "rich"):
        try:
            found.append((name, True, version(name)))
        except PackageNotFoundError:
            found.append((name, False, f"missing; install it with: pip install {name}"))
    return found


def _machine() -> Finding:
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        memory = f"{gigabytes:.1f} GiB memory"
    else:
        memory = "memory unknown"
    return "machine", True, f"{processors()} processors, {memory}, {platform.system()} {platform.machine()}"


def _cache() -> Finding:
    from standoff import cache

    folder = cache.folder()
    if os.environ.get("STANDOFF_CACHE") == "":
        return "cache", True, "off, since STANDOFF_CACHE is empty: every command reads and compiles anew"
    if folder is not None and folder.exists() and not cache.is_ours(folder.resolve()):
        return "cache", False, f"{folder} belongs to somebody else, or others may write it: make it yours (chmod 700)"
    if folder is not None and _writable(folder):
        return "cache", True, f"scenarios (their text as well) and compiled code are kept in {folder}"
    words = "neither scenarios nor compiled code can be kept: set STANDOFF_CACHE to a folder that you can write to"
    return "cache", False, words


def _writable(folder: Path) -> bool:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return existing.is_dir() and os.access(existing, os.W_OK)


def _page() -> Finding:
    from standoff.errors import UsageError
    from standoff.report import page

    try:
        return "report", True, f"the page is built ({len(page()) / 1024:.0f} kB)"
    except UsageError as error:
        return "report", False, str(error)


def _warm() -> Finding:
    from standoff.ensemble import run_many
    from standoff.scenario import bundled, load

    began = time.monotonic()
    run_many(load(bundled("theatre")[0]), runs=1)
    return "engine", True, f"compiled and run once in {time.monotonic() - began:.1f} s"
