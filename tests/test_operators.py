"""There is one table of operators, and whatever computes with them knows each of them."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable
from random import Random
from typing import get_args, get_type_hints

import numpy as np
import pytest

from standoff.engine import prepare, reference_run, run
from standoff.engine.emit import LLVM
from standoff.engine.evaluate import PLAIN
from standoff.model import Model, code
from standoff.model.constants import NUMPY
from standoff.scenario import tree
from standoff.scenario.operators import BY_SYNTAX, OPERATIONS

OF_CONDITIONS = {"and", "or", "not"}
"""What the compiler does with jumps and the twin without evaluating both sides."""


def test_every_operator_is_computed_everywhere() -> None:
    assert set(NUMPY) == set(OPERATIONS)
    assert set(PLAIN) | OF_CONDITIONS == set(OPERATIONS)
    assert set(LLVM) | OF_CONDITIONS == set(OPERATIONS)


def test_trees_and_code_have_the_operators_of_the_table_and_no_others() -> None:
    for nodes in (tree, code):
        found = {
            symbol
            for node in (nodes.Unary, nodes.Binary)
            for symbol in get_args(get_type_hints(node, vars(nodes))["op"])
        }
        assert found == set(OPERATIONS), nodes.__name__


def test_operators_bind_as_in_python() -> None:
    infix = [operation for operation in BY_SYNTAX.values() if operation.operands == 2]
    for one in infix:
        for other in infix:
            body = ast.parse(f"a {one.symbol} b {other.symbol} c", mode="eval").body
            if isinstance(body, ast.Compare) and len(body.ops) > 1:
                assert (one.sides[1], other.sides[0]) > (one.binds, other.binds)  # a chain: brackets either way
                continue
            inner = body.left if isinstance(body, ast.BinOp | ast.Compare) else body.values[0]
            grouped_left = not isinstance(inner, ast.Name)
            if isinstance(body, ast.BoolOp) and len(body.values) == 3:
                continue  # one node of three: either way the same value
            assert grouped_left == (one.binds >= other.sides[0]), body


def test_a_remainder_is_exact_and_has_the_sign_of_its_divisor() -> None:
    luck = Random(5)
    for _ in range(3_000):
        x = luck.uniform(-1e6, 1e6) * 10 ** luck.randint(-6, 6)
        y = luck.uniform(-1e3, 1e3) * 10 ** luck.randint(-3, 3)
        assert PLAIN["%"](x, y) == x % y == float(NUMPY["%"](np.array([x]), np.array([y]))[0])
    assert math.isnan(PLAIN["%"](1.0, 0.0)) and PLAIN["%"](5.0, math.inf) == 5.0


@pytest.mark.parametrize(("x", "y"), [(-7.0, 0.5), (7.0, -0.5), (0.0, -2.0), (-0.0, 2.0), (6.0, 2.0), (0.0, -math.inf)])
def test_a_remainder_of_nothing_has_the_sign_of_its_divisor(x: float, y: float) -> None:
    rest = [PLAIN["%"](x, y), x % y, float(NUMPY["%"](np.array([x]), np.array([y]))[0])]
    assert [math.copysign(1.0, one) for one in rest if one == 0.0] == [math.copysign(1.0, y)] * 3


@pytest.mark.parametrize(("x", "y", "sign"), [(-7.0, 0.5, 1.0), (7.0, -0.5, -1.0)])
def test_compiled_code_gives_a_remainder_of_nothing_the_same_sign(
    x: float, y: float, sign: float, model_of: Callable[[str], Model]
) -> None:
    model = model_of(f"""
