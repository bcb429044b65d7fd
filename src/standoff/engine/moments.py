"""Moments of a run: how it is made, packed for another process, and copied to be queried."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.engine.evaluate import Machine
from standoff.engine.orders import Played
from standoff.engine.state import Agenda, Events
from standoff.engine.trajectory import Sampler
from standoff.model import code

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RunSettings:
    """Which run a session makes, and how.

    `stream` names the random numbers it draws from, empty for the run's own. `record` keeps events, those of silent
    rules too with `all_events`; in a `frozen` run nothing but triggers and silent dated rules happens.
    """

    seed: int
    run: int
    stream: str
    sampler: Sampler
    parameters: Floats
    record: bool
    all_events: bool
    frozen: bool


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A session packed so that another process can resume it; not a storage format, only this version can read it.

    `fingerprint` is that of the program; `arrays` are what the state carries.
    """

    fingerprint: str
    settings: RunSettings
    day: float
    arrays: tuple[NDArray[np.generic], ...]
    agenda: Agenda
    calls: int
    played: Played
    events: Events
    series: Floats


class Snapshot:
    """The state of a session at one moment, as a copy that may be changed; expressions can be evaluated on it.

    `written` are the slots as last written, `when` is the day of that (both (slots,)), `day` the moment.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = copy(machine)
        self._machine.x, self._machine.last = machine.x.copy(), machine.last.copy()
        self.written, self.when = self._machine.x, self._machine.last

    @property
    def day(self) -> float:
        """The day of the moment."""
        return self._machine.t

    @day.setter
    def day(self, day: float) -> None:
        self._machine.t = day

    def value(self, expression: code.Expr, table: code.Table, row: int = 0) -> float:
        """The value of an expression for a row of its table."""
        return self._machine.value(expression, table, row)

    def differs(self, other: Snapshot) -> NDArray[np.bool_]:
        """The slots in which two states differ, as they are stored: (slots,)."""
        unlike: NDArray[np.bool_] = (self.written != other.written) | (self.when != other.when)
        return unlike
