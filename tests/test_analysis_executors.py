"""Every verb makes its runs wherever it is told to: an executor of other machines gives what this one gives."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from standoff.analysis import boxes, branch, compare, explain, knock_out, rare, sense, try_claims
from standoff.calibration import score_forecasts
from standoff.ensemble import unchanged, workers
from standoff.scenario import Scenario, load
from tests.ensemble_cases import POST, RAIDS

POSTS = f"""{POST}questions:
  falls:
    ask: Does the post fall?
    when: fallen
    at: 2017-03-01
    forecast: {{low: 0.3, high: 0.5, evidence: assumption}}
    recorded: {{outcome: "yes", why: It did.}}
{RAIDS}mechanisms: {{M1: {{off: {{resolve: 0}}}}}}
"""

VERBS: dict[str, Callable[..., Any]] = {
    "compare": lambda case, **where: compare(case, {"faster": faster(case)}, runs=40, **where),
    "claims": lambda case, **where: try_claims(case, at_most=100, **where),
    "knock-out": lambda case, **where: knock_out(case, runs=40, **where),
    "sense": lambda case, **where: sense(case, runs=10, **where),
    "boxes": lambda case, **where: boxes(case, ["falls"], runs=200, **where),
    "explain": lambda case, **where: explain(case, "falls", runs=30, **where),
    "rare": lambda case, **where: rare(case, "falls", replicates=3, particles=10, **where),
    "branch": lambda case, **where: branch(case, seed=1, run=0, event=0, continuations=40, **where),
    "score": lambda case, **where: score_forecasts([case], runs=40, **where),
}


class Elsewhere(Executor):
    """An executor whose workers see only what has been through pickle, as on another machine."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self.tasks += 1
        there, arguments, named = pickle.loads(pickle.dumps((fn, arguments, named)))  # noqa: S301 - our own task
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(there(*arguments, **named))))  # noqa: S301 - our own result
        return future


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("posts") / "posts.yaml"
    file.write_text(POSTS, encoding="utf-8")
    return load(str(file))


def faster(case: Scenario) -> Scenario:
    return load(str(Path(case.path)), settings={"pace": 0.3})


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """No runs and no jobs of an earlier call are at hand."""
    monkeypatch.setattr(unchanged, "_held", type(unchanged._held)())
    monkeypatch.setattr(workers, "_held", type(workers._held)())


@pytest.mark.parametrize("verb", VERBS)
def test_an_executor_gives_what_this_machine_gives(posts: Scenario, verb: str) -> None:
    here = VERBS[verb](posts)
    unchanged._held.clear()
    elsewhere = Elsewhere()
    assert VERBS[verb](posts, executor=elsewhere) == here
    assert elsewhere.tasks
