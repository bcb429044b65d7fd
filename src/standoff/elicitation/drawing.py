"""The experts' ranges beside each other, and the pool, as one SVG: for a paper or a talk."""

from __future__ import annotations

from html import escape

from standoff.elicitation.pooling import POOL, Elicited, Pooled
from standoff.numerals import figure

WIDE = 760
LEFT = 90
RIGHT = 200
ROW = 22
HEAD = 46
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b2330}.q{font-weight:600}.s{fill:#4a5565;font-size:12px}"
    ".r{stroke:#2563a8;stroke-width:3}.p .r{stroke:#b4540a;stroke-width:5}"
    "circle{fill:#2563a8}.p circle{fill:#b4540a}"
    ".a{stroke:#c5ccd6;stroke-width:1}rect{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e8ecf2}.s{fill:#b3bdca}.r{stroke:#7fb2ec}.p .r{stroke:#f0a35a}"
    "circle{fill:#7fb2ec}.p circle{fill:#f0a35a}.a{stroke:#4a5565}rect{fill:#12161c}}"
)


def picture(result: Elicited) -> str:
    """A drawing of all questions: for each expert a line from the lowest to the highest quantile, and a dot."""
    parts: list[str] = []
    top = 10
    for one in result.pooled:
        parts += _question(one, top)
        top += HEAD + ROW * (len(one.experts) + 1) + 14
    title = f"{result.plan.title}: what {len(result.plan.experts)} experts say, {result.how}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {top}" width="{WIDE}" height="{top}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f'<rect width="{WIDE}" height="{top}"/>{"".join(parts)}</svg>\n'
    )


def _question(one: Pooled, top: int) -> list[str]:
    scale = one.question.scale
    low, high = (scale.up(end) for end in one.within)

    def x(value: float) -> float:
        return LEFT + (scale.up(value) - low) / (high - low) * (WIDE - LEFT - RIGHT)

    unit = f" ({one.question.unit})" if one.question.unit else ""
    ask = one.question.ask if len(one.question.ask) <= 90 else one.question.ask[:89] + "…"
    parts = [f'<text class="q" x="10" y="{top + 16}">{escape(ask)}</text>']
    parts.append(f'<text class="s" x="10" y="{top + 34}">{escape(one.question.of + unit)}</text>')
    for number, (name, values) in enumerate([*one.experts.items(), (POOL, one.values)]):
        y = top + HEAD + ROW * number + 8
        middle = values[len(values) // 2]
        weight = "" if name == POOL else f", weight {figure(one.weights[name])}"
        told = f"{figure(middle)} ({figure(values[0])} to {figure(values[-1])})"
        parts.append(
            f'<g class="{"p" if name == POOL else "e"}"><title>{escape(f"{name}: {told}{weight}")}</title>'
            f'<text x="10" y="{y + 4}">{escape(name)}</text>'
            f'<line class="a" x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y}" y2="{y}"/>'
            f'<line class="r" x1="{x(values[0]):.1f}" x2="{x(values[-1]):.1f}" y1="{y}" y2="{y}"/>'
            f'<circle cx="{x(middle):.1f}" cy="{y}" r="5"/>'
            f'<text class="s" x="{WIDE - RIGHT + 10}" y="{y + 4}">{escape(told)}</text></g>'
        )
    return parts
