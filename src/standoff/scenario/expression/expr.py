"""Expressions: from an author's text to the tree in which every name has found what it means.

Python's parser gives the syntax and nothing is ever run: each form of the language is taken over one by
one, and everything else is refused at its place. All mistakes of an expression are told at once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar, cast

from standoff.errors import Fault, Faults
from standoff.scenario.expression import calls, terms
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.names import Scope, describe, stance_meant
from standoff.scenario.expression.syntax import Passage, Syntax, read_syntax, together
from standoff.scenario.operators import BY_SYNTAX
from standoff.scenario.tree import (
    Binary,
    Choose,
    Constant,
    Domain,
    Node,
    Number,
    Operator,
    Text,
    Truth,
    Type,
    Unary,
    children,
)
from standoff.scenario.walks import reads
from standoff.units import Unit

MAXIMUM_HEIGHT = 200
"""Levels of one expression after its defines are put in."""

Result = TypeVar("Result", Node, Domain)

NUMBER, TRUTH, TEXT = Number(), Truth(), Text()

_INSTEAD: dict[type[ast.AST], str] = {
    ast.FloorDiv: "write floor(a / b)",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.BitXor: "powers are written **",
    ast.Invert: "write 'not'",
    ast.UAdd: "leave the + out",
    ast.Is: "write ==",
    ast.IsNot: "write !=",
    ast.Lambda: "give it a name under define:",
    ast.NamedExpr: "give values names in then:, on a line of their own",
    ast.List: "name the set under groups:",
    ast.Set: "name the set under groups:",
    ast.Tuple: "give one value only; join several conditions with 'and'",
    ast.ListComp: "write sum(E for q in D if C), or any, all, min, max, count",
    ast.SetComp: "write sum(E for q in D if C), or any, all, min, max, count",
    ast.GeneratorExp: "write sum(E for q in D if C), or any, all, min, max, count",
    ast.JoinedStr: "put texts in quotes: 'town'",
    ast.Slice: "an index is one entity; for several, write sum(… for q in D)",
}
_FORMS = "numbers, names, + - * / % **, comparisons, and or not, a if c else b, and the language's functions"


def parse(words: str, scope: Scope, *, expect: Type | None = None) -> Node:
    """The resolved tree of an expression; raises Faults with everything that is wrong in it.

    `expect` is the type the value is needed in: it tells levels of the same name apart, and is checked.
    """
    return read(Passage.whole(words), scope, expect=expect)


def read(passage: Passage, scope: Scope, *, expect: Type | None = None) -> Node:
    """`parse` for a stretch of an author's words."""
    reader = Reader(_syntax(passage), scope)
    body = reader.syntax.body
    return reader.limited(lambda: reader.node(body) if expect is None else reader.expecting(body, expect))


def read_domain(words: str, scope: Scope) -> Domain:
    """What a variable ranges over: a kind, a group, or the partners of an entity in a relation."""
    reader = Reader(_syntax(Passage.whole(words)), scope)
    return reader.limited(lambda: calls.domain(reader, reader.syntax.body))


def _syntax(passage: Passage) -> Syntax:
    try:
        return read_syntax(passage)
    except Fault as fault:
        raise Faults((fault,)) from None


