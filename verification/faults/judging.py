"""Whether a mistake is told: a fault or a warning at its line that the file without it has not, with the cure in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from standoff.errors import Fault
from standoff.scenario import check

Verdict = Literal["told", "line", "elsewhere", "silent"]
"""With line and cure; at the line without the cure; at another line; not at all."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the file without it, the file with it, its line, and words that its cure must hold."""

    name: str
    kind: str
    right: str
    wrong: str
    line: int
    cure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A mistake with its verdict and what was told of it."""

    mistake: Mistake
    verdict: Verdict
    faults: tuple[Fault, ...]


class Judge:
    """Checks files as a user does, each base file once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, frozenset[tuple[str, str]]] = {}

    def judged(self, mistake: Mistake) -> Judged:
        """The verdict on one mistake."""
        if mistake.right not in self._before:
            self._before[mistake.right] = frozenset((one.code, one.found) for one in self._checked(mistake.right))
        known = self._before[mistake.right]
        new = tuple(one for one in self._checked(mistake.wrong) if (one.code, one.found) not in known)
        there = [one for one in new if one.location is not None and one.location.line == mistake.line]
        if any(cures(one, mistake.cure) for one in there):
            return Judged(mistake, "told", new)
        return Judged(mistake, "line" if there else "elsewhere" if new else "silent", new)

    def _checked(self, text: str) -> Sequence[Fault]:
        path = self._folder / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return check(path)


def cures(fault: Fault, words: Sequence[str]) -> bool:
    """Whether the words of a fault, without the line that it shows, hold all of the cure."""
    told = "  ".join(part for part in (fault.found, fault.hint, fault.expected) if part)
    return all(word in told for word in words)


def judge(mistakes: Sequence[Mistake]) -> list[Judged]:
    """All of some mistakes, in their order."""
    with TemporaryDirectory() as folder:
        one = Judge(Path(folder))
        return [one.judged(mistake) for mistake in mistakes]
