"""The PettingZoo environment of a scenario: its own tests, ours, and environments that are broken on purpose."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pettingzoo")

from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test
from pettingzoo.utils import parallel_to_aec

from standoff.engine import Session
from standoff.errors import UsageError
from standoff.scenario import load
from standoff.strategy import SingleSeat, check_environment, make_environment
from standoff.strategy.environment import Environment

POSTS = """
standoff: 1
title: Posts, and who reinforces them
starts: 2019-01-01
ends: 2019-03-31
actors: {us: {}, iran: {}, militia: {}}
places: {tanf: {}, raqqa: {}}
state:
  force: {of: [actor, place], at_least: 0}
  reserve: {of: actor, at_least: 0}
  secret: {}
  tension: {half_life: 20 days, at_least: 0}
begin: {force: {us: {tanf: 3}, militia: {raqqa: 2}}, reserve: {us: 4, iran: 3}}
parameters: {temper: {prior: "uniform(0.05, 0.2)"}}
rules:
  probe:
    for: {p: place}
    when: "force[militia, p] >= 1"
    rate: temper * (1 + tension)
    then: ["force[militia, p] -= 1", tension += 0.2, "secret = uniform(0, 1)"]
    event: ASSAULT by militia on us at p
    decides: iran
  wears: {for: {p: place}, when: "force[us, p] >= 1", rate: 0.02, then: ["force[us, p] -= 1"]}
orders:
  sends:
    of: us
    for: {p: place}
    when: reserve[us] >= 1
    then: ["reserve[us] -= 1", "force[us, p] += 1"]
    event: MOBILIZE by us at p
  feeds:
    of: iran
    for: {p: place}
    when: reserve[iran] >= 1
    then: ["reserve[iran] -= 1", "force[militia, p] += 1"]
decisions:
  answer:
    of: us
    comes: {rate: 0.1}
    options: {hold: {}, press: {when: tension > 0.1, then: [tension *= 0.2], event: THREATEN by us on iran}}
    policy: {mix: {hold: 1, press: 1}}
goals:
  us: {is: "sum(force[us, p] for p in place) - 2 * tension"}
  iran: {is: "sum(force[militia, p] for p in place)", over_time: 0.1 * tension, every: 5 days}
