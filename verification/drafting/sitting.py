"""A review of a draft at the terminal's desk, by a reader's table in place of a person: how much is typed, for what.

It counts what can be counted without a person: decisions, lines and keystrokes. How long a person thinks is not told.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass

from standoff.cli.desk import Talk
from standoff.drafting import Candidate, Desk, Draft, Standing, Written, write
from verification.drafting.corpora import Corpus
from verification.drafting.matching import content_words, names_of, same_actor, same_place
from verification.drafting.scores import Found

JOINS = "all joins"
"""What is typed at the first join."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A review from the first card to the last: the lines that were typed, and what came of them."""

    lines: tuple[str, ...]
    kinds: Counter[str]
    candidates: int
    written: Written

    @property
    def errors(self) -> list[str]:
        """What the check finds wrong with the scenario that was written."""
        return [str(fault) for fault in self.written.faults if fault.severity == "error"]

    @property
    def keystrokes(self) -> int:
        """Every sign that was typed, with the key that ends each line."""
        return sum(len(line) + 1 for line in self.lines)


class _Reader:
    """Types at the desk what the table says of the candidate that is shown."""

    def __init__(self, desk: Desk, is_right: Callable[[Candidate], bool]) -> None:
        self.desk, self.is_right = desk, is_right
        self.lines: list[str] = []
        self.kinds: Counter[str] = Counter()

    def readline(self) -> str:
        """The next line; nothing where nothing is open."""
        one = self.desk.next()
        if one is None:
            return ""
        line = self._said(one)
        self.kinds[one.kind] += 1
        self.lines.append(line)
        return f"{line}\n"

    def _said(self, one: Standing) -> str:
        if one.kind == "join" and JOINS not in self.lines:
            return JOINS
        return "y" if one.candidate is not None and self.is_right(one.candidate) else "n"

    def isatty(self) -> bool:
        """So that the desk does not repeat what was typed."""
        return True


def sat(made: Draft, corpus: Corpus) -> Sitting:
    """A draft reviewed from beginning to end, and written."""
    desk = Desk(made)
    reader = _Reader(desk, _table(made, corpus))
    before, sys.stdin = sys.stdin, reader  # type: ignore[assignment]
    try:
        with redirect_stdout(io.StringIO()):
            Talk(desk).hold()
    finally:
        sys.stdin = before
    return Sitting(tuple(reader.lines), reader.kinds, len(made.candidates), write(made))


def _table(made: Draft, corpus: Corpus) -> Callable[[Candidate], bool]:
    """Whether a candidate is in the reader's table."""
    gold, found = corpus.gold(), Found(made.candidates, list(made.texts().values()))
    right = {one.id for one in gold.judged if one.is_right}
    told = {at for row in gold.forecasts for at in row.locators}

    def actor(one: Candidate) -> bool:
        forms = (*found.forms[one.id], str(one.fields["name"]))
        return any(same_actor(forms, names_of(row)) for row in gold.actors)

    def claim(one: Candidate) -> bool:
        words = content_words(" ".join(part for name in ("cause", "cue", "effect") for part in found.words(one, name)))
        rows = (row for row in gold.mechanisms if found.at(one) & set(row.locators))
        return any(len(words & content_words(row.words)) >= 2 for row in rows)

    rules: dict[str, Callable[[Candidate], bool]] = {
        "actor": actor,
        "place": lambda one: any(same_place(form, row) for row in gold.places for form in found.forms[one.id]),
        "event": lambda one: one.id in right,
        "forecast": lambda one: bool(found.at(one) & told),
        "number": lambda one: any((at, one.fields["value"]) in gold.numbers for at in found.at(one)),
        "conflict": lambda one: any(found.at(one) <= {*row.one, *row.other} for row in gold.conflicts),
        "claim": claim,
        "join": lambda one: False,
    }
    return lambda one: rules[one.kind](one)
