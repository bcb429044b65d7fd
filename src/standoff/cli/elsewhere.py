"""Where a verb makes its runs: on this machine's processors, or on the workers of a cluster (`--on`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

if TYPE_CHECKING:
    from standoff.scenario import Scenario

On = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Make the runs on a Dask cluster: tcp://HOST:PORT, or local:N for N workers here."
    ),
]


class Workers(TypedDict):
    """What the functions behind the verbs take for it."""

    jobs: int
    executor: Executor | None


@contextmanager
def workers_of(on: str | None, jobs: int | None, *scenarios: Scenario) -> Iterator[Workers]:
    """The workers that are asked for; the text of the scenarios is what a cluster's workers are sent."""
    if on is None:
        yield Workers(jobs=jobs or processors(), executor=None)
        return
    from standoff.errors import UsageError

    if jobs is not None:
        raise UsageError("--jobs is for this machine: with --on the cluster says how many workers there are")
    from standoff.ensemble import cluster

    with cluster.Cluster(on, *scenarios) as executor:
        yield Workers(jobs=1, executor=executor)


def processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
