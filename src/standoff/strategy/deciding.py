"""Who decides from outside the model: lookahead, a program, anything that answers when a decision comes up.

Runs in which a seat is decided from outside are compared with the same runs as written. They are a table of their own:
what an outsider does has no probability, and never enters an ensemble's.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from math import ceil, log2, sqrt
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import student
from standoff.display import Display, Displayed
from standoff.ensemble import Progress
from standoff.errors import UsageError, refusal, whole_number
from standoff.game import Knowledge, Table, View
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from standoff.engine import Session
    from standoff.scenario import Scenario

Knows = Literal["what its seat sees", "everything"]


@dataclass(frozen=True, slots=True)
class Question:
    """A decision that has come up: whose, which, for whom (`binding`), when, and the options that are open."""

    seat: str
    decision: str
    binding: str
    day: float
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The option that is chosen, and why, in the decider's own words."""

    option: str
    why: str = ""


class Decider(Protocol):
    """Whoever decides for a seat: it is given plain data and no handle to the run."""

    name: str

    def choose(self, seen: View, asked: Question, luck: np.random.Generator) -> Reply:
        """The choice; `luck` is the same whenever the run is made again."""


@dataclass(frozen=True, slots=True)
class Lookahead:
    """Chooses what does best in `looks` continuations of each option, in which everybody does what is written.

    One step of policy improvement by simulation (Bertsekas, Tsitsiklis and Wu 1997, J. Heuristics 3:245): continuation
    i has the same luck under every option. The looks are shared out over stages, and after each the worse half of the
    options is dropped (sequential halving: Karnin, Koren and Somekh 2013), so only the last two have all of them. It
    continues from the true state, so it knows more than its seat may.
    """

    looks: int = 64
    name: str = "lookahead"

    def __post_init__(self) -> None:
        """Raises UsageError for fewer than two continuations."""
        if whole_number(self.looks, "looks") < 2:
            raise UsageError(f"lookahead needs two continuations at least, not {self.looks}")

    def best(self, session: Session, options: dict[str, int], goal: int, label: str) -> Reply:
        """The option whose continuations are worth most to the goal, a question by its number."""
        alive, worth = dict(options), {name: np.empty(0) for name in options}
        stages = max(1, ceil(log2(len(options))))
        each = max(1, self.looks // stages)
        for stage in range(stages):
            for name, rule in alive.items():
                more = [self._worth(session, rule, goal, f"{label}/{stage}/{i}") for i in range(each)]
                worth[name] = np.append(worth[name], more)
            # Of equal ones the first stays.
            ranked = sorted(alive, key=lambda name: -float(worth[name].mean()))
            alive = {name: options[name] for name in ranked[: max(1, ceil(len(ranked) / 2))]}
        best = next(iter(alive))
        means = ", ".join(f"{name} {float(worth[name].mean()):.3g}" for name in options)
        return Reply(best, f"expected: {means}")

    @staticmethod
    def _worth(session: Session, rule: int, goal: int, label: str) -> float:
        ahead = session.fork(label)
        ahead.stop_recording(events=True)
        ahead.order(rule, ahead.day, number=_FIRST_NUMBER + len(ahead.orders))
        ahead.answer(yes=False)
        ahead.ask_for(())
        ahead.advance_to(ahead.program.model.days)
        return float(ahead.answers()[goal])


_FIRST_NUMBER = 1
"""The number of the first order of a run; each later one has the next."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How often a decision came up over all runs, and how often each option was chosen."""

    decision: str
    asked: int
    options: dict[str, int]


@dataclass(frozen=True, slots=True, repr=False)
class OutsideDecisions(Displayed):
    """Runs in which a seat was decided from outside, against the same runs as written.

    `gain` is the mean difference in the goal of `actor`, in its unit, with its 95% interval over runs.
    """

    scenario: str
    seed: int
    seat: str
    actor: str
    unit: str | None
    decider: str
    knows: Knows
    runs: int
    written: float
    decided: float
    gain: float
    low: float
    high: float
    chosen: tuple[Chosen, ...]

    def display(self) -> Display:
        """What deciding from outside gained."""
        from standoff.strategy.choice_display import decisions_display

        return decisions_display(self)

    def to_json(self) -> str:
        """The comparison as JSON text."""
        return json.dumps(asdict(self) | {"method": METHOD}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "Each run is made twice with the same luck: as written, and with every decision of the seat taken from outside. "
    "The gain is the mean difference in the actor's own goal, with Student's 95% interval over runs. One outsider's "
    "choices are a trial and no forecast."
)


def decide(
    scenario: Scenario,
    *,
    seat: str,
    by: Decider | Lookahead,
    actor: str | None = None,
    runs: int = 20,
    seed: int = 1,
    progress: Progress | None = None,
) -> OutsideDecisions:
    """Let somebody from outside take the decisions of a seat, and compare with the same runs as written.

    `actor` is whose goal counts, by default the one of the seat that has a goal. Raises UsageError for a seat that is
    not there, decides nothing or has no goal, and for answers that are none; RunStopped.
    """
    check_scenario(scenario)
    count = whole_number(runs, "runs")
    if count < 2:
        raise UsageError(f"two runs at least are compared, not {count}")
    table = Table(scenario)
    played = table.seat(seat)
    decisions = table.decided(seat, "decision")
    if not decisions:
        raise UsageError(f"the seat '{seat}' has no decisions; write them under decisions:")
    whose = actor or _goal_of(scenario, seat, played.actors)
    goal = _question_of(scenario, table, whose)
    chosen: dict[str, Counter[str]] = {table.choice(one).rule: Counter() for one in decisions}
    pairs = np.empty((count, 2))
    for number in range(count):
        written = table.begin(seed=seed, run=number)
        written.stop_recording(events=True)
        written.advance_to(table.model.days)
        session = _decided(table, seat, by, seed, number, decisions, goal, chosen)
        pairs[number] = written.answers()[goal], session.answers()[goal]
        if progress is not None:
            progress(number + 1, count)
    return _compared(scenario, seat, whose, by, seed, pairs, chosen)


def _decided(
    table: Table, seat: str, by: Decider | Lookahead, seed: int, number: int, decisions: list[int], goal: int,
    chosen: dict[str, Counter[str]],
) -> Session:  # fmt: skip
    """A run in which whoever is asked from outside takes the decisions of a seat."""
    session, knowledge = table.begin(seed=seed, run=number), Knowledge(table)
    session.ask_for(decisions)
    luck = _luck(seed, number, seat)
    while (ask := session.advance_to(table.model.days)) is not None:
        options = {name: rule for name, rule in table.options(ask.ground_rule).items() if session.rate(rule) != 0.0}
        choice = table.choice(next(iter(options.values())))
        asked = Question(seat, ask.rule, choice.binding, ask.day, tuple(options))
        if isinstance(by, Lookahead):
            reply = by.best(session, options, goal, f"look/{seat}/{len(session.orders)}")
        else:
            knowledge.look(seat, session)
            reply = by.choose(knowledge.view(seat), asked, luck)
            if reply.option not in options:
                told = f"{by.name} chose '{reply.option}' for {asked.decision}"
                raise refusal(told, reply.option, options, what="open options")
        session.order(options[reply.option], ask.day, number=_FIRST_NUMBER + len(session.orders))
        session.answer(yes=False)
        chosen[ask.rule][reply.option] += 1
    return session


def _luck(seed: int, run: int, seat: str) -> np.random.Generator:
    """The random numbers of a decider that rolls dice: the stream standoff/1/SEED/RUN/decider/SEAT."""
    words = f"standoff/1/{seed}/{run}/decider/{seat}".encode()
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(words, digest_size=16).digest(), "big"))


