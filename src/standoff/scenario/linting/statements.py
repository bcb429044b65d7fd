"""The statements of a rule in two forms at once: as resolved, and in the author's words, which know their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from standoff.scenario import schema
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, ForEach, If, Let, Rule, Statement
from standoff.scenario.tree import Node
from standoff.scenario.walks import writes


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a rule, with what must hold for it to be reached, outermost first.

    `locals` are the local values given before it, `after` the statements of its block that follow it.
    """

    statement: Statement
    words: Words | schema.ChanceStatement | schema.IfStatement | schema.ForStatement
    conditions: tuple[Node, ...] = ()
    locals: tuple[Let, ...] = ()
    after: tuple[Statement, ...] = ()
    deep: bool = False
    """Whether it stands under a condition, a loop or a chance."""
    looked: tuple[Node, ...] = ()
    """What else decides whether it is reached: conditions that fail, probabilities."""
    written: frozenset[str] = frozenset()
    """The states that the rule may have changed before."""


def steps(rule: Rule, written: schema.Rule) -> Iterator[Step]:
    """Every step of a rule, top to bottom; what an expansion adds without words of an author is left out."""
    yield from _steps(rule.then, written.then, _Under())


def has_locals(statements: Iterable[Statement]) -> bool:
    """Whether a local value is given anywhere in some statements."""
    for statement in statements:
        match statement:
            case Let():
                return True
            case If(then=then, otherwise=otherwise) if has_locals((*then, *otherwise)):
                return True
            case ForEach(do=do) if has_locals(do):
                return True
            case Chance(branches=branches, otherwise=otherwise):
                if has_locals(otherwise) or any(has_locals(do) for _, do in branches):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class _Under:
    """What holds for all statements of a block."""

    conditions: tuple[Node, ...] = ()
    locals: tuple[Let, ...] = ()
    looked: tuple[Node, ...] = ()
    written: frozenset[str] = frozenset()
    deep: bool = False

    def step(
        self, statement: Statement, words: Words | schema.ChanceStatement | schema.IfStatement | schema.ForStatement,
        after: Sequence[Statement],
    ) -> Step:  # fmt: skip
        """A statement of the block."""
        return Step(statement, words, self.conditions, self.locals, tuple(after), self.deep, self.looked, self.written)


def _steps(resolved: Sequence[Statement], written: Sequence[object], under: _Under) -> Iterator[Step]:
    if len(resolved) != len(written):
        return
    for number, (statement, words) in enumerate(zip(resolved, written, strict=True)):
        after = resolved[number + 1 :]
        inside = replace(under, deep=True)
        match statement, words:
            case ((Assign() | Let()), Words()):
                yield under.step(statement, words, after)
            case If(), schema.IfStatement():
                yield under.step(statement, words, after)
                holds = replace(inside, conditions=(*under.conditions, statement.condition))
                yield from _steps(statement.then, words.then, holds)
                fails = replace(inside, looked=(*under.looked, statement.condition))
                yield from _steps(statement.otherwise, words.else_, fails)
            case ForEach(), schema.ForStatement():
                yield under.step(statement, words, after)
                where = () if statement.where is None else (statement.where,)
                again = under.written | writes(statement.do)
                each = replace(inside, conditions=(*under.conditions, *where), written=again)
                yield from _steps(statement.do, words.do, each)
            case Chance(), schema.ChanceStatement():
                yield under.step(statement, words, after)
                drawn = replace(inside, looked=(*under.looked, *(share for share, _ in statement.branches)))
                for (_, do), branch in zip(statement.branches, words.chance, strict=True):
                    yield from _steps(do, branch.do, drawn)
                yield from _steps(statement.otherwise, words.otherwise, drawn)
        if isinstance(statement, Let):
            under = replace(under, locals=(*under.locals, statement))
        under = replace(under, written=under.written | writes((statement,)))
