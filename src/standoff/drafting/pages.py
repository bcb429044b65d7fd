"""What was accepted as the sections of a scenario, and the list of what only a person can write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from standoff.drafting.decisions import Standing
from standoff.drafting.drafts import Source
from standoff.drafting.lexicon import fold
from standoff.drafting.theatres import Theatre
from standoff.errors import Fault
from standoff.scenario import RESERVED
from standoff.time import parse_date
from standoff.units import Unit

_MODE = re.compile(r"[^\w '-]+")


@dataclass(slots=True)
class _Pages:
    """The sections that are being written, the names that are taken, and the names of candidates."""

    accepted: dict[str, Any] = field(default_factory=dict)
    to_write: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: set(RESERVED) | {"actor", "place"})
    names: dict[str, str] = field(default_factory=dict)

    def name(self, words: str, candidate: str) -> str:
        """A name of the language for a candidate, which nobody has yet."""
        plain = fold(words).replace(" ", "_")[:60].strip("_") or "entry"
        plain = plain if plain[0].isalpha() else f"n_{plain}"
        number, name = 1, plain
        while name in self.taken:
            number += 1
            name = f"{plain}_{number}"
        self.taken.add(name)
        self.names[candidate] = name
        return name


def pages(
    every: Sequence[Standing], sources: Iterable[Source], starts: date, ends: date, *, ground: Theatre | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is accepted as the sections of a scenario, and the list of what is to be written.

    What is one of the theatre `ground` goes by its key there, and is not written again.
    """
    page = _Pages()
    page.taken |= ground.taken if ground is not None else set()
    known = {one.candidate.id: one for one in every if one.candidate is not None}
    accepted = [one for one in known.values() if one.state == "accepted"]
    target = _targets(known.values())
    page.accepted["sources"] = {one.name: _source(one) for one in sources}
    _entities(page, accepted, known, target, ground)
    _numbers(page, accepted)
    _record(page, accepted, target, starts, ends)
    _disputes(page, accepted)
    _stubs(page, accepted)
    return {name: part for name, part in page.accepted.items() if part}, page.to_write


def _targets(every: Iterable[Standing]) -> dict[str, str]:
    """Into which candidate each merged one goes, at the end of a chain."""
    into = {one.id: one.decision.into for one in every if one.state == "merged" and one.decision and one.decision.into}
    found = {}
    for name in into:
        end, seen = name, set()
        while end in into and end not in seen:
            seen.add(end)
            end = str(into[end])
        found[name] = end
    return found


def _source(one: Source) -> dict[str, Any]:
    remarks: dict[str, list[int]] = {}
    for number, remark in one.remarks.items():
        remarks.setdefault(remark, []).append(int(number))
    entry: dict[str, Any] = {"title": one.name, "date": one.dated.isoformat(), "paragraphs": len(one.digests)}
    if remarks:
        entry["remarks"] = [
            {"at": _ranges(sorted(numbers)), "is": remark} for remark, numbers in sorted(remarks.items())
        ]
    entry["digests"] = list(one.digests)
    return entry


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers as `1-2, 10`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def _entities(
    page: _Pages,
    accepted: Sequence[Standing],
    known: dict[str, Standing],
    target: dict[str, str],
    ground: Theatre | None,
) -> None:
    """Actors and places with their aliases: names of what was merged into them, and joins that were accepted."""
    for kind, section in (("actor", "actors"), ("place", "places")):
        spelt = ground.spellings(section) if ground is not None else set()
        entries: dict[str, Any] = {}
        every = [one for one in accepted if one.kind == kind]
        residents = {} if ground is None else ground.actors if kind == "actor" else ground.places
        page.names |= {one.id: one.fields["theatre"] for one in every if one.fields.get("theatre") in residents}
        mine = [one for one in every if one.id not in page.names]
        for one in (one for one in every if one.id in page.names):
            named = (str(one.fields["name"]), *_aliases(one, accepted, known, target))
            fresh = [alias for alias in named if _fresh(alias, spelt)]
            if fresh:  # a list of the scenario takes the place of the theatre's, so it has both
                key = page.names[one.id]
                kept = entries.get(key, {"aliases": list(residents[key].names[1:])})["aliases"]
                entries[key] = {"aliases": [*kept, *fresh]}
        for one in mine:
            name = str(one.fields["name"])
            key = page.name(name, one.id)
            entry: dict[str, Any] = {}
            if _fresh(name, spelt):
                entry["name"] = name
            entries[key] = entry
        for one in mine:
            entry = entries[page.names[one.id]]
            aliases = [alias for alias in _aliases(one, accepted, known, target) if _fresh(alias, spelt)]
            if aliases:
                entry["aliases"] = aliases
            entry.update(_facts(one, page))
            entry["evidence"] = _locators(one)
        if entries:
            page.accepted[section] = entries


