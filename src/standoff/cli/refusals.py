"""How a verb ends when something is wrong: the message on standard error, and the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from standoff.cli.output import print_json
from standoff.errors import Faults, RunStopped, StandoffError, UsageError


@contextmanager
def told(*, as_json: bool = False, repeat: str | None = None) -> Iterator[None]:
    """Turn what Standoff refuses into a message and an exit code: 2 for wrong use, 1 for all else.

    With `as_json`, standard output holds one JSON document that says the same. `repeat` is the start of the line
    that makes a stopped run stop again.
    """
    try:
        yield
    except StandoffError as error:
        print(error, file=sys.stderr)
        if isinstance(error, RunStopped) and repeat is not None and error.run is not None:
            print(f"      again: {repeat} --runs {error.run + 1} --seed {error.seed}", file=sys.stderr)
        if as_json:
            print_json(json.dumps(_as_data(error), ensure_ascii=False))
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from None


def _as_data(error: StandoffError) -> dict[str, object]:
    if isinstance(error, Faults):
        return {"error": "the scenario has faults", "faults": [fault.as_dict() for fault in error.faults]}
    if isinstance(error, RunStopped):
        stopped = {name: getattr(error, name) for name in ("code", "rule", "binding", "time_days", "run", "seed")}
        return {"error": error.found, "stopped": stopped | {"values": {n: repr(v) for n, v in error.values.items()}}}
    return {"error": str(error)}
