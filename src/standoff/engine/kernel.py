"""The event loop, a library in C for all scenarios; `reference.py` says the same in plain Python.

It is built from `c/` with the wheel (`hatch_build.py`), for every system that it runs on: it needs nothing of a
system, not even its C library, whose functions it is given. Calls of it let go of Python's lock.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.engine import library
from standoff.engine.structures import CallTables, StartTables, StateTables, WalkTables, address
from standoff.errors import UsageError
from standoff.model import Dependents

DONE, NEEDS_SPACE, PAUSED, IMPOSSIBLE, DECLINED, ASKS = range(6)
T, TOTAL, PEAK, VALUE, PENDING, TURN = range(6)
FIRED, REJECTED, ARMED, NEXT_GRID, NEXT_TIMED, SINCE, INSTANT, EVENTS, FAULT_RULE, ASKED, NONE_BELOW, TURNED = range(12)
RATE, TRIGGER, TIMED, FACTOR = range(4)
KEY, COUNTER, SPARE, HAS_SPARE, BROKEN = range(5)
FIRST, EACH, FACTORS, SPAN = range(4)
CHUNK = 4
"""A chunk is four numbers: its factor, the sum of its leaves, its weight, the largest sum since it was made anew."""

DRAWS = {"uniform": 0, "exponential": 1, "poisson": 1, "binomial": 2, "between": 2, "chance": 1}
"""What effects may draw, and of how many numbers."""

LIBRARIES = Path(__file__).parent / "libraries"
_ENDINGS = {"linux": "so", "darwin": "dylib"}
_PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}


def library_path() -> Path:
    """Where the library for this machine lies."""
    processor = platform.machine().lower()
    return LIBRARIES / f"{sys.platform}-{_PROCESSORS.get(processor, processor)}.{_ENDINGS.get(sys.platform, 'so')}"


def _load() -> Any:
    path = library_path()
    if not path.exists():
        built = ", ".join(sorted(other.stem for other in LIBRARIES.glob("*.*")))
        cure = f"standoff runs on {built}" if built else "in a checkout, `make setup` builds it"
        raise UsageError(f"the engine's library for {path.stem} is not there: {cure}")
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as refused:
        raise UsageError(f"the engine's library cannot be loaded: {refused}") from None
    walk, state, call, start = map(ctypes.sizeof, (WalkTables, StateTables, CallTables, StartTables))
    loaded.standoff_sizes.restype = ctypes.c_int64
    if loaded.standoff_sizes() != 8 * CHUNK << 48 | walk << 36 | state << 24 | call << 12 | start:
        raise UsageError(f"{path} is of another version of standoff: in a checkout, `make setup` builds it anew")
    return loaded


_library = _load()


def use_clock(at: int) -> None:
    """Let the kernel look at the function at an address for the second that it is."""
    mathematics = library.addresses()
    used = mathematics["standoff_exp"], mathematics["standoff_log"], at
    _library.standoff_use.restype = None
    _library.standoff_use(*map(ctypes.c_void_p, used))


use_clock(library.clock_address())


def _function(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_library, f"standoff_{name}")
    function.restype, function.argtypes = result, arguments
    return function


_POINTER, _LONG, _DOUBLE = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
_WALK, _STATE, _CALL = ctypes.POINTER(WalkTables), ctypes.POINTER(StateTables), ctypes.POINTER(CallTables)
_advance_direct = _function("advance_direct", _LONG, _WALK, _STATE, _CALL)
_advance_coupled = _function("advance_coupled", _LONG, _WALK, _STATE, _CALL)
_advance_direct_played = _function("advance_direct_played", _LONG, _WALK, _STATE, _CALL)
_advance_coupled_played = _function("advance_coupled_played", _LONG, _WALK, _STATE, _CALL)
_look = _function("look", _LONG, _WALK, _STATE, _DOUBLE, *[_POINTER] * 4, *[_LONG] * 3)
_tally = _function("tally", None, _WALK, _STATE, _DOUBLE)
_record = _function("record", ctypes.c_bool, _WALK, _STATE, _DOUBLE, _POINTER, _POINTER)
_rebuild = _function("rebuild", _DOUBLE, _WALK, _STATE)
_start = _function("start", _LONG, _WALK, _STATE, ctypes.POINTER(StartTables), _POINTER, ctypes.c_uint64, _LONG)
_answers = _function("answers", _LONG, _WALK, _STATE, _DOUBLE, _POINTER)
_watch = _function("watch", None, _WALK, _STATE, _DOUBLE, _POINTER)
_guards = _function("guards", None, _WALK, _STATE, _DOUBLE, _POINTER, _POINTER, _LONG, _POINTER)
_start_clocks = _function("start_clocks", None, _WALK, _STATE, _DOUBLE)
_draw_keys = _function("draw_keys", None, ctypes.c_uint64, _POINTER, _POINTER, _LONG)


def advance(walk: WalkTables, state: StateTables, call: CallTables) -> int:
    """Run as far as a call says; why it came back is told in `c/kernel.c`."""
    if call.asked:
        return int((_advance_coupled_played if state.keys else _advance_direct_played)(walk, state, call))
    return int((_advance_coupled if state.keys else _advance_direct)(walk, state, call))


def start(
    walk: WalkTables, state: StateTables, how: StartTables, parameters: NDArray[np.float64], key: int, *, frozen: bool
) -> int:
    """Bring a run to its start; 0, a fault's number, or IMPOSSIBLE for a starting value. Keys of clocks are set."""
    if parameters.shape != (how.parameter_count,) or parameters.dtype.type is not np.float64:
        raise ValueError(f"these are no {how.parameter_count} parameters")
    return int(_start(walk, state, how, address(parameters), key, frozen))