state: {{x: {{}}, y: {{}}, rest: {{}}}}
rules: {{divide: {{at: 2020-02-01, then: ["x = {x}", "y = {y}", "rest = x % y"]}}}}
questions: {{rest: {{ask: What is left?, number: rest, at: 2020-03-01}}}}
""")
    for made in (run(prepare(model), seed=1, run=0), reference_run(model, seed=1, run=0)):
        assert made.answers.tolist() == [0.0]
        assert math.copysign(1.0, float(made.answers[0])) == sign


SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 709.0, 710.0, -746.0, 1e308, 5e-324, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("symbol", sorted(set(OPERATIONS) - OF_CONDITIONS))
def test_fixed_facts_have_the_bits_of_the_twin(symbol: str) -> None:
    """What never changes is worked out for all rows at once by other code than what a run evaluates."""
    random = Random(6)
    count = OPERATIONS[symbol].operands
    cases = [tuple(random.uniform(-20, 20) for _ in range(count)) for _ in range(2_000)]
    cases += list(itertools.product(SPECIAL, repeat=count))
    with np.errstate(all="ignore"):
        together = np.asarray(NUMPY[symbol](*np.array(cases).T), dtype=np.float64)
    for numbers, value in zip(cases, together.tolist(), strict=True):
        alone = float(PLAIN[symbol](*numbers))
        assert value == alone or (math.isnan(value) and math.isnan(alone)), (numbers, value, alone)
        assert math.isnan(value) or math.copysign(1.0, value) == math.copysign(1.0, alone), numbers


def test_sines_and_remainders_lie_in_their_intervals() -> None:
    luck = Random(7)
    for _ in range(3_000):
        a, b = (sorted((luck.uniform(-20, 20), luck.uniform(-20, 20))) for _ in range(2))
        if luck.random() < 0.3:
            b = [abs(b[1]) + 0.1, abs(b[1]) + 5.0]
        for _ in range(4):
            x, y = luck.uniform(*a), luck.uniform(*b)
            low, high = OPERATIONS["%"].interval(tuple(a), tuple(b))
            assert low <= x % y <= high, (x, y, a, b)
            low, high = OPERATIONS["sin"].interval(tuple(a))
            assert low <= math.sin(x) <= high
    assert OPERATIONS["%"].interval((0.0, 400.0), (7.0, 7.0)) == (0.0, 7.0)


SEASONS = """\
actors: {blue: {}}
places: {ford: {attributes: {phase: 0.7}}, mill: {attributes: {phase: 10.2}}}
state: {raids: {of: place}, weekdays: {}, tired: {half_life: 20 days}}
rules:
  raid:
    for: {p: place}
    rate: 0.3 * (1 + sin(6.2832 * t / 50 + p.phase)) * (1 + sin(tired))
    then: ["raids[p] += 1", tired += 1]
  patrol: {when: "t % 7 < 5", rate: "0.4 + (raids[ford] % 3) / 10", then: [weekdays += 1]}
  fixed: {for: {p: place}, when: "p.phase % 2 > 0.5 and sin(p.phase) > 0", rate: 0.1, then: [weekdays += 0]}
questions:
  raids: {ask: a?, type: number, answer: "raids[ford] + raids[mill]", date: 2020-04-09}
  weekdays: {ask: a?, type: number, answer: weekdays, date: 2020-04-09}
"""


def test_seasons_run_alike_in_the_kernel_and_in_the_twin(model_of: Callable[[str], Model]) -> None:
    model = model_of(SEASONS)
    program = prepare(model)
    for seed in range(4):
        one, other = run(program, seed=seed, run=1), reference_run(model, seed=seed, run=1)
        assert np.array_equal(one.time, other.time) and np.array_equal(one.rule, other.rule)
        assert list(one.answers) == list(other.answers) and len(one.time) > 20
        names = [model.rules[model.rule_of[rule]].name for rule in one.rule]
        assert all(time % 7 < 5 for time, name in zip(one.time, names, strict=True) if name == "patrol")
        assert {"raid", "patrol", "fixed"} <= set(names)


@pytest.mark.parametrize("expression", ["n % 0", "'a' % 2", "n % km"])
def test_a_remainder_asks_for_what_a_difference_asks_for(
    expression: str, model_of: Callable[[str], Model]
) -> None:
    from standoff.errors import Faults

    with pytest.raises(Faults) as refused:
        model_of(
            "actors: {blue: {}}\nstate: {n: {unit: day}}\nparameters: {km: {prior: 3, unit: km}}\n"
            f'rules: {{r: {{when: "{expression} > 1", rate: 1, then: [n += 1]}}}}\n'
        )
    assert {fault.code for fault in refused.value.faults} <= {"SD304", "SD306", "SD312"}
