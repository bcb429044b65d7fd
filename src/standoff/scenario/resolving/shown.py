"""What each series shows: a part of the word that made it, who holds each place, or with what force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from standoff.errors import Fault
from standoff.scenario.expression.names import describe
from standoff.scenario.expression.syntax import fault_in
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.resolved import State, Variable, Watch
from standoff.scenario.resolving.declarations import fault_at
from standoff.scenario.schema import Document
from standoff.scenario.tree import Node, Number, OneOf, StateValue
from standoff.scenario.tree import Variable as VariableNode


def shown(
    document: Document,
    name: str,
    variables: tuple[Variable, ...],
    node: Node,
    states: dict[str, State],
    faults: list[Fault],
) -> Origin | None:
    """What one watch shows; notes a key `shows` that it cannot keep."""
    watch = document.watch[name]
    if watch.shows is None:
        of_state = states.get(node.name) if isinstance(node, StateValue) else None
        return origin_of(name) or (of_state.origin if of_state is not None else None)
    key = f"shows: {watch.shows}"
    if [variable.domain.kind for variable in variables] != ["place"]:
        found = f"{key} belongs to a watch over places, with one variable"
        faults.append(fault_at(name, "SD203", found, expected="for: {p: place}"))
    elif watch.shows == "holder" and not isinstance(node.type, OneOf):
        found = f"{key} needs who holds a place, and this is {describe(node.type)}"
        faults.append(fault_in(watch.of, "SD304", found))
    elif watch.shows == "force" and not isinstance(node.type, Number):
        found = f"{key} needs a number, and this is {describe(node.type)}"
        faults.append(fault_in(watch.of, "SD304", found))
    first = next(other for other, watched in document.watch.items() if watched.shows == watch.shows)
    if first != name:
        faults.append(fault_at(name, "SD209", f"'{first}' already has {key}", hint=f"remove {key} from one of them"))
    return Origin("watch", str(name), watch.shows)


def with_holder(watches: Iterable[Watch]) -> tuple[Watch, ...]:
    """The watches, of which one shows who holds each place if any can be told to: by its key, else by its type.

    By its type it is the watch, over all places, of the only state of an actor for each place that is watched as it is.
    """
    watches = tuple(watches)
    if any(watch.shows is not None and watch.shows.role == "holder" for watch in watches):
        return watches
    by_state: dict[str, Watch] = {}
    for watch in watches:
        match watch.of:
            case StateValue(type=OneOf(kind="actor"), name=state, indices=(VariableNode(name=variable),)):
                if [(one.name, one.domain.kind) for one in watch.variables] == [(variable, "place")]:
                    by_state.setdefault(state, watch)
    if len(by_state) != 1:
        return watches
    (holder,) = by_state.values()
    shows = replace(holder, shows=Origin("watch", holder.name, "holder"))
    return tuple(shows if watch is holder else watch for watch in watches)
