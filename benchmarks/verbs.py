"""The long verbs beside what they took at an earlier commit, as commands and in turns.

`claims` has a bar, a third of the time; the others are shown. What the earlier commit takes long for it does once,
between two turns of this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from statistics import median

from benchmarks.before import COMMIT, before
from benchmarks.commands import Cost, Home, new_machine, standoff
from benchmarks.measuring import Document, Effort, Pieces, spread, tell
from benchmarks.workloads import BUNDLED

SHARE_OF_BEFORE = 1 / 3


@dataclass(frozen=True)
class Verb:
    """A command with what it is asked, how often the earlier commit is asked too, and what is asked in haste."""

    words: tuple[str, ...]
    turns: int
    hurried: tuple[str, ...]


VERBS = {
    "claims": Verb(("claims", BUNDLED), 1, ("--runs", "100")),
    "sense": Verb(("sense", BUNDLED, "--runs", "10"), 1, ("--question", "tanf-crossing")),
    "explain": Verb(("explain", BUNDLED, "--question", "tanf-crossing", "--runs", "200"), 1, ("--runs", "20")),
    "compare": Verb(
        ("compare", BUNDLED, "--what", "Hamadan sooner: hamadan_rate=0.00385", "--runs", "500"), 2, ("--runs", "20")
    ),
}


def pieces(effort: Effort) -> Pieces:
    """One for each verb."""
    return {name: partial(verb, name, one, quick=effort.quick) for name, one in VERBS.items()}


def verb(name: str, one: Verb, *, quick: bool) -> Document:
    """A verb now and before, in turns that begin and end with now; a ratio is to the neighbours' mean."""
    earlier, variables = before()
    words = (*one.words, *(one.hurried if quick else ()))
    now: list[Cost] = []
    then: list[Cost] = []
    with new_machine() as home, new_machine() as other:
        warm(home, standoff(), {})
        warm(other, earlier, variables)
        for number in range(one.turns):
            tell(f"standoff {name}: turn {number + 1} of {one.turns}, beside {COMMIT}")
            if not now:
                now.append(home.cost((*standoff(), *words)))
            then.append(other.cost((*earlier, *words), variables=variables))
            now.append(home.cost((*standoff(), *words)))
    beside = [(first.wall + second.wall) / 2 for first, second in pairwise(now)]
    seconds, earlier_seconds = median(cost.wall for cost in now), median(cost.wall for cost in then)
    return {
        "beside": f"{seconds:.3g} s; {COMMIT} {earlier_seconds:.3g} s",
        "command": " ".join(("standoff", *words)),
        "seconds": spread([cost.wall for cost in now]),
        "processor_seconds": spread([cost.processor for cost in now]),
        "before": COMMIT,
        "before_seconds": spread([cost.wall for cost in then]),
        "before_processor_seconds": spread([cost.processor for cost in then]),
        "share_of_before": spread([mean / cost.wall for mean, cost in zip(beside, then, strict=True)]),
        "turns": one.turns,
    }


def warm(home: Home, command: tuple[str, ...], variables: dict[str, str]) -> None:
    """Let a machine keep what a first run keeps."""
    home.cost((*command, "run", BUNDLED, "--runs", "1", "--quiet"), variables=variables)
