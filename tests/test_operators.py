"""There is one table of operators, and whatever computes with them knows each of them."""

from __future__ import annotations

import ast
from typing import get_args, get_type_hints

from standoff.engine.emit import LLVM
from standoff.engine.evaluate import PLAIN
from standoff.model import code
from standoff.model.facts import NUMPY
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
