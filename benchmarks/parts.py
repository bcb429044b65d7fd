"""What is measured: the parts, the pieces of each, and how one of them is measured.

    python -m benchmarks.parts loop w1-60 FILE      what `python -m benchmarks` starts for each piece

A piece is measured in a process of its own, which writes its figures to a file: whatever ends that process, a rival
written in C as well as a mistake here, the pieces after it are measured all the same.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer

from benchmarks import ensemble, loading, loop, memory, scaling, verbs, waits, what_ifs
from benchmarks.commands import ROOT
from benchmarks.kept import record
from benchmarks.measuring import Document, Effort, Pieces, tell

PARTS: dict[str, Callable[[Effort], Pieces]] = {
    "waits": waits.pieces,
    "ensemble": ensemble.pieces,
    "memory": memory.pieces,
    "loop": loop.pieces,
    "scaling": scaling.pieces,
    "loading": loading.pieces,
    "what-ifs": what_ifs.pieces,
    "verbs": verbs.pieces,
}
PATIENCE_S = 1800.0


@dataclass(frozen=True)
class Piece:
    """A piece of a part."""

    part: str
    name: str

    def made(self, effort: Effort) -> Document:
        """The record of measuring it now; if that fails, it is absent with the reason."""
        tell(f"--- {self.part}/{self.name}")
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="standoff-bench-") as folder:
            file = Path(folder) / "figures.json"
            words = (sys.executable, "-m", "benchmarks.parts", self.part, self.name, str(file))
            why = ended(words, json.dumps(asdict(effort)))
            took = time.perf_counter() - began
            if file.exists():
                return record(effort, took, figures=json.loads(file.read_text(encoding="utf-8")))
        tell(f"{self.part}/{self.name} could not be measured: {why}")
        return record(effort, took, absent=why)


def ended(words: tuple[str, ...], given: str) -> str:
    """Run a process in a session of its own, show what it tells, and say how it ended."""
    last = ""
    with subprocess.Popen(
        words, cwd=ROOT, text=True, start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, errors="replace",
    ) as running:  # fmt: skip
        stop = Timer(PATIENCE_S, end, (running.pid,))
        stop.start()
        try:
            if running.stdin is not None and running.stdout is not None:
                # One that has ended by now takes nothing; how it ended is seen below.
                with suppress(BrokenPipeError):
                    running.stdin.write(given)
                    running.stdin.close()
                for told in running.stdout:
                    tell(told.rstrip())
                    last = told.strip() or last
            running.wait()
        except BaseException:
            end(running.pid)
            raise
        finally:
            stop.cancel()
    how = f"signal {-running.returncode}" if running.returncode < 0 else f"exit code {running.returncode}"
    return f"{last[:500] or 'it said nothing'} ({how})"


def end(session: int) -> None:
    """Let a session of processes end, and with it the commands that it has started in sessions of their own."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGTERM)


def leave_when_ended() -> None:
    """From now on, end on SIGTERM as on Ctrl-C: commands that are running are ended too, and folders removed."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("it was ended before it was ready"))


def pieces(effort: Effort) -> Iterator[Piece]:
    """All pieces of all parts, in the order in which they are measured."""
    for part, of in PARTS.items():
        for name in of(effort):
            yield Piece(part, name)


def chosen(effort: Effort, only: list[str]) -> list[Piece]:
    """The pieces that were asked for, by part or by `part/piece`; raises KeyError with a name that is neither."""
    found = {f"{piece.part}/{piece.name}": piece for piece in pieces(effort)}
    for name in only:
        if name not in PARTS and name not in found:
            raise KeyError(name)
    return [piece for name, piece in found.items() if not only or name in only or piece.part in only]


def main() -> None:
    """Measure one piece."""
    leave_when_ended()
    part, name, file = sys.argv[1:]
    figures = PARTS[part](Effort(**json.load(sys.stdin)))[name]()
    Path(file).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
