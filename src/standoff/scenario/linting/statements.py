"""The statements of a rule in two forms at once: as resolved, and in the author's words, which know their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from standoff.scenario import schema
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, ForEach, If, Let, Rule, Statement
from standoff.scenario.tree import Node


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment, local value or chance, with what must hold for it to be reached, outermost first.

    `locals` are the local values given before it, `after` the statements of its block that follow it.
    """

    statement: Assign | Let | Chance
    words: Words | schema.ChanceStatement
    conditions: tuple[Node, ...] = ()
    locals: tuple[Let, ...] = ()
    after: tuple[Statement, ...] = ()
    deep: bool = False
    """Whether it stands under a condition, a loop or a chance."""


def steps(rule: Rule, written: schema.Rule) -> Iterator[Step]:
    """Every step of a rule, top to bottom; what an expansion adds without words of an author is left out."""
    yield from _steps(rule.then, written.then, _Under())


@dataclass(frozen=True, slots=True)
class _Under:
    """What holds for all statements of a block."""

    conditions: tuple[Node, ...] = ()
    locals: tuple[Let, ...] = ()
    deep: bool = False


def _steps(resolved: Sequence[Statement], written: Sequence[object], under: _Under) -> Iterator[Step]:
    if len(resolved) != len(written):
        return
    for number, (statement, words) in enumerate(zip(resolved, written, strict=True)):
        after = tuple(resolved[number + 1 :])
        inside = replace(under, deep=True)
        match statement, words:
            case (Assign() | Let()), Words():
                yield Step(statement, words, under.conditions, under.locals, after, under.deep)
            case If(), schema.IfStatement():
                holds = replace(inside, conditions=(*under.conditions, statement.condition))
                yield from _steps(statement.then, words.then, holds)
                yield from _steps(statement.otherwise, words.else_, inside)
            case ForEach(), schema.ForStatement():
                where = () if statement.where is None else (statement.where,)
                yield from _steps(statement.do, words.do, replace(inside, conditions=(*under.conditions, *where)))
            case Chance(), schema.ChanceStatement():
                yield Step(statement, words, under.conditions, under.locals, after, under.deep)
                for (_, do), branch in zip(statement.branches, words.chance, strict=True):
                    yield from _steps(do, branch.do, inside)
                yield from _steps(statement.otherwise, words.otherwise, inside)
        if isinstance(statement, Let):
            under = replace(under, locals=(*under.locals, statement))
