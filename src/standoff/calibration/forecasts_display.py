"""Scored forecasts as readers see them: how good the model is beside its sources, and why that is no test of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.calibration.direction import in_words
from standoff.calibration.scores import ALL
from standoff.display import Bar, Cell, Display, Note, Row, Table, columns
from standoff.ensemble import score_cell, source_range
from standoff.numerals import many, percent, percents

if TYPE_CHECKING:
    from standoff.calibration.forecasts import Forecasts, Judged, Standing

FEW = 8
"""So many forecasts are shown at once, those that the model misses most; the others are counted."""


def forecasts_display(made: Forecasts) -> Display:
    """The scores first, then the forecasts that the model misses most."""
    about = f"{many(made.runs, 'run')} of each scenario, seed {made.seed}"
    if not made.questions and not made.unscored:
        return Display("There is no forecast to score: no question of a source has a `forecast:`.")
    parts: list[Table | Note] = []
    if made.questions:
        parts += [_scores(made), _judged(made), _reliability(made), *_direction(made)]
    if made.unscored:
        heads = columns("question", "scenario", "why", name=("scenario",))
        rows = tuple(Row((Cell(one.question, one.id), one.scenario, one.why)) for one in made.unscored)
        title = f"{many(len(rows), 'forecast is', 'forecasts are')} not scored"
        parts.append(Table(heads, rows, "Forecasts that are not scored", 0, title))
    parts.append(Note(f"Warning. {made.warning}", "strong"))
    return Display(_sentence(made), about, tuple(parts))


def _sentence(made: Forecasts) -> str:
    over = {one.who: one for one in made.scores if one.source == ALL}
    model, author = over.get("model"), over.get("author")
    if model is None:
        return f"No forecast is resolved yet; {many(len(made.questions), 'question')} wait."
    words = f"Over {many(model.n, 'resolved forecast')} the model's Brier score is {_brier(model)}"
    if author is None or author.better is None or author.better_low is None or author.better_high is None:
        return f"{words}."
    if author.better_low <= 0 <= author.better_high:
        return f"{words}, the sources' {_brier(author)}: these do not tell which is better."
    better = "the model" if author.better > 0 else "the sources"
    return f"{words}, the sources' {_brier(author)}: {better} did better (lower is better)."


def _brier(one: Standing) -> str:
    return score_cell(one.brier, one.low, one.high)


def _scores(made: Forecasts) -> Table:
    number = ("n", "Brier", "log", "model better by")
    rows, last = [], None
    for one in made.scores:
        source = one.source if one.source != last else ""
        last = one.source
        better = score_cell(one.better, one.better_low, one.better_high, plus=True)
        log = score_cell(one.log, one.log_low, one.log_high)
        rows.append(Row((source, one.who, str(one.n), _brier(one), log, better)))
    first = sum(one.source == made.scores[0].source for one in made.scores) if made.scores else 0
    heads = columns("source", "forecaster", *number, name=("source", "forecaster"), number=number)
    rest = f"{many(len(rows) - first, 'score')} of single sources"
    title = "Scores over resolved forecasts, 95% intervals (lower is better)"
    return Table(heads, tuple(rows), title, first, rest)


def _missed(one: Judged) -> float:
    """How far the model was off what happened; less than nothing where that is not known."""
    return -1.0 if one.outcome not in ("yes", "no") else abs(one.model - (one.outcome == "yes"))


def _judged(made: Forecasts) -> Table:
    number = ("author", "model", "95% interval", *([made.beside] if made.beside is not None else []))
    rows = []
    for one in sorted(made.questions, key=_missed, reverse=True):
        bar = Bar(one.model, one.low, one.high, band=_band(one))
        around = percents(one.low, one.high, like=one.model)
        changed = [] if made.beside is None else ["" if one.beside is None else percent(one.beside)]
        said = (source_range(one.author_low, one.author_high), percent(one.model), around, *changed)
        rows.append(Row((Cell(one.ask, one.id), bar, *said, one.outcome or "", one.source)))
    heads = columns("question", "", *number, "outcome", "source", number=number, bar=("",))
    rest = many(len(rows) - FEW, "other forecast")
    return Table(heads, tuple(rows), "Forecasts, the model's worst misses first", FEW, rest)


def _band(one: Judged) -> tuple[float, float] | None:
    return None if one.author_low is None or one.author_high is None else (one.author_low, one.author_high)


def _reliability(made: Forecasts) -> Table:
    number = ("said", "n", "came true", "95% interval")
    rows = []
    for bar in made.reliability:
        between = percents(bar.begin, bar.end, like=0.5, dash=" to ")
        interval = percents(bar.low, bar.high, like=bar.came)
        rows.append(Row((bar.who, between, percent(bar.said), str(bar.n), percent(bar.came), interval)))
    heads = columns("forecaster", "between", *number, number=number, name=("forecaster", "between"))
    return Table(heads, tuple(rows), "Reliability", 0, "How often came true what was given such a probability")


def _direction(made: Forecasts) -> Iterator[Table | Note]:
    if not made.direction:
        return
    number = ("toward what happened", "away from it", "p")
    rows = [Row((one.who, one.over, str(one.toward), str(one.away), f"{one.p:.2g}")) for one in made.direction]
    heads = columns("forecaster", "over", *number, number=number, name=("forecaster",))
    title = "Direction: answers off the middle of the source's range"
    yield Table(heads, tuple(rows), title, 0, "Whether answers lean toward what happened, by scenario")
    yield Note(f"{in_words(next(one for one in reversed(made.direction) if one.who == 'model'))}.")
    yield Note("By luck alone about as many would lean away as toward.")
    yield Note("Many more toward: the model knows what its sources did not, or what came later leaked into it.")
