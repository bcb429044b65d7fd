"""Tallies: sums and counts over many members that rates read, kept up to date by differences.

`count(p for p in place if holder[p] == a)` has a term for each place. When a slot changes, the terms that read it are
evaluated anew, and what they differ by is added to the total; a rate reads the total. While all terms are whole numbers
that is exact; else the total is added up anew, in order, from the terms. So a tally is to the bit what its loop gives,
and `engine/reference.py`, which knows none, runs the loop. Loops that read memories or the time, which move between
events, have no tally.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.model import code
from standoff.model.frame import Frame, IntColumn, Reads

Ints = NDArray[np.int32]
Columns = Sequence[NDArray[Any]]

MANY_TERMS = 8
"""A loop has a tally if it has more than so many terms on average."""

MOST_TERMS = 8192
"""A tally has at most so many terms, so that whole numbers below 2 ** 40 can be added without rounding."""


@dataclass(frozen=True, slots=True)
class TallyTable:
    """The terms that share one code: the rows of a loop.

    `term` is evaluated for a row of `table`; `rows`: (terms,) which rows have terms, in order; `first` is the number of
    the first term among all of the model; `total_of`: (terms,) the number of the total that each counts for.
    """

    term: code.Expr
    table: code.Table
    first: int
    rows: Ints
    total_of: Ints


class Tallies:
    """All tallies of a model while they are made; equal ones are kept once."""

    def __init__(self) -> None:
        self.tables: list[TallyTable] = []
        self.reads: list[Reads] = []
        self.terms = 0
        self.totals = 0
        self._known: dict[tuple[object, ...], int] = {}

    def tally(self, fold: code.Fold, inner: Frame, parent: IntColumn, frame: Frame, reads: Reads) -> code.Expr:
        """The fold, or a tally of it if it can have one.

        `inner` are the rows of its loop, `parent` the outside row of each, `reads` the slots that each reads.
        """
        counts = np.bincount(parent, minlength=frame.rows)
        worth = MANY_TERMS * frame.rows < len(parent) and counts.max() <= MOST_TERMS
        if fold.op not in ("sum", "count") or not worth or not _still(fold, reads):
            return fold
        columns: Columns = [*inner.layout.int_columns, *inner.layout.float_columns]
        return code.Tally(fold, frame.layout.position(self._totals(fold, columns, counts, reads)))

    @property
    def terms_of(self) -> Ints:
        """(totals + 1,) the first term of each total: they lie one after another."""
        total_of = np.concatenate([*(table.total_of for table in self.tables), np.zeros(0, np.int32)])
        return np.searchsorted(total_of, np.arange(self.totals + 1)).astype(np.int32)

    def _totals(self, fold: code.Fold, columns: Columns, counts: IntColumn, reads: Reads) -> IntColumn:
        """The number of the total of each outside row. Rows with the same terms, of any rule, have one together."""
        nested = any(isinstance(part, code.Fold) for part in code.parts(fold) if part is not fold)
        totals = np.zeros(len(counts), np.int64)
        rows: list[IntColumn] = []
        ends = np.cumsum(counts)
        for row, (end, count) in enumerate(zip(ends.tolist(), counts.tolist(), strict=True)):
            span = slice(end - count, end)
            # What a loop within the loop reads stands in no column of this one, so such rows are not compared.
            content = row if nested else tuple(column[span].tobytes() for column in columns)
            key = (fold.where, fold.body, count, content)
            if key not in self._known:
                self._known[key] = self.totals + len(rows)
                rows.append(np.arange(span.start, span.stop))
            totals[row] = self._known[key]
        if rows:
            self._add(fold, rows, reads)
        return totals

    def _add(self, fold: code.Fold, rows: list[IntColumn], reads: Reads) -> None:
        """Make a total for each of some sets of rows of a loop."""
        term = fold.body if fold.where is None else code.Choose(fold.where, fold.body, code.Num(0.0))
        all_rows = np.concatenate(rows)
        total_of = np.repeat(self.totals + np.arange(len(rows)), [len(of) for of in rows])
        self.tables.append(
            TallyTable(term, fold.loop.table, self.terms, all_rows.astype(np.int32), total_of.astype(np.int32))
        )
        self.reads.append(reads)
        self.terms += len(all_rows)
        self.totals += len(rows)


def _still(fold: code.Fold, reads: Reads) -> bool:
    """Whether its value stands still between events."""
    moving = (code.Now, code.Later, code.LocalValue, code.Draw, code.Pick)
    moves = reads.memory_rows or reads.speed_rows or any(isinstance(part, moving) for part in code.parts(fold))
    return not moves
