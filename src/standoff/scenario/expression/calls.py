"""The calls of an expression: functions, sums over a domain, relations, defines, dates and random draws."""

from __future__ import annotations

import ast
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Literal, cast

from standoff.errors import Fault, Faults, suggestion
from standoff.scenario.expression import terms
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.inline import plain_domain
from standoff.scenario.expression.names import DAY, DRAWS, FOLDS, FUNCTIONS, KM, MEASURES
from standoff.scenario.expression.syntax import together
from standoff.scenario.operators import FUNCTIONS_OF_ONE
from standoff.scenario.tree import (
    Between,
    Binary,
    Constant,
    Domain,
    Draw,
    Firings,
    Fold,
    Member,
    Node,
    Number,
    OneOf,
    Pick,
    Related,
    Truth,
    Unary,
)
from standoff.scenario.walks import reads
from standoff.time import days_between, parse_when
from standoff.units import DIMENSIONLESS, Unit

if TYPE_CHECKING:
    from standoff.scenario.expression.expr import Reader

NUMBER, TRUTH = Number(), Truth()

Op = Literal["sum", "count", "min", "max", "any", "all"]
_FOLD_FORM = "expected {0}(E for q in D) or {0}(E for q in D if C)"


def call(reader: Reader, tree: ast.Call) -> Node:
    """The node of a call."""
    if not isinstance(tree.func, ast.Name):
        raise reader.outside(tree)
    name, names = tree.func.id, reader.scope.names
    if name != "choice" and tree.keywords:
        raise reader.fail("SD302", tree, f"{name} takes its arguments by position, without names")
    quantified = any(isinstance(argument, ast.GeneratorExp) for argument in tree.args)
    if name in FOLDS and (quantified or name not in ("min", "max")):
        return _fold(reader, tree, cast("Op", name))
    if name in ("min", "max"):
        return _extreme(reader, tree, cast("Literal['min', 'max']", name))
    if name in FUNCTIONS_OF_ONE:
        return _function(reader, tree, name)
    if name in MEASURES:
        return _between(reader, tree, name)
    if name == "date":
        return _date(reader, tree)
    if name in DRAWS:
        return _draw(reader, tree, name)
    if name == "choice":
        return _pick(reader, tree)
    if name in names.relations:
        return _related(reader, tree, name)
    if name in names.defines:
        return terms.inlined(reader, tree, name, tree.args)
    raise _no_function(reader, tree, name)


def domain(reader: Reader, tree: ast.expr) -> Domain:
    """What a variable ranges over; `of` of a relation may be any expression that gives an entity."""
    names = reader.scope.names
    if isinstance(tree, ast.Name):
        if tree.id in names.kinds:
            return Domain("kind", tree.id, tree.id)
        if tree.id in names.groups:
            return Domain("group", tree.id, names.groups[tree.id])
        what = reader.scope.clash(tree.id)
        if what is not None:
            hint = f"for q in KIND if q in {tree.id}" if tree.id in names.defines else None
            if tree.id in names.relations:
                hint = f"write {tree.id}(x) for the partners of x"
            raise reader.fail("SD304", tree, f"{what} is not a domain", hint=hint, expected=_domains(reader))
        hint, _ = suggestion(tree.id, chain(names.kinds, names.groups, names.relations))
        raise reader.fail("SD303", tree, f"unknown domain '{tree.id}'", hint=hint, expected=_domains(reader))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
        name = tree.func.id
        if name in names.relations:
            if len(tree.args) != 1:
                raise reader.fail("SD305", tree, f"the partners in {name} of {len(tree.args)} entities",
                                  expected=f"expected {name}(x)")  # fmt: skip
            of = reader.expecting(tree.args[0], OneOf(names.relations[name][0]))
            if reads(of).draws:
                raise reader.fail("SD308", tree.args[0], "a draw inside a domain", hint="give it a name first")
            return Domain("relation", name, names.relations[name][1], of)
        if reader.scope.clash(name) is None:
            hint, _ = suggestion(name, names.relations)
            raise reader.fail("SD303", tree.func, f"unknown relation '{name}'", hint=hint, expected=_domains(reader))
    raise reader.fail("SD304", tree, f"{reader.shown(tree)} is not a domain", expected=_domains(reader))


