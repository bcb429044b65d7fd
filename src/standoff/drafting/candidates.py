"""What is proposed to the reader of a text: candidates, each with its fields and where their words stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["conflict", "actor", "join", "place", "event", "forecast", "number", "claim"]
KINDS: tuple[Kind, ...] = ("conflict", "actor", "join", "place", "event", "forecast", "number", "claim")
"""The kinds in the order of the desk: what spoils most is seen first."""
PREFIXES: Mapping[str, str] = {
    "conflict": "cf", "actor": "ac", "join": "jn", "place": "pl", "event": "ev", "forecast": "fc", "number": "nu",
    "claim": "cl",
}  # fmt: skip
MAKER = "rules@4"
"""Who made a candidate: the rules of this version."""

Span = tuple[int, int, int]
"""Which of a candidate's paragraphs, and where in its text: index, start, end."""
# Any: what JSON can hold.
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposal: `at` and `digests` are its paragraphs, `spans` say for each field where its words stand.

    Spans named `cause` and `effect` belong to no field: no words of a text are kept, only where they are.
    """

    id: str
    kind: Kind
    at: tuple[str, ...]
    digests: tuple[str, ...]
    fields: Fields
    spans: Mapping[str, tuple[Span, ...]]
    maker: str = MAKER
    doubts: tuple[str, ...] = ()
    score: float | None = None
    seen: int = field(default=1)

    def as_row(self) -> dict[str, Any]:
        """The candidate as a row of `candidates.jsonl`."""
        return {
            "id": self.id, "kind": self.kind, "at": list(self.at), "digests": list(self.digests), "fields": self.fields,
            "spans": {name: [list(span) for span in spans] for name, spans in self.spans.items()},
            "maker": self.maker, "doubts": list(self.doubts), "score": self.score, "seen": self.seen,
        }  # fmt: skip

    def places(self) -> frozenset[tuple[str, int, int]]:
        """Where its words stand, by the digests of their paragraphs."""
        return frozenset(
            (self.digests[index], start, end) for spans in self.spans.values() for index, start, end in spans
        )


def from_row(row: Mapping[str, Any]) -> Candidate:
    """A candidate from a row of `candidates.jsonl`; raises KeyError, TypeError or ValueError for anything else."""
    if row["kind"] not in KINDS:
        raise ValueError(f"no kind '{row['kind']}'")
    spans = {str(name): tuple((int(a), int(b), int(c)) for a, b, c in found) for name, found in row["spans"].items()}
    return Candidate(
        str(row["id"]), row["kind"], tuple(map(str, row["at"])), tuple(map(str, row["digests"])), dict(row["fields"]),
        spans, str(row["maker"]), tuple(map(str, row["doubts"])), row["score"], int(row["seen"]),
    )  # fmt: skip


def identity(kind: Kind, *parts: object) -> str:
    """An identity that hangs on digests, places and keys alone: not on the order of texts or the names of files."""
    content = json.dumps([kind, *parts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{PREFIXES[kind]}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates in the order of the desk: by kind, dated events before others, then by mentions and identity."""

    def place(one: Candidate) -> tuple[int, bool, int, str, str]:
        undated = one.kind == "event" and one.fields.get("at") is None
        return KINDS.index(one.kind), undated, -one.seen, one.at[0], one.id

    return sorted(candidates, key=place)


def rows_of(candidates: Iterable[Candidate]) -> str:
    """Candidates as JSON, one a line, in the order of the desk: the same candidates give the same bytes."""
    lines = (json.dumps(one.as_row(), ensure_ascii=False, separators=(", ", ": ")) for one in ordered(candidates))
    return "".join(f"{line}\n" for line in lines)
