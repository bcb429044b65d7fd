"""The rows that a rule's code is laid out for: which entity each variable is in each row, and the operands."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standoff.model.code import Drift, Fact, Global, Num, Slot, Table

IntColumn = NDArray[np.int64]
FloatColumn = NDArray[np.float64]


class Operands:
    """The integer and float arrays of a model while they grow; tables are laid one after another."""

    def __init__(self) -> None:
        self._ints: list[NDArray[np.int32]] = []
        self._floats: list[FloatColumn] = []
        self.int_size = 0
        self.float_size = 0

    def add_ints(self, values: NDArray[np.int64] | NDArray[np.int32]) -> int:
        """Append integers and return where they start."""
        start = self.int_size
        self._ints.append(np.ascontiguousarray(values, dtype=np.int32).ravel())
        self.int_size += values.size
        return start

    def add_floats(self, values: FloatColumn) -> int:
        """Append floats and return where they start."""
        start = self.float_size
        self._floats.append(np.ascontiguousarray(values, dtype=np.float64).ravel())
        self.float_size += values.size
        return start

    def ints(self) -> NDArray[np.int32]:
        """All integers so far."""
        return np.concatenate([*self._ints, np.zeros(1, np.int32)])

    def floats(self) -> FloatColumn:
        """All floats so far."""
        return np.concatenate([*self._floats, np.zeros(1)])


@dataclass
class Reads:
    """Which slots each ground rule reads: pairs (row, slot); the same for memories alone, and for the speeds of what it
    reads that drifts.
    """

    rows: list[IntColumn] = field(default_factory=list)
    slots: list[IntColumn] = field(default_factory=list)
    memory_rows: list[IntColumn] = field(default_factory=list)
    memory_slots: list[IntColumn] = field(default_factory=list)
    speed_rows: list[IntColumn] = field(default_factory=list)
    speed_slots: list[IntColumn] = field(default_factory=list)

    def add(self, rows: IntColumn, slots: IntColumn, memory: bool, drift: Drift | None = None) -> None:
        """Note that the ground rules `rows` read `slots`, pairwise."""
        self.rows.append(rows)
        self.slots.append(slots)
        if memory:
            self.memory_rows.append(rows)
            self.memory_slots.append(slots)
        if drift is not None:
            self.speed_rows.append(rows)
            self.speed_slots.append(slots + drift.speed)

    def add_all(self, others: Reads, root: IntColumn) -> None:
        """Note what the rows of a loop read; `root` is the ground rule that each belongs to."""
        self.rows += [root[rows] for rows in others.rows]
        self.slots += others.slots
        self.memory_rows += [root[rows] for rows in others.memory_rows]
        self.memory_slots += others.memory_slots
        self.speed_rows += [root[rows] for rows in others.speed_rows]
        self.speed_slots += others.speed_slots


@dataclass
class Layout:
    """The operand columns of one table while its code is made; equal columns are stored once."""

    rows: int
    int_columns: list[IntColumn] = field(default_factory=list)
    float_columns: list[FloatColumn] = field(default_factory=list)
    _seen: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def fact(self, column: FloatColumn) -> Num | Fact:
        """A float that varies by row, or a literal if it does not."""
        if self.rows and bool(np.all(column == column[0])):
            return Num(float(column[0]))
        key = ("f", column.tobytes())
        if key not in self._seen:
            self._seen[key] = len(self.float_columns)
            self.float_columns.append(column)
        return Fact(self._seen[key])

    def position(self, column: IntColumn) -> int:
        """The operand that holds a position that varies by row."""
        key = ("i", column.tobytes())
        if key not in self._seen:
            self._seen[key] = len(self.int_columns)
            self.int_columns.append(column)
        return self._seen[key]

    def slot(self, column: IntColumn, memory: bool, drift: Drift | None = None) -> Global | Slot:
        """A state slot, direct if it is the same in all rows."""
        if self.rows and bool(np.all(column == column[0])):
            return Global(int(column[0]), memory, drift)
        return Slot(self.position(column), memory, drift)

    def store(self, operands: Operands) -> Table:
        """Write the columns into the model's arrays, row by row."""
        ints = np.stack(self.int_columns, axis=1) if self.int_columns else np.zeros((self.rows, 0), np.int64)
        floats = np.stack(self.float_columns, axis=1) if self.float_columns else np.zeros((self.rows, 0))
        return Table(
            rows=self.rows,
            int_start=operands.add_ints(ints),
            ints=ints.shape[1],
            float_start=operands.add_floats(floats),
            floats=floats.shape[1],
        )


@dataclass
class Frame:
    """What code is made for: a layout, the entity of each variable per row, and the ground rule each row belongs to.

    `between` says that the code is run between firings only, when all that the kernel keeps is up to date.
    """

    layout: Layout
    columns: dict[str, IntColumn]
    root: IntColumn
    locals: dict[str, int]
    reads: Reads | None
    between: bool = False

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.layout.rows


def filtered(columns: dict[str, IntColumn], keep: NDArray[np.bool_]) -> dict[str, IntColumn]:
    """The rows of all columns that are kept."""
    return {name: column[keep] for name, column in columns.items()}
