"""What `claims --knock-out` prints: what each mechanism moves, that of the greatest effect first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.numerals import alike, many, percent, with_seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standoff.analysis.effects import KnockOut, KnockOuts


def print_knock_outs(made: KnockOuts) -> None:
    """Print what the knock-outs of a scenario come to, and a table of them."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    heading, *more = _told(made)
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    for sentence in more:
        console.print(one_line(sentence), soft_wrap=True)
    right = ("with", "without", "points", "interval")
    columns = ("mechanism", "removed", "moves most", *right, "own event")
    table = new_table("", columns, right=right, whole=("mechanism", "own event"))
    for one in sorted(made.mechanisms, key=lambda one: -abs(one.moved[0].difference) if one.moved else 1.0):
        table.add_row(*map(one_line, _row(one)))
    console.print(table)
    runs = with_seed(many(made.runs, "pair of runs", "pairs of runs"), "coupled", made.seed)
    console.print(
        f"points: change of the answer that is moved most where the mechanism is knocked out, in {runs}; its 95% "
        f"interval holds for all answers of a mechanism together. own event: what is asked is counted or written by "
        "the mechanism's own rule", style="dim",
    )  # fmt: skip


def _told(made: KnockOuts) -> Iterator[str]:
    """How many mechanisms matter, as sentences."""
    what = "forecast" if made.forecasts else "answer"
    tried = [one for one in made.mechanisms if one.moved]
    matter = [one for one in tried if any(moved.material for moved in one.moved)]
    other = sum(any(moved.material and not moved.own for moved in one.moved) for one in matter)
    yield (
        f"{made.scenario}: {len(matter)} of {many(len(made.mechanisms), 'mechanism')} move one of the "
        f"{many(made.questions, what)} by 5 points or more, {other} of these another than their own event"
    )
    shared = sum(bool(one.shared) for one in matter)
    if shared:
        yield (
            f"{shared} of these {'shares' if shared == 1 else 'share'} rules with other mechanisms, which are knocked "
            "out as well; to tell them apart, name under mechanisms: what switches one off alone."
        )
    lone = [one.mechanism for one in made.mechanisms if not one.moved]
    if lone:
        yield f"No rule of its own, and nothing under mechanisms: to switch it off: {', '.join(lone)}."


def _row(one: KnockOut) -> list[str]:
    removed = ", ".join(f"{name} = {value:g}" for name, value in one.off.items())
    if one.rules:
        removed = many(len(one.rules), "rule") + (f" ({len(one.shared)} shared)" if one.shared else "")
    if not one.moved:
        return [one.mechanism, "no rule of its own", *[""] * 6]
    most = one.moved[0]
    if not most.changed:
        return [one.mechanism, removed, "nothing", *[""] * 5]
    points, low, high = alike(most.difference, most.low, most.high, plus=True, points=True)
    return [
        one.mechanism, removed, most.question, percent(most.base),
        percent(most.without), points, f"{low} to {high}", "yes" if most.own else "",
    ]  # fmt: skip
