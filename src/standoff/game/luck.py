"""Odds from here: many ways in which a game could go on if nobody said anything any more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standoff.errors import RunStopped, UsageError, whole_number
from standoff.game.playing import Game
from standoff.scenario import resolved


@dataclass(frozen=True, slots=True)
class Chance:
    """The mean answer to a question over these continuations, with its standard error.

    Of a question for a date, `happens` is the share in which there is one, and `median` the median of all in days from
    the start; None where most have none.
    """

    question: resolved.Question
    mean: float
    error: float
    runs: int
    happens: float = 1.0
    median: float | None = None


def odds(game: Game, *, runs: int = 200) -> tuple[Chance, ...]:
    """The answers of many continuations with fresh luck, all seats on what is written; the game is not moved.

    They are worked out from the true state, part of which a seat may not see.
    """
    answers = []
    if whole_number(runs, "runs") < 2:
        raise UsageError("odds take at least two runs")
    for number in range(runs):
        session = game.session.fork(f"odds/{number}")
        session.ask_for(())
        session.stop_recording()
        try:
            if session.asks is not None:
                session.answer(yes=True)
            session.advance_to(game.table.model.days)
        except RunStopped:
            continue
        answers.append(session.answers())
    questions = game.table.resolved.questions
    if len(answers) < 2:
        return ()
    means, spread = np.mean(answers, axis=0), np.std(answers, axis=0, ddof=1) / np.sqrt(len(answers))
    happens = np.mean(np.asarray(answers) >= 0, axis=0)
    # What never happens comes after every date.
    middle = np.median(np.where(np.asarray(answers) >= 0, answers, np.inf), axis=0)
    return tuple(
        Chance(question, float(mean), float(error), len(answers))
        if question.type != "date"
        else Chance(question, float(mean), float(error), len(answers), float(share), float(at) if at < np.inf else None)
        for question, mean, error, share, at in zip(questions, means, spread, happens, middle, strict=True)
    )