def member(reader: Reader, tree: ast.Compare) -> Node:
    """`x in name`: a group, or a define of one argument that gives true or false."""
    right, names, span = tree.comparators[0], reader.scope.names, reader.syntax.span(tree)
    if not isinstance(right, ast.Name):
        hint = "write x == a or x == b, or name the set under groups:"
        if isinstance(right, ast.Call) and isinstance(right.func, ast.Name) and right.func.id in names.relations:
            hint = f"write {right.func.id}({', '.join(reader.text(part) for part in [*right.args, tree.left])})"
        raise reader.fail("SD302", tree, f"'in' needs a name on its right, not {reader.shown(right)}", hint=hint)
    if right.id in names.groups:
        of = reader.expecting(tree.left, OneOf(names.groups[right.id]))
        return Member(type=TRUTH, of=of, group=right.id, span=span)
    if right.id in names.defines and len(names.defines[right.id]) == 1:
        whole = terms.inlined(reader, tree, right.id, [tree.left])
        if whole.type != TRUTH:
            found = f"the define {right.id} gives a value, not true or false"
            raise reader.fail("SD304", right, found, hint=f"write {right.id}({reader.text(tree.left)})")
        return whole
    what = reader.scope.clash(right.id)
    sets = chain(names.groups, (name for name, of_kinds in names.defines.items() if len(of_kinds) == 1))
    if what is not None:
        one_of = "expected a group, or a define of one argument"
        raise reader.fail("SD304", right, f"{what} is not a set", expected=one_of)
    near, listed = suggestion(right.id, sets, what="groups and defines")
    raise reader.fail("SD303", right, f"unknown group '{right.id}'", hint=near, expected=listed)


def _domains(reader: Reader) -> str:
    names = reader.scope.names
    parts = [f"kinds: {', '.join(names.kinds)}"]
    if names.groups:
        parts.append(f"groups: {', '.join(names.groups)}")
    if names.relations:
        parts.append(f"relations: {', '.join(f'{name}(x)' for name in names.relations)}")
    text = "; ".join(parts)
    return text if len(text) <= 160 else text[:159] + "…"


def _no_function(reader: Reader, tree: ast.Call, name: str) -> Faults:
    names = reader.scope.names
    if name.startswith("_"):
        return reader.outside(tree)
    if name in names.states:
        inside = ", ".join(reader.text(part) for part in tree.args)
        return reader.fail("SD302", tree, f"the state {name} is not a function", hint=f"write {name}[{inside}]")
    what = reader.scope.clash(name)
    if what is not None:
        return reader.fail("SD302", tree, f"{what} is not a function")
    hint, _ = suggestion(name, chain(FUNCTIONS, names.defines, names.relations))
    return reader.fail(
        "SD303", tree.func, f"unknown function '{name}'", hint=hint, expected=f"functions: {', '.join(FUNCTIONS)}"
    )


def _numbers(reader: Reader, tree: ast.Call, name: str, arguments: tuple[str, ...]) -> list[Node]:
    if len(tree.args) != len(arguments):
        found = f"{name} with {len(tree.args)} argument{'' if len(tree.args) == 1 else 's'}"
        raise reader.fail("SD305", tree, found, expected=f"expected {name}({', '.join(arguments)})")
    return together(partial(reader.expecting, part, NUMBER) for part in tree.args)


def _function(reader: Reader, tree: ast.Call, name: str) -> Node:
    (of,) = _numbers(reader, tree, name, ("x",))
    unit: Unit | None = DIMENSIONLESS
    if name in ("abs", "floor"):
        unit = of.unit
    elif name == "sqrt":
        unit = DIMENSIONLESS if of.unit == DIMENSIONLESS else None
    op = cast("Literal['abs', 'exp', 'log', 'sqrt', 'logistic', 'floor', 'sin']", name)
    return Unary(type=NUMBER, unit=unit, op=op, of=of, span=reader.syntax.span(tree))


