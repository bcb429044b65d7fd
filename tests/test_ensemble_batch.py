"""One way to make runs: the same on threads, in processes, by any executor and in any order, in bounded memory."""

from __future__ import annotations

import pickle
import random
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.analysis import branch, compare, explain, sense, try_claims
from standoff.engine import Program, Session, draw_parameters, prepare
from standoff.ensemble import Batch, Way, Where, each, run_many, runs_in, unchanged, workers
from standoff.errors import RunStopped, UsageError
from standoff.model import Model, content_digest, ground
from standoff.scenario import Scenario, load
from tests.ensemble_cases import STOPPING, border

RUNS = 30


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(border(tmp_path_factory.mktemp("scenario"), busy=0.2))


@pytest.fixture(scope="module")
def model(scenario: Scenario) -> Model:
    return ground(scenario.resolved)


@pytest.fixture(scope="module")
def way(model: Model) -> Way:
    return Way(model, 3, "coupled")


@pytest.fixture(scope="module")
def alone(way: Way) -> np.ndarray[Any, Any]:
    return Batch(way, np.arange(RUNS)).answers(Where())


def through_pickle(thing: Any) -> Any:
    """A thing as another process gets it."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own objects


class Shuffled(Executor):
    """An executor that sends everything through pickle, as to another machine, and finishes in another order."""

    def __init__(self, order: int) -> None:
        self.luck = np.random.default_rng(order)
        self.tasks: list[tuple[Future[Any], bytes]] = []
        self.sent: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        packed = pickle.dumps((fn, arguments, named))
        self.sent.append(len(packed))
        self.tasks.append((future, packed))
        if len(self.tasks) > 5 or self.luck.random() < 0.5:
            self.finish_some()
        return future

    def finish_some(self) -> None:
        for place in self.luck.permutation(len(self.tasks)).tolist():
            future, packed = self.tasks[place]
            fn, arguments, named = pickle.loads(packed)  # noqa: S301 - our own tasks
            try:
                made = through_pickle(fn(*arguments, **named))
            except RunStopped as error:
                future.set_exception(through_pickle(error))
            else:
                future.set_result(made)
        self.tasks.clear()


@pytest.fixture(autouse=True)
def finishing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a Shuffled executor finish what it holds as soon as somebody waits for it."""
    come = workers._Spread._come
    Shuffleds.clear()

    def finish(spread: Any) -> Any:
        for executor in Shuffleds:
            executor.finish_some()
        return come(spread)

    monkeypatch.setattr(workers._Spread, "_come", finish)
    monkeypatch.setattr(workers, "_held", type(workers._held)())


Shuffleds: list[Shuffled | Crew] = []


def shuffled(order: int) -> Shuffled:
    Shuffleds[:] = [Shuffled(order)]
    return cast("Shuffled", Shuffleds[0])


@pytest.mark.parametrize("jobs", [1, 2, 3, 5])
def test_answers_are_the_same_on_any_number_of_threads(way: Way, alone: np.ndarray[Any, Any], jobs: int) -> None:
    np.testing.assert_array_equal(Batch(way, np.arange(RUNS)).answers(Where(jobs)), alone)


@settings(max_examples=15, deadline=None)
@given(order=st.integers(0, 10**6), jobs=st.integers(1, 6))
def test_answers_are_the_same_by_an_executor_in_any_order(
    way: Way, alone: np.ndarray[Any, Any], order: int, jobs: int
) -> None:
    found = Batch(way, np.arange(RUNS)).answers(Where(jobs, shuffled(order)))
    np.testing.assert_array_equal(found, alone)


@pytest.mark.timeout(60)
def test_answers_are_the_same_from_other_processes(way: Way, alone: np.ndarray[Any, Any]) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = Batch(way, np.arange(RUNS)).answers(Where(2, executor))
    np.testing.assert_array_equal(found, alone)


def test_answers_are_those_of_the_tables(scenario: Scenario, alone: np.ndarray[Any, Any]) -> None:
    made = run_many(scenario, runs=RUNS, seed=3, sampler="coupled")
    np.testing.assert_array_equal(made.answers.to_numpy()[:, 1:], alone)


