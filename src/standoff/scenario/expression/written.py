"""Expressions as they are written: trees of an author's own words, names and operators, and the text that they give.

The words of the language and the Builder put expressions together here, by their parts and never by their text. A
tree becomes a text with the brackets that it needs, in which every part of an author still points at his own words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from typing import Literal

from standoff.errors import Fault, Faults, Location
from standoff.numerals import exact
from standoff.scenario.expression.syntax import Passage, Syntax, read_syntax
from standoff.scenario.operators import AND, ATOM, BY_SYNTAX, CHOOSE, COMPARISON, NEGATIVE, OPERATIONS, OR, SUM
from standoff.scenario.reading.text import Words

Segment = tuple[str, Words | None, int]
"""A stretch of text; where it is an author's, his words and where in them it begins."""


@dataclass(frozen=True, slots=True)
class Form:
    """An expression that is being put together. What it names need not exist yet."""


@dataclass(frozen=True, slots=True)
class Said(Form):
    """An author's own expression, in which some free names stand for others."""

    words: Words
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain(Form):
    """A name, a number or a quoted text."""

    text: str


@dataclass(frozen=True, slots=True)
class Applied(Form):
    """An operator with its operands; `and`, `or`, `+` and `*` can have more than two."""

    op: str
    of: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Called(Form):
    """A function, a relation or a define with its arguments."""

    name: str
    of: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Indexed(Form):
    """A state at its indices."""

    name: str
    of: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Belongs(Form):
    """Whether an entity belongs to a group, or fits a define of one argument."""

    of: Form
    name: str


@dataclass(frozen=True, slots=True)
class Chosen(Form):
    """`then if condition else otherwise`."""

    then: Form
    condition: Form
    otherwise: Form


@dataclass(frozen=True, slots=True)
class Each(Form):
    """A sum, a count, any, all, the least or the greatest over a domain."""

    op: Literal["sum", "count", "any", "all", "min", "max"]
    body: Form
    variable: str
    domain: Form
    where: Form | None = None


Expressed = Form | str | float
"""An expression in any way that code can give it: a tree, an author's words, a name, a number or a truth."""


def form(expression: Expressed) -> Form:
    """The tree of an expression: an author's words stay his, any other text is read as an expression."""
    match expression:
        case Form():
            return expression
        case Words():
            return Said(expression)
        case str():
            return Plain(expression) if expression.isidentifier() else Said(Words(expression))
        case bool():
            return Plain("true" if expression else "false")
    if not isfinite(expression):
        raise Faults([Fault("SD203", None, f"{expression} is not a number that can be written in a scenario")])
    return Plain(exact(expression))


def applied(op: str, *of: Expressed) -> Form:
    """Some operands under an operator; one operand of `and`, `or`, `+`, `*` alone is itself."""
    forms = tuple(form(part) for part in of)
    return forms[0] if len(forms) == 1 and OPERATIONS[op].operands == 2 else Applied(op, forms)


def called(name: str, *of: Expressed) -> Form:
    """A function, relation or define with its arguments."""
    return Called(name, tuple(form(part) for part in of))


def indexed(name: str, *of: Expressed) -> Form:
    """A state at its indices."""
    return Indexed(name, tuple(form(part) for part in of)) if of else Plain(name)


def belongs(of: Expressed, name: str) -> Form:
    """Whether an entity belongs to a group, or fits a define of one argument."""
    return Belongs(form(of), name)


def chosen(then: Expressed, condition: Expressed, otherwise: Expressed) -> Form:
    """One of two values by a condition."""
    return Chosen(form(then), form(condition), form(otherwise))


def assigned(target: Expressed, op: Literal["=", "+=", "-=", "*="], value: Expressed, near: str) -> Words:
    """The statement that changes a state, or gives a local value a name."""
    parts = [*_within(form(target), ATOM), (f" {op} ", None, 0), *_within(form(value), CHOOSE)]
    return _composed(parts, near)


def written(expression: Expressed, near: str) -> Words:
    """The text of an expression; what is no author's stands where the words `near` stand."""
    return _composed(list(_within(form(expression), CHOOSE)), near)


