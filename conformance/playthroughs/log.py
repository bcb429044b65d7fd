"""What a bundled scenario does at seed 1, as text: first events of the first run, all answers, digests of tables."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import standoff

FOLDER = Path(__file__).resolve().parent
RUNS = 10
EVENTS = 200
SAMPLERS: tuple[Literal["direct", "coupled"], ...] = ("direct", "coupled")


def logs_of(name: str) -> dict[Path, str]:
    """The files that belong to a bundled scenario, one for each sampler, and what they should say."""
    scenario = standoff.load(name)
    return {FOLDER / f"{name}.{sampler}.log": _log(scenario, name, sampler) for sampler in SAMPLERS}


def _log(scenario: standoff.Scenario, name: str, sampler: Literal["direct", "coupled"]) -> str:
    ensemble = standoff.run(scenario, runs=RUNS, seed=1, sampler=sampler)
    first = ensemble.events.filter(ensemble.events["run"] == 0)
    shown = [_event(event) for event in first.head(EVENTS).to_dicts()]
    answers = ensemble.answers.sort("run").drop("run")
    width = max(len(question) for question in answers.columns)
    tables = {
        "parameters": ensemble.parameters,
        "events": ensemble.events,
        "series": ensemble.series,
        "answers": ensemble.answers,
    }
    return "\n".join(
        [
            f"{name}, seed 1, {sampler} sampler: the first {len(shown)} of {len(first)} events of run 0",
            "",
            *shown,
            "",
            f"answers of runs 0 to {RUNS - 1}",
            "",
            *(f"{question:{width}}  {' '.join(map(_figure, answers[question]))}" for question in answers.columns),
            "",
            f"tables of runs 0 to {RUNS - 1}: rows, columns, SHA-256 of names and values",
            "",
            *(f"{table:10}  {len(frame):6} {frame.width:4}  {_digest(frame)}" for table, frame in tables.items()),
            "",
        ]
    )


def _event(event: dict[str, Any]) -> str:
    """One event: day, rule and binding, then what happened in the words of the event schema."""
    told = [event["type"], event["mode"], event["source"] and f"by {event['source']}"]
    told += [event["target"] and f"on {event['target']}", event["place"] and f"at {event['place']}"]
    told += [None if event["size"] is None else f"of {_figure(event['size'])}"]
    binding = f"[{event['binding']}]" if event["binding"] else ""
    return f"{event['time']:10.4f}  {event['rule']}{binding}  {' '.join(word for word in told if word)}".rstrip()


def _figure(value: float | None) -> str:
    """A number in four digits: what is to be read; the digest holds the rest."""
    return "-" if value is None else f"{value:.4g}"


def _digest(frame: Any) -> str:
    """The SHA-256 of a table's column names and values, whatever file they would stand in."""
    total = hashlib.sha256()
    for column in frame.columns:
        total.update(column.encode() + repr(frame[column].to_list()).encode())
    return total.hexdigest()