def _goal_of(scenario: Scenario, seat: str, actors: tuple[str, ...]) -> str:
    own = [str(actor) for actor in scenario.document.goals if str(actor) in actors]
    if len(own) != 1:
        what = "no actor with a goal" if not own else f"several: {', '.join(own)}"
        raise UsageError(f"whose goal counts? the seat '{seat}' plays {what}; name an actor")
    return own[0]


def _question_of(scenario: Scenario, table: Table, actor: str) -> int:
    goals = {str(owner): name for name, (owner, _) in scenario.document.goal_questions.items()}
    if actor not in goals:
        raise refusal(f"'{actor}' has no goal", actor, goals, what="actors with goals")
    return [info.name for info in table.model.questions].index(goals[actor])


def _compared(
    scenario: Scenario, seat: str, actor: str, by: Decider | Lookahead, seed: int, pairs: NDArray[np.float64],
    chosen: dict[str, Counter[str]],
) -> OutsideDecisions:  # fmt: skip
    gains = pairs[:, 1] - pairs[:, 0]
    half = student(0.975, len(gains) - 1) * float(gains.std(ddof=1)) / sqrt(len(gains))
    gain = float(gains.mean())
    unit = {str(name): goal.unit for name, goal in scenario.document.goals.items()}[actor]
    return OutsideDecisions(
        scenario=scenario.name,
        seed=seed,
        seat=seat,
        actor=actor,
        unit=None if unit is None else str(unit),
        decider=by.name,
        knows="everything" if isinstance(by, Lookahead) else "what its seat sees",
        runs=len(pairs),
        written=float(pairs[:, 0].mean()),
        decided=float(pairs[:, 1].mean()),
        gain=gain,
        low=gain - half,
        high=gain + half,
        chosen=tuple(Chosen(name, sum(counts.values()), dict(counts)) for name, counts in chosen.items() if counts),
    )
