"""A game while it is played: rows of the ledger in, and what became of them.

State is never stored: a game is its ledger carried out from the beginning, and a row is carried out in the same way
when it is written and when it is read again. Nothing here waits, and nothing but the ledger writes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from standoff.engine import Session
from standoff.errors import RunStopped, UsageError, refusal
from standoff.game.knowledge import Knowledge, View
from standoff.game.ledger import Header, Ledger, Row
from standoff.game.table import HOWS, Choice, How, Table, turn_order

Phase = Literal["planning", "asking", "over"]

MOST_ASKED = 20
"""Acts that a seat is asked about in a turn; what comes beyond is let happen, and told."""

NOT_POSSIBLE = "not possible as things stand"
"""Why an order is refused: whoever gives it learns no more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: `done`, or why it was not."""

    choice: Choice
    done: bool

    def __str__(self) -> str:
        return f"{self.choice}: {'done' if self.done else NOT_POSSIBLE}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a seat is asked: an act, to let happen or pass, or a decision, and the answers that can be given."""

    seat: str
    choice: Choice
    day: float
    answers: tuple[str, ...]


class Game:
    """A game in progress; what players say is checked, written to the ledger, and only then carried out."""

    def __init__(self, table: Table, ledger: Ledger) -> None:
        """The game as its ledger has it; raises UsageError where this version makes another run of it."""
        self.table, self.ledger = table, ledger
        self._begin()
        for row in history(ledger.rows):
            if row.kind != "back" and row.state != self._state():
                raise UsageError(f"'{ledger.path}' cannot be replayed: the run is another one before row {row.number}")
            self._carry_out(row)

    def _begin(self) -> None:
        header = self.ledger.header
        self.session: Session = self.table.begin(seed=header.seed, run=header.run)
        self.phase: Phase = "planning"
        self.turn, self.fault = 0, ""
        self._target, self._until = 0.0, frozenset[str]()
        self._knowledge = Knowledge(self.table)
        self._said: dict[int, How] = {}
        self._drafts: dict[str, list[tuple[int, int]]] = {seat: [] for seat in header.seated}
        self._given: dict[str, list[tuple[int, int]]] = {seat: [] for seat in header.seated}
        self._ready: set[str] = set()
        self._begun = [0]
        self._asks = dict.fromkeys(header.seated, 0)
        self._ask_as_told()
        # What is due at the very start is there before anybody decides.
        self._go_on()

    @property
    def header(self) -> Header:
        """What the game began with."""
        return self.ledger.header

    # -- what is shown: draws nothing and moves nothing ---------------------------------------------------------------

    @property
    def day(self) -> float:
        """The day that the game has reached."""
        return self.session.day

    def view(self, seat: str) -> View:
        """What a seat is shown."""
        return self._knowledge.view(self._seated(seat))

    def legal(self, seat: str) -> tuple[Choice, ...]:
        """The orders that a seat can give now."""
        mine, possible = self.table.decided(self._seated(seat), "order"), self.session.possible()
        return tuple(self.table.choice(one) for one in mine if possible[one])

    def drafted(self, seat: str) -> tuple[Choice, ...]:
        """The orders that a seat has given for the end of this planning."""
        return tuple(self.table.choice(ground_rule) for _, ground_rule in self._drafts[self._seated(seat)])

    def outcomes(self, seat: str) -> tuple[Outcome, ...]:
        """What became of the orders of the last turn."""
        came = {order.number: order.came for order in self.session.orders}
        return tuple(
            Outcome(self.table.choice(ground_rule), came[number] == "fired")
            for number, ground_rule in self._given[self._seated(seat)]
        )

    def let_happen(self, seat: str) -> int:
        """How many acts were let happen in the last turn since the seat had been asked about enough of them."""
        return max(0, self._asks[self._seated(seat)] - MOST_ASKED)

    def standing(self, seat: str) -> dict[str, How]:
        """What is done with the acts and decisions of a seat, by rule."""
        mine = self.table.decided(self._seated(seat), "act", "decision")
        return {self.table.choice(one).rule: self._how(one) for one in mine}

    @property
    def asked(self) -> Asked | None:
        """What somebody is asked, if anybody is."""
        ask = self.session.asks
        seat = None if ask is None else self.table.seat_of(ask.ground_rule)
        if ask is None or seat is None:
            return None
        if self.table.role(ask.ground_rule) != "decision":
            return Asked(seat, self.table.choice(ask.ground_rule), ask.day, ("yes", "no"))
        options = self.table.options(ask.ground_rule)
        answers = (*(name for name, one in options.items() if self.session.rate(one) != 0.0), "model")
        # The options know nothing of the dates on which it comes up.
        binding = self.table.choice(next(iter(options.values()))).binding
        decision = Choice(ask.ground_rule, self.table.choice(ask.ground_rule).rule, binding)
        return Asked(seat, decision, ask.day, answers)

    def waits_for(self) -> tuple[str, ...]:
        """The seats whose word is wanted before the game goes on."""
        if self.phase == "asking" and self.asked is not None:
            return (self.asked.seat,)
        return tuple(seat for seat in self.header.seated if seat not in self._ready) if self.phase == "planning" else ()

    # -- what players say: checked, written, carried out --------------------------------------------------------------

    def order(self, seat: str, rule: str, binding: str = "") -> Row:
        """Give an order at the end of this planning; raises UsageError where it cannot be given."""
        self._planning(seat)
        legal = {(choice.rule, choice.binding): choice for choice in self.legal(seat)}
        if (rule, binding) not in legal:
            given = f"{rule} ({binding})" if binding else rule
            raise refusal(f"'{given}' cannot be ordered now", rule, [name for name, _ in legal], what="orders")
        if legal[rule, binding] in self.drafted(seat):
            raise UsageError(f"'{legal[rule, binding]}' is ordered already")
        return self._write(seat, "order", {"rule": rule, "binding": binding})

    def take_back(self, seat: str, rule: str, binding: str = "") -> Row:
        """Take back an order of this planning."""
        self._planning(seat)
        given = [(choice.rule, choice.binding) for choice in self.drafted(seat)]
        if (rule, binding) not in given:
            raise refusal(f"'{rule}' is not ordered", rule, [name for name, _ in given], what="orders given")
        return self._write(seat, "take back", {"rule": rule, "binding": binding})

    def stand(self, seat: str, rule: str, how: str) -> Row:
        """Say what is done with a rule that the seat decides: as the model does, never, or ask."""
        standing = self.standing(seat)
        if rule not in standing:
            raise refusal(f"'{rule}' is no act or decision of {seat}", rule, standing, what="acts and decisions")
        if how not in HOWS:
            raise refusal(f"'{how}' is no instruction", how, HOWS, what="instructions")
        return self._write(seat, "standing", {"rule": rule, "how": how})

    def end_turn(self, seat: str) -> Row:
        """Say that a seat is ready; with the last one the turn is played. Refuses orders that would stop the run."""
        self._planning(seat)
        self._try(seat)
        return self._write(seat, "ready", {"turn": self.turn})

    def answer(self, seat: str, choose: str) -> Row:
        """Answer what is asked: yes or no to an act, an open option to a decision, or `model` for its policy."""
        asked = self.asked
        if self.phase != "asking" or asked is None or asked.seat != self._seated(seat):
            raise UsageError(f"nothing is asked of {seat}")
        if choose not in asked.answers:
            raise refusal(f"'{choose}' is no answer", choose, asked.answers, what="answers")
        body = {"rule": asked.choice.rule, "binding": asked.choice.binding, "day": asked.day, "choose": choose}
        return self._write(seat, "answer", body)

    def back_to(self, seat: str, number: int, *, fresh: bool = True) -> Row:
        """Go back to just after a row, or to the start with 0: nothing is deleted, and the luck from there is fresh."""
        self._seated(seat)
        if number not in {0, *(row.number for row in history(self.ledger.rows))}:
            raise UsageError(f"row {number} is not in the line that is played")
        row = self.ledger.append(seat, "back", {"row": number, "fresh": fresh}, "")
        self._begin()
        for kept in history(self.ledger.rows):
            self._carry_out(kept)
        return row

    def turn_before(self) -> int:
        """The row to go back to for the beginning of this turn or, where it has just begun, of the one before."""
        said = [row.number for row in history(self.ledger.rows) if row.kind != "back"]
        just_begun = (said[-1] if said else 0) == self._begun[-1]
        return self._begun[-2] if just_begun and len(self._begun) > 1 else self._begun[-1]

    def _write(self, seat: str, kind: str, body: Mapping[str, Any]) -> Row:
        row = self.ledger.append(seat, kind, body, self._state())
        self._carry_out(row)
        return row

    def _seated(self, seat: str) -> str:
        if seat not in self.header.seated:
            raise refusal(f"nobody sits at '{seat}' in this game", seat, self.header.seated, what="seats taken")
        return seat

    def _planning(self, seat: str) -> None:
        self._seated(seat)
        if self.phase != "planning":
            raise UsageError("the game is over" if self.phase == "over" else "somebody is asked: answer first")
        if seat in self._ready:
            raise UsageError(f"{seat} has ended its turn already")

    def _try(self, seat: str) -> None:
        """Raises UsageError where the orders of a seat would stop the run: then they are refused, and not the game."""
        trial = self.session.fork()
        at = math.nextafter(trial.day, math.inf)
        try:
            for number, ground_rule in self._drafts[seat]:
                trial.order(ground_rule, at, number=number)
            trial.advance_to(at)
        except RunStopped as stopped:
            # Its values would tell what the seat may not see, and its seed the luck to come.
            raise UsageError(f"these orders would stop the model, at the rule '{stopped.rule}'") from None

    # -- carrying out: the same for what is said now and for what is replayed -----------------------------------------

    def _state(self) -> str:
        """Names the state of the run, so that a replay can tell whether it is the same."""
        snapshot = self.session.snapshot()
        bits = snapshot.written.tobytes() + snapshot.when.tobytes() + str(self.session.day).encode()
        return hashlib.blake2b(bits, digest_size=8).hexdigest()

    def _carry_out(self, row: Row) -> None:
        body, turn = row.body, self.turn
        if row.kind == "back":
            if body["fresh"]:
                self.session = self.session.fork(f"line/{row.number}")
            return
        if row.kind == "order":
            self._drafts[row.seat].append((row.number, self.table.named(body["rule"], body["binding"])))
        elif row.kind == "take back":
            ground_rule = self.table.named(body["rule"], body["binding"])
            self._drafts[row.seat] = [one for one in self._drafts[row.seat] if one[1] != ground_rule]
        elif row.kind == "standing":
            mine = self.table.decided(row.seat, "act", "decision")
            self._said.update((one, body["how"]) for one in mine if self.table.choice(one).rule == body["rule"])
            self._ask_as_told()
        elif row.kind == "ready":
            self._ready.add(row.seat)
            if self._ready == set(self.header.seated):
                self._play_turn()
        elif row.kind == "answer":
            self._answered(row, body["choose"])
        if self.turn != turn:
            self._begun.append(row.number)

    def _ask_as_told(self) -> None:
        mine = (one for seat in self.header.seated for one in self.table.decided(seat, "act", "decision"))
        self.session.ask_for(one for one in mine if self._how(one) != "model")

    def _how(self, ground_rule: int) -> How:
        return self._said.get(ground_rule) or self.table.usual(ground_rule)

    def _play_turn(self) -> None:
        # The orders of a turn that ends at T take effect just after: what is due at T itself comes before.
        at = math.nextafter(self.session.day, math.inf)
        self._given, header = self._drafts, self.header
        for seat in turn_order(header.seated, seed=header.seed, run=header.run, turn=self.turn):
            for number, ground_rule in self._given[seat]:
                self.session.order(ground_rule, at, number=number)
        self._drafts = {seat: [] for seat in self.header.seated}
        self._ready = set()
        self._asks = dict.fromkeys(self.header.seated, 0)
        self._target = min(self.session.day + self.table.play.every, self.table.model.days)
        self._until = frozenset(self.table.play.until)
        self._go_on()

    def _answered(self, row: Row, choose: str) -> None:
        ask = self.session.asks
        if ask is None:
            raise UsageError(f"'{self.ledger.path}' cannot be replayed: nothing is asked before row {row.number}")
        option = self.table.options(ask.ground_rule).get(choose)
        if option is not None:
            self.session.order(option, ask.day, number=row.number)
        self.session.answer(yes=choose in ("yes", "model"))
        self._go_on()

    def _go_on(self) -> None:
        """Go on to the end of the turn, or to what somebody is asked."""
        try:
            while (ask := self.session.asks) is not None or not self._reached():
                if ask is None:
                    continue
                if self._how(ask.ground_rule) == "ask" and self._can_be_asked(ask.ground_rule):
                    self.phase = "asking"
                    self._knowledge.look(self.table.seat_of(ask.ground_rule) or "", self.session)
                    return
                self.session.answer(yes=self._how(ask.ground_rule) == "ask")
        except RunStopped as stopped:
            self.fault = str(stopped)
        self.turn += 1
        self.phase = "over" if self.fault or self.session.day >= self.table.model.days else "planning"
        for seat in self.header.seated:
            self._knowledge.look(seat, self.session)

    def _can_be_asked(self, ground_rule: int) -> bool:
        """Whether a seat has not been asked about too much in this turn yet; decisions are always asked about."""
        seat = self.table.seat_of(ground_rule)
        if seat is None or self.table.role(ground_rule) == "decision":
            return seat is not None
        self._asks[seat] += 1
        return self._asks[seat] <= MOST_ASKED

    def _reached(self) -> bool:
        """Go on by an event where one could end the turn; whether the turn is over."""
        if not self._until:
            return self.session.advance_to(self._target) is None
        if not self.session.advance_to_next_event(self._target):
            return self.session.asks is None
        model = self.table.model
        if model.rules[model.rule_of[self.session.trajectory().rule[-1]]].name in self._until:
            # What else happens at this instant belongs to the turn.
            self._target, self._until = self.session.day, frozenset()
        return False


def history(rows: Iterable[Row]) -> list[Row]:
    """The rows of the line that is played: what was gone back on is left out."""
    line: list[Row] = []
    for row in rows:
        if row.kind == "back":
            line = [earlier for earlier in line if earlier.number <= row.body["row"]]
        line.append(row)
    return line