class Crew(Executor):
    """Workers that take the next task when they are free, each with a memory of its own; counts jobs that are sent.

    To say that a job is lacking takes no time; to do it takes one round, in which the workers `at_work` take part, by
    default all, those first that have been idle longest.
    """

    def __init__(self, count: int, *, at_work: Callable[[int], list[int]] | None = None) -> None:
        self.held: list[OrderedDict[str, Any]] = [OrderedDict() for _ in range(count)]
        self.at_work = at_work or (lambda _: sorted(range(count), key=lambda worker: self.last[worker]))
        self.tasks: deque[tuple[Future[Any], bytes, bool]] = deque()
        self.sent = self.most = 0
        self.did, self.last = [0] * count, [0] * count
        self.round = 0

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        carries = arguments[1] is not None
        self.tasks.append((future, pickle.dumps((fn, arguments, named)), carries))
        self.sent += carries
        self.most = max(self.most, sum(task[2] for task in self.tasks))
        return future

    def finish_some(self) -> None:
        self.round += 1
        for worker in self.at_work(self.round):
            while self.tasks:
                future, packed, _ = self.tasks.popleft()
                if not future.cancelled() and self.do(worker, future, packed):
                    break

    def do(self, worker: int, future: Future[Any], packed: bytes) -> bool:
        """Let a worker do a task; whether it took time."""
        fn, arguments, named = pickle.loads(packed)  # noqa: S301 - our own tasks
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workers, "_held", self.held[worker])
            patch.setattr(workers, "_this_worker", lambda: f"worker {worker}")
            try:
                future.set_result(through_pickle(fn(*arguments, **named)))
            except RunStopped as error:
                future.set_exception(through_pickle(error))
        if future.exception() is None and isinstance(future.result(), workers.Lacking):
            return False
        self.did[worker] += 1
        self.last[worker] = self.round
        return True


def crew(count: int, **how: Any) -> Crew:
    Shuffleds[:] = [Crew(count, **how)]
    return cast("Crew", Shuffleds[0])


@pytest.mark.parametrize("count", [1, 4])
def test_a_model_goes_to_a_worker_once(model: Model, count: int) -> None:
    """Only where a worker says that it lacks it, though 32 tasks are on their way before the first of them says so."""
    executor = crew(count)
    batch = Batch(Way(model, 3, "coupled"), np.arange(400))
    answers = batch.answers(Where(1, executor))
    assert executor.sent == count
    assert min(executor.did) >= 30 // count
    batch.answers(Where(1, executor))
    assert executor.sent == count
    np.testing.assert_array_equal(answers, batch.answers(Where()))


def test_work_for_an_executor_is_cut_finely_enough_for_many_workers(scenario: Scenario, way: Way) -> None:
    for jobs, least in ((1, 32), (40, 82)):
        executor = crew(1)
        Batch(way, np.arange(200)).answers(Where(jobs, executor))
        assert executor.did[0] >= least
    executor = crew(1)
    run_many(scenario, runs=74, executor=executor)
    assert executor.did[0] == 32


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 6), in_order=st.booleans())
def test_no_worker_that_comes_late_or_goes_holds_the_others_up(
    model: Model, seed: int, count: int, in_order: bool
) -> None:
    """Any workers may be at work in a round, and some are there for the first of them only."""
    luck = random.Random(seed)
    staying = luck.sample(range(count), luck.randint(1, count))

    def at_work(number: int) -> list[int]:
        there = range(count) if number <= 2 else staying
        return luck.sample(there, luck.randint(1, len(there)))

    executor = crew(count, at_work=at_work)
    made = list(each(Counting(model), range(60), Where(1, executor), in_order=in_order))
    assert (made if in_order else sorted(made)) == list(range(60))
    assert executor.most <= count


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """A job that counts how many items are on their way."""

    model: Model

    def __call__(self, program: Program, item: int) -> int:
        return item


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_is_under_way_than_keeps_the_workers_busy(model: Model, jobs: int, in_order: bool) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield number

    seen = []
    for number in each(Counting(model), items(), Where(jobs), in_order=in_order):
        seen.append(number)
        assert taken - len(seen) <= 2 * jobs + 2
    assert sorted(seen) == list(range(200))
    assert not in_order or seen == list(range(200))


def test_who_comes_last_out_of_several_puts_back_how_often_threads_take_turns(model: Model) -> None:
    """Each once put back what it had seen: the first to end ended it for both, the last left it so for good."""
    before = sys.getswitchinterval()
    first, second = (each(Counting(model), range(10**9), Where(2)) for _ in range(2))
    next(first)
    next(second)
    first.close()
    assert sys.getswitchinterval() < before
    second.close()
    assert sys.getswitchinterval() == before