def _extreme(reader: Reader, tree: ast.Call, name: Literal["min", "max"]) -> Node:
    if len(tree.args) < 2:
        found = f"{name} with {len(tree.args)} argument{'' if len(tree.args) == 1 else 's'}"
        raise reader.fail("SD305", tree, found, expected=f"expected {name}(a, b, …) or {name}(E for q in D)")
    whole, *rest = together(partial(reader.expecting, part, NUMBER) for part in tree.args)
    span = reader.syntax.span(tree)
    for node in rest:
        unit = reader.same_unit(tree, whole, node)
        whole = Binary(type=NUMBER, unit=unit, op=name, left=whole, right=node, span=span)
    return whole


def _between(reader: Reader, tree: ast.Call, name: str) -> Node:
    if len(tree.args) != 2:
        raise reader.fail("SD305", tree, f"{name} of {len(tree.args)} places", expected=f"expected {name}(p, q)")
    left, right = together(partial(reader.expecting, part, OneOf("place")) for part in tree.args)
    measure = cast("Literal['distance', 'road_km']", name)
    return Between(type=NUMBER, unit=KM, measure=measure, of=(left, right), span=reader.syntax.span(tree))


def _date(reader: Reader, tree: ast.Call) -> Node:
    text = tree.args[0].value if len(tree.args) == 1 and isinstance(tree.args[0], ast.Constant) else None
    if not isinstance(text, str):
        raise reader.fail("SD305", tree, "date needs one date in quotes", expected="expected date('2017-07-01')")
    try:
        day = parse_when(text)
    except Fault as fault:
        raise reader.fail("SD205", tree.args[0], fault.found, expected=fault.expected, hint=fault.hint) from None
    days = days_between(reader.scope.names.starts, day)
    return Constant(type=NUMBER, unit=DAY, value=days, span=reader.syntax.span(tree))


def _related(reader: Reader, tree: ast.Call, name: str) -> Node:
    if len(tree.args) == 1:
        hint = f"write {name}({reader.text(tree.args[0])}, q), or use it as a domain: … for q in {reader.text(tree)}"
        raise reader.fail("SD304", tree, f"{reader.shown(tree)} is a set, not a single value", hint=hint)
    kinds = reader.scope.names.relations[name]
    if len(tree.args) != 2:
        found = f"the relation {name} of {len(tree.args)} entities"
        raise reader.fail("SD305", tree, found, expected=f"expected {name}({kinds[0]}, {kinds[1]})")
    pairs = zip(tree.args, kinds, strict=True)
    left, right = together(partial(reader.expecting, part, OneOf(kind)) for part, kind in pairs)
    return Related(type=TRUTH, relation=name, of=(left, right), span=reader.syntax.span(tree))


# -- over a domain ---------------------------------------------------------------------------------------------------


def _fold(reader: Reader, tree: ast.Call, op: Op) -> Node:
    only = tree.args[0] if len(tree.args) == 1 else None
    if op == "count" and isinstance(only, ast.Name):
        return _firings(reader, tree, only)
    if not isinstance(only, ast.GeneratorExp):
        raise reader.fail("SD305", tree, f"{op} needs a domain", expected=_FOLD_FORM.format(op))
    variable, over, where, inner = _members(reader, only)
    unit = None
    if op == "count":
        if not (isinstance(only.elt, ast.Name) and only.elt.id == variable):
            hint = f"write count({variable} for {variable} in … if …)"
            raise reader.fail("SD304", only.elt, "count counts members, not values", hint=hint)
        body: Node = Constant(type=NUMBER, value=1.0, span=reader.syntax.span(only.elt))
    elif op in ("any", "all"):
        body = inner.expecting(only.elt, TRUTH)
    else:
        body = inner.expecting(only.elt, NUMBER)
        unit = body.unit
    over, where = plain_domain(over, variable, where)
    type_ = TRUTH if op in ("any", "all") else NUMBER
    span = reader.syntax.span(tree)
    return Fold(type=type_, unit=unit, op=op, variable=variable, domain=over, where=where, body=body, span=span)


def _firings(reader: Reader, tree: ast.Call, only: ast.Name) -> Node:
    names = reader.scope.names
    if only.id not in names.rules:
        what = reader.scope.clash(only.id)
        hint, expected = suggestion(only.id, names.rules, what="rules")
        if what is None:
            raise reader.fail("SD303", only, f"unknown rule '{only.id}'", hint=hint, expected=expected)
        hint = f"write count(q for q in {only.id})" if only.id in names.kinds or only.id in names.groups else hint
        raise reader.fail("SD304", only, f"{what} is not a rule", hint=hint, expected=expected)
    return Firings(type=NUMBER, rule=only.id, span=reader.syntax.span(tree))