seats: {washington: {plays: us}, tehran: {plays: [iran, militia]}}
turns: {every: 7 days}
sees:
  - {who: a, for: {a: actor, p: place}, what: "force[a, p]"}
  - {who: everyone, what: [tension, reserve]}
  - {who: washington, for: {p: place}, what: "force[militia, p]", when: "force[us, p] >= 2"}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("posts") / "posts.yaml"
    file.write_text(POSTS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def make(path: Path) -> Callable[..., Environment]:
    made = make_environment(load(str(path)))

    def another(kind: type[Environment] = Environment) -> Environment:
        goals = {"washington": "us", "tehran": "iran"}
        return kind(made.table, goals, made.turn_days)

    return another


def test_it_passes_the_tests_of_pettingzoo(make: Callable[..., Environment]) -> None:
    """Two warnings of theirs are about observations that are dicts, and any other is an error."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*[Oo]bservation.*")
        parallel_api_test(make(), num_cycles=40)
        api_test(parallel_to_aec(make()), num_cycles=40)
        seed_test(lambda: parallel_to_aec(make()), num_cycles=40)
        parallel_seed_test(make, num_cycles=40)


def test_our_own_check_finds_nothing_wrong(make: Callable[..., Environment]) -> None:
    assert check_environment(make()) == ()


class Late(Environment):
    """Ignores its seed from the second step on: each game has luck of its own, the same whenever the test runs."""

    games = itertools.count()

    def step(self, actions: Any) -> Any:
        if self.turn == 1:
            self.session = self.session.fork(f"noise/{next(self.games)}")
        return super().step(actions)


class Leaky(Environment):
    """Shows what nobody sees."""

    def observed(self, agent: str, session: Session) -> Any:
        return np.append(super().observed(agent, session)[:-1], session.state("secret"))


class Lenient(Environment):
    """Allows what the model refuses."""

    def _mask(self, agent: str, possible: Any) -> Any:
        return np.ones_like(super()._mask(agent, possible))


class Strict(Environment):
    """Forbids what the model allows."""

    def _mask(self, agent: str, possible: Any) -> Any:
        mask = super()._mask(agent, possible)
        mask[1] = 0
        return mask


class Eager(Environment):
    """Lets a forbidden move change something."""

    def step(self, actions: Any) -> Any:
        before = dict(self._illegal)
        made = super().step(actions)
        if self._illegal != before:
            self.session = self.session.fork("illegal")
        return made


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Late, "the same seed gives another game from step 2 on"),
        (Leaky, "observes secret, which it does not see"),
        (Lenient, "allows"),
        (Strict, "forbids"),
        (Eager, "a move that the mask forbids is not a wait"),
    ],
    ids=lambda of: of.__name__ if isinstance(of, type) else "",
)
def test_our_own_check_finds_what_is_broken(
    make: Callable[..., Environment], kind: type[Environment], found: str
) -> None:
    told = check_environment(make(kind))
    assert any(found in one for one in told), told


def test_rewards_sum_up_to_the_goals_of_the_run(make: Callable[..., Environment]) -> None:
    environment = make()
    environment.reset(seed=4)
    total = dict.fromkeys(environment.agents, 0.0)
    while environment.agents:
        for agent, reward in environment.step({"seat_0": 1, "seat_1": 2})[1].items():
            total[agent] += reward
    names = [question.name for question in environment.table.model.questions]
    answers = dict(zip(names, environment.session.answers().tolist(), strict=True))
    assert total == pytest.approx({"seat_0": answers["goal-us"], "seat_1": answers["goal-iran"]}, abs=1e-9)
    assert answers["goal-us"] != 0.0


def test_what_is_seen_only_at_times_is_remembered_as_it_was_then(make: Callable[..., Environment]) -> None:
    """Washington sees a militia at a post only while two of its own companies stand there."""
    environment = make()
    observed, _ = environment.reset(seed=4)
    sights = environment.sights["seat_0"]
    sometimes = np.flatnonzero(sights.when >= 0)
    count, told, hidden = len(sights.value), set(), 0
    before = np.zeros(count)
    assert len(sometimes) == 2
    while True:
        seen, now = observed["seat_0"]["observation"][:count], observed["seat_0"]["observation"][count : 2 * count]
        is_so = environment.session.watched()
        for at in sometimes.tolist():
            visible = is_so[sights.when[at]] != 0
            assert now[at] == visible and seen[at] == (is_so[sights.value[at]] if visible else before[at])
            told.add(bool(visible))
            hidden += not visible and seen[at] != is_so[sights.value[at]]
        before = seen.copy()
        if not environment.agents:
            break
        observed = environment.step({})[0]
    assert told == {True, False} and hidden > 0


def test_moves_do_what_they_say(make: Callable[..., Environment]) -> None:
    environment = make()
    moves = {agent: [str(move) for move in some] for agent, some in environment.moves.items()}
    assert moves == {
        "seat_0": [
            "wait", "order sends (p=tanf)", "order sends (p=raqqa)", "choose answer_takes_hold",
            "choose answer_takes_press",
        ],
        "seat_1": ["wait", "order feeds (p=tanf)", "order feeds (p=raqqa)", "let probe", "never probe"],
    }  # fmt: skip
    rules = environment.table.model.rules
    name_of = {g: rule.name for rule in rules for g in range(rule.first, rule.first + rule.rows)}
    fired: dict[tuple[int, int], dict[str, int]] = {}
    for ours, theirs in ((0, 0), (4, 4), (3, 3), (1, 0)):
        environment.reset(seed=2)
        while environment.agents:
            infos = environment.step({"seat_0": ours, "seat_1": theirs})[4]
        assert infos["seat_0"]["seat"] == "washington"
        names = [name_of[g] for g in environment.session.trajectory().rule.tolist()]
        fired[ours, theirs] = {name: names.count(name) for name in set(names)}
    assert fired[0, 0]["probe"] > 0 and "probe" not in fired[4, 4] and fired[3, 3]["probe"] > 0
    assert "answer_press" not in fired[3, 3] and fired[3, 3]["answer_hold"] > 2
    # Where to press is not open, the written policy chooses.
    assert fired[4, 4]["answer_hold"] > 2
    assert fired[1, 0]["sends"] == 4 and infos["seat_0"]["illegal"] > 0
    assert "sends" not in fired[0, 0]


def test_the_next_reset_is_the_next_run_and_what_it_is_asked_must_make_sense(
    make: Callable[..., Environment], path: Path
) -> None:
    environment = make()
    environment.reset(seed=5)
    environment.reset()
    assert (environment.session.seed, environment.session.run) == (5, 1)
    scenario = load(str(path))
    assert make_environment(scenario, goals={"tehran": "iran"}, turn=3.0).seats == {"seat_0": "tehran"}
    for options, why in (
        ({"goals": {"moscow": "us"}}, "no seat 'moscow'"), ({"goals": {"tehran": "militia"}}, "'militia' has no goal"),
        ({"goals": {}}, "nothing would be rewarded"), ({"turn": 0.0}, "a turn takes some days"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=why):
            make_environment(scenario, **options)


def test_one_seat_alone_is_an_environment_of_gymnasium(make: Callable[..., Environment], path: Path) -> None:
    with pytest.raises(UsageError, match="one seat can be played alone, not washington, tehran"):
        SingleSeat(make())
    alone = SingleSeat(make_environment(load(str(path)), goals={"tehran": "iran"}))
    with warnings.catch_warnings():
        # What is seen has no bounds, and the test samples without a mask.
        warnings.filterwarnings("ignore", message=".*Box.*")
        check_env(alone, skip_render_check=True)
    alone.reset(seed=6)
    over, total = False, 0.0
    while not over:
        _, reward, _, over, info = alone.step(1)
        total += reward
    assert info["seat"] == "tehran" and total != 0.0
