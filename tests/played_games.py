"""Random games: a run that is held, ordered into and asked, copied and packed on the way, and its ledger."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import numpy as np

from standoff.engine import Program, Session, Trajectory, draw_parameters
from standoff.engine.reference import CoupledRun, DirectRun, TwinRun
from standoff.errors import RunStopped
from standoff.model import Model
from tests.outcomes import Outcome

SEED = 5
MOST_ASKS = 60
"""After so many asks all rules go on as the model says."""


@dataclass
class Ledger:
    """What was played: orders given before anything asked, and then, ask by ask, orders for that instant and answers.

    An order is (ground rule, day, number).
    """

    ahead: list[tuple[int, float, int]] = field(default_factory=list)
    answers: list[tuple[list[tuple[int, float, int]], bool]] = field(default_factory=list)


@dataclass
class Player:
    """Plays one game on a session or on the twin, which it leads by the same luck."""

    run: Session | TwinRun
    luck: Random
    called: list[int]
    ledger: Ledger = field(default_factory=Ledger)
    numbers: int = 0

    @property
    def day(self) -> float:
        """The day that the run has reached."""
        return self.run.day if isinstance(self.run, Session) else self.run.machine.t

    @property
    def open(self) -> bool:
        """Whether a rule asks."""
        return self.run.asks is not None if isinstance(self.run, Session) else self.run.open

    def order(self, day: float) -> tuple[int, float, int]:
        """Order any called rule for a day."""
        given = (self.luck.choice(self.called), day, self.numbers)
        self.numbers += 1
        give(self.run, given)
        return given

    @staticmethod
    def shipped(session: Session) -> Session:
        """The session as another process gets it."""
        return Session.unpacked(session.program, session.packed())

    def respond(self) -> None:
        """Answer whatever asks, sometimes with an order."""
        while self.open:
            now = [self.order(self.day)] if self.called and self.luck.random() < 0.4 else []
            yes = self.luck.random() < 0.6
            self.ledger.answers.append((now, yes))
            reply(self.run, yes, len(self.ledger.answers))
            self.run.advance_to(self.day)

    def move(self, last: float) -> None:
        """Order for a later day, go on, or go on in a copy."""
        what, share = self.luck.randrange(5), self.luck.random()
        # Whole days too: those are grid times and days of dated rules.
        day = min(last, self.day + self.luck.choice([share * 9.0, float(int(share * 9.0))]))
        if what == 0 and self.called and self.day < last:
            # Never for this very instant, at which a clock may have rung: a replay would let the order come before it.
            self.ledger.ahead.append(self.order(min(last, max(day, math.nextafter(self.day, last)))))
        elif what == 1:
            if isinstance(self.run, Session):
                self.run = self.run.fork() if share < 0.5 else self.shipped(self.run)
        elif what == 2:
            self.run.advance_to_next_event(day)
        else:
            self.run.advance_to(day)
        self.respond()


def give(run: Session | TwinRun, order: tuple[int, float, int]) -> None:
    """Give an order."""
    ground_rule, day, number = order
    if isinstance(run, Session):
        run.order(ground_rule, day, number=number)
    else:
        run.order(ground_rule, day, number)


def reply(run: Session | TwinRun, yes: bool, answers: int) -> None:
    """Answer what asks; after many answers nothing asks any more."""
    run.answer(yes=yes)
    if answers >= MOST_ASKS:
        ask_for(run, [])


def ask_for(run: Session | TwinRun, ground_rules: list[int]) -> None:
    """Which ground rules ask."""
    if isinstance(run, Session):
        run.ask_for(ground_rules)
    else:
        run.asked = set(ground_rules)


def begun(program: Program, sampler: str, number: int, *, twin: bool) -> Session | TwinRun:
    """A run at its start, of the kernel or of the twin."""
    model = program.model
    parameters = draw_parameters(model, seed=SEED, runs=np.array([number]))[0]
    if twin:
        return (DirectRun if sampler == "direct" else CoupledRun)(model, parameters, SEED, number, False)
    chosen = "direct" if sampler == "direct" else "coupled"
    return Session.begin(program, seed=SEED, run=number, parameters=parameters, sampler=chosen)


def who_asks(model: Model, luck: Random) -> list[int]:
    """Some ground rules of any kind, and the called ones among them ask for nothing."""
    some = [g for rule in model.rules if luck.random() < 0.5 for g in range(rule.first, rule.first + rule.rows)]
    return luck.sample(some, min(len(some), 40))


def called_of(model: Model) -> list[int]:
    """The ground rules that can be ordered."""
    return [g for rule in model.rules if rule.is_called for g in range(rule.first, rule.first + rule.rows)]


def played(program: Program, sampler: str, luck: int, *, twin: bool) -> tuple[Outcome, Ledger, list[int]]:
    """How a game ends, its ledger, and which orders were refused."""
    model, last = program.model, program.model.days
    chance = Random(luck)
    player = Player(begun(program, sampler, luck % 3, twin=twin), chance, called_of(model))
    ask_for(player.run, who_asks(model, chance))
    ended: Trajectory | RunStopped
    try:
        for _ in range(10):
            player.move(last)
        while player.day < last:
            player.run.advance_to(last)
            player.respond()
        ended = player.run.trajectory()
    except RunStopped as stop:
        ended = stop
    return ended, player.ledger, refused_of(player.run)


def refused_of(run: Session | TwinRun) -> list[int]:
    """The numbers of the orders that were refused."""
    if isinstance(run, Session):
        return sorted(order.number for order in run.orders if order.came == "refused")
    return sorted(run.declined)


def replayed(program: Program, sampler: str, luck: int, ledger: Ledger) -> tuple[Outcome, list[int]]:
    """How the ledger of a game ends when it is played in one go, and which orders were refused."""
    chance = Random(luck)
    session = begun(program, sampler, luck % 3, twin=False)
    ask_for(session, who_asks(program.model, chance))
    ended: Trajectory | RunStopped
    try:
        for order in ledger.ahead:
            give(session, order)
        for number, (orders, yes) in enumerate(ledger.answers, start=1):
            session.advance_to(program.model.days)
            for order in orders:
                give(session, order)
            reply(session, yes, number)
        session.advance_to(program.model.days)
        ended = session.trajectory()
    except RunStopped as stop:
        ended = stop
    return ended, refused_of(session)
