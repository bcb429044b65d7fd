"""What was measured, a record for each piece of each part, in files that are brought up to date piece by piece.

A record says at which commit, when and on which machine its piece was measured and in how many seconds; `figures` are
what came of it, or `absent` is why nothing did.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import commit, machine, versions
from benchmarks.measuring import Document, Effort

RESULTS = Path(__file__).with_name("results")
Results = dict[str, dict[str, Document]]
"""Records by part and piece."""


def record(effort: Effort, took: float, **what: Any) -> Document:
    """The record of a piece that was measured just now: `figures=` or `absent=`."""
    return {
        "commit": commit(),
        "date": datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M"),
        "machine": machine(),
        "versions": versions(),
        "effort": asdict(effort),
        "took_seconds": round(took, 1),
        **what,
    }


def read(parts: tuple[str, ...], folder: Path = RESULTS) -> Results:
    """What is kept of these parts."""
    files = {part: folder / f"{part}.json" for part in parts}
    return {
        part: json.loads(file.read_text(encoding="utf-8")) if file.exists() else {} for part, file in files.items()
    }


def keep(part: str, piece: str, made: Document, folder: Path = RESULTS) -> None:
    """Put a record in place of the one that is kept of its piece; all others stay, whatever happens."""
    folder.mkdir(exist_ok=True)
    held = {**read((part,), folder)[part], piece: made}
    replace(folder / f"{part}.json", json.dumps(held, indent=1) + "\n")


def replace(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def figures(results: Results, part: str) -> dict[str, Document]:
    """The figures of the pieces of a part that have some."""
    return {piece: made["figures"] for piece, made in results.get(part, {}).items() if "figures" in made}
