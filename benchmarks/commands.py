"""Commands as processes of their own, on an imagined machine: what they take on the clock, of processors, of memory."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
NOTHING = (PYTHON, "-c", "pass")
IMPORTS = (PYTHON, "-c", "import numpy, polars, pydantic, rich.console")
"""The measure I: importing the libraries that any answer needs."""
LOOK_S = 0.05
PATIENCE_S = 1200.0
"""A command that takes longer is stopped, so that one that hangs does not take the other measurements with it."""


class Failed(Exception):
    """What could not be measured, and why."""


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds on the clock, seconds of processors with those of its children, what it printed."""

    wall: float
    processor: float
    printed: str


@dataclass
class Peak:
    """The most memory that a command held, in megabytes, as `/proc/PID/status` shows it.

    `command` is the resident set of its own process. `together` is what all processes of its session hold at one time:
    the pages of their own of each, and the pages of files of the one that has most of them, since those are shared.
    """

    command: float = 0.0
    together: float = 0.0


def standoff() -> tuple[str, ...]:
    """The command, as whoever installed the package calls it."""
    script = Path(PYTHON).with_name("standoff")
    if not script.exists():
        raise Failed(f"the command `standoff` is not installed beside {Path(PYTHON).name}")
    return (str(script),)


class Home:
    """One imagined machine: an empty home, empty caches, and an empty folder for every command that is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def environment(self) -> dict[str, str]:
        """The variables that keep every cache in the folder."""
        return {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "STANDOFF_CACHE": str(self.folder / "standoff"),
        }

    def new_folder(self, files: dict[str, str] | None = None) -> Path:
        """An empty folder, or with these files in it."""
        made = self.folder / f"work-{next(self._numbers)}"
        made.mkdir()
        for name, text in (files or {}).items():
            (made / name).write_text(text, encoding="utf-8")
        return made

    def cost(
        self, words: tuple[str, ...], *, files: dict[str, str] | None = None,
        variables: dict[str, str] | None = None, peak: Peak | None = None,
    ) -> Cost:  # fmt: skip
        """Run a command in a new folder; where a peak is given, watch its memory. Raises Failed."""
        shown = f"`{' '.join([Path(words[0]).name, *words[1:]])}`"
        before, began = children_s(), time.perf_counter()
        with subprocess.Popen(
            words, env=self.environment() | (variables or {}), cwd=self.new_folder(files), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        ) as running:  # fmt: skip
            try:
                with watched(running.pid, peak):
                    printed, complaints = running.communicate(timeout=PATIENCE_S)
            except BaseException as why:
                os.killpg(running.pid, signal.SIGKILL)
                if isinstance(why, subprocess.TimeoutExpired):
                    raise Failed(f"{shown} did not end in {PATIENCE_S:g} s") from why
                raise
            wall = time.perf_counter() - began
        if running.returncode != 0:
            said = complaints.strip()[-500:] or "it said nothing"
            raise Failed(f"{shown} ended with {running.returncode}: {said}")
        return Cost(wall, children_s() - before, printed)


@contextmanager
def new_machine() -> Iterator[Home]:
    """A machine that has never run this program."""
    with tempfile.TemporaryDirectory(prefix="standoff-bench-") as folder:
        yield Home(Path(folder))


def children_s() -> float:
    """The processor time of the children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def watched(session: int, peak: Peak | None) -> Iterator[None]:
    """Keep a peak up to date while a session of processes lasts."""
    if peak is None:
        yield
        return
    if not Path("/proc/self/status").exists():
        raise Failed("memory is read from /proc/PID/status, which this system does not have")
    done = threading.Event()
    looking = threading.Thread(target=look, args=(session, peak, done.wait), daemon=True)
    looking.start()
    try:
        yield
    finally:
        done.set()
        looking.join()


def look(session: int, peak: Peak, ended: Callable[[float], bool]) -> None:
    """Look at the memory of a session of processes every few hundredths of a second, until it has ended."""
    while not ended(LOOK_S):
        own = files = 0.0
        for process in members(session):
            try:
                status = (process / "status").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            own += megabytes(status, "RssAnon") + megabytes(status, "RssShmem")
            files = max(files, megabytes(status, "RssFile"))
            if process.name == str(session):
                # The kernel's own mark of the highest water: it misses nothing between two looks.
                peak.command = max(peak.command, megabytes(status, "VmHWM"))
        peak.together = max(peak.together, own + files)


def members(session: int) -> Iterator[Path]:
    """The processes of a session, as folders of `/proc`."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                stat = (process / "stat").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            # The name of a program may hold anything, so what follows its last bracket is read.
            if int(stat.rpartition(")")[2].split()[3]) == session:
                yield process


def megabytes(text: str, name: str) -> float:
    """Millions of bytes, from a line of `/proc` that tells kilobytes of 1,024."""
    line = re.search(rf"^{name}:\s*(\d+) kB", text, re.MULTILINE)
    return int(line.group(1)) * 1024 / 1e6 if line else 0.0
