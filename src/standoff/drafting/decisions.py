"""What people decided, in a log that only grows; candidates come and go, decisions stay and are applied again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
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

    `fields` are those of the candidate as they were accepted; `into` is the candidate that it was merged into; `of` is
    when the decision was made that an undo takes back.
    """

    when: str
    do: Deed
    id: str
    kind: str
    places: tuple[tuple[str, int, int], ...]
    fields: Fields | None = None
    into: str | None = None
    of: str | None = None

    @property
    def moment(self) -> datetime:
        """When it was made, wherever that was; a time that names no zone is one of UTC."""
        moment = datetime.fromisoformat(self.when)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

    def as_line(self) -> str:
        """It as a line of the log."""
        row = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(row, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of putting another log into one: how many decisions are new, and where the two had differed.

    Each of `differing` is a candidate with what this log had said, what the other had, and what holds now.
    """

    new: int
    differing: tuple[tuple[str, str, str, str], ...]


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


def append(log: Path, *decisions: Decision) -> None:
    """Writes decisions at the end of a log, at once; where another clock was ahead, at the time of its last one.

    So what is decided last is read last, whoever decided before.
    """
    latest = max(read_log(log), key=lambda one: one.moment, default=None)
    lines = []
    for decision in decisions:
        if latest is not None and latest.moment > decision.moment:
            decision = replace(decision, when=latest.when)
        latest = decision
        lines.append(decision.as_line())
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", newline="\n") as file:
        file.write("".join(lines))


def merge_logs(log: Path, other: Path) -> Merged:
    """Puts another log of the same draft into one: what it does not have yet is added, and both are read by time.

    Raises UsageError where either is no log, or the other is not there.
    """
    if not other.is_file():
        raise UsageError(f"there is no log '{other}'")
    own, theirs = read_log(log), read_log(other)
    # Lines are counted, not collected: one decision can have been made twice within a second.
    left = Counter(one.as_line() for one in own)
    new = []
    for one in theirs:
        left[one.as_line()] -= 1
        if left[one.as_line()] < 0:
            new.append(one)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", newline="\n") as file:
        file.write("".join(one.as_line() for one in new))
    here, there, now = (last_decisions(every) for every in (own, theirs, read_log(log)))
    differing = sorted(name for name in here.keys() & there.keys() if _says(here[name]) != _says(there[name]))
    rows = ((name, here[name].do, there[name].do, now[name].do if name in now else "undo") for name in differing)
    return Merged(len(new), tuple(rows))


def _says(one: Decision) -> tuple[str, Fields | None, str | None]:
    return one.do, one.fields if one.do == "edit" else None, one.into


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
    return sorted(found, key=lambda one: one.moment)


def _decision(row: Mapping[str, Any]) -> Decision:
    if row["do"] not in get_args(Deed) or row["kind"] not in KINDS:
        raise ValueError
    places = tuple((str(digest), int(start), int(end)) for digest, start, end in row["places"])
    fields, into = row.get("fields"), row.get("into")
    if fields is not None and not isinstance(fields, dict):
        raise ValueError
    decision = Decision(
        str(row["when"]), row["do"], str(row["id"]), str(row["kind"]), places, fields, into, row.get("of")
    )
    _ = decision.moment  # a time that cannot be read is no time
    return decision


def last_decisions(log: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds on each candidate: the last one that was not undone."""
    return {one.id: one for one in not_undone(log)}


def not_undone(log: Iterable[Decision]) -> list[Decision]:
    """The decisions that nobody took back, in their order: an undo takes back the one that it names, else the last."""
    held: list[Decision] = []
    for one in log:
        if one.do != "undo":
            held.append(one)
            continue
        mine = [two for two in held if two.id == one.id and one.of in (None, two.when)]
        if mine:
            held.remove(mine[-1])
    return held


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
    if decision.do != "edit" or decision.fields is None:
        return Standing(_STATE[decision.do], candidate, decision, candidate.fields)
    # A field that a later run added has its value still; one that is no more is left out.
    fields = {name: decision.fields.get(name, value) for name, value in candidate.fields.items()}
    if not _can_have(fields):
        raise UsageError(f"the log gives {candidate.id} what it cannot be; remove that line, of {decision.when}")
    return Standing("accepted", candidate, decision, fields)


_SORTS: Mapping[str, type | tuple[type, ...]] = {
    "at": (str, list), "of": (str, list), "others": list, "values": list, "standard": bool, "low": (int, float),
    "high": (int, float), "value": (int, float), "size": (int, float),
    "least": (int, float), "most": (int, float),
}  # fmt: skip
"""The sorts of fields that are no words."""


def _can_have(fields: Fields) -> bool:
    """Whether fields of a log, which may be another person's, are of the sorts that a candidate can have."""
    fine = all(value is None or isinstance(value, _SORTS.get(name, str)) for name, value in fields.items())
    at = fields.get("at")
    pair = not isinstance(at, list) or (len(at) == 2 and all(type(one) in (int, float) for one in at))
    return fine and pair and all(fields.get(name, 0) is not None for name in ("name", "type", "value", "low", "high"))


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
