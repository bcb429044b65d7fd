"""The words of an expression: literals, names, attributes, states at their indices, and defines."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from standoff.errors import Cure, Faults, suggestion
from standoff.numerals import plural
from standoff.scenario.expression.inline import substitute
from standoff.scenario.expression.names import DAY, FUNCTIONS, DefinesItself, describe
from standoff.scenario.expression.slips import slip_in
from standoff.scenario.expression.syntax import together
from standoff.scenario.tree import (
    Attribute,
    Constant,
    Entity,
    Level,
    Node,
    Now,
    Number,
    OneOf,
    OwnValue,
    ParameterValue,
    StateValue,
    Text,
    Truth,
    Type,
    Variable,
    Word,
    own_value,
)
from standoff.scenario.walks import reads, walk

if TYPE_CHECKING:
    from standoff.scenario.expression.expr import Reader

MAXIMUM_PARTS = 20_000
"""Nodes of one expression after its defines are put in."""

NUMBER, TRUTH, TEXT = Number(), Truth(), Text()


def literal(reader: Reader, tree: ast.Constant, expect: Type | None) -> Node:
    """A number, a truth, a text or nothing."""
    span = reader.syntax.span(tree)
    match tree.value:
        case bool():
            return Constant(type=TRUTH, value=float(tree.value), span=span)
        case int() | float():
            try:
                value = float(tree.value)
            except OverflowError:
                value = math.inf
            if math.isinf(value):
                raise reader.fail("SD312", tree, "a number that is too large")
            return Constant(type=NUMBER, value=value, span=span)
        case str():
            return Word(type=TEXT, value=tree.value, span=span)
        case None:
            return _none(reader, tree, expect)
    raise reader.outside(tree)


def _none(reader: Reader, tree: ast.expr, expect: Type | None) -> Node:
    if isinstance(expect, OneOf):
        return Entity(type=expect, name=None, span=reader.syntax.span(tree))
    if expect is not None:
        raise reader.fail("SD304", tree, f"`none` is not allowed here: expected {describe(expect)}")
    raise reader.fail("SD304", tree, "it is not clear which kind of 'none' this is", hint="compare it with a state")


def name(reader: Reader, tree: ast.Name, expect: Type | None) -> Node:
    """What a word standing alone means, from the nearest scope outwards."""
    name, names, span = tree.id, reader.scope.names, reader.syntax.span(tree)
    if name in ("true", "false"):
        return Constant(type=TRUTH, value=float(name == "true"), span=span)
    if name == "none":
        return _none(reader, tree, expect)
    if name in reader.scope.variables:
        return Variable(type=OneOf(reader.scope.variables[name]), name=name, span=span)
    if name in reader.scope.locals:
        return replace(reader.scope.locals[name], span=span)
    if name in reader.scope.broken:
        # Its own fault is told already.
        raise Faults(())
    if name == "t":
        return Now(type=NUMBER, unit=DAY, span=span)
    if name in names.entities:
        return Entity(type=OneOf(names.entities[name]), name=name, span=span)
    if name in names.parameters:
        return ParameterValue(type=NUMBER, unit=names.parameters[name], name=name, span=span)
    if name in names.states:
        return state_value(reader, tree, name, [])
    if name in names.own:
        return _own(reader, tree, name, [])
    if name in names.defines:
        return inlined(reader, tree, name, [])
    if name in names.levels:
        return _level(reader, tree, expect)
    raise _no_value(reader, tree, name, expect)


def _level(reader: Reader, tree: ast.Name, expect: Type | None) -> Node:
    lists = reader.scope.names.levels[tree.id]
    levels = expect.levels if isinstance(expect, Level) and tree.id in expect.levels else lists[0]
    if isinstance(expect, Level) and tree.id not in expect.levels:
        hint, listed = suggestion(tree.id, expect.levels, what="levels")
        raise reader.fail("SD304", tree, f"'{tree.id}' is not a level here", hint=hint, expected=listed)
    if not isinstance(expect, Level) and len(lists) > 1:
        found = f"several states have the level '{tree.id}', and it is not clear which is meant"
        raise reader.fail("SD304", tree, found, hint="compare it with a state")
    return Constant(type=Level(levels), value=float(levels.index(tree.id)), span=reader.syntax.span(tree))


def _no_value(reader: Reader, tree: ast.Name, name: str, expect: Type | None) -> Faults:
    names = reader.scope.names
    if name in names.rules:
        return reader.fail("SD304", tree, f"'{name}' is a rule", hint=f"count({name}) is how often it has fired")
    if name in names.groups or name in names.kinds or name in names.relations:
        hint = "use it as a domain, as in sum(… for q in D), or in a condition, as in a in GROUP"
        return reader.fail("SD304", tree, f"{names.meaning(name)} is not a single value", hint=hint)
    if name in FUNCTIONS:
        return reader.fail("SD304", tree, f"'{name}' is a function", hint=f"write {name}(…)")
    return unknown(reader, tree, name, expect)


def unknown(reader: Reader, tree: ast.AST, name: str, expect: Type | None = None) -> Faults:
    """The refusal of a name that means nothing, with the nearest that means something."""
    readable = reader.scope.readable()
    text = reader.syntax.passage.text
    slip = slip_in(text) if "/" in text else None
    start, end = reader.syntax.span(tree)
    if slip is not None and slip.start < start and end <= slip.end:
        # What is written in prose is more than the word that means nothing: `0.1/week`.
        raise Faults((reader.syntax.passage.fault("SD301", slip.found, span=(slip.start, slip.end), hint=slip.cure),))
    what = "name"
    hint = expected = None
    made = reader.scope.names.made_by(name)
    if made and not isinstance(expect, OneOf | Level):
        hint = Cure(f"write {next(iter(made))}", next(iter(made))) if len(made) == 1 else f"write {' or '.join(made)}"
        return reader.fail("SD303", tree, f"'{name}' has no value of its own", hint=hint)
    if isinstance(expect, OneOf):
        what = expect.kind
        entities = reader.scope.names.kinds.get(expect.kind, ())
        variables = (name for name, kind in reader.scope.variables.items() if kind == expect.kind)
        hint, expected = suggestion(name, chain(variables, entities), what=plural(expect.kind))
    elif isinstance(expect, Level):
        what = "level"
        hint, expected = suggestion(name, expect.levels, what="levels")
    if hint is None:
        hint, _ = suggestion(name, readable)
    if hint is None and expected is None and isinstance(expect, Truth):
        expected = "true, false or a condition"
    if hint is None and expected is None:
        expected = "a number, such as a share from 0 to 1, or the name of a parameter, a state or a define"
    return reader.fail("SD303", tree, f"unknown {what} '{name}'", hint=hint, expected=expected)


def attribute(reader: Reader, tree: ast.Attribute) -> Node:
    """A fixed attribute of an entity."""
    name = tree.attr
    if name.startswith("_"):
        raise reader.outside(tree)
    if isinstance(tree.value, ast.Name):
        made = reader.scope.names.made_by(tree.value.id)
        meant = [state for state, role in made.items() if role == name]
        if meant and reader.scope.clash(tree.value.id) is None:
            cure = Cure(f"write {meant[0]}", meant[0])
            raise reader.fail("SD303", tree, f"'{tree.value.id}' is no entity with attributes", hint=cure)
    first, *after = _dotted(tree) or [""]
    if after and first in reader.scope.names.states and len(reader.scope.names.states[first].of) == len(after):
        words = f"{first}[{', '.join(after)}]"
        found = f"{reader.shown(tree)} is outside the language"
        raise reader.fail("SD302", tree, found, hint=Cure(f"write {words}", words))
    of = reader.node(tree.value)
    if not isinstance(of.type, OneOf):
        found = f"{reader.shown(tree.value)} is {describe(of.type)}; only entities have attributes"
        raise reader.fail("SD304", tree, found)
    known = reader.scope.names.attributes.get(of.type.kind, {})
    if name not in known:
        hint, expected = suggestion(name, known, what="attributes")
        found = f"no {of.type.kind} has the attribute '{name}'"
        raise reader.fail("SD303", tree, found, hint=hint, expected=expected)
    return Attribute(type=known[name], of=of, name=name, span=reader.syntax.span(tree))


def state(reader: Reader, tree: ast.Subscript) -> Node:
    """A state with its indices in square brackets."""
    names = reader.scope.names
    if not isinstance(tree.value, ast.Name):
        raise _indexed_twice(reader, tree) or reader.outside(tree)
    name = tree.value.id
    indices = list(tree.slice.elts) if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    if name in names.states:
        return state_value(reader, tree, name, indices)
    if name in names.own:
        return _own(reader, tree, name, indices)
    if name in names.defines or name in names.relations or name in FUNCTIONS:
        inside = ", ".join(reader.text(index) for index in indices)
        raise reader.fail("SD302", tree, f"{names.meaning(name)} has no index", hint=f"write {name}({inside})")
    if reader.scope.clash(name):
        raise reader.fail("SD304", tree, f"{reader.scope.clash(name)} has no index")
    hint, expected = suggestion(name, [*names.states, *names.own], what="states")
    raise reader.fail("SD303", tree.value, f"unknown state '{name}'", hint=hint, expected=expected)


def _indexed_twice(reader: Reader, tree: ast.Subscript) -> Faults | None:
    """The refusal of `force[a][p]`, with the cure; None for another form."""
    parts: list[str] = []
    of: ast.expr = tree
    while isinstance(of, ast.Subscript):
        each = of.slice.elts if isinstance(of.slice, ast.Tuple) else [of.slice]
        parts = [*(reader.text(index) for index in each), *parts]
        of = of.value
    if not isinstance(of, ast.Name):
        return None
    words = f"{of.id}[{', '.join(parts)}]"
    found = f"{reader.shown(tree)} is outside the language"
    return reader.fail("SD302", tree, found, hint=Cure(f"write {words}, all indices in one pair of brackets", words))


def _dotted(tree: ast.expr) -> list[str]:
    """The words of `force.blue.ford`; none for another form."""
    words: list[str] = []
    while isinstance(tree, ast.Attribute):
        words.insert(0, tree.attr)
        tree = tree.value
    return [tree.id, *words] if isinstance(tree, ast.Name) and words else []


def state_value(reader: Reader, tree: ast.expr, name: str, indices: list[ast.expr]) -> Node:
    """A state at its indices, each of which must be an entity of the right kind."""
    state = reader.scope.names.states[name]
    if len(indices) != len(state.of):
        needs = f"{name}[{', '.join(state.of)}]" if state.of else f"{name} without an index"
        found = f"the state {name} with {len(indices)} {'index' if len(indices) == 1 else 'indices'}"
        variables = [kind[0] for kind in state.of]
        each = f"{name}[{', '.join(variables)}]"
        alike = len(set(variables)) < len(variables) or bool(indices)
        over = ", ".join(f"{one}: {kind}" for one, kind in zip(variables, state.of, strict=True))
        hint = None if alike else f"name one, or write {each} within for: {{{over}}}"
        raise reader.fail("SD305", tree, found, expected=f"expected {needs}", hint=hint)
    turned = _turned(reader, indices, state.of)
    if turned is not None:
        words, expected = f"{name}[{', '.join(turned)}]", f"expected {name}[{', '.join(state.of)}]"
        found = f"the indices of {name} stand in another order"
        raise reader.fail("SD304", tree, found, hint=Cure(f"write {words}", words), expected=expected)
    pairs = zip(indices, state.of, strict=True)
    values = together([partial(reader.expecting, index, OneOf(kind)) for index, kind in pairs])
    span = reader.syntax.span(tree)
    return StateValue(type=state.type, unit=state.unit, name=name, indices=tuple(values), span=span)


def _turned(reader: Reader, indices: list[ast.expr], kinds: Sequence[str]) -> list[str] | None:
    """The words of indices in the order of their kinds, where they stand in another; None else."""
    known = {**reader.scope.names.entities, **reader.scope.variables}
    given = [(known.get(index.id), index.id) if isinstance(index, ast.Name) else (None, "") for index in indices]
    found = [kind for kind, _ in given]
    each_once = len(set(kinds)) == len(kinds)
    if found == list(kinds) or not each_once or sorted(map(str, found)) != sorted(kinds):
        return None
    return [next(word for of, word in given if of == kind) for kind in kinds]


def _own(reader: Reader, tree: ast.expr, name: str, indices: list[ast.expr]) -> Node:
    """What an entity has of a parameter."""
    names = reader.scope.names
    kind, each = names.own[name]
    if len(indices) != 1:
        found = f"the parameter {name} with {f'{len(indices)} indices' if indices else 'no index'}"
        raise reader.fail("SD305", tree, found, expected=f"expected {name}[{kind}]")
    index = reader.expecting(indices[0], OneOf(kind))
    unit = names.parameters[each[0][1]]
    span = reader.syntax.span(tree)
    return own_value(OwnValue(type=NUMBER, unit=unit, name=name, each=each, index=index, span=span))


def inlined(reader: Reader, tree: ast.expr, name: str, trees: list[ast.expr]) -> Node:
    """The body of a define with its arguments put in."""
    names = reader.scope.names
    kinds = names.defines[name]
    if len(trees) != len(kinds):
        needs = f"{name}({', '.join(kinds.values())})" if kinds else name
        found = f"the define {name} with {len(trees)} argument{'' if len(trees) == 1 else 's'}"
        raise reader.fail("SD305", tree, found, expected=f"expected {needs}")
    pairs = zip(trees, kinds.values(), strict=True)
    values = together([partial(reader.expecting, argument, OneOf(kind)) for argument, kind in pairs])
    for argument, value in zip(trees, values, strict=True):
        if reads(value).draws:
            raise reader.fail("SD308", argument, "a draw as an argument would be repeated",
                            hint="assign it to a name first, on a line of its own")  # fmt: skip
    return _put_in(reader, tree, name, values)


def _put_in(reader: Reader, tree: ast.expr, name: str, values: list[Node]) -> Node:
    """The body of a define with arguments that are already read."""
    try:
        body = reader.scope.names.body_of(name)
    except DefinesItself as circle:
        trail = " -> ".join(circle.trail)
        raise reader.fail("SD310", tree, f"the define {name} refers to itself", expected=trail) from None
    arguments = dict(zip(reader.scope.names.defines[name], values, strict=True))
    if reader.parts[0] > MAXIMUM_PARTS:
        # Told already, at the call that was one too many.
        raise Faults(())
    sizes = {argument: sum(1 for _ in walk(value)) for argument, value in arguments.items()}
    reader.parts[0] += sum(sizes.get(part.name, 1) if isinstance(part, Variable) else 1 for part in walk(body))
    if reader.parts[0] > MAXIMUM_PARTS:
        found = f"this grows to more than {MAXIMUM_PARTS:,} parts once its defines are expanded"
        raise reader.fail("SD302", tree, found)
    taken = (*reader.scope.variables, *reader.scope.locals)
    return substitute(body, arguments, span=reader.syntax.span(tree), taken=taken)