def _fresh(name: str, spelt: set[str]) -> bool:
    """Whether nobody is called so yet; then somebody is."""
    forms = {name.casefold(), fold(name)}
    if forms & spelt or not name.strip():
        return False
    spelt.update(forms)
    return True


def _aliases(
    one: Standing, accepted: Sequence[Standing], known: dict[str, Standing], target: dict[str, str]
) -> list[str]:
    joined = [
        str(other.fields["alias"])
        for other in accepted
        if other.kind == "join" and target.get(str(other.fields["of"]), other.fields["of"]) == one.id
    ]
    merged = [str(known[name].fields["name"]) for name, end in target.items() if end == one.id and name in known]
    return list(dict.fromkeys((*joined, *merged)))


def _facts(one: Standing, page: _Pages) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if one.fields.get("at"):
        facts["at"] = [float(one.fields["at"][0]), float(one.fields["at"][1])]
    if one.fields.get("kind"):
        facts["kind"] = str(one.fields["kind"])
    patron = page.names.get(str(one.fields.get("patron")))
    if patron is not None and patron != page.names[one.id]:
        facts["patron"] = patron
    return facts


def _locators(one: Standing) -> list[str]:
    return list(one.candidate.at) if one.candidate is not None else []


def _numbers(page: _Pages, accepted: Sequence[Standing]) -> None:
    """Numbers as parameters, ranges as even between their ends; two that disagree as a choice of both, not either."""
    entries: dict[str, Any] = {}
    values: set[tuple[str, float]] = set()
    for one in (one for one in accepted if one.kind == "conflict" and one.fields["what"] == "number"):
        low, high = one.fields["values"]
        values |= {(locator, value) for locator in _locators(one) for value in (low, high)}
        entry = {"prior": f"choice({low:g}, {high:g})", "unit": one.fields["unit"], "evidence": _locators(one)}
        entries[page.name(f"{one.fields['of']}", one.id)] = _with_unit(entry)
    for one in (one for one in accepted if one.kind == "number"):
        if any((locator, one.fields["value"]) in values for locator in _locators(one)):
            continue
        low, high = one.fields.get("least"), one.fields.get("most")
        prior = f"{one.fields['value']:g}" if low is None or low == high else f"uniform({low:g}, {high:g})"
        entry = {"prior": prior, "unit": one.fields["unit"], "evidence": _locators(one)}
        entries[page.name(f"{one.fields['head']}", one.id)] = _with_unit(entry)
    if entries:
        page.accepted["parameters"] = entries


def _with_unit(entry: dict[str, Any]) -> dict[str, Any]:
    try:
        if entry["unit"]:
            Unit.parse(entry["unit"])
            return entry
    except Fault:
        pass
    return {key: value for key, value in entry.items() if key != "unit"}


def _record(page: _Pages, accepted: Sequence[Standing], target: dict[str, str], starts: date, ends: date) -> None:
    """Dated events within the scenario as its record; those without a date or outside it are left to be placed."""
    entries: dict[str, Any] = {}
    outside: dict[str, Any] = {}
    for one in (one for one in accepted if one.kind == "event"):
        entry = {"event": _header(one, page, target), "evidence": _locators(one)}
        days = [one.fields.get(part) for part in ("at", "until")]
        first, last = (parse_date(str(day)) if day else None for day in days)
        if first is not None and last is not None and starts <= first <= last <= ends:
            until = {} if first == last else {"until": last.isoformat()}
            entries[one.id] = {"at": first.isoformat(), **until, **entry}
        else:
            when = "no date" if first is None else f"{first} to {last} is not within the scenario"
            outside[one.id] = {"why": when, **entry}
    if entries:
        page.accepted["record"] = dict(sorted(entries.items(), key=lambda item: (item[1]["at"], item[0])))
    if outside:
        page.to_write["events"] = outside


