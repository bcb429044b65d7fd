"""Expressions and effects of a ground rule, with names replaced by positions in tables.

All ground rules of one lifted rule share their code and differ by a row of operands. A row holds
integers (positions of state slots) and floats (fixed facts: attributes, distances, entity numbers).
Code inside a loop (a sum, a for-each) reads the rows of the loop's own table, which repeat what the
loop needs of the row outside; so code never needs more than one row at a time.

Numbers, truths (0 or 1), entities (position in their kind, -1 for none) and levels (position) are
all floats. Nothing here imports NumPy or LLVM: the engine compiles this, its twin interprets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Table:
    """Where the operands of a set of rows lie: row r has ints[int_start + r * ints .. ] and likewise floats."""

    rows: int
    int_start: int
    ints: int
    float_start: int
    floats: int


@dataclass(frozen=True, slots=True)
class Loop:
    """The rows of `table` that belong to row r outside: ints[range_start + r] up to ints[range_start + r + 1]."""

    table: Table
    range_start: int


@dataclass(frozen=True, slots=True)
class Num:
    """A literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A float operand of the row."""

    operand: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How a slot moves between writes: by what the slot `speed` places on holds, each day, from `low` to `high`."""

    speed: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Global:
    """One state slot, the same for every row; a memory decays to now, what has a drift moves to now."""

    slot: int
    memory: bool
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """The state slot that an integer operand of the row points at; a memory decays to now."""

    operand: int
    memory: bool
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value found by indices that are known only while running: `force[holder[q], q]`.

    The position is the integer operand plus the sum of index x stride; if any index is below 0 (none)
    the value is `nothing`. `space` says whether it lies among the state slots or among the fixed floats.
    """

    space: Literal["state", "fixed"]
    operand: int
    indices: tuple[tuple[Expr, int], ...]
    memory: bool
    nothing: float
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """Days since the start."""


@dataclass(frozen=True, slots=True)
class Later:
    """What it comes to at the end of the span that is looked at, if nothing happens until then: see `spans.py`."""

    of: Expr


@dataclass(frozen=True, slots=True)
class LocalValue:
    """The value that an earlier statement of the rule put in this place."""

    position: int


@dataclass(frozen=True, slots=True)
class Unary:
    """A function of one value."""

    op: Literal["neg", "not", "abs", "exp", "log", "sqrt", "logistic", "floor", "sin"]
    of: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two values; `and` and `or` leave the right side out when the left decides."""

    op: Literal["+", "-", "*", "/", "%", "**", "min", "max", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Choose:
    """`then` if `condition` else `otherwise`; only the chosen side is evaluated."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Fold:
    """Sum, count, min, max, any or all of `body` over a loop's rows that pass `where`, in order."""

    op: Literal["sum", "count", "min", "max", "any", "all"]
    loop: Loop
    where: Expr | None
    body: Expr


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum or count whose value the kernel keeps up to date; the integer operand says where: see `tallies.py`."""

    fold: Fold
    operand: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A random number from the run's stream."""

    kind: Literal["poisson", "binomial", "exponential", "uniform", "chance"]
    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A random row of a loop, uniform or by weight; its value is `value` there, -1 if no row passes."""

    loop: Loop
    where: Expr | None
    weight: Expr | None
    value: Expr


Read = Global | Slot | Lookup
Expr = Num | Fact | Read | Now | Later | LocalValue | Unary | Binary | Choose | Fold | Tally | Draw | Pick


@dataclass(frozen=True, slots=True)
class Write:
    """A change of one slot; a result outside low..high, infinite or not a number, stops the run."""

    target: Global | Slot | Lookup
    op: Literal["=", "+=", "-=", "*="]
    value: Expr
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Let:
    """Put a value in a local place."""

    position: int
    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    """Statements under a condition."""

    condition: Expr
    then: tuple[Effect, ...]
    otherwise: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """Statements for each row of a loop that passes `where`, in order."""

    loop: Loop
    where: Expr | None
    do: tuple[Effect, ...]


MOST_CHANCE = 1.0 + 1e-9
"""More than this the probabilities of a chance may not sum to: 1, and what rounding adds."""


@dataclass(frozen=True, slots=True)
class Chance:
    """At most one of several branches, chosen by one uniform number against the running sum of probabilities."""

    branches: tuple[tuple[Expr, tuple[Effect, ...]], ...]
    otherwise: tuple[Effect, ...]


Effect = Write | Let | If | ForEach | Chance


def parts(code: Expr) -> Iterator[Expr]:
    """Every expression in `code`, itself first."""
    yield code
    for part in _below(code):
        yield from parts(part)


def _below(code: Expr) -> tuple[Expr, ...]:
    """The expressions that one is made of."""
    below: tuple[Expr | None, ...] = ()
    match code:
        case Lookup(indices=indices):
            below = tuple(index for index, _ in indices)
        case Unary(of=x) | Later(of=x):
            below = (x,)
        case Binary(left=a, right=b):
            below = (a, b)
        case Choose(condition=c, then=a, otherwise=b):
            below = (c, a, b)
        case Fold(where=w, body=b):
            below = (w, b)
        case Tally(fold=fold):
            below = (fold,)
        case Draw(of=of):
            below = of
        case Pick(where=w, weight=weight, value=value):
            below = (w, weight, value)
    return tuple(part for part in below if part is not None)


def performed(effects: Iterable[Effect]) -> Iterator[Effect]:
    """Every effect at any depth, each before those within it."""
    for effect in effects:
        yield effect
        match effect:
            case If(then=then, otherwise=otherwise):
                yield from performed((*then, *otherwise))
            case ForEach(do=do):
                yield from performed(do)
            case Chance(branches=branches, otherwise=otherwise):
                for _, do in branches:
                    yield from performed(do)
                yield from performed(otherwise)


def evaluated(effect: Effect) -> tuple[Expr, ...]:
    """The expressions that an effect evaluates itself, without the effects within it."""
    match effect:
        case Write(target=target, value=value):
            return (target, value)
        case Let(value=value):
            return (value,)
        case If(condition=condition):
            return (condition,)
        case ForEach(where=where):
            return () if where is None else (where,)
        case Chance(branches=branches):
            return tuple(probability for probability, _ in branches)


def reads(code: Expr, slot: int) -> bool:
    """Whether it reads a slot that is the same in all rows, such as a parameter's."""
    return any(isinstance(part, Global) and part.slot == slot for part in parts(code))


def timely(code: Expr) -> bool:
    """Whether it reads the time."""
    return any(isinstance(part, Now) for part in parts(code))


def costly(code: Expr) -> bool:
    """Whether needless evaluation costs time or random numbers: it draws, loops or calls a library function."""
    match code:
        case Tally():
            return False
        case Fold() | Draw() | Pick() | Unary(op="exp" | "log" | "logistic" | "sin") | Binary(op="%" | "**"):
            return True
        case Global(memory=True) | Slot(memory=True) | Lookup(memory=True):
            return True
    return any(costly(part) for part in _below(code))