def test_who_stops_listening_leaves_nothing_under_way(model: Model) -> None:
    made = each(Counting(model), range(10**9), Where(2))
    assert next(made) == 0
    made.close()


@dataclass(frozen=True, slots=True, eq=False)
class Failing:
    """A job that fails for some of its items."""

    model: Model

    def __call__(self, program: Program, item: int) -> int:
        if item % 7 == 5:
            raise RunStopped("SD504", found="no", run=item, seed=1)
        return item


@pytest.mark.parametrize("where", [Where(1), Where(2), Where(4), "executor", "crew"])
def test_the_first_item_that_fails_is_the_one_told_of(model: Model, where: Where | str) -> None:
    seen: list[int] = []
    place = where if isinstance(where, Where) else Where(1, crew(4) if where == "crew" else shuffled(5))
    made = map(seen.append, each(Failing(model), range(100), place))
    with pytest.raises(RunStopped) as stopped:
        list(made)
    assert stopped.value.run == 5
    assert seen == list(range(5))


def test_a_stopped_run_is_the_same_for_answers_alone(tmp_path: Path) -> None:
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING, encoding="utf-8")
    way = Way(ground(load(file).resolved), 1, "coupled")
    told = []
    for where in (Where(1), Where(3), Where(1, shuffled(1))):
        with pytest.raises(RunStopped) as stopped:
            Batch(way, np.arange(400)).answers(where)
        told.append(str(stopped.value))
    assert len(set(told)) == 1


def test_parameters_given_take_the_place_of_the_priors(way: Way, alone: np.ndarray[Any, Any]) -> None:
    numbers = np.arange(RUNS)
    drawn = draw_parameters(way.model, seed=way.seed, runs=numbers)
    np.testing.assert_array_equal(Batch(way, numbers, drawn).answers(Where(2)), alone)
    other = drawn.copy()
    other[:, 0] *= 5
    found = Batch(way, numbers, other).answers(Where(2))
    for i in (0, 7):
        one = Batch(way, numbers[i : i + 1], other[i : i + 1]).answers(Where())
        np.testing.assert_array_equal(found[i : i + 1], one)
    assert (found != alone).any()


def test_a_run_can_start_at_a_moment_of_its_own(way: Way) -> None:
    """Moments of several runs, as a filter keeps them: each goes on from where it stands."""
    program = prepare(way.model)
    moments = []
    for run in (4, 9, 4):
        session = Session.begin(program, seed=3, run=run, record=False, sampler="coupled")
        session.advance_to(30.0)
        moments.append(session.freeze())
    numbers = np.array([0, 1, 2])
    expected = []
    for number, moment in zip(numbers.tolist(), moments, strict=True):
        session = Session.thaw(program, moment).fork(f"{30.0!r}/{number}")
        session.advance_to(way.model.days)
        expected.append(session.answers())
    for where in (Where(), Where(2), Where(1, shuffled(3))):
        found = Batch(way, numbers, starts=tuple(moments)).answers(where)
        np.testing.assert_array_equal(found, np.array(expected))


def test_a_day_names_the_same_random_numbers_however_it_is_written(way: Way) -> None:
    found = []
    for day in (30, 30.0, np.float64(30.0), np.int32(30)):
        session = Session.begin(prepare(way.model), seed=3, run=4, record=False, sampler="coupled")
        session.advance_to(day)
        found.append(Batch(replace(way, start=session.freeze()), np.arange(5)).answers(Where()))
        assert found[0].tobytes() == found[-1].tobytes()


def test_runs_that_start_at_a_moment_take_no_parameters(way: Way) -> None:
    numbers, moment = np.arange(2), Session.begin(prepare(way.model), seed=3, run=4, sampler="coupled").freeze()
    parameters = draw_parameters(way.model, seed=3, runs=numbers)
    for started, starts in ((replace(way, start=moment), None), (way, (moment, moment))):
        with pytest.raises(UsageError, match="have their parameters"):
            Batch(started, numbers, parameters, starts)


def test_a_cause_is_at_work_from_the_start(way: Way, alone: np.ndarray[Any, Any]) -> None:
    names = {way.model.slot_name(slot): slot for slot in range(way.model.slots)}
    caused = replace(way, cause={names["force[blue]"]: 50.0})
    found = Batch(caused, np.arange(RUNS)).answers(Where(2))
    np.testing.assert_array_equal(found, Batch(caused, np.arange(RUNS)).answers(Where(1, shuffled(4))))
    assert (found != alone).any()