def phrase(text: str, near: str) -> Words:
    """Generated words for people, and names, that stand where the author's words `near` stand."""
    return Words(text, near.location if isinstance(near, Words) else None)


def part_of(passage: Passage) -> Words:
    """A stretch of an author's words as words of their own, which stand where they stood."""
    return _composed([(passage.text, passage.words, passage.start)], passage.words)


# -- asking an author's words ------------------------------------------------------------------------------------------


def syntax_of(words: str) -> Syntax | None:
    """The syntax of an author's expression; None for what is none, which a later step refuses at its place."""
    found = _read(str(words))
    return None if found is None else Syntax(Passage.whole(words), found.body, found.origin)


def name_in(words: str) -> str | None:
    """The name that an expression is, None where it is more than a name."""
    syntax = syntax_of(words)
    return syntax.body.id if syntax is not None and isinstance(syntax.body, ast.Name) else None


def value_in(words: str) -> float | None:
    """The number that an expression is, None where it is more than a number."""
    syntax = syntax_of(words)
    value = syntax.body.value if syntax is not None and isinstance(syntax.body, ast.Constant) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def alike(one: str, other: str) -> bool:
    """Whether two expressions are the same but for blanks and needless brackets."""
    first, second = syntax_of(one), syntax_of(other)
    if first is None or second is None:
        return one.strip() == other.strip()
    return ast.dump(first.body) == ast.dump(second.body)


def memberships(words: str | None) -> dict[str, list[str]]:
    """Which names a condition surely puts in which sets: `q in zone and a in band` gives {q: [zone], a: [band]}."""
    found: dict[str, list[str]] = {}
    syntax = syntax_of(words) if words is not None else None
    body = syntax.body if syntax is not None else None
    parts = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
    for part in parts:
        match part:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Name(id=group)]):
                found.setdefault(name, []).append(group)
    return found


@lru_cache(maxsize=5_000)
def _read(text: str) -> Syntax | None:
    try:
        return read_syntax(Passage.whole(text))
    except Fault:
        return None


def _free(tree: ast.AST, bound: frozenset[str] = frozenset()) -> Iterator[ast.Name]:
    """The names of an expression that no comprehension in it binds, but for those of functions."""
    match tree:
        case ast.Name():
            if tree.id not in bound:
                yield tree
        case ast.GeneratorExp(elt=body, generators=generators):
            inside = bound
            for generator in generators:
                yield from _free(generator.iter, inside)
                inside |= {node.id for node in ast.walk(generator.target) if isinstance(node, ast.Name)}
                for condition in generator.ifs:
                    yield from _free(condition, inside)
            yield from _free(body, inside)
        case ast.Call(args=arguments, keywords=keywords):
            # The weight of `choice(q for q in D, weight=w)` reads the variable of its first argument.
            inner = bound | {
                node.id
                for argument in arguments
                if keywords and isinstance(argument, ast.GeneratorExp)
                for node in ast.walk(argument.generators[0].target)
                if isinstance(node, ast.Name)
            }
            for argument in arguments:
                yield from _free(argument, bound)
            for keyword in keywords:
                yield from _free(keyword.value, inner)
        case _:
            for below in ast.iter_child_nodes(tree):
                yield from _free(below, bound)


# -- from trees to text ------------------------------------------------------------------------------------------------


class Composed(Words):
    """A text put together from an author's words and generated ones; each of its characters knows where it stands."""

    __slots__ = ("pieces",)

    pieces: tuple[tuple[int, int, Words, int], ...]

    def place(self, offset: int) -> Location | None:
        """Where a character stands in the author's file; generated ones stand at the nearest words of his before."""
        if not self.pieces:
            return self.location
        start, length, author, within = next(
            (piece for piece in reversed(self.pieces) if piece[0] <= offset), self.pieces[0]
        )
        return author.place(within + min(max(offset - start, 0), length - 1))


def _composed(segments: list[Segment], near: str) -> Words:
    text = "".join(segment[0] for segment in segments)
    if len(segments) == 1 and segments[0][1] is not None and segments[0][1] == text:
        return segments[0][1]
    pieces: list[tuple[int, int, Words, int]] = []
    start = 0
    for stretch, author, within in segments:
        if author is not None and author.location is not None and stretch:
            pieces.append((start, len(stretch), author, within))
        start += len(stretch)
    first = pieces[0][2].location if pieces else near.location if isinstance(near, Words) else None
    words: Composed = Composed.__new__(Composed, text, first)  # type: ignore[assignment]
    words.pieces = tuple(pieces)
    return words


