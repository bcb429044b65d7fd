"""The structures that the kernel in C works on, field by field as `c/types.h` has them."""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

_NUMBERS: dict[type, Any] = {int: ctypes.c_int64, float: ctypes.c_double}

Kinds = dict[str, type]
"""What each field holds, in order: a number, or the address of an array of such numbers."""


def _fields(kinds: Kinds) -> list[tuple[str, Any]]:
    return [(name, _NUMBERS.get(kind, ctypes.c_void_p)) for name, kind in kinds.items()]


_byte_of: Any = ctypes.c_char.from_buffer


def address(array: NDArray[Any]) -> int:
    """Where the numbers of an array lie; raises TypeError where there are gaps between them."""
    if not array.flags.c_contiguous:
        raise TypeError("an array has gaps between its numbers")
    if array.size and array.flags.writeable:
        # Thrice as fast, and a run asks forty times.
        return int(ctypes.addressof(_byte_of(array)))
    return int(array.__array_interface__["data"][0])


class Tables(ctypes.Structure):
    """A structure of numbers and of addresses of arrays; whoever fills it keeps the arrays."""

    holds: ClassVar[Kinds]

    def fill(self, **given: object) -> None:
        """Set every field; raises TypeError for an array that is not what the kernel takes it for."""
        if given.keys() != self.holds.keys():
            raise TypeError(f"the kernel takes other tables than these: {sorted(given.keys() ^ self.holds.keys())}")
        for name, value in given.items():
            if isinstance(value, np.ndarray):
                if value.dtype.type is not self.holds[name]:
                    raise TypeError(f"{name} is an array of {value.dtype}, not of {self.holds[name].__name__}")
                value = address(value)
            setattr(self, name, value)


class WalkTables(Tables):
    """The tables of one sampler, the same for all runs."""

    holds: ClassVar[Kinds] = {
        # Who depends on what, and how it is evaluated.
        "slot_start": np.int32, "dep_rule": np.int32, "dep_start": np.int32, "dep_rows": np.int32,
        "dep_target": np.int32, "values": np.int64, "exacts": np.int64, "fires": np.int64,
        # The terms of tallies, and which of them read a slot.
        "tallies": np.int64, "tally_count": int, "tally_firsts": np.int32, "term_rows": np.int32,
        "total_of": np.int32, "terms_of": np.int32, "total_count": int, "tally_start": np.int32,
        "tally_of": np.int32, "tally_row_start": np.int32, "tally_rows": np.int32, "tally_terms": np.int32,
        # What the rules are.
        "kinds": np.int32, "firsts": np.int32, "bounded": np.bool_, "rule_of": np.int32, "memory_start": np.int32,
        "memory_slots": np.int32, "trigger_end": int,
        # Which guards time alone can turn.
        "mays": np.int64, "musts": np.int64, "turning": np.int32, "timely": np.bool_, "turn_count": int,
        "turn_rules": np.int32, "every_row": np.int32,
        # What is recorded.
        "grid": np.float64, "grid_count": int, "watches": np.int64, "watch_firsts": np.int64, "watch_sizes": np.int64,
        "watch_count": int, "columns": int, "answers": np.int64, "answer_count": int,
        # How the direct sampler sums, and how clocks stand in blocks.
        "leaf_of": np.int32, "member_start": np.int32, "member": np.int32, "chunk_of": np.int32,
        "block_start": np.int32, "chunk_start": np.int32, "spans": np.int32,
        "factors_start": np.int32, "factors": np.int32, "groups_start": np.int32, "groups": np.int32,
        "leaf_count": int, "group_count": int, "block_count": int, "chunk_count": int, "row_count": int,
        "clock_count": int, "top_count": int, "shift": int, "last_day": float,
    }  # fmt: skip
    _fields_ = _fields(holds)


class StateTables(Tables):
    """The arrays of one run, for as long as it lasts."""

    holds: ClassVar[Kinds] = {
        "context": np.int64, "out": np.float64, "touched": np.int64, "head": np.float64, "kept": np.float64,
        "x": np.float64, "last": np.float64, "decay": np.float64, "stream": np.uint64, "terms": np.float64,
        "totals": np.float64, "broken": np.int64, "leaves": np.float64, "factors": np.float64, "blocks": np.float64,
        "chunks": np.float64, "rows": np.float64, "keys": np.uint64, "proposals": np.int64,
        "left": np.float64, "since": np.float64, "times": np.float64, "soonest": np.float64, "tops": np.float64,
        "truth": np.bool_, "armed": np.bool_, "until": np.float64, "turns": np.float64, "turned": np.float64,
        "clock": np.float64, "counts": np.int64, "zeros": np.int64,
        "zero_count": int,
    }  # fmt: skip
    _fields_ = _fields(holds)


class StartTables(Tables):
    """How the runs of one sampler start."""

    holds: ClassVar[Kinds] = {
        "begin": np.float64, "slot_count": int, "parameters": np.int64, "parameter_count": int, "values": np.int64,
        "value_slots": np.int64, "value_lows": np.float64, "value_highs": np.float64, "value_count": int,
        "half_lives": np.int64, "fading_starts": np.int64, "fading_ends": np.int64, "fading_count": int,
        "weights": np.float64, "templates": np.int32, "row_start": np.int32, "rows": np.int32, "targets": np.int32,
        "segment_count": int,
    }  # fmt: skip
    _fields_ = _fields(holds)


class CallTables(Tables):
    """How far one call leads a run, and what it records."""

    holds: ClassVar[Kinds] = {
        "end": float, "days": np.float64, "dated": np.int64, "calls": np.int64, "dated_count": int,
        "series": np.float64, "event_time": np.float64, "event_rule": np.int32, "event_source": np.int32,
        "event_target": np.int32, "event_place": np.int32, "event_size": np.float64, "room": int, "silent": np.bool_,
        "asked": np.bool_, "frozen": int, "record": int, "limit": int,
    }  # fmt: skip
    _fields_ = _fields(holds)
