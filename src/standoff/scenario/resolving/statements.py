"""Effects and event headers: from an author's lines to resolved statements, scope by scope."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Literal, cast

from standoff.errors import Cure, Fault, Faults, suggestion
from standoff.numerals import plural
from standoff.scenario import schema
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.expr import Reader, parse, read, read_domain
from standoff.scenario.expression.headers import read_header
from standoff.scenario.expression.inline import plain_domain
from standoff.scenario.expression.names import Scope, describe
from standoff.scenario.expression.syntax import Passage, read_syntax, refused, together, top_level
from standoff.scenario.expression.written import name_in
from standoff.scenario.origin import origin_of
from standoff.scenario.resolved import Assign, Chance, EventHeader, ForEach, If, Let, Statement
from standoff.scenario.resolving.starts import as_probability
from standoff.scenario.schema import RESERVED
from standoff.scenario.tree import Node, Number, OneOf, Truth
from standoff.scenario.walks import reads
from standoff.units import DIMENSIONLESS

Op = Literal["=", "+=", "-=", "*="]

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(slots=True)
class Effects:
    """Reads the statements of one rule and gathers what is wrong with them."""

    faults: list[Fault] = field(default_factory=list)

    def block(self, statements: Iterable[schema.Statement], scope: Scope) -> tuple[Statement, ...]:
        """The statements of a list, each seeing the local values of those before it."""
        done: list[Statement] = []
        for statement in statements:
            try:
                match statement:
                    case schema.IfStatement():
                        done.append(self._if(statement, scope))
                    case schema.ForStatement():
                        done.append(self._for(statement, scope))
                    case schema.ChanceStatement():
                        done.append(self._chance(statement, scope))
                    case _:
                        read_one, scope = self._assignment(Passage.whole(statement), scope)
                        done.extend(read_one)
            except Faults as found:
                self.faults.extend(found.faults)
        return tuple(done)

    def _if(self, statement: schema.IfStatement, scope: Scope) -> Statement:
        then, otherwise = self.block(statement.then, scope), self.block(statement.else_, scope)
        return If(parse(statement.if_, scope, expect=Truth()), then, otherwise)

    def _for(self, statement: schema.ForStatement, scope: Scope) -> Statement:
        ((name, words),) = statement.for_.items()
        clash = clashing(name, scope)
        if clash is not None:
            raise Faults((clash,))
        domain = read_domain(words, scope)
        inside = scope.with_variable(name, domain.kind)
        do = self.block(statement.do, inside)
        where = None if statement.where is None else parse(statement.where, inside, expect=Truth())
        domain, where = plain_domain(domain, name, where)
        return ForEach(name, domain, where, do)

    def _chance(self, statement: schema.ChanceStatement, scope: Scope) -> Statement:
        bodies = [self.block(branch.do, scope) for branch in statement.chance]
        otherwise = self.block(statement.otherwise, scope)
        shares = together(partial(parse, branch.p, scope, expect=Number()) for branch in statement.chance)
        total = 0.0
        for branch, share in zip(statement.chance, shares, strict=True):
            as_probability(branch.p, share)
            total += constant(share) or 0.0
            if total > 1.0 + 1e-12:
                found = f"probabilities that sum to {total:g}, more than 1"
                raise refused(branch.p, "SD312", found)
        return Chance(tuple(zip(shares, bodies, strict=True)), otherwise)

    def _assignment(self, passage: Passage, scope: Scope) -> tuple[tuple[Statement, ...], Scope]:
        try:
            target, op, value = split_assignment(passage)
            syntax = read_syntax(target)
        except Fault as fault:
            raise Faults((fault,)) from None
        reader, body = Reader(syntax, scope), syntax.body
        if isinstance(body, ast.Name) and body.id not in scope.names.states:
            return self._let(reader, body, op, value, scope)
        base = body.value if isinstance(body, ast.Subscript) else body
        if not isinstance(base, ast.Name) or base.id not in scope.names.states:
            raise _not_a_state(reader, body, base)

        type_ = scope.names.states[base.id].type
        if op != "=" and not isinstance(type_, Number):
            found = f"'{op}' changes numbers; {base.id} is {describe(type_)}"
            raise reader.fail("SD304", body, found, hint="use =")

        def written() -> Node:
            return reader.limited(lambda: reader.node(body))

        def given() -> Node:
            return read(value, scope, expect=type_)

        node, right = together((written, given))
        return (_assign(reader, body, base.id, node, op, right, value),), scope

    def _let(
        self, reader: Reader, body: ast.Name, op: Op, value: Passage, scope: Scope
    ) -> tuple[tuple[Statement, ...], Scope]:
        name = body.id
        meaning = scope.clash(name)
        if meaning is not None or op != "=":
            if meaning is None:
                hint, expected = suggestion(name, scope.names.states, what="states")
                raise reader.fail("SD303", body, f"unknown state '{name}'", hint=hint, expected=expected)
            if name in scope.locals and op == "=":
                raise reader.fail("SD209", body, f"{meaning} already has a value", hint="give this one another name")
            raise _not_a_state(reader, body, body)
        if _NAME.fullmatch(name) is None or name in RESERVED:
            raise reader.fail("SD212", body, f"'{name}' is not a usable name",
                              expected="small letters, digits and _, beginning with a letter")  # fmt: skip
        try:
            node = read(value, scope)
        except Faults as found:
            # What uses the name later has nothing to add.
            self.faults.extend(found.faults)
            return (), scope.with_broken(name)
        return (Let(name, node),), scope.with_local(name, node)


def clashing(name: str, scope: Scope) -> Fault | None:
    """The fault of a variable whose name is taken, or that no expression can use."""
    passage = Passage.whole(name)
    if name in RESERVED:
        return passage.fault("SD212", f"'{name}' is a word of the language", hint="give the variable another name")
    taken = scope.clash(name)
    if taken is None:
        return None
    return passage.fault("SD209", f"'{name}' is already {taken}", hint="give the variable another name")


def read_event(words: str, scope: Scope) -> EventHeader:
    """The header of an event; raises Faults SD210 for its form, and those of its expressions."""
    try:
        header = read_header(words)
    except Fault as fault:
        raise Faults((fault,)) from None
    nodes: dict[str, Node] = {}
    faults: list[Fault] = []
    for name, part in header.parts.items():
        try:
            if name != "size":
                _refuse_nobody(part, name, scope)
            nodes[name] = read(part, scope, expect=Number() if name == "size" else None)
            value = constant(nodes[name])
            if name == "size" and value is not None and value < 0.0:
                raise Faults((part.fault("SD312", f"the size of an event cannot be negative, and this is {value:g}"),))
            if name != "size" and not isinstance(nodes[name].type, OneOf):
                raise Faults((part.fault("SD304", f"'{part.text}' is {describe(nodes[name].type)}, not an entity"),))
        except Faults as wrong:
            faults.extend(wrong.faults)
    if faults:
        raise Faults(faults)
    return EventHeader(header.type, header.mode, nodes.get("by"), nodes.get("on"), nodes.get("at"), nodes.get("size"))


def _refuse_nobody(part: Passage, key: str, scope: Scope) -> None:
    """Raises SD303 for a name that means nothing; what may be meant is an entity, or a variable that is one."""
    name = name_in(part.text)
    if name is None or scope.clash(name) is not None or scope.names.made_by(name):
        return
    kinds = [kind for kind in scope.names.kinds if (kind == "place") == (key == "at") and origin_of(kind) is None]
    members = (member for kind in kinds for member in scope.names.kinds[kind])
    variables = (variable for variable, kind in scope.variables.items() if kind in kinds)
    what = "place" if key == "at" else "actor" if kinds == ["actor"] else "entity"
    hint, expected = suggestion(name, chain(variables, members), what=plural(what))
    raise Faults((part.fault("SD303", f"unknown {what} '{name}'", hint=hint, expected=expected),))


def split_assignment(passage: Passage) -> tuple[Passage, Op, Passage]:
    """The target, the operator and the value of a statement; raises a Fault SD301 or SD302 for what is none."""
    text = passage.text
    letters = dict(top_level(text))
    for position, letter in letters.items():
        before, after = text[position - 1 : position], text[position + 1 : position + 2]
        if letter != "=" or after == "=" or before in ("=", "<", ">", "!"):
            continue
        op = before + "=" if before in ("+", "-", "*", "/", "%") and position else "="
        start = position - len(op) + 1
        power = text[start - 1 : start] == "*" or text[start - 1 : start] == "/"
        if op in ("/=", "%=") or (power and op != "="):
            found = "a statement changes a state by =, +=, -= or *="
            raise passage.fault("SD302", found, span=(start, position + 1), hint="write x = x / y")
        if op == "=" and after == "+":
            words = f"{text[:start].strip()} += {text[position + 2 :].strip()}"
            span = (0, len(text))
            raise passage.fault("SD301", "'=+' is no step of an effect", span=span, hint=Cure(f"write {words}", words))
        return passage.part(0, start), cast("Op", op), passage.part(position + 1, len(text))
    hint = "'=' assigns a value, '==' compares" if "==" in text else _counted(text)
    expected = "expected state[index] = value, or +=, -=, *="
    raise passage.fault("SD301", "this changes nothing", expected=expected, hint=hint)


def _counted(text: str) -> str | None:
    """The cure for `x++` and `x--`."""
    if not text.endswith(("++", "--")):
        return None
    words = f"{text[:-2].strip()} {text[-1]}= 1"
    return Cure(f"write {words}", words)


def _not_a_state(reader: Reader, body: ast.expr, base: ast.expr) -> Faults:
    scope = reader.scope
    if not isinstance(base, ast.Name):
        return reader.fail("SD309", body, f"'{reader.text(body)}' cannot be changed", expected="only states can")
    if isinstance(body, ast.Subscript) and scope.clash(base.id) is None:
        hint, expected = suggestion(base.id, scope.names.states, what="states")
        return reader.fail("SD303", base, f"unknown state '{base.id}'", hint=hint, expected=expected)
    stance = scope.names.stance_of(base.id) if base.id in scope.names.entities else None
    hint = f"its stance is {stance}" if stance is not None else None
    found = f"{scope.clash(base.id)} cannot be changed"
    return reader.fail("SD309", body, found, expected="only states can", hint=hint)


def _assign(reader: Reader, body: ast.expr, name: str, node: Node, op: Op, value: Node, passage: Passage) -> Assign:
    state = reader.scope.names.states[name]
    indices = getattr(node, "indices", ())
    if reads(*indices).draws:
        raise reader.fail("SD308", body, "a draw in an index", hint="assign it to a name first, on a line of its own")
    # The unit of a question is compared with that of its expression where its course is read, in the author's words.
    asked = state.origin is not None and state.origin.word == "question"
    if state.unit is not None and value.unit is not None and not asked:
        wanted = DIMENSIONLESS if op == "*=" else state.unit
        if value.unit != wanted:
            found = f"the units differ: {name} is in {state.unit}, but this is in {value.unit}"
            raise Faults((passage.fault("SD306", found),))
    return Assign(name, indices, op, value)
