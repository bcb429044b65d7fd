"""An ensemble as a notebook shows it: one small table that stands in any page, without scripts or style sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from standoff.ensemble.answers import Answer, DateAnswer, NumberAnswer
from standoff.numerals import alike, figure, many, percent, percents, with_seed, with_unit
from standoff.time import date_at

if TYPE_CHECKING:
    from standoff.ensemble.manifest import Manifest

LONGEST = 160
SHOWN = 12
WIDE = 120
"""The width of the axis from 0 to 1, in pixels."""


def table(made: Manifest, questions: Sequence[Answer]) -> str:
    """The questions with their answers, as questions.json has them; those after the first few are folded away."""
    runs = with_seed(many(made.finished_runs, "run"), made.sampler, made.seed)
    head = f"{made.title}: {runs}" + (", interrupted" if made.partial else "")
    parts = [f"<div><strong>{_text(head)}</strong> <code>{_text(made.scenario)}</code></div>"]
    if questions:
        parts.append(_rows(questions[:SHOWN], made.starts))
    if len(questions) > SHOWN:
        rest = questions[SHOWN:]
        more = many(len(rest), "more question")
        parts.append(f"<details><summary>{more}</summary>{_rows(rest, made.starts)}</details>")
    return "".join(parts)


def _rows(questions: Sequence[Answer], starts: str) -> str:
    cells = ("question", "answer", "95% interval", "in words", "", "recorded")
    head = "".join(f'<th style="text-align:left">{cell}</th>' for cell in cells)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_row(one, starts) for one in questions)}</tbody></table>"
    )


def _row(one: Answer, starts: str) -> str:
    answer, interval, in_words = _cells(one)
    ask = f'<td style="text-align:left" title="{_text(one.sentence, 600)}">{_text(one.question.ask)}</td>'
    rest = "".join(f'<td style="text-align:left">{_text(text)}</td>' for text in (answer, interval, in_words))
    return f'<tr>{ask}{rest}<td>{_axis(one)}</td><td style="text-align:left">{_text(_recorded(one, starts))}</td></tr>'


def _cells(one: Answer) -> tuple[str, str, str]:
    """The answer, its interval, and its word."""
    if isinstance(one, NumberAnswer):
        middle, low, high = one.spread.quantiles["50"], one.spread.median_low, one.spread.median_high
        if middle is None:
            return "", "", ""
        if low is None or high is None:
            return with_unit(figure(middle), one.question.unit), "", ""
        number, *ends = alike(middle, low, high)
        return with_unit(number, one.question.unit), " to ".join(ends), ""
    said = percent(one.chance.probability)
    if isinstance(one, DateAnswer) and one.dates["50"]:
        said += f", median {one.dates['50']}"
    around = percents(one.chance.low, one.chance.high, like=one.chance.probability, dash=" to ")
    return said, around, one.chance.word


def _recorded(one: Answer, starts: str) -> str:
    came = one.question.value
    if one.question.outcome or came is None:
        return one.question.outcome or ""
    return date_at(date.fromisoformat(starts), came).isoformat() if isinstance(one, DateAnswer) else figure(came)


def _axis(one: Answer) -> str:
    """The model's interval over the source's range, from 0 to 1, in colours that show on light and dark."""
    if isinstance(one, NumberAnswer):
        return ""

    def x(share: float) -> str:
        return f"{6 + share * (WIDE - 12):.1f}"

    parts = [f'<path d="M6 9H{WIDE - 6}" stroke="#888"/>']
    source = one.question.forecast
    if source is not None and source.low is not None and source.high is not None:
        parts.append(
            f'<path d="M{x(source.low)} 9H{x(source.high)}" stroke="#8aa0b4" stroke-width="9" opacity=".6"/>'
        )
    parts.append(f'<path d="M{x(one.chance.low)} 9H{x(one.chance.high)}" stroke="#2f7fc1" stroke-width="3"/>')
    parts.append(f'<circle cx="{x(one.chance.probability)}" cy="9" r="4" fill="#2f7fc1"/>')
    size = f'width="{WIDE}" height="18" viewBox="0 0 {WIDE} 18"'
    return f'<svg {size} aria-hidden="true">{"".join(parts)}</svg>'


def _text(words: object, longest: int = LONGEST) -> str:
    from html import escape

    plain = " ".join(str(words).split())
    return escape(plain if len(plain) <= longest else plain[: longest - 1] + "…")
