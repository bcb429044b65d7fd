"""An ensemble as a notebook shows it: one small table that stands in any page, without scripts or style sheets."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from standoff.time import date_at

if TYPE_CHECKING:
    from standoff.ensemble.manifest import Manifest

LONGEST = 160
SHOWN = 12
WIDE = 120
"""The width of the axis from 0 to 1, in pixels."""


def table(made: Manifest, questions: list[dict[str, Any]]) -> str:
    """The questions with their answers, as questions.json has them; those after the first few are folded away."""
    head = f"{made.title}: {made.finished_runs:,} runs, seed {made.seed}" + (", interrupted" if made.partial else "")
    parts = [f"<div><strong>{_text(head)}</strong> <code>{_text(made.scenario)}</code></div>"]
    if questions:
        parts.append(_rows(questions[:SHOWN], made.starts))
    if len(questions) > SHOWN:
        rest = questions[SHOWN:]
        parts.append(f"<details><summary>{len(rest)} more questions</summary>{_rows(rest, made.starts)}</details>")
    return "".join(parts)


def _rows(questions: list[dict[str, Any]], starts: str) -> str:
    cells = ("question", "answer", "95% interval", "in words", "", "recorded")
    head = "".join(f'<th style="text-align:left">{cell}</th>' for cell in cells)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_row(one, starts) for one in questions)}</tbody></table>"
    )


def _row(one: dict[str, Any], starts: str) -> str:
    value, low, high = one["probability"], one["low"], one["high"]
    if value is not None:
        answer, interval = f"{value:.1%}", f"{low:.1%} to {high:.1%}"
    else:
        value, low, high = (one["quantiles"] or {}).get("50"), one["median_low"], one["median_high"]
        answer = "" if value is None else f"{value:.4g} {one['unit'] or ''}"
        interval = "" if low is None or high is None else f"{low:.4g} to {high:.4g}"
    if one["dates"] and one["dates"]["50"]:
        answer += f", median {one['dates']['50']}"
    ask = f'<td style="text-align:left" title="{_text(one["sentence"], 600)}">{_text(one["ask"])}</td>'
    rest = "".join(f'<td style="text-align:left">{_text(text)}</td>' for text in (answer, interval, one["word"] or ""))
    return f'<tr>{ask}{rest}<td>{_axis(one)}</td><td style="text-align:left">{_text(_recorded(one, starts))}</td></tr>'


def _recorded(one: dict[str, Any], starts: str) -> str:
    if one["outcome"] or one["value"] is None:
        return str(one["outcome"] or "")
    dated = one["type"] == "date"
    return date_at(date.fromisoformat(starts), one["value"]).isoformat() if dated else f"{one['value']:.4g}"


def _axis(one: dict[str, Any]) -> str:
    """The model's interval over the source's range, from 0 to 1, in colours that show on light and dark."""
    if one["probability"] is None:
        return ""

    def x(share: float) -> str:
        return f"{6 + share * (WIDE - 12):.1f}"

    parts = [f'<path d="M6 9H{WIDE - 6}" stroke="#888"/>']
    said = one["forecast"] or {}
    if said.get("low") is not None and said.get("high") is not None:
        parts.append(
            f'<path d="M{x(said["low"])} 9H{x(said["high"])}" stroke="#8aa0b4" stroke-width="9" opacity=".6"/>'
        )
    parts.append(f'<path d="M{x(one["low"])} 9H{x(one["high"])}" stroke="#2f7fc1" stroke-width="3"/>')
    parts.append(f'<circle cx="{x(one["probability"])}" cy="9" r="4" fill="#2f7fc1"/>')
    return f'<svg width="{WIDE}" height="18" aria-hidden="true">{"".join(parts)}</svg>'


def _text(words: object, longest: int = LONGEST) -> str:
    plain = " ".join(str(words).split())
    return escape(plain if len(plain) <= longest else plain[: longest - 1] + "…")