def answers(walk: WalkTables, state: StateTables, day: float) -> tuple[NDArray[np.float64], bool]:
    """The answers to all questions as they are now; whether all are finite."""
    values = np.empty(walk.answer_count)
    finite = _answers(walk, state, day, address(values))
    return values, bool(finite)


def watch(walk: WalkTables, state: StateTables, day: float) -> NDArray[np.float64]:
    """All watches as they are now: (columns,)."""
    values = np.empty(walk.columns)
    _watch(walk, state, day, address(values))
    return values


def guards(
    walk: WalkTables, state: StateTables, day: float, rules: NDArray[np.int64], sizes: NDArray[np.int64],
    values: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write the guards of all ground rules of some rules into their places; `sizes`: how many each rule has."""
    _guards(walk, state, day, address(rules), address(sizes), len(rules), address(values))


def look(
    walk: WalkTables, state: StateTables, parts: Dependents, first: int, last: int, day: float, *, frozen: bool
) -> int:
    """Evaluate some segments of rows as they are now; 0 or a fault. Clocks and sums are the caller's."""
    tables = (address(array) for array in (parts.template, parts.row_start, parts.rows, parts.target))
    return int(_look(walk, state, day, *tables, first, last, frozen))


def tally(walk: WalkTables, state: StateTables, day: float) -> None:
    """Make all tallies anew from the state as it is now."""
    _tally(walk, state, day)


def record(
    walk: WalkTables, state: StateTables, upto: float, series: NDArray[np.float64], counts: NDArray[np.int64]
) -> bool:
    """Write the watches up to a day, with it, into `series`; False if a second of the clock was over before."""
    return bool(_record(walk, state, upto, address(series), address(counts)))


def rebuild(walk: WalkTables, state: StateTables) -> float:
    """Make all sums anew from the rates as they are now; the total."""
    return float(_rebuild(walk, state))


def start_clocks(walk: WalkTables, state: StateTables, day: float) -> None:
    """Set when every clock rings; one with less than nothing left draws its first unit exponential."""
    _start_clocks(walk, state, day)


def draw_keys(key: int, names: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """As clocks.clock_keys, for one stream's key."""
    keys = np.empty_like(names)
    _draw_keys(key, address(names), address(keys), len(names))
    return keys


def kernel_sources() -> str:
    """The digest of the files in C that the library was built from."""
    return bytes((ctypes.c_char * 64).in_dll(_library, "standoff_sources")).decode("ascii")


def draw_addresses() -> dict[str, int]:
    """Where the draws lie in this process, by the name that compiled code calls them."""
    names = [f"standoff_{name}" for name in DRAWS]
    return {name: int(ctypes.cast(getattr(_library, name), ctypes.c_void_p).value or 0) for name in names}
