"""From a scenario as its author wrote it to the graph of its ties and all that it declares in readable form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from standoff.numerals import exact
from standoff.report.scenario_browser import Evidence, Line, Node, Recorded, Tie, World, WrittenEntry
from standoff.report.untrusted import tame
from standoff.scenario import shortened
from standoff.time import days_between

if TYPE_CHECKING:
    from standoff.scenario import Document
    from standoff.scenario import Evidence as Said

TIES = ("patron", "alliance", "rivalry", "restraint")
LABELS = {
    "on": "on",
    "for": "for each", "at": "on", "between": "between", "chance": "with chance", "when": "while", "rate": "rate a day",
    "decides": "decided by",
    "called": "fires on", "amounts": "amounts", "takes": "takes", "commits": "at once",
    "then": "then", "event": "recorded as", "of": "of", "crossed_by": "crossed by", "threshold": "threshold",
    "forgets": "forgets after", "fades": "forgets by half in",
    "seen": "seen with chance", "willing": "willing with chance",
    "credibility": "credibility", "response": "answer",
    "comes": "comes up", "options": "options", "policy": "policy",
    "begin": "begins as", "changes": "changes", "ordered": "can be ordered",
    "parties": "worth", "offers": "by offers", "after": "only after", "terms": "terms", "ends": "ends",
    "decisions": "chooses", "acts": "acts", "stance": "takes the stance", "deals": "agrees", "parameters": "sets",
    "parameter": "sets", "values": "to one of", "policies": "follows one of",
    "is": "is", "over_time": "each day", "every": "read every", "unit": "unit",
    "otherwise": "if nobody is asked",
    "centre": "around", "radius": "radius (km)", "holder": "declared by", "excludes": "closed to",
    "recognised_by": "accepted by", "from": "from", "to": "to", "friendly": "in the hands of", "through": "by way of",
    "who": "who", "what": "sees", "shows": "shown as", "by": "by", "kind": "kind", "set": "set", "off": "set to",
    "at_least": "at least", "rivals": "rival explanations", "hedge": "the source says", "km": "length (km)",
}  # fmt: skip
"""What a reader calls the keys of what an author writes, in the order in which they are told; others keep their own."""
OWN_LABELS = {
    "decision": {"of": "decided by"}, "order": {"of": "ordered by", "every": "at most every"},
    "red line": {"decides": "each answer", "of": "line of"}, "deal": {"rate": "rate a day per gain"},
    "policy": {"of": "policy of"}, "lever": {"of": "in the hand of"}, "inject": {"on": "switched off"},
    "goal": {"is": "the state at the date"}, "state": {"of": "for each", "is": "values"},
    "definition": {"of": "for each"}, "relation": {"of": "relates"}, "question": {"at": "on", "by": "by"},
    "place": {"at": "latitude, longitude"}, "turns": {"every": "take"},
    "rule": {
        "every": "every", "from": "first on", "jitter": "later by at most", "after": "after", "since": "counted from",
    },
}  # fmt: skip
"""What they are called in a word that means something else by them."""
SECTIONS = {
    "rules": "rule", "flows": "flow", "decisions": "decision", "stances": "stance", "deals": "deal", "zones": "zone",
    "red_lines": "red line", "corridors": "corridor", "goals": "goal", "policies": "policy", "levers": "lever",
    "orders": "order", "injects": "inject", "mechanisms": "mechanism", "questions": "question", "claims": "claim",
    "watch": "watched number", "define": "definition", "state": "state", "begin": "value at the start",
    "actors": "actor", "places": "place", "routes": "route", "groups": "group", "relations": "relation",
    "kinds": "kind of entity", "variants": "variant", "seats": "seat", "turns": "turns", "sees": "sight",
}  # fmt: skip
"""The sections that are shown entry by entry, in the order in which they are read, and what an entry is."""
ELSEWHERE = frozenset(
    {"standoff", "title", "about", "teaches", "starts", "ends", "every", "theatre", "include", "sources", "parameters",
     "ties", "record", "notes", "leaves_out", "headline", "key_questions"}
)  # fmt: skip
"""What the page shows elsewhere: in its head and its brief, as sources, uncertain numbers, ties, record and notes."""
NAMED = ("title", "name", "label", "ask", "says")
"""Keys that name an entry for readers, the best first."""
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
            mechanisms=list(map(str, tie.mechanism)),
            evidence=evidence(tie.evidence),
        )
        for kind in TIES
        for tie in getattr(document.ties, kind)
    ]
    entries = [
        _entry(section, name, entry)
        for section in SECTIONS
        for name, entry in _named(section, getattr(document, section))
    ]
    return World(nodes=_nodes(ties), ties=ties, entries=entries, record=_record(document))


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
            day=days_between(document.starts, seen.at),
            last=days_between(document.starts, seen.last),
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


def _named(section: str, written: Any) -> Iterator[tuple[str, Any]]:  # Any: whatever a section holds
    """The entries of a section with their names; those without one are named by what they are about."""
    if section == "begin":
        yield from ((str(name), {"is": _listed(entry)}) for name, entry in written.items())
    elif isinstance(written, Mapping):
        yield from ((str(name), entry) for name, entry in written.items())
    elif isinstance(written, tuple):
        for i, entry in enumerate(written, start=1):
            yield "-".join(map(str, getattr(entry, "ends", (section, i)))), entry
    elif written is not None:
        yield section, written


def _listed(values: Any) -> Any:  # Any: a value, or values by the names of an index
    return [f"{name}: {_told(value)}" for name, value in values.items()] if isinstance(values, Mapping) else values


def _entry(section: str, name: str, entry: Any) -> WrittenEntry:  # Any: an entry of one of the sections
    kind = SECTIONS[section]
    plain = _plain(entry)
    parts = list(_parts(entry))
    called = next((key for key in NAMED if plain.get(key)), "")
    own = OWN_LABELS.get(kind, {})
    keys = [*(key for key in LABELS if key in plain), *(key for key in plain if key not in LABELS)]
    return WrittenEntry(
        id=name,
        section=section,
        kind=kind,
        title=tame(str(plain[called]) if called else shortened(str(plain.get("about", "")))),
        about=tame(str(plain.get("about", ""))),
        lines=[
            Line(own.get(key, LABELS.get(key, key.replace("_", " "))), [tame(text) for text in _texts(plain[key])])
            for key in keys
            if key not in {called, "about", *BESIDE} and plain[key] not in (None, "", (), [], {})
        ],
        mechanisms=list(dict.fromkeys(str(one) for part in parts for one in getattr(part, "mechanism", ()))),
        evidence=evidence(item for part in parts for item in getattr(part, "evidence", ())),
    )


def _plain(entry: Any) -> dict[str, Any]:  # Any: an entry of one of the sections
    """The keys of an entry with what its author wrote, where that is more than a word in other words."""
    if not isinstance(entry, BaseModel):
        return {"is": entry} if not isinstance(entry, Mapping) else _beside(entry)
    plain: dict[str, Any] = entry.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    if plain.get("on") is False:
        plain["on"] = "an inject that is not used"
    if plain.get("decides") is True:
        plain["decides"] = "weighed as a decision"
    if plain.get("ordered") == {}:
        plain["ordered"] = "at any time"
    if plain.get("called"):
        plain["called"] = "an order from outside, and nothing else"
    return plain


def _beside(written: Any) -> Any:  # Any: plain data
    """Plain data, such as a variant, whose parts are told with what they rest on."""
    if isinstance(written, Mapping):
        return {"rests on" if key == "evidence" else str(key): _beside(part) for key, part in written.items()}
    return [_beside(part) for part in written] if isinstance(written, list | tuple) else written


def _parts(written: Any) -> Iterator[BaseModel]:  # Any: whatever stands in an entry
    """An entry and all parts of it that may have evidence of their own, such as the options of a decision."""
    if isinstance(written, BaseModel):
        yield written
        inside: Iterable[Any] = (value for name, value in written if name != "evidence")
    elif isinstance(written, Mapping):
        inside = written.values()
    else:
        inside = written if isinstance(written, list | tuple) else ()
    for part in inside:
        yield from _parts(part)


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
    if isinstance(value, bool):
        return "yes" if value else "no"
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
