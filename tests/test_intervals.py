"""Interval arithmetic: exact answers, and the law that a result lies in the interval of its arguments' intervals."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standoff import intervals
from standoff.intervals import Interval

INFINITE = math.inf
NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@st.composite
def interval_and_member(draw: st.DrawFn) -> tuple[Interval, float]:
    low, value, high = sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)))
    if draw(st.integers(0, 9)) == 0:
        low = -INFINITE
    if draw(st.integers(0, 9)) == 0:
        high = INFINITE
    return (low, high), value


BINARY: list[tuple[Callable[[Interval, Interval], Interval], Callable[[float, float], float]]] = [
    (intervals.add, lambda x, y: x + y),
    (intervals.subtract, lambda x, y: x - y),
    (intervals.multiply, lambda x, y: x * y),
    (intervals.divide, lambda x, y: x / y if y else 0.0),
    (intervals.minimum, min),
    (intervals.maximum, max),
]

def exponential(x: float) -> float:
    """The exponential, infinite where it is too large for a number."""
    try:
        return math.exp(x)
    except OverflowError:
        return INFINITE


UNARY: list[tuple[Callable[[Interval], Interval], Callable[[float], float]]] = [
    (intervals.negate, lambda x: -x),
    (intervals.absolute, abs),
    (intervals.exponential, exponential),
    (intervals.logarithm, lambda x: math.log(x) if x > 0 else -INFINITE),
    (intervals.root, lambda x: math.sqrt(x) if x >= 0 else 0.0),
    (intervals.logistic, lambda x: 1 / (1 + exponential(-x))),
    (intervals.floor, lambda x: float(math.floor(x))),
]


@pytest.mark.parametrize(("on_intervals", "on_numbers"), BINARY, ids=[f.__name__ for f, _ in BINARY])
@given(a=interval_and_member(), b=interval_and_member())
def test_a_result_of_two_numbers_lies_in_the_result_of_their_intervals(
    on_intervals: Callable[[Interval, Interval], Interval],
    on_numbers: Callable[[float, float], float],
    a: tuple[Interval, float],
    b: tuple[Interval, float],
) -> None:
    assert intervals.contains(on_intervals(a[0], b[0]), on_numbers(a[1], b[1]))


@pytest.mark.parametrize(("on_intervals", "on_numbers"), UNARY, ids=[f.__name__ for f, _ in UNARY])
@given(a=interval_and_member())
def test_a_result_of_one_number_lies_in_the_result_of_its_interval(
    on_intervals: Callable[[Interval], Interval], on_numbers: Callable[[float], float], a: tuple[Interval, float]
) -> None:
    assert intervals.contains(on_intervals(a[0]), on_numbers(a[1]))


@given(a=interval_and_member(), b=interval_and_member(), whole=st.integers(-4, 4))
def test_a_power_lies_in_the_power_of_its_intervals(
    a: tuple[Interval, float], b: tuple[Interval, float], whole: int
) -> None:
    # Python refuses what overflows; the bounds are infinite there.
    assume(a[1] == 0 or abs(a[1]) > 1e-6)
    if a[1] != 0 or whole >= 0:
        assert intervals.contains(intervals.power(a[0], (whole, whole)), math.pow(a[1], whole))
    (low, high), y = b
    shrunk, y = (low / 1e5, high / 1e5), y / 1e5
    if a[1] > 0:
        assert intervals.contains(intervals.power(a[0], shrunk), math.pow(a[1], y))


@given(a=interval_and_member(), b=interval_and_member())
def test_a_comparison_of_numbers_lies_in_the_comparison_of_their_intervals(
    a: tuple[Interval, float], b: tuple[Interval, float]
) -> None:
    x, y = a[1], b[1]
    for op, held in (("<", x < y), ("<=", x <= y), (">", x > y), (">=", x >= y), ("==", x == y), ("!=", x != y)):
        assert intervals.contains(intervals.compare(op, a[0], b[0]), float(held))  # type: ignore[arg-type]


def test_sums_differences_and_products_are_exact_at_the_ends() -> None:
    assert intervals.add((1, 2), (10, 20)) == (11, 22)
    assert intervals.subtract((1, 2), (10, 20)) == (-19, -8)
    assert intervals.multiply((-2, 3), (-5, 7)) == (-15, 21)
    assert intervals.divide((1, 6), (2, 3)) == (1 / 3, 3)


def test_zero_times_unbounded_is_zero() -> None:
    assert intervals.multiply((0, 0), (-INFINITE, INFINITE)) == (0, 0)
    assert intervals.multiply((0, 2), (0, INFINITE)) == (0, INFINITE)


@pytest.mark.parametrize("divisor", [(0, 0), (-1, 1), (0, 3), (-3, 0)])
def test_division_by_what_can_be_zero_gives_all_of_the_line(divisor: Interval) -> None:
    assert intervals.divide((1, 2), divisor) == intervals.EVERYTHING


def test_an_even_power_is_never_negative_and_reaches_zero_inside() -> None:
    low, high = intervals.power((-2, 3), (2, 2))
    assert low == 0
    assert high == pytest.approx(9)


def test_a_broken_power_of_a_negative_number_gives_all_of_the_line() -> None:
    assert intervals.power((-1, 1), (0.5, 0.5)) == intervals.EVERYTHING


def test_unbounded_stays_unbounded_without_becoming_nan() -> None:
    everything = intervals.EVERYTHING
    assert intervals.add(everything, everything) == everything
    assert intervals.subtract((0, INFINITE), (0, INFINITE)) == everything
    assert intervals.divide((1, INFINITE), (1, INFINITE)) == (0, INFINITE)
    assert intervals.exponential(everything) == (0, INFINITE)
    assert intervals.logistic(everything) == (0, 1)
    assert intervals.floor(everything) == everything


@pytest.mark.parametrize(
    ("op", "a", "b", "answer"),
    [
        ("<", (0, 1), (2, 3), intervals.TRUE),
        ("<", (2, 3), (0, 2), intervals.FALSE),
        ("<", (0, 2), (1, 3), intervals.UNSURE),
        ("<=", (0, 2), (2, 3), intervals.TRUE),
        (">", (0, 2), (2, 3), intervals.FALSE),
        (">=", (2, 3), (0, 2), intervals.TRUE),
        ("==", (2, 2), (2, 2), intervals.TRUE),
        ("==", (0, 1), (2, 3), intervals.FALSE),
        ("!=", (0, 1), (2, 3), intervals.TRUE),
        ("!=", (0, 2), (1, 3), intervals.UNSURE),
    ],
)
def test_a_comparison_is_sure_only_where_the_intervals_leave_no_choice(
    op: str, a: Interval, b: Interval, answer: Interval
) -> None:
    assert intervals.compare(op, a, b) == answer  # type: ignore[arg-type]