def _header(one: Standing, page: _Pages, target: dict[str, str]) -> str:
    """An event in the words of the record; who or what nobody accepted is left out."""
    mode = _MODE.sub(" ", str(one.fields.get("mode") or "")).strip()
    parts = [str(one.fields["type"]) + (f" ({mode})" if mode else "")]
    for mark, part in (("by", "source"), ("on", "target"), ("at", "place")):
        candidate = str(one.fields.get(part))
        name = page.names.get(target.get(candidate, candidate))
        if name is not None:
            parts.append(f"{mark} {name}")
    if one.fields.get("size") is not None:
        parts.append(f"size {float(one.fields['size']):g}")
    return " ".join(parts)


def _disputes(page: _Pages, accepted: Sequence[Standing]) -> None:
    """Contradictions as remarks on both paragraphs, each naming the other."""
    for one in (one for one in accepted if one.kind == "conflict"):
        first, second = _locators(one)[0], _locators(one)[-1]
        for here, there in ((first, second), (second, first)):
            source, _, number = here.partition("#p")
            if source in page.accepted["sources"]:
                remarks = page.accepted["sources"][source].setdefault("remarks", [])
                remark = {"at": number, "is": "disputed", "why": f"another {one.fields['what']} in {there}"}
                if remark not in remarks:
                    remarks.append(remark)


class _Named:
    """Where the actors and places of a page stand in the texts: a stub says by their names what it is about."""

    def __init__(self, page: _Pages, accepted: Sequence[Standing]) -> None:
        self._at: list[tuple[str, int, str]] = []
        for one in accepted:
            if one.kind in ("actor", "place") and one.candidate is not None:
                for index, start, _ in one.candidate.spans.get("mentions", ()):
                    self._at.append((one.candidate.digests[index], start, page.names[one.id]))

    def within(self, one: Standing, part: str) -> list[str]:
        """Who and what stands in a part of a candidate's words, in their order, each once."""
        if one.candidate is None:
            return []
        found = [
            (start, name)
            for index, begin, end in one.candidate.spans.get(part, ())
            for digest, start, name in self._at
            if digest == one.candidate.digests[index] and begin <= start < end
        ]
        return list(dict.fromkeys(name for _, name in sorted(found)))


def _stubs(page: _Pages, accepted: Sequence[Standing]) -> None:
    """Questions, claims, rules and lines that only a person can write, with where they rest and whom they name."""
    named = _Named(page, accepted)
    for one in accepted:
        evidence = _locators(one)
        if one.kind == "forecast":
            forecast = {
                "low": one.fields["low"],
                "high": one.fields["high"],
                "words": one.fields["words"],
                "evidence": evidence,
            }
            stub = {"ask": "", "when": "", "by": "", "about": named.within(one, "sentence"), "forecast": forecast}
            page.to_write.setdefault("questions", {})[one.id] = stub
        elif one.kind == "claim":
            page.to_write.setdefault("claims", {})[one.id] = {
                "says": "",
                "mechanism": [],
                "expect": "",
                "cause": named.within(one, "cause"),
                "cue": one.fields["cue"],
                "effect": named.within(one, "effect"),
                "evidence": evidence,
            }
            page.to_write.setdefault("rules", {})[f"rule_of_{one.id.replace('-', '_')}"] = {
                "rate": 0,
                "evidence": evidence,
            }
        elif one.kind == "place" and one.fields.get("form") in ("line", "zone"):
            page.to_write.setdefault("lines", {})[page.names[one.id]] = {
                "is": one.fields["form"],
                "geometry": "",
                "evidence": evidence,
            }
