"""One program used by many threads: what it makes late is made once, and machine code in use is never freed."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, get_args

import numpy as np
import pytest

from standoff.engine import Program, Sampler, prepare, run
from standoff.engine import program as made_ready
from standoff.model import Model

THREADS = 16
SHARED = f"""
kinds: {{unit: {{members: [{", ".join(f"u{i}" for i in range(40))}]}}}}
actors: {{us: {{}}, ru: {{}}}}
state: {{load: {{of: unit, at_least: 0}}, reserve: {{of: actor, at_least: 0}}}}
begin: {{reserve: 2}}
rules:
  raid:
    for: {{a: actor, u: unit}}
    rate: 0.005 * reserve[a] * (1 + load[u])
    then: ["load[u] = poisson(0.5)", "reserve[a] = 1 + uniform(0, 1)"]
questions: {{load: {{ask: How much?, number: "load[u0]", at: 2020-01-10}}}}
"""


def at_once(ask: Callable[[], Any]) -> list[Any]:
    """What many threads get that ask at the same moment."""
    barrier = Barrier(THREADS)

    def wait_and_ask(_: int) -> Any:
        barrier.wait(30)
        return ask()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_ask, range(THREADS)))


@pytest.mark.parametrize("sampler", get_args(Sampler))
def test_threads_that_ask_a_fresh_program_at_once_share_one_walk(
    model_of: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch, sampler: str
) -> None:
    program = Program(model_of(SHARED))
    assert any(rule.share is not None for rule in program.model.rules)
    made = made_ready.Walk.__init__

    def slowly(self: made_ready.Walk, *given: Any, **named: Any) -> None:
        time.sleep(0.05)
        made(self, *given, **named)

    monkeypatch.setattr(made_ready.Walk, "__init__", slowly)
    assert len({id(walk) for walk in at_once(lambda: getattr(program, sampler))}) == 1
    assert len({id(names) for names in at_once(lambda: program.clock_names)}) == 1


def test_threads_that_prepare_one_model_at_once_share_its_program(model_of: Callable[[str], Model]) -> None:
    model = model_of(SHARED)
    assert len({id(program) for program in at_once(lambda: prepare(model))}) == 1


def test_threads_that_begin_runs_of_a_fresh_program_make_the_runs_that_one_thread_makes(
    model_of: Callable[[str], Model],
) -> None:
    """The crash of issue 12: on Python 3.12 the code of one thread's walk was freed when another made it anew."""
    model = model_of(SHARED)
    alone = run(Program(model), seed=3, run=0, sampler="coupled")
    for _ in range(5):
        program = Program(model)
        made = at_once(lambda: run(program, seed=3, run=0, sampler="coupled"))  # noqa: B023
        gc.collect()
        assert {np.asarray(one.time).tobytes() for one in made} == {alone.time.tobytes()}
