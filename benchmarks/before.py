"""The commit that this one is compared with, made ready in benchmarks/build: its sources and its libraries."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from benchmarks.commands import ROOT, Failed
from benchmarks.measuring import tell

COMMIT = "9cca19e"
LIBRARIES = Path(__file__).with_name("before.txt")
PLACE = Path(__file__).with_name("build") / COMMIT
READY = "libraries.txt"
"""In the folder of the commit: what its virtual environment was made from, once it is whole."""


def before() -> tuple[tuple[str, ...], dict[str, str]]:
    """The command of that commit, and the variables that it needs. Raises Failed, with the reason."""
    source, environment = PLACE / "source", PLACE / ".venv"
    if not source.exists():
        unpack(source)
    wanted, ready = LIBRARIES.read_text(encoding="utf-8"), PLACE / READY
    if not ready.exists() or ready.read_text(encoding="utf-8") != wanted:
        tell(f"{COMMIT}: installing the libraries that it runs on")
        pip = (str(environment / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        done((sys.executable, "-m", "venv", str(environment)), "its virtual environment could not be made")
        done((*pip, "--requirement", str(LIBRARIES)), "its libraries could not be installed")
        ready.write_text(wanted, encoding="utf-8")
    return (str(environment / "bin" / "python"), "-m", "standoff"), {"PYTHONPATH": str(source / "src")}


def unpack(source: Path) -> None:
    """The sources of the commit, out of this clone."""
    archive = done(
        ("git", "-C", str(ROOT), "archive", COMMIT, "src"),
        "this clone does not hold it (a shallow one gets it by `git fetch --unshallow`)",
    )
    part = source.with_name("source.part")
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(part, filter="data")
    part.rename(source)


def done(words: tuple[str, ...], otherwise: str) -> bytes:
    """What a command prints; raises Failed with what went wrong if it fails."""
    try:
        ended = subprocess.run(words, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as why:
        raise Failed(f"commit {COMMIT} is not there: {otherwise}: {why}") from why
    if ended.returncode != 0:
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        raise Failed(f"commit {COMMIT} is not there: {otherwise}: {said[-1] if said else 'it said nothing'}")
    return ended.stdout
