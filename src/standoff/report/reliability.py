"""The reliability diagram of forecasters as an SVG: forecast probabilities against what came true."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.calibration import Bin

WIDTH, HEIGHT, LEFT, TOP, SIDE = 460, 420, 56, 24, 340
COLOURS = {"author": "#d95f02", "model": "#1b6ca8"}
"""Apart in grey as well; the forecasters' marks differ, too."""


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """One mark for each bin with its 95% interval; on the diagonal, forecasts come true as often as they say."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        ' font-size="12">',
        '<title>Reliability: how often what was forecast came true</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *_axes(),
    ]  # fmt: skip
    for one in bins:
        parts += _mark(one)
    for row, (who, colour) in enumerate(COLOURS.items()):
        y = TOP + 14 + 18 * row
        parts.append(_shape(who, LEFT + 14, y, 5, colour))
        parts.append(f'<text x="{LEFT + 26}" y="{y + 4}">{who}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIDE * (1 - share), 1)


def _axes() -> list[str]:
    parts = [f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#888" stroke-dasharray="4 3" fill="none"/>']
    for tick in range(0, 101, 20):
        at = tick / 100
        parts.append(f'<path d="M{_x(at)} {_y(0)}V{_y(1)}M{_x(0)} {_y(at)}H{_x(1)}" stroke="#e4e4e4" fill="none"/>')
        parts.append(f'<text x="{_x(at)}" y="{_y(0) + 18}" text-anchor="middle">{tick}%</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{_y(at) + 4}" text-anchor="end">{tick}%</text>')
    middle = _x(0.5)
    parts.append(f'<text x="{middle}" y="{_y(0) + 38}" text-anchor="middle">probability that was said</text>')
    turned = f'transform="rotate(-90 14 {_y(0.5)})"'
    parts.append(f'<text x="14" y="{_y(0.5)}" text-anchor="middle" {turned}>share that came true</text>')
    return parts


def _mark(one: Bin) -> list[str]:
    colour = COLOURS.get(one.who, "#555")
    # The author's marks stand a little to the left, so that intervals at one place do not cover each other.
    x = _x(one.said) + (-3 if one.who == "author" else 3)
    size = min(11.0, 3.0 + one.n**0.5)
    return [
        f'<path d="M{x} {_y(one.low)}V{_y(one.high)}" stroke="{colour}" stroke-width="1.5" fill="none"/>',
        _shape(one.who, x, _y(one.came), size, colour),
        f'<text x="{x + size + 3}" y="{_y(one.came) + 4}" fill="{colour}">{one.n}</text>',
    ]


def _shape(who: str, x: float, y: float, size: float, colour: str) -> str:
    if who == "author":
        side = f'width="{2 * size:.1f}" height="{2 * size:.1f}"'
        return f'<rect x="{x - size:.1f}" y="{y - size:.1f}" {side} fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}"/>'
