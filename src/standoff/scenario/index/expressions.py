"""The names in an expression, each with what it means there: by its syntax tree and the scope around it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from standoff.errors import Fault
from standoff.scenario.expression.names import FUNCTIONS
from standoff.scenario.expression.syntax import Passage, Syntax, read_syntax
from standoff.scenario.index.fields import Space
from standoff.scenario.index.symbols import Held, Known, Symbol
from standoff.scenario.reading.text import Words
from standoff.scenario.schema import Define

VALUES: tuple[Space, ...] = (
    "actor", "place", "member", "parameter", "state", "define", "zone", "group", "kind", "relation", "made",
)  # fmt: skip
"""What a name in an expression can be, besides variables, levels and, within `count`, rules."""
_COUNTED: tuple[Space, ...] = ("rule", "decision", "order", "inject", "made")
_LONGEST_WAY = 50
"""Defines that are followed to find out what one of them gives."""

Note = Callable[[Words, int, Symbol], None]
"""Takes a name that was met: the author's words, where in them it begins, and what it means."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a part of a scenario can see besides the names of all: its variables, each with the kind of its members.

    `owner` names the part that binds them, `choices` are the options or stances among which something is chosen.
    """

    owner: str = ""
    variables: Mapping[str, tuple[Symbol, Held | None]] = field(default_factory=dict)
    choices: Mapping[str, Symbol] = field(default_factory=dict)

    def with_variable(self, name: str, held: Held | None, owner: str | None = None) -> Scope:
        """The scope in which a variable is bound as well."""
        symbol = Symbol("variable", name, self.owner if owner is None else owner)
        return replace(self, variables={**self.variables, name: (symbol, held)})


def read_names(passage: Passage, known: Known, scope: Scope, note: Note, expect: Held | None = None) -> Held | None:
    """Notes every name in an expression; gives what the expression does. Raises the Fault of what is none."""
    return _Reading(read_syntax(passage), known, note).of(scope, expect)


def read_domain(passage: Passage, known: Known, scope: Scope, note: Note) -> Held | None:
    """Notes the names in what a variable ranges over; gives the kind of its members."""
    reading = _Reading(read_syntax(passage), known, note)
    return reading.domain(reading.syntax.body, scope)


@dataclass(slots=True)
class _Reading:
    syntax: Syntax
    known: Known
    note: Note
    depth: int = 0

    def of(self, scope: Scope, expect: Held | None) -> Held | None:
        return self.visit(self.syntax.body, scope, expect)

    def visit(self, node: ast.AST, scope: Scope, expect: Held | None = None) -> Held | None:
        match node:
            case ast.Name():
                return self.name(node, scope, expect)
            case ast.Attribute():
                return self.attribute(node, scope)
            case ast.Subscript():
                return self.indexed(node, scope)
            case ast.Call():
                return self.call(node, scope)
            case ast.Compare():
                self.compared(node, scope)
                return None
            case ast.IfExp():
                self.visit(node.test, scope)
                return self.alike([node.body, node.orelse], scope, expect)
            case ast.GeneratorExp():
                self.over(node, scope)
                return None
        for below in ast.iter_child_nodes(node):
            self.visit(below, scope)
        return None

    def meet(self, node: ast.AST, symbol: Symbol | None, *, at_end: int = 0) -> None:
        """Notes a name; with `at_end` the one of so many letters at the end of a node."""
        if symbol is not None:
            start, end = self.syntax.span(node)
            passage = self.syntax.passage
            self.note(passage.words, passage.start + (end - at_end if at_end else start), symbol)

    def name(self, node: ast.Name, scope: Scope, expect: Held | None) -> Held | None:
        word, known = node.id, self.known
        if word in scope.variables:
            variable, held = scope.variables[word]
            self.meet(node, variable)
            return held
        symbol = known.find(word, *VALUES) or self.level(word, expect)
        self.meet(node, symbol)
        if symbol is None:
            return None
        if word in known.kinds:
            return (known.kinds[word],)
        return known.held_by_state(word) or self.given_by(word)

    def level(self, word: str, expect: Held | None) -> Symbol | None:
        """What a level means: one of those that are expected, or the only one of that name."""
        levels = self.known.levels
        if expect is not None and expect[0] == "":
            return levels.get(expect[1], {}).get(word)
        found = {given[word] for given in levels.values() if word in given}
        return found.pop() if len(found) == 1 else None

    def given_by(self, define: str) -> Held | None:
        """What a define gives; None for a number, a truth and what is no define."""
        entry = self.known.expanded.define.get(define)
        if entry is None or self.depth > _LONGEST_WAY:
            return None
        if define not in self.known.gives:
            self.known.gives[define] = None
            self.known.gives[define] = self.body_gives(entry)
        return self.known.gives[define]

    def body_gives(self, entry: Define) -> Held | None:
        scope = Scope()
        for argument, kind in entry.of.items():
            scope = scope.with_variable(str(argument), (str(kind),))
        try:
            syntax = read_syntax(Passage.whole(entry.is_))
        except Fault:
            return None
        return _Reading(syntax, self.known, _unnoted, self.depth + 1).of(scope, None)

    def attribute(self, node: ast.Attribute, scope: Scope) -> Held | None:
        held = self.visit(node.value, scope)
        kind = held[0] if held is not None else ""
        attributes = self.known.attributes.get(kind, {})
        if node.attr not in attributes:
            return None
        if node.attr != "patron" or kind != "actor":
            self.meet(node, Symbol("attribute", node.attr, kind), at_end=len(node.attr))
        return (attributes[node.attr],) if attributes[node.attr] else None

    def indexed(self, node: ast.Subscript, scope: Scope) -> Held | None:
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not isinstance(node.value, ast.Name):
            return self.visit(node.value, scope)
        held = self.name(node.value, scope, None)
        for index in indices:
            self.visit(index, scope)
        return held

    def call(self, node: ast.Call, scope: Scope) -> Held | None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "count" and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
            self.meet(node.args[0], self.known.find(node.args[0].id, *_COUNTED))
            return None
        inside = scope
        held: Held | None = None
        for argument in node.args:
            if isinstance(argument, ast.GeneratorExp):
                # The weight of a choice reads the variable of its first argument.
                inside, held = self.over(argument, scope)
            else:
                self.visit(argument, scope)
        for keyword in node.keywords:
            self.visit(keyword.value, inside)
        if name in FUNCTIONS:
            return held if name == "choice" else None
        return self.name(node.func, scope, None) if isinstance(node.func, ast.Name) else None

    def over(self, node: ast.GeneratorExp, scope: Scope) -> tuple[Scope, Held | None]:
        held: Held | None = None
        for generator in node.generators:
            held = self.domain(generator.iter, scope)
            if isinstance(generator.target, ast.Name):
                start, _ = self.syntax.span(generator.target)
                passage = self.syntax.passage
                place = passage.words.place(passage.start + start)
                owner = f"{scope.owner} {place.file}:{place.line}:{place.column}" if place else scope.owner
                scope = scope.with_variable(generator.target.id, held, owner)
                self.meet(generator.target, scope.variables[generator.target.id][0])
            for condition in generator.ifs:
                self.visit(condition, scope)
        self.visit(node.elt, scope)
        return scope, held

    def domain(self, node: ast.AST, scope: Scope) -> Held | None:
        """The kind of the members of a domain: a kind, a group, or the partners of an entity in a relation."""
        known = self.known
        match node:
            case ast.Name(id=word):
                self.meet(node, known.find(word, "kind", "group", "made"))
                group = known.expanded.groups.get(word)
                return (str(group.of),) if group is not None else (word,)
            case ast.Call(func=ast.Name(id=word), args=arguments):
                for argument in arguments:
                    self.visit(argument, scope)
                self.meet(node.func, known.find(word, "relation"))
                relation = known.document.relations.get(word)
                return (str(relation.of[1]),) if relation is not None else ("place",)
        self.visit(node, scope)
        return None

    def compared(self, node: ast.Compare, scope: Scope) -> None:
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            self.visit(node.left, scope)
            for side in node.comparators:
                if isinstance(side, ast.Name):
                    self.meet(side, self.known.find(side.id, "group", "define", "zone", "kind", "made"))
                else:
                    self.visit(side, scope)
            return
        self.alike([node.left, *node.comparators], scope, None)

    def alike(self, nodes: Iterable[ast.AST], scope: Scope, expect: Held | None) -> Held | None:
        """Parts that are of one sort: what one of them is tells which levels the others mean."""
        later = []
        for node in nodes:
            if isinstance(node, ast.Name) and self.is_level(node.id, scope):
                later.append(node)
            else:
                expect = self.visit(node, scope, expect) or expect
        for name in later:
            self.visit(name, scope, expect)
        return expect

    def is_level(self, word: str, scope: Scope) -> bool:
        if word in scope.variables or self.known.find(word, *VALUES) is not None:
            return False
        return any(word in given for given in self.known.levels.values())


def _unnoted(words: Words, offset: int, symbol: Symbol) -> None:
    """Passes over a name that was met elsewhere already."""
