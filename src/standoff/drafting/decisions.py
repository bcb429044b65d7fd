"""What people decided, in a log that only grows; candidates come and go, decisions stay and are applied again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from standoff.drafting.candidates import KINDS, Candidate, Fields
from standoff.errors import UsageError

Deed = Literal["accept", "reject", "edit", "merge", "later", "undo"]
State = Literal["open", "accepted", "rejected", "merged", "later", "stale"]
STATES: tuple[State, ...] = get_args(State)
ALIKE = 0.8
"""How much of two candidates' places must be the same, for a decision on one to hold for the other."""
_STATE: Mapping[str, State] = {
    "accept": "accepted", "edit": "accepted", "reject": "rejected", "merge": "merged", "later": "later",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log: when (ISO 8601), what, on which candidate, and where its words stood.

    `fields` are those of the candidate as they were accepted; `into` is the candidate that it was merged into.
    """

    when: str
    do: Deed
    id: str
    kind: str
    places: tuple[tuple[str, int, int], ...]
    fields: Fields | None = None
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a candidate stands, with its fields as decided; of a stale one only the decision is left."""

    state: State
    candidate: Candidate | None
    decision: Decision | None
    fields: Fields

    @property
    def id(self) -> str:
        """Of which candidate."""
        if self.candidate is not None:
            return self.candidate.id
        return self.decision.id if self.decision is not None else ""

    @property
    def kind(self) -> str:
        """Its kind."""
        if self.candidate is not None:
            return self.candidate.kind
        return self.decision.kind if self.decision is not None else ""


def decided(
    do: Deed, candidate: Candidate, *, when: str, fields: Fields | None = None, into: str | None = None
) -> Decision:
    """A decision on a candidate, which keeps where its words stood."""
    kept = fields if do == "edit" else dict(candidate.fields)
    return Decision(when, do, candidate.id, candidate.kind, tuple(sorted(candidate.places())), kept, into)


def append(log: Path, decision: Decision) -> None:
    """Writes a decision at the end of a log, at once."""
    row = {name: value for name, value in asdict(decision).items() if value is not None}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read_log(log: Path) -> list[Decision]:
    """The decisions of a log by time, so that two logs can be put together; raises UsageError for a bad line."""
    if not log.is_file():
        return []
    found = []
    for number, line in enumerate(log.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.append(_decision(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise UsageError(f"{log}, line {number}: not a decision") from None
    return sorted(found, key=lambda one: one.when)


def _decision(row: Mapping[str, Any]) -> Decision:
    if row["do"] not in get_args(Deed) or row["kind"] not in KINDS:
        raise ValueError
    places = tuple((str(digest), int(start), int(end)) for digest, start, end in row["places"])
    fields, into = row.get("fields"), row.get("into")
    if fields is not None and not isinstance(fields, dict):
        raise ValueError
    return Decision(str(row["when"]), row["do"], str(row["id"]), str(row["kind"]), places, fields, into)


def last_decisions(log: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds on each candidate: the last one that was not undone."""
    held: dict[str, list[Decision]] = {}
    for one in log:
        if one.do == "undo":
            if held.get(one.id):
                held[one.id].pop()
        else:
            held.setdefault(one.id, []).append(one)
    return {name: every[-1] for name, every in held.items() if every}


def standings(candidates: Sequence[Candidate], log: Iterable[Decision]) -> list[Standing]:
    """Each candidate as it stands, in their order, after what is stale: decisions whose candidate is gone.

    A decision holds for the candidate of its identity; else for one of its kind whose words stand in the same places
    (changed rules); else it is stale, for its paragraph is gone or has changed.
    """
    holding = last_decisions(log)
    known = {one.id: one for one in candidates}
    applied = {name: one for name, one in holding.items() if name in known}
    stale: list[Decision] = []
    for name, one in holding.items():
        if name in known:
            continue
        other = _alike(one, candidates, applied)
        if other is None:
            stale.append(one)
        else:
            applied[other.id] = one
    gone = [Standing("stale", None, one, dict(one.fields or {})) for one in stale if one.do != "reject"]
    return [*gone, *(_standing(one, applied.get(one.id)) for one in candidates)]


def _standing(candidate: Candidate, decision: Decision | None) -> Standing:
    if decision is None:
        return Standing("open", candidate, None, candidate.fields)
    own = decision.do == "edit" and decision.fields is not None
    return Standing(_STATE[decision.do], candidate, decision, dict(decision.fields or {}) if own else candidate.fields)


def _alike(decision: Decision, candidates: Sequence[Candidate], applied: Mapping[str, Decision]) -> Candidate | None:
    digests = {digest for digest, _, _ in decision.places}
    for one in candidates:
        near = one.kind == decision.kind and one.id not in applied and not digests.isdisjoint(one.digests)
        if near and overlap(frozenset(decision.places), one.places()) >= ALIKE:
            return one
    return None


def overlap(one: frozenset[tuple[str, int, int]], other: frozenset[tuple[str, int, int]]) -> float:
    """The characters that two sets of places share, as a share of those in either."""
    first, second = _characters(one), _characters(other)
    return len(first & second) / max(len(first | second), 1)


def _characters(places: Iterable[tuple[str, int, int]]) -> set[tuple[str, int]]:
    return {(digest, place) for digest, start, end in places for place in range(start, end)}


def counts(every: Iterable[Standing]) -> dict[str, Counter[str]]:
    """How many candidates of each kind are in each state."""
    found: dict[str, Counter[str]] = {}
    for one in every:
        found.setdefault(one.kind, Counter())[one.state] += 1
    return {kind: found[kind] for kind in KINDS if kind in found}