@dataclass(slots=True)
class Reader:
    """Reads the parts of one expression in one scope; `parts` counts what defines have put in."""

    syntax: Syntax
    scope: Scope
    parts: list[int] = field(default_factory=lambda: [0])

    def inside(self, scope: Scope) -> Reader:
        """A reader of the same expression in a narrower scope."""
        return Reader(self.syntax, scope, self.parts)

    def text(self, tree: ast.AST) -> str:
        """The author's words for a part, shortened for a message."""
        start, end = self.syntax.span(tree)
        words = " ".join(self.syntax.passage.text[start:end].split())
        return words if len(words) <= 60 else words[:59] + "…"

    def shown(self, tree: ast.AST) -> str:
        """The author's words for a part, in quotes where they have none of their own."""
        words = self.text(tree)
        return words if words[:1] in ("'", '"') else f"'{words}'"

    def fail(
        self, code: str, tree: ast.AST, found: str, *, expected: str | None = None, hint: str | None = None
    ) -> Faults:
        """A fault at a part of the expression, ready to raise."""
        span = self.syntax.span(tree)
        return Faults((self.syntax.passage.fault(code, found, span=span, expected=expected, hint=hint),))

    def outside(self, tree: ast.AST, operator: ast.AST | None = None) -> Faults:
        """The refusal of a form that the language does not have."""
        hint = _INSTEAD.get(type(operator or tree))
        return self.fail("SD302", tree, f"{self.shown(tree)} is outside the language", hint=hint, expected=_FORMS)

    def limited(self, read_it: Callable[[], Result]) -> Result:
        """What is read, refused if defines made it too large for anybody."""
        try:
            found = read_it()
        except RecursionError:
            told = "this is nested too deeply once its defines are expanded"
            raise self.fail("SD302", self.syntax.body, told) from None
        node = found.of if isinstance(found, Domain) else found
        pending, deepest = [(node, 1)] if node is not None else [], 0
        while pending:
            part, height = pending.pop()
            deepest = max(deepest, height)
            pending.extend((below, height + 1) for below in children(part))
        if deepest > MAXIMUM_HEIGHT:
            told = f"this grows to more than {MAXIMUM_HEIGHT} levels once its defines are expanded"
            raise self.fail("SD302", self.syntax.body, told)
        return found

    # -- any form ------------------------------------------------------------------------------------------------

    def node(self, tree: ast.expr, expect: Type | None = None) -> Node:
        """The resolved node of a part; `expect` only helps to find what a word means."""
        match tree:
            case ast.Constant():
                return terms.literal(self, tree, expect)
            case ast.Name():
                return terms.name(self, tree, expect)
            case ast.UnaryOp():
                return self._unary(tree)
            case ast.BinOp():
                return self._arithmetic(tree)
            case ast.BoolOp():
                return self._logic(tree)
            case ast.Compare():
                return self._comparison(tree)
            case ast.IfExp():
                return self._choose(tree, expect)
            case ast.Attribute():
                return terms.attribute(self, tree)
            case ast.Subscript():
                return terms.state(self, tree)
            case ast.Call():
                return calls.call(self, tree)
        raise self.outside(tree)

    def expecting(self, tree: ast.expr, wanted: Type) -> Node:
        """The node of a part that must have a type."""
        node = self.node(tree, wanted)
        if node.type != wanted:
            hint = None
            if isinstance(wanted, Truth) and isinstance(node.type, Number):
                hint = f"compare it: {self.text(tree)} > 0"
            elif isinstance(wanted, Number) and isinstance(node.type, Truth):
                hint = "write '1 if … else 0' for a number, or count(q for q in D if …)"
            elif isinstance(node.type, Text):
                hint = "names of entities and levels are written without quotes; a text can only be compared"
            found = f"{self.shown(tree)} is {describe(node.type)}"
            raise self.fail("SD304", tree, found, expected=f"expected {describe(wanted)}", hint=hint)
        return node

    def alike(self, trees: list[ast.expr], expect: Type | None = None) -> list[Node]:
        """The nodes of parts that must have one type; words that need a type take it from the others."""
        known: dict[ast.expr, Node] = {}
        faults: list[Fault] = []
        failed = False
        for tree in sorted(trees, key=self._needs_type):
            if failed and expect is None and self._needs_type(tree):
                # It would have taken its type from one that could not be read.
                continue
            try:
                known[tree] = self.node(tree, expect)
                expect = expect or known[tree].type
            except Faults as found:
                faults.extend(found.faults)
                failed = True
        if failed:
            raise Faults(faults)
        nodes = [known[tree] for tree in trees]
        for tree, node in zip(trees[1:], nodes[1:], strict=True):
            if node.type != nodes[0].type:
                first = f"{self.shown(trees[0])} is {describe(nodes[0].type)}"
                hint = "names are written without quotes" if TEXT in (node.type, nodes[0].type) else None
                hint = stance_meant(self.scope, nodes[0], node) or hint
                told = f"{first}, but {self.shown(tree)} is {describe(node.type)}"
                raise self.fail("SD304", tree, told, hint=hint)
        return nodes

    def same_unit(self, tree: ast.expr, left: Node, right: Node) -> Unit | None:
        """The common unit of two values; a Fault if both have one and they differ."""
        if left.unit is not None and right.unit is not None and left.unit != right.unit:
            found = f"the units differ: {left.unit} and {right.unit}"
            raise self.fail("SD306", tree, found, expected="a parameter with a unit can convert between them")
        return left.unit if left.unit is not None else right.unit

    def _needs_type(self, tree: ast.expr) -> bool:
        match tree:
            case ast.Name(id=word):
                return word == "none" or len(self.scope.names.levels.get(word, ())) > 1
            case ast.Constant(value=None):
                return True
            case ast.IfExp(body=body, orelse=orelse):
                return self._needs_type(body) and self._needs_type(orelse)
        return False

    # -- operators -----------------------------------------------------------------------------------------------

    def _unary(self, tree: ast.UnaryOp) -> Node:
        span = self.syntax.span(tree)
        match tree.op:
            case ast.Not():
                return Unary(type=TRUTH, op="not", of=self.expecting(tree.operand, TRUTH), span=span)
            case ast.USub():
                of = self.expecting(tree.operand, NUMBER)
                if isinstance(of, Constant):
                    return replace(of, value=-of.value, span=span)
                return Unary(type=NUMBER, unit=of.unit, op="neg", of=of, span=span)
        raise self.outside(tree, tree.op)

    def _arithmetic(self, tree: ast.BinOp) -> Node:
        op = _operator(tree.op)
        if op is None:
            raise self.outside(tree, tree.op)
        left, right = together(partial(self.expecting, part, NUMBER) for part in (tree.left, tree.right))
        if op in ("/", "%") and constant(right) == 0.0:
            raise self.fail("SD312", tree, "a division by zero")
        unit = self.same_unit(tree, left, right) if op in ("+", "-", "%") else _unit_of(op, left, right)
        return Binary(type=NUMBER, unit=unit, op=op, left=left, right=right, span=self.syntax.span(tree))

    def _logic(self, tree: ast.BoolOp) -> Node:
        op = cast("Operator", BY_SYNTAX[type(tree.op)].symbol)
        parts = together(partial(self.expecting, part, TRUTH) for part in tree.values)
        return self._chain(tree, op, parts)

    def _chain(self, tree: ast.expr, op: Operator, parts: list[Node]) -> Node:
        whole = parts[0]
        for part in parts[1:]:
            whole = Binary(type=TRUTH, op=op, left=whole, right=part, span=self.syntax.span(tree))
        return whole

    def _comparison(self, tree: ast.Compare) -> Node:
        if any(isinstance(op, ast.In | ast.NotIn) for op in tree.ops):
            return self._membership(tree)
        operands = [tree.left, *tree.comparators]
        ops = [_operator(op) for op in tree.ops]
        if None in ops:
            raise self.outside(tree, tree.ops[ops.index(None)])
        nodes = self.alike(operands)
        for middle, node in list(zip(operands, nodes, strict=True))[1:-1]:
            if reads(node).draws:
                raise self.fail("SD308", middle, "a draw here would be repeated",
                                hint="assign it to a name first, on a line of its own")  # fmt: skip
        return self._chain(tree, "and", [
            self._compared(tree, op, left, right)
            for op, left, right in zip(ops, nodes, nodes[1:], strict=False) if op is not None
        ])  # fmt: skip

    def _compared(self, tree: ast.Compare, op: Operator, left: Node, right: Node) -> Node:
        if op not in ("==", "!=") and not isinstance(left.type, Number):
            found = f"'{op}' compares numbers, not {describe(left.type)}"
            raise self.fail("SD304", tree, found, hint="compare with == or !=, joined by 'or'")
        self.same_unit(tree, left, right)
        return Binary(type=TRUTH, op=op, left=left, right=right, span=self.syntax.span(tree))

    def _membership(self, tree: ast.Compare) -> Node:
        if len(tree.ops) > 1:
            raise self.fail("SD302", tree, "'in' inside a chain of comparisons", hint="join two conditions with 'and'")
        whole = calls.member(self, tree)
        if isinstance(tree.ops[0], ast.NotIn):
            return Unary(type=TRUTH, op="not", of=whole, span=self.syntax.span(tree))
        return whole

    def _choose(self, tree: ast.IfExp, expect: Type | None) -> Node:
        def branches() -> list[Node]:
            return self.alike([tree.body, tree.orelse], expect)

        def condition() -> list[Node]:
            return [self.expecting(tree.test, TRUTH)]

        (then, otherwise), (test,) = together((branches, condition))
        unit = self.same_unit(tree, then, otherwise)
        return Choose(
            type=then.type, unit=unit, condition=test, then=then, otherwise=otherwise, span=self.syntax.span(tree)
        )


def _operator(syntax: ast.AST) -> Operator | None:
    operation = BY_SYNTAX.get(type(syntax))
    return None if operation is None else cast("Operator", operation.symbol)


def _unit_of(op: Operator, left: Node, right: Node) -> Unit | None:
    # A literal can stand for anything: the unit of 0.02 * force is not known to be a company.
    if op == "**":
        exponent = constant(right)
        if left.unit is None or exponent is None or not exponent.is_integer() or abs(exponent) > 9:
            return None
        return left.unit ** int(exponent)
    if left.unit is None or right.unit is None:
        return None
    return left.unit * right.unit if op == "*" else left.unit / right.unit
