"""Putting the body of a define in the place of its call, so that no later step knows of defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Choose,
    Domain,
    Draw,
    Entity,
    Fold,
    Member,
    Node,
    OneOf,
    OwnValue,
    Pick,
    Related,
    Span,
    StateValue,
    Truth,
    Unary,
    Variable,
    own_value,
)
from standoff.scenario.walks import walk


def substitute(body: Node, arguments: Mapping[str, Node], *, span: Span, taken: Iterable[str] = ()) -> Node:
    """The body with its variables replaced by the arguments; the result stands at `span`.

    Variables that the body binds itself are renamed where they would hide one of `taken` or of the arguments.
    """
    used = frozenset(taken) | {name for node in arguments.values() for name in _variables(node)}
    return _Substitution(span, used | _variables(body)).of(body, arguments, used)


def plain_domain(domain: Domain, variable: str, where: Node | None) -> tuple[Domain, Node | None]:
    """A domain whose `of` is a variable or an entity, and the condition that makes up for the difference.

    The partners of an entity that changes, as in `road(base[a])`, are the members of its kind that are related to it.
    """
    of = domain.of
    if of is None or isinstance(of, Variable | Entity):
        return domain, where
    member = Variable(type=OneOf(domain.kind), name=variable, span=of.span)
    related: Node = Related(type=Truth(), relation=domain.name, of=(of, member), span=of.span)
    if where is not None:
        related = Binary(type=Truth(), op="and", left=related, right=where, span=where.span)
    return Domain("kind", domain.kind, domain.kind), related


def _variables(node: Node) -> frozenset[str]:
    # Free and bound alike.
    return frozenset(part.name if isinstance(part, Variable) else part.variable
                     for part in walk(node) if isinstance(part, Variable | Fold | Pick))  # fmt: skip


class _Substitution:
    """One substitution: where its result stands, and which names it must not bind anew."""

    def __init__(self, span: Span, known: frozenset[str]) -> None:
        self.span = span
        self.known = set(known)

    def of(self, node: Node, arguments: Mapping[str, Node], used: frozenset[str]) -> Node:
        def below(part: Node) -> Node:
            return self.of(part, arguments, used)

        match node:
            case Variable(name=name):
                return arguments[name] if name in arguments else replace(node, span=self.span)
            case StateValue(indices=indices):
                return replace(node, indices=tuple(map(below, indices)), span=self.span)
            case Related(of=(left, right)) | Between(of=(left, right)):
                return replace(node, of=(below(left), below(right)), span=self.span)
            case Draw(of=parts):
                return replace(node, of=tuple(map(below, parts)), span=self.span)
            case OwnValue(index=index):
                return own_value(replace(node, index=below(index), span=self.span))
            case Attribute(of=of) | Member(of=of) | Unary(of=of):
                return replace(node, of=below(of), span=self.span)
            case Binary(left=left, right=right):
                return replace(node, left=below(left), right=below(right), span=self.span)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                chosen = below(condition), below(then), below(otherwise)
                return replace(node, condition=chosen[0], then=chosen[1], otherwise=chosen[2], span=self.span)
            case Fold() | Pick():
                return self._quantified(node, arguments, used)
        return replace(node, span=self.span)

    def _quantified(self, node: Fold | Pick, arguments: Mapping[str, Node], used: frozenset[str]) -> Node:
        of = node.domain.of
        domain = node.domain if of is None else replace(node.domain, of=self.of(of, arguments, used))
        variable = self._fresh(node.variable) if node.variable in used else node.variable
        renamed = Variable(type=OneOf(domain.kind), name=variable, span=self.span)
        inside = {**arguments, node.variable: renamed}
        where = None if node.where is None else self.of(node.where, inside, used)
        domain, where = plain_domain(domain, variable, where)
        if isinstance(node, Fold):
            body = self.of(node.body, inside, used)
            return replace(node, variable=variable, domain=domain, where=where, body=body, span=self.span)
        weight = None if node.weight is None else self.of(node.weight, inside, used)
        return replace(node, variable=variable, domain=domain, where=where, weight=weight, span=self.span)

    def _fresh(self, name: str) -> str:
        number = 2
        while f"{name}_{number}" in self.known:
            number += 1
        self.known.add(f"{name}_{number}")
        return f"{name}_{number}"