def test_branches_are_the_same_on_any_number_of_threads(scenario: Scenario) -> None:
    made = [branch(scenario, seed=1, run=2, event=4, continuations=20, changes={"pace": 3.0}, jobs=n) for n in (1, 3)]
    assert made[0] == made[1]


def test_a_digest_of_content_names_what_is_in_it(model: Model) -> None:
    assert content_digest(model) == content_digest(through_pickle(model))
    alike: list[tuple[object, object]] = [
        (1, 1.0), (0.0, -0.0), ("1", 1), (True, 1), ((1, 2), [1, 2]), (("a", "b"), ("ab",)), ({}, ()), (None, "None"),
        (np.zeros(2), np.zeros(2, np.float32)), (np.zeros((2, 3)), np.zeros((3, 2))), ({"a": 1}, {"a": 2}),
        (("a\0str", "b"), ("a", "b")), (replace(model, days=1.0), model),
    ]  # fmt: skip
    for one, other in alike:
        assert content_digest(one) != content_digest(other), (one, other)
    with pytest.raises(TypeError, match="no digest"):
        content_digest(object())


def test_the_unchanged_case_of_what_ifs_is_made_once_in_a_process_and_read_where_a_folder_has_it(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    whole = unchanged.run_many

    def counted(case: Scenario, **how: Any) -> Any:
        made.append("base")
        return whole(case, **how)

    monkeypatch.setattr(unchanged, "run_many", counted)
    monkeypatch.setattr(unchanged, "_held", type(unchanged._held)())
    fresh = sense(scenario, runs=10, seed=8)
    faster = {"faster": load(scenario.path, settings={"pace": 2.0})}
    first = compare(scenario, faster, runs=50, seed=8)
    assert compare(scenario, faster, runs=50, seed=8) == first
    assert made == ["base"]
    assert sense(scenario, runs=10, seed=8) == fresh
    assert compare(scenario, faster, runs=50, seed=9) != first
    assert made == ["base", "base"]

    monkeypatch.setattr(unchanged, "_held", type(unchanged._held)())
    run_many(scenario, runs=50, seed=8, sampler="coupled", out=tmp_path / "run")
    run_many(scenario, runs=50, seed=8, out=tmp_path / "direct")
    assert runs_in(tmp_path / "direct", scenario, runs=50, seed=8) is None
    assert runs_in(tmp_path / "run", scenario, runs=40, seed=8) is None
    assert runs_in(tmp_path / "run", scenario, runs=50, seed=7) is None
    assert runs_in(tmp_path / "run", faster["faster"], runs=50, seed=8) is None
    assert runs_in(tmp_path / "run", scenario, runs=50, seed=8) is not None
    assert compare(scenario, faster, runs=50, seed=8) == first
    assert made == ["base", "base"]


CLAIMED = """\
claims:
  pace-matters: {says: Pace matters., raise: pace, by: 2, expect: rises, question: blue-holds}
"""


def test_coupled_verbs_quote_one_unchanged_case_for_one_seed_and_number_of_runs(tmp_path: Path) -> None:
    """Each verb once made its own; the runs of a seed are the same in all of them, and so is what they say."""
    file = border(tmp_path, busy=0.2)
    file.write_text(file.read_text() + CLAIMED, encoding="utf-8")
    scenario = load(file)
    faster = load(file, settings={"stay": 2.0})
    runs = 100
    compared = compare(scenario, {"slower": faster}, runs=runs, seed=3).questions
    base = {one.question: one.paired.base for one in compared}
    claimed = try_claims(scenario, seed=3, at_most=runs).claims[0]
    assert claimed.base == base["blue-holds"]
    sensed = {one.question: one.mean for one in sense(scenario, runs=runs // 5, seed=3).questions}
    assert sensed == {name: pytest.approx(base[name], abs=1e-12) for name in sensed}
    assert len(sensed) == 4
    assert explain(scenario, "red-took", runs=runs, seed=3).probability == base["red-took"]
    with ThreadPoolExecutor(2) as executor:
        whole = run_many(scenario, runs=runs, seed=3, sampler="coupled", executor=executor)
    assert whole.answers["how-many"].mean() == pytest.approx(base["how-many"], abs=1e-12)
