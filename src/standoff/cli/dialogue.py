"""A game at one terminal: what a seat is shown, what it can say, and what it is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from standoff.cli.layout import Grid, one_line
from standoff.cli.output import console_here
from standoff.display import Row, Table, columns
from standoff.errors import UsageError, suggestion
from standoff.game import Asked, Chance, Game, SeenEvent, odds
from standoff.numerals import figure, many, percent
from standoff.time import date_in_words, moment_at

_NOTHING = ("0", "no", "none")
"""Values of a table that need no line of their own."""

_SHORT = {"y": "yes", "n": "no"}
_MEANWHILE = ("see", "acts", "set", "odds", "undo", "quit")
"""What can be said while something is asked, beside an answer."""

COMMANDS = {
    "3": "give the order of this number, or say its name",
    "back 3": "take back the order of this number",
    "end": "end your turn",
    "see": "show all that you see",
    "orders": "list the orders you can give",
    "acts": "list what happens by itself that you decide, and how it stands",
    "set RULE model": "let it happen as the model does; `never`: let it pass; `ask`: be asked each time",
    "odds": "ask how it would go on if nobody said any more; this is worked out from the true state",
    "undo": "go back to the beginning of this turn or, once more, of the one before; the luck is new",
    "quit": "leave; the game is kept",
}


class Dialogue:
    """The talk with those who sit at this terminal."""

    def __init__(self, game: Game) -> None:
        """The luck of the game is told at its end alone."""
        self.game = game
        self.console = console_here()
        self.left = False
        self._shown: dict[str, dict[str, tuple[str, str]]] = {}
        self._commands: dict[str, Callable[[str, list[str]], None]] = {
            "back": self._take_back, "end": self._end, "see": self._see, "orders": self._orders, "acts": self._acts,
            "set": self._set, "odds": self._odds, "undo": self._undo, "quit": self._quit, "help": self._help,
        }  # fmt: skip

    def hold(self) -> None:
        """Talk until the game is over or everybody has left."""
        game = self.game
        self._say(f"[bold]{one_line(game.table.scenario.document.title)}[/bold]  {self._date(game.day)}")
        self._say(f"The game is kept in {one_line(game.ledger.path)}.")
        if not game.ledger.rows:
            for seat in game.header.seated:
                self._brief(seat)
        while game.phase != "over" and not self.left:
            seat = game.waits_for()[0]
            if game.phase == "asking":
                self._ask()
            else:
                self._plan(seat)
        if game.phase == "over":
            self._over()
        else:
            self._say(f"Go on with: standoff play --game {one_line(game.ledger.path)}")

    # -- turns and asks ----------------------------------------------------------------------------------------------

    def _brief(self, seat: str) -> None:
        about = self.game.table.seats[seat]
        self._say(f"[bold]{seat}[/bold] decides for {', '.join(about.actors)}.")
        if about.briefing is not None:
            self._say(one_line(about.briefing))

    def _plan(self, seat: str) -> None:
        turn = self.game.turn
        self._say(f"\n[bold]{seat}, turn {turn}[/bold]  {self._date(self.game.day)}")
        for outcome in self.game.outcomes(seat):
            self._say(f"  {one_line(outcome)}")
        if self.game.let_happen(seat):
            self._say(f"  {many(self.game.let_happen(seat), 'act')} happened without asking: too many for one turn")
        self._events(seat)
        self._news(seat)
        self._orders(seat, [])
        while not self.left and self.game.phase == "planning" and self.game.turn == turn:
            words = self._read(f"{seat}> ")
            if words is None:
                return
            self._obey(seat, words)
            if seat not in self.game.waits_for():
                return

    def _obey(self, seat: str, words: list[str]) -> None:
        """Do one thing that was said; what is refused is told, and nothing has happened."""
        if not words:
            return
        try:
            if words[0].isdecimal():
                choice = self._numbered(seat, words[0])
                self.game.order(seat, *choice)
                self._say(f"Ordered: {one_line(self.game.drafted(seat)[-1])}")
            elif words[0] in self._commands:
                self._commands[words[0]](seat, words[1:])
            else:
                self._by_name(seat, " ".join(words))
        except UsageError as refused:
            self._say(f"[red]{one_line(refused)}[/red]")

    def _ask(self) -> None:
        asked = self.game.asked
        if asked is None:
            return
        self._say(f"\n[bold]{asked.seat} is asked[/bold]  {self._date(asked.day)}")
        self._events(asked.seat)
        self._news(asked.seat)
        decision = "model" in asked.answers
        what = f"What do you choose in {asked.choice}?" if decision else f"Let it happen? {asked.choice}"
        self._say(f"{one_line(what)}  ({one_line(', '.join(asked.answers))})")
        rows = len(self.game.ledger.rows)
        while not self.left and len(self.game.ledger.rows) == rows:
            words = self._read(f"{asked.seat}? ")
            if words and words[0] in (*_MEANWHILE, "help"):
                self._obey(asked.seat, words)
            elif words:
                self._answer(asked, " ".join(words))

    def _answer(self, asked: Asked, choose: str) -> None:
        try:
            self.game.answer(asked.seat, _SHORT.get(choose, choose) if "no" in asked.answers else choose)
        except UsageError as refused:
            self._say(f"[red]{one_line(refused)}[/red]")

    def _over(self) -> None:
        game = self.game
        self._say(f"\n[bold]The game is over[/bold]  {self._date(game.day)}")
        if game.fault:
            self._say(f"The model stopped: {one_line(game.fault)}")
            return
        rows = []
        for question, answer in zip(game.table.resolved.questions, game.session.answers(), strict=True):
            told = {"binary": "yes" if answer else "no", "number": figure(float(answer))}.get(question.type)
            rows.append((question.ask, told or (self._date(float(answer)) if answer >= 0 else "never")))
        self._table("How it ended", ("question", "answer"), rows)
        self._say(f"Its luck: seed {game.header.seed}, run {game.header.run}.")

    # -- commands ----------------------------------------------------------------------------------------------------

    def _see(self, seat: str, _: list[str]) -> None:
        """All that a seat sees."""
        self._shown.pop(seat, None)
        self._news(seat)

    def _news(self, seat: str) -> None:
        """What a seat sees that it was not shown before at this terminal."""
        view = self.game.view(seat)
        rows = {value.what: (value.value, "" if value.now else self._date(value.day)) for value in view.values}
        rows |= {name: (figure(drawn), "") for name, drawn in view.parameters}
        before = self._shown.get(seat)
        if before is None:
            # A table of many values is long, and most of them are nothing.
            nothing = {value.what for value in view.values if value.index and value.value in _NOTHING}
            told = {what: row for what, row in rows.items() if what not in nothing}
        else:
            told = {what: row for what, row in rows.items() if before.get(what) != row}
        self._shown[seat] = rows
        stale = any(when for _, when in told.values())
        title = "You see" if before is None else "What has changed"
        heads = ("what", "value", "as of") if stale else ("what", "value")
        self._table(title, heads, [(what, *(row if stale else row[:1])) for what, row in told.items()])

    def _events(self, seat: str) -> None:
        for event in self.game.view(seat).events:
            self._say(f"  {self._date(event.day)}  {one_line(_told(event))}")

    def _orders(self, seat: str, _: list[str]) -> None:
        legal, drafted = self.game.legal(seat), self.game.drafted(seat)
        numbered = enumerate(legal, start=1)
        rows = [(str(number), str(choice), "ordered" if choice in drafted else "") for number, choice in numbered]
        self._table("You can order", ("", "order", ""), rows)
        self._say("`end` ends your turn, `help` lists what else you can say.")

    def _numbered(self, seat: str, number: str) -> tuple[str, str]:
        legal = self.game.legal(seat)
        if not 1 <= int(number) <= len(legal):
            raise UsageError(f"there is no order {number}; the orders are numbered from 1 to {len(legal)}")
        choice = legal[int(number) - 1]
        return choice.rule, choice.binding

    def _by_name(self, seat: str, words: str) -> None:
        """Give the order of this name; refuses what is neither an order nor a command."""
        legal = self.game.legal(seat)
        meant = [choice for choice in legal if words in (choice.rule, str(choice))]
        if len(meant) == 1:
            self.game.order(seat, meant[0].rule, meant[0].binding)
            self._say(f"Ordered: {one_line(meant[0])}")
            return
        if meant:
            raise UsageError(f"there are {len(meant)} orders '{words}': say which by its number")
        known = [*self._commands, *dict.fromkeys(choice.rule for choice in legal)]
        advice = " ".join(part for part in suggestion(words, known, what="words") if part)
        raise UsageError(f"'{words}' is neither an order nor a command; {advice}")

    def _take_back(self, seat: str, words: list[str]) -> None:
        if not words or not words[0].isdecimal():
            raise UsageError("say which order to take back, by its number: back 3")
        self.game.take_back(seat, *self._numbered(seat, words[0]))
        self._say("Taken back.")

    def _end(self, seat: str, _: list[str]) -> None:
        self.game.end_turn(seat)

    def _acts(self, seat: str, _: list[str]) -> None:
        rows = []
        for rule, how in self.game.standing(seat).items():
            rows.append((rule, how))
        self._table("You decide", ("rule", "stands at"), rows)

    def _set(self, seat: str, words: list[str]) -> None:
        if len(words) != 2:
            raise UsageError("say which rule and how: set RULE model, set RULE never, or set RULE ask")
        self.game.stand(seat, *words)
        self._say(f"{one_line(words[0])}: {words[1]}")

    def _odds(self, _: str, words: list[str]) -> None:
        runs = int(words[0]) if words and words[0].isdecimal() else 200
        rows = []
        for chance in odds(self.game, runs=runs):
            rows.append((chance.question.ask, self._told(chance)))
        self._table(f"From here, {runs} times", ("question", "odds"), rows)

    def _told(self, chance: Chance) -> str:
        if chance.question.type == "binary":
            return percent(chance.mean)
        if chance.question.type == "number":
            return f"{figure(chance.mean)} ± {figure(1.96 * chance.error)}"
        middle = "" if chance.median is None else f", median {self._date(chance.median)}"
        return f"{percent(chance.happens)}{middle}"

    def _undo(self, seat: str, _: list[str]) -> None:
        number = self.game.turn_before()
        self.game.back_to(seat, number)
        self._say(f"Back at the beginning of turn {self.game.turn}; what comes has luck of its own.")

    def _quit(self, _: str, __: list[str]) -> None:
        self.left = True

    def _help(self, _: str, __: list[str]) -> None:
        self._table("You can say", ("", "and it will"), list(COMMANDS.items()))

    # -- reading and writing -----------------------------------------------------------------------------------------

    def _read(self, prompt: str) -> list[str] | None:
        """The next line in words; None, and everybody has left, where there is none."""
        self.console.print(prompt, end="", markup=False)
        self.console.file.flush()
        line = sys.stdin.readline()
        if not line:
            self.left = True
            self._say("")
            return None
        if not sys.stdin.isatty():
            # What comes from a file is not on the screen: the talk is to be read later.
            self.console.print(line.strip(), markup=False)
        return line.split()

    def _table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.console.print(Grid(Table(columns(*heads), tuple(Row(tuple(row)) for row in rows), title)))

    def _say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)

    def _date(self, day: float) -> str:
        moment = moment_at(self.game.table.model.starts, day)
        return f"{date_in_words(moment.date())}, {moment:%H:%M}"


def _told(event: SeenEvent) -> str:
    """An event in one line, without what is dark."""
    parts = [event.type or event.rule or "something happens"]
    parts += [f"({event.mode})"] if event.mode else []
    for word, part in (("by", event.source), ("on", event.target), ("at", event.place)):
        parts += [f"{word} {part}"] if part is not None else []
    parts += [f"size {figure(event.size)}"] if event.size is not None else []
    parts += [f"· {event.rule}"] if event.rule is not None and event.type is not None else []
    return " ".join(parts)
