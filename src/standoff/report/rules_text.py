"""From a scenario as its author wrote it to the graph of its ties and its rules in readable form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standoff.numerals import exact
from standoff.report.scenario_browser import Evidence, Line, Node, Recorded, Tie, World, WrittenRule
from standoff.report.untrusted import tame

if TYPE_CHECKING:
    from standoff.scenario import Document
    from standoff.scenario import Evidence as Said

TIES = ("patron", "alliance", "rivalry", "restraint")
LABELS = {
    "on": "switched off",
    "for": "for each", "at": "on", "between": "between", "chance": "with chance", "when": "while", "rate": "rate a day",
    "decides": "decided by",
    "called": "fires on", "amounts": "amounts", "takes": "takes", "commits": "at once",
    "then": "then", "event": "recorded as", "of": "line of", "crossed_by": "crossed by", "threshold": "threshold",
    "forgets": "forgets in", "seen": "seen with chance", "willing": "willing with chance",
    "credibility": "credibility", "response": "answer",
    "comes": "comes up", "options": "options", "policy": "policy",
    "begin": "begins as", "changes": "changes", "ordered": "can be ordered",
    "parties": "worth", "offers": "by offers", "after": "only after", "terms": "terms", "ends": "ends",
    "decisions": "chooses", "acts": "acts", "stance": "takes the stance", "deals": "agrees", "parameters": "sets",
    "parameter": "sets", "values": "to one of", "policies": "follows one of",
    "is": "the state at the date", "over_time": "each day", "every": "read every", "unit": "unit",
    "otherwise": "if nobody is asked",
}  # fmt: skip
"""What a reader calls the keys of what an author writes, in the order in which they are told."""
OWN_LABELS = {
    "decision": {"of": "decided by"}, "order": {"of": "ordered by", "every": "at most every"},
    "red line": {"decides": "each answer"}, "deal": {"rate": "rate a day per gain"}, "policy": {"of": "policy of"},
    "lever": {"of": "in the hand of"},
}  # fmt: skip
"""What they are called in a word that means something else by them."""
SECTIONS = {
    "rules": "rule", "decisions": "decision", "orders": "order", "policies": "policy", "levers": "lever",
    "goals": "goal", "stances": "stance", "deals": "deal", "red_lines": "red line", "injects": "inject",
}  # fmt: skip
"""The sections that are shown entry by entry, and what an entry is."""
STATEMENTS = {"if", "then", "else", "for", "do", "chance", "otherwise"}
"""Keys of statements, which read as words."""
BESIDE = {"evidence", "mechanism"}
"""Keys of parts that are shown beside the entry as a whole."""
ROUNDS, UNTIED = 200, 3.0


def world(document: Document) -> World:
    """Everything the scenario browser shows."""
    ties = [
        Tie(
            kind=kind,
            source=str(tie.from_),
            target=str(tie.to),
            strength=str(tie.strength or ""),
            about=tame(tie.about or ""),
            evidence=evidence(tie.evidence),
        )
        for kind in TIES
        for tie in getattr(document.ties, kind)
    ]
    rules = [
        _rule(kind, str(name), entry)
        for section, kind in SECTIONS.items()
        for name, entry in getattr(document, section).items()
    ]
    return World(nodes=_nodes(ties), ties=ties, rules=rules, record=_record(document))


def evidence(entries: Iterable[Said]) -> list[Evidence]:
    """Locators with what they are given for."""
    return [
        Evidence(str(one.from_), says=tame(one.says or ""), hindsight=bool(one.hindsight), contradicts=one.contradicts)
        for one in entries
    ]


def _record(document: Document) -> list[Recorded]:
    at = {str(name): i for i, name in enumerate(document.places)}
    events = []
    for name, seen in document.record.items():
        type_, mode, source, target, place, size = seen.header
        held = None if seen.holder is None else str(seen.holder)
        one = Recorded(
            id=str(name),
            day=float((seen.at - document.starts).days),
            last=float((seen.last - document.starts).days),
            type=type_,
            mode=tame(mode or ""),
            source=str(source or ""),
            target=str(target or ""),
            place=at.get(str(place)),
            size=size,
            times=int(seen.times or 1),
            holder="" if held == "none" else held,
            about=tame(seen.about or ""),
            evidence=evidence(seen.evidence),
        )
        events.append(one)
    return sorted(events, key=lambda one: (one.day, one.last))


def _rule(kind: str, name: str, entry: Any) -> WrittenRule:  # Any: an entry of one of the sections
    plain: dict[str, Any] = entry.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    parts = _with_parts(entry)
    if plain.get("on") is False:
        plain["on"] = "an inject that is not used"
    if plain.get("decides") is True:
        plain["decides"] = "weighed as a decision"
    if plain.get("ordered") == {}:
        plain["ordered"] = "at any time"
    if plain.get("called"):
        plain["called"] = "an order from outside, and nothing else"
    return WrittenRule(
        id=name,
        kind=kind,
        about=tame(entry.about or ""),
        lines=[
            Line(OWN_LABELS.get(kind, {}).get(key, label), [tame(text) for text in _texts(plain[key])])
            for key, label in LABELS.items()
            if plain.get(key)
        ],
        mechanisms=list(dict.fromkeys(str(one) for part in parts for one in getattr(part, "mechanism", ()))),
        evidence=evidence(item for part in parts for item in part.evidence),
    )


def _with_parts(entry: Any) -> list[Any]:
    """An entry and the parts with evidence of their own: the changes of a stance, the options of a decision."""
    options = getattr(entry, "options", ())
    return [entry, *getattr(entry, "changes", ()), *(options.values() if isinstance(options, Mapping) else ())]


def _texts(value: Any) -> list[str]:
    """Plain data as an author would write it: each statement of a list, and each named part, on a line of its own."""
    if isinstance(value, Mapping) and all(isinstance(part, Mapping) for part in value.values()):
        return [f"{name}: {_told(part)}" if part else str(name) for name, part in value.items()]
    return [_told(one) for one in (value if isinstance(value, list | tuple) else [value])]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        told = {key: one for key, one in value.items() if key not in BESIDE}
        return ", ".join(f"{key}{'' if key in STATEMENTS else ':'} {_bracketed(one)}" for key, one in told.items())
    if isinstance(value, list | tuple):
        return "; ".join(_bracketed(one) if isinstance(one, list | tuple) else _told(one) for one in value)
    return exact(value) if isinstance(value, float) else " ".join(str(value).split())


def _bracketed(value: Any) -> str:
    several = isinstance(value, Mapping) or (isinstance(value, list | tuple) and len(value) > 1)
    return f"({_told(value)})" if several else _told(value)


def _nodes(ties: list[Tie]) -> list[Node]:
    """Where actors stand: as far apart as ties lie between them (Gansner, Koren and North 2005, stress majorization).

    Nothing in it is random: all begin on a circle in the order of the ties, so the same scenario has the same graph.
    """
    actors = list(dict.fromkeys(name for tie in ties for name in (tie.source, tie.target)))
    if not actors:
        return []
    far = _steps(actors, ties)
    count = len(actors)
    turn = 2 * np.pi * np.arange(count) / count
    spots = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    weight = 1 / far**2
    np.fill_diagonal(weight, 0)
    inverse = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(spots[:, None, :] - spots[None, :, :], axis=2)
        pull = -weight * far / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, 0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        spots = inverse @ pull @ spots
    low, high = spots.min(axis=0), spots.max(axis=0)
    shares = (spots - low) / np.maximum(high - low, 1e-9)
    return [
        Node(actor=name, x=round(float(x), 3), y=round(float(y), 3))
        for name, (x, y) in zip(actors, shares, strict=True)
    ]


def _steps(actors: list[str], ties: list[Tie]) -> NDArray[np.float64]:
    """How many ties lie between each two actors (Floyd 1962), and `UNTIED` where none join them."""
    at = {name: i for i, name in enumerate(actors)}
    far = np.full((len(actors), len(actors)), np.inf)
    np.fill_diagonal(far, 1)  # an actor's distance from itself is never used
    for tie in ties:
        far[at[tie.source], at[tie.target]] = far[at[tie.target], at[tie.source]] = 1
    for i in range(len(actors)):
        far = np.minimum(far, far[:, i, None] + far[None, i, :])
    return np.where(np.isinf(far), UNTIED, far)
