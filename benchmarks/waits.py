"""What a person waits for: commands from the start of the process to its end, in turns with the usual imports.

Before every command I is run, `python -c "import numpy, polars, pydantic, rich.console"`, and the ratio is that of the
two neighbours in time. `again` is a command that was run before on the machine; `first_ever` is one on a machine that
has an empty home and empty caches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks.commands import IMPORTS, NOTHING, ROOT, Cost, Home, new_machine, standoff
from benchmarks.measuring import Document, Effort, Pieces, spread, tell
from benchmarks.workloads import BUNDLED

TEN_LINES = "two-posts.yaml"


@dataclass(frozen=True)
class Wait:
    """A command that somebody waits for, and how often I fits into it at most: run before, and for the first time."""

    what: str
    words: tuple[str, ...]
    again: float | None = None
    first_ever: float | None = None


WAITS = {
    "run-2017": Wait(f"standoff run {BUNDLED} --runs 1", ("run", BUNDLED, "--runs", "1"), 3.0, 10.0),
    "run-ten-lines": Wait(f"standoff run {TEN_LINES} --runs 1", ("run", TEN_LINES, "--runs", "1"), 2.0, 8.0),
    "readme": Wait(
        f"standoff run {TEN_LINES} --runs 1000 --seed 1", ("run", TEN_LINES, "--runs", "1000", "--seed", "1")
    ),
    "check-2017": Wait(f"standoff check {BUNDLED}", ("check", BUNDLED), 1.2),
    "help": Wait("standoff --help", ("--help",), 0.4),
}


def ten_lines() -> str:
    """The scenario of the project's README: its first block of YAML."""
    block = re.search(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    if block is None:
        raise ValueError("README.md has no block of YAML")
    return block.group(1)


def pieces(effort: Effort) -> Pieces:
    """One for each command."""
    again, first_ever = (effort.rounds, max(1, effort.rounds // 2)) if effort.rounds else (7, 3)
    return {name: partial(wait, one, again, first_ever) for name, one in WAITS.items()}


def wait(one: Wait, again: int, first_ever: int) -> Document:
    """Both waits for a command, so many rounds of each."""

    def command(home: Home) -> Cost:
        # On one machine it is one file in one place, as it is for a person who asks again.
        file = home.folder / TEN_LINES
        file.write_text(ten_lines(), encoding="utf-8")
        return home.cost((*standoff(), *(str(file) if word == TEN_LINES else word for word in one.words)))

    with new_machine() as home:
        for warm in (NOTHING, IMPORTS):
            home.cost(warm)
        command(home)
        tell(f"{one.what}: {again} rounds")
        found = {"what": one.what, "again": rounds(command, (home for _ in range(again)))}
    if one.first_ever is not None:
        tell(f"{one.what}, first ever: {first_ever} rounds")
        found["first_ever"] = rounds(command, new_machines(first_ever))
    return found


def new_machines(number: int) -> Iterator[Home]:
    """So many machines that have never run this program, one after the other."""
    for _ in range(number):
        with new_machine() as home:
            yield home


def rounds(command: Callable[[Home], Cost], homes: Iterator[Home]) -> Document:
    """A command in turns with nothing and with the imports."""
    turns = [(home.cost(NOTHING), home.cost(IMPORTS), command(home)) for home in homes]
    seconds, once, empty = (median(turn[which].wall for turn in turns) for which in (2, 1, 0))
    return {
        "beside": f"{seconds:.3g} s; I {once:.3g} s; `python -c pass` {empty:.2g} s",
        "ratio": spread([done.wall / imports.wall for _, imports, done in turns]),
        "processor_ratio": spread([done.processor / imports.processor for _, imports, done in turns]),
        "seconds": spread([done.wall for _, _, done in turns]),
        "imports_seconds": spread([imports.wall for _, imports, _ in turns]),
        "pass_seconds": spread([nothing.wall for nothing, _, _ in turns]),
        "rounds": len(turns),
    }
