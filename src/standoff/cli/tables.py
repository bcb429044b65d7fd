"""What the verbs print for people: tables of scenarios, what-ifs and branches."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from standoff.numerals import figure, plus_or_minus, with_interval

if TYPE_CHECKING:
    from standoff.analysis.effects import Branching, Comparison, QuestionDifference, SeriesDifference
    from standoff.scenario import Scenario

PIPED_WIDTH = 120
"""Columns of output that does not go to a terminal."""


def console_here() -> Console:
    """Where people read; as wide as the terminal, or as `PIPED_WIDTH`."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def new_table(title: str, columns: Sequence[str], *, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """An empty table; the columns in `right` hold numbers, those in `whole` are never broken."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        number = column in right
        table.add_column(
            column, justify="right" if number else "left", no_wrap=number or column in whole, overflow="fold",
        )  # fmt: skip
    return table


def print_bundled(rows: Sequence[dict[str, Any]]) -> None:
    """The bundled scenarios."""
    counts = ("actors", "places", "rules", "parameters", "questions")
    table = new_table("", ("name", "title", "from", "to", *counts), right=counts, whole=("name", "from", "to"))
    for row in rows:
        cells = [row["name"], row["title"], row["starts"], row["ends"], *(row[count] for count in counts)]
        table.add_row(*(escape(str(cell)) for cell in cells))
    console_here().print(table)


def print_scenario(scenario: Scenario) -> None:
    """A scenario in short: who, where, which words, which uncertain numbers, what is asked."""
    console, said = console_here(), scenario.document
    console.print(f"[bold]{escape(str(said.title))}[/bold]  {said.starts} to {said.ends}", soft_wrap=True)
    console.print(f"{escape(scenario.name)}, digest {scenario.digest}", soft_wrap=True)
    if said.about:
        console.print(escape(" ".join(str(said.about).split())))
    words = ("actors", "places", "groups", "state", "zones", "red_lines", "corridors", "stances", "deals", "injects",
             "rules")  # fmt: skip
    table = new_table("", ("what", "how many", "names"), right=("how many",))
    for word in words:
        entries = getattr(said, word)
        if entries:
            table.add_row(word.replace("_", " "), str(len(entries)), escape(", ".join(map(str, entries))))
    console.print(table)
    parameters = new_table("Parameters", ("name", "prior", "unit", "evidence"))
    for name, one in said.parameters.items():
        evidence = ", ".join(str(piece.from_) for piece in one.evidence)
        parameters.add_row(*(escape(str(cell)) for cell in (name, one.prior, one.unit or "", evidence)))
    if said.parameters:
        console.print(parameters)
    questions = new_table("Questions", ("question", "asks", "by"))
    for question in scenario.resolved.questions:
        questions.add_row(escape(str(question.name)), escape(str(question.ask)), question.date.isoformat())
    if scenario.resolved.questions:
        console.print(questions)
    for warning in scenario.warnings:
        print(warning.render(), file=sys.stderr)


def print_comparison(made: Comparison, *, series: bool) -> None:
    """What each what-if changes: a table for each, and where there are several a matrix of all differences."""
    console = console_here()
    console.print(
        f"[bold]{escape(made.scenario)}: {made.runs:,} pairs of runs with shared luck, seed {made.seed}[/bold]",
        soft_wrap=True,
    )
    for what in made.whats:
        if what in made.unchanged:
            console.print(f"{escape(what)}: changes nothing; every run is the base case's", soft_wrap=True)
            continue
        rows: list[QuestionDifference | SeriesDifference] = [one for one in made.questions if one.what == what]
        rows += [one for one in made.series if series and one.what == what]
        columns = ("question", "base", "what if", "difference", "changed runs", "if independent")
        table = new_table(f"What if: {escape(what)}", columns, right=columns[1:], whole=("question",))
        for one in sorted(rows, key=lambda row: -abs(row.paired.difference)):
            table.add_row(*_compared(one))
        console.print(table)
        for one in made.series:
            if series and one.what == what and (without := made.runs - one.paired.runs):
                left_out = f"without {without:,} of {made.runs:,} pairs, in which it is no finite number"
                console.print(f"{escape(one.series)}: {left_out}", soft_wrap=True)
    if series and made.no_number:
        console.print(f"Left out, a finite number in no two pairs: {escape(', '.join(made.no_number))}", soft_wrap=True)
    console.print("95% intervals; if independent: the runs that separate seeds would need for as narrow a difference",
                  style="dim")  # fmt: skip
    if len(made.whats) > 1:
        console.print(_matrix(made))


def _matrix(made: Comparison) -> Table:
    """Questions by what-ifs: the difference and half its 95% interval; those that could be nothing are dimmed."""
    whats = [escape(what) for what in made.whats]
    table = new_table("All differences, ± half the 95% interval", ("question", "base", *whats), right=("base", *whats))
    rows: dict[str, list[str]] = {}
    for one in made.questions:
        paired = one.paired
        half = (paired.high - paired.low) / 2
        style = "" if paired.low > 0 or paired.high < 0 else "[dim]"
        begin = [escape(one.question), with_interval(paired.base, *paired.base_around, dash="–")]
        row = rows.setdefault(one.question, begin + [""] * len(whats))
        row[2 + made.whats.index(one.what)] = f"{style}{plus_or_minus(paired.difference, half)}"
    for row in rows.values():
        table.add_row(*row)
    return table


def _compared(one: QuestionDifference | SeriesDifference) -> list[str]:
    paired, name = one.paired, one.question if hasattr(one, "question") else one.series
    clear = paired.low > 0 or paired.high < 0
    told = [
        with_interval(paired.base, *paired.base_around, dash="–"),
        with_interval(paired.variant, *paired.variant_around, dash="–"),
        with_interval(paired.difference, paired.low, paired.high, plus=True),
    ]  # fmt: skip
    rest = [f"{paired.changed:,}", "" if paired.runs_if_independent is None else f"{paired.runs_if_independent:,}"]
    style = "" if clear else "[dim]"
    return [f"{style}{cell}" for cell in (escape(name), *told, *rest)]


def print_branching(made: Branching) -> None:
    """What the continuations of a run say, beside the run itself; in brackets 95% intervals."""
    console = console_here()
    since = f"after {made.event} on {made.at}" if made.event is not None else f"from {made.at} on"
    head = f"{made.scenario}: run {made.run} of seed {made.seed} {since}, {made.continuations:,} ways"
    console.print(f"[bold]{escape(head)}[/bold]", soft_wrap=True)
    changed = ", ".join(f"{name} = {word}" for name, word in made.written.items())
    columns = ["question", "this run", "its ways", *([f"with {changed}", "difference"] if changed else [])]
    heads = [escape(column) for column in columns]
    table = new_table("", heads, right=heads[1:], whole=("question",))
    for one in made.questions:
        cells = [one.question, figure(one.own), with_interval(one.value, one.low, one.high, dash="–")]
        if one.change is not None:
            paired = one.change
            cells.append(with_interval(paired.variant, *paired.variant_around, dash="–"))
            cells.append(with_interval(paired.difference, paired.low, paired.high, plus=True))
        table.add_row(*map(escape, cells))
    console.print(table)
    for note in made.notes:
        console.print(escape(note), soft_wrap=True)