def _members(reader: Reader, tree: ast.GeneratorExp) -> tuple[str, Domain, Node | None, Reader]:
    generator = tree.generators[0]
    if len(tree.generators) > 1:
        hint = "put one sum inside the other: sum(sum(E for q in D) for p in C)"
        raise reader.fail("SD302", tree, "two 'for' in one sum", hint=hint)
    if generator.is_async or not isinstance(generator.target, ast.Name):
        raise reader.fail("SD302", generator.target, "a sum has one variable", expected="expected … for q in D")
    if len(generator.ifs) > 1:
        raise reader.fail("SD302", generator.ifs[1], "two 'if' in one sum", hint="join them with 'and'")
    variable = generator.target.id
    taken = reader.scope.clash(variable)
    if taken is not None:
        found = f"'{variable}' is already {taken}"
        raise reader.fail("SD209", generator.target, found, hint="give the variable another name")
    over = domain(reader, generator.iter)
    inner = reader.inside(reader.scope.with_variable(variable, over.kind))
    where = inner.expecting(generator.ifs[0], TRUTH) if generator.ifs else None
    return variable, over, where, inner


# -- draws -----------------------------------------------------------------------------------------------------------


def _need_draws(reader: Reader, tree: ast.Call, name: str) -> None:
    if not reader.scope.draws:
        hint = "only the effects of a rule (then:) may draw; uncertain numbers belong under parameters:"
        raise reader.fail("SD308", tree, f"{name} is a random draw", hint=hint)


def _draw(reader: Reader, tree: ast.Call, name: str) -> Node:
    _need_draws(reader, tree, name)
    of = _numbers(reader, tree, name, DRAWS[name])
    values = [constant(node) for node in of]
    wrong = None
    share = values[-1]
    if name in ("chance", "binomial") and share is not None and not 0.0 <= share <= 1.0:
        wrong = "a probability outside 0 to 1"
    elif name in ("poisson", "exponential", "binomial") and values[0] is not None and values[0] < 0.0:
        wrong = f"{name} of a negative number"
    elif name == "uniform" and values[0] is not None and share is not None and values[0] > share:
        wrong = "uniform from the higher to the lower"
    if wrong:
        raise reader.fail("SD312", tree, wrong)
    if name in ("chance", "binomial") and of[-1].unit is not None and of[-1].unit.measures:
        raise reader.fail("SD306", tree, f"a probability is a plain number, and this is in {of[-1].unit}")
    unit = None
    if name == "uniform":
        unit = reader.same_unit(tree, of[0], of[1])
    elif name == "exponential":
        unit = of[0].unit
    kind = cast("Literal['poisson', 'binomial', 'exponential', 'uniform', 'chance']", name)
    type_ = TRUTH if name == "chance" else NUMBER
    return Draw(type=type_, unit=unit, kind=kind, of=tuple(of), span=reader.syntax.span(tree))


def _pick(reader: Reader, tree: ast.Call) -> Node:
    _need_draws(reader, tree, "choice")
    only = tree.args[0] if len(tree.args) == 1 else None
    extra = [keyword for keyword in tree.keywords if keyword.arg != "weight"]
    if not isinstance(only, ast.GeneratorExp) or extra:
        expected = "expected choice(q for q in D if C) or choice(q for q in D if C, weight=W)"
        raise reader.fail("SD305", tree, "choice takes one member of a domain", expected=expected)
    variable, over, where, inner = _members(reader, only)
    if not (isinstance(only.elt, ast.Name) and only.elt.id == variable):
        raise reader.fail("SD304", only.elt, "choice gives a member, not a value",
                          hint=f"write choice({variable} for {variable} in …)")  # fmt: skip
    weight = inner.expecting(tree.keywords[0].value, NUMBER) if tree.keywords else None
    over, where = plain_domain(over, variable, where)
    span = reader.syntax.span(tree)
    return Pick(type=OneOf(over.kind), variable=variable, domain=over, where=where, weight=weight, span=span)