def _within(part: Form, least: int) -> Iterator[Segment]:
    """The text of a part where something stands that binds so tightly."""
    if _binds(part) >= least:
        yield from _segments(part)
    else:
        yield from _between("(", part, ")")


def _between(before: str, part: Form, after: str) -> Iterator[Segment]:
    yield (before, None, 0)
    yield from _segments(part)
    yield (after, None, 0)


def _binds(part: Form) -> int:
    match part:
        case Said(words=words):
            return _binding_of(words)
        case Plain(text=text):
            return NEGATIVE if text.startswith("-") else ATOM
        case Applied(op=op):
            return OPERATIONS[op].binds
        case Belongs():
            return COMPARISON
        case Chosen():
            return CHOOSE
    return ATOM


def _binding_of(words: str) -> int:
    syntax = syntax_of(words)
    match syntax.body if syntax is not None else None:
        case None:
            return CHOOSE
        case ast.BoolOp(op=op) | ast.UnaryOp(op=op) | ast.BinOp(op=op):
            operation = BY_SYNTAX.get(type(op))
            return CHOOSE if operation is None else operation.binds
        case ast.Compare():
            return COMPARISON
        case ast.IfExp() | ast.Lambda() | ast.NamedExpr() | ast.Tuple() | ast.GeneratorExp():
            return CHOOSE
    return ATOM


def _segments(part: Form) -> Iterator[Segment]:
    match part:
        case Said(words=words, names=names):
            yield from _said(words, names)
        case Plain(text=text):
            yield (text, None, 0)
        case Applied(op=op, of=of):
            yield from _operator(op, of)
        case Called(name=name, of=of):
            yield from _listed(f"{name}(", of, ")")
        case Indexed(name=name, of=of):
            yield from _listed(f"{name}[", of, "]")
        case Belongs(of=of_one, name=name):
            yield from _within(of_one, SUM)
            yield (f" in {name}", None, 0)
        case Chosen(then=then, condition=condition, otherwise=otherwise):
            yield from _within(then, OR)
            yield (" if ", None, 0)
            yield from _within(condition, OR)
            yield (" else ", None, 0)
            yield from _within(otherwise, CHOOSE)
        case Each():
            yield (f"{part.op}(", None, 0)
            yield from _within(part.body, CHOOSE)
            yield (f" for {part.variable} in ", None, 0)
            yield from _segments(part.domain)
            if part.where is not None:
                yield (" if ", None, 0)
                yield from _within(part.where, OR)
            yield (")", None, 0)


def _listed(before: str, of: tuple[Form, ...], after: str) -> Iterator[Segment]:
    yield (before, None, 0)
    for position, part in enumerate(of):
        yield (", " if position else "", None, 0)
        yield from _within(part, CHOOSE)
    yield (after, None, 0)


def _operator(op: str, of: tuple[Form, ...]) -> Iterator[Segment]:
    operation = OPERATIONS[op]
    if operation.operands == 1:
        yield ("-" if op == "neg" else f"{op} ", None, 0)
        yield from _within(of[0], operation.binds)
        return
    if operation.syntax is None:
        yield from _listed(f"{op}(", of, ")")
        return
    left, right = operation.sides
    if operation.binds in (OR, AND):
        # Conditions may be joined in any order: what follows needs no brackets of its own.
        right = operation.binds
    for position, part in enumerate(of):
        yield (f" {op} " if position else "", None, 0)
        yield from _within(part, right if position else left)


def _said(words: Words, names: Mapping[str, str]) -> Iterator[Segment]:
    lead, text = len(words) - len(words.lstrip()), words.strip()
    syntax = syntax_of(words) if names else None
    places = [] if syntax is None else sorted((*syntax.span(node), node.id) for node in _free(syntax.body))
    done = 0
    for start, end, name in places:
        if name in names:
            yield (text[done:start], words, lead + done)
            yield (names[name], words, lead + start)
            done = end
    yield (text[done:], words, lead + done)
