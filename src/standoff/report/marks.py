"""Which pattern tells an actor from others on paper without colours: hue alone tells nothing there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from standoff.report.frames import Holding
from standoff.report.stage import Actor

MARKS = ("", "falling", "dots", "level", "upright", "crossed", "grid", "rising")
"""Patterns that stay apart in a circle of four millimetres; the first is none."""
APART = 18.0
"""Greys whose CIE lightness differs by this much are told apart side by side."""


def marked(actors: Sequence[Actor], holdings: Iterable[Holding]) -> list[Actor]:
    """The actors, each that ever holds a place with a mark; whoever holds most places at the start chooses first.

    None where no other without a mark is as light; else one that nobody has, or the one whose holder is furthest off.
    """
    at_start: Counter[str] = Counter()
    for holding in holdings:
        for holder in holding.holders:
            at_start[holder.id] += holder.runs[0]
    holders = sorted((actor for actor in actors if actor.id in at_start), key=lambda actor: -at_start[actor.id])
    given: dict[str, str] = {}
    greys: dict[str, list[float]] = {mark: [] for mark in MARKS}
    for actor in holders:
        grey = lightness(actor.colour)
        far = {mark: min((abs(grey - one) for one in others), default=100.0) for mark, others in greys.items()}
        mark = "" if far[""] >= APART else max(MARKS, key=far.__getitem__)
        greys[mark].append(grey)
        given[actor.id] = mark
    return [replace(actor, mark=given.get(actor.id, "")) for actor in actors]


def lightness(colour: str) -> float:
    """CIE L* (1976) of a colour `#rrggbb`: 0 is black, 100 white."""
    light = luminance(colour)
    return 116 * light ** (1 / 3) - 16 if light > 216 / 24389 else light * 24389 / 27


def luminance(colour: str) -> float:
    """Relative luminance of a colour `#rrggbb`, as WCAG 2 has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
