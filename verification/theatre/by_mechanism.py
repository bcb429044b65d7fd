"""One row for each mechanism: what its best thesis says of it, and what it moves most where it is knocked out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from standoff.analysis.effects import ClaimFinding, Claims, KnockOuts, Moved

NAMES = Path(__file__).with_name("mechanisms.yaml")

_ORDER = ("holds", "weaker than claimed", "reversed", "not distinguishable")


def page(tried: Sequence[Claims], knocked: Sequence[KnockOuts]) -> str:
    """The table as Markdown: of each mechanism the thesis that shows most, or its wiring, and its largest knock-out."""
    names = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    claims = [(_year(one.scenario), claim) for one in tried for claim in one.claims]
    moved = [
        (_year(one.scenario), part.mechanism, answer)
        for one in knocked
        for part in one.mechanisms
        for answer in part.moved
    ]
    lines = [
        "| mechanism | claim | effect, and the least that counts | verdict | knocked out, moves most |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, what in names.items():
        mark = "*" if what.get("core") else ""
        shown = _claim([(year, claim) for year, claim in claims if name in claim.mechanism])
        without = _moved([(year, answer) for year, of, answer in moved if of == name])
        lines.append(f"| {name}{mark} {what['name']} | {shown} | {without} |")
    return "\n".join(lines) + "\n"


def _year(scenario: str) -> str:
    return next(part for part in scenario.split("-") if part.isdecimal())


def _claim(some: Sequence[tuple[str, ClaimFinding]]) -> str:
    if not some:
        return "none | | none"
    year, claim = min(some, key=lambda one: _place(one[1]))
    least = f"; {claim.at_least}" if claim.at_least else ""
    effect = f"{_effect(claim)}, {claim.runs} pairs{least}"
    return f"{claim.id} ({year}, {claim.kind}) | {effect} | {claim.verdict}{_rivals(claim)}"


def _place(claim: ClaimFinding) -> tuple[bool, bool, int]:
    """Theses before wiring, what a rival can fail before what none can, and then by verdict."""
    return claim.kind != "thesis", claim.tests_nothing, _ORDER.index(claim.verdict)


def _effect(claim: ClaimFinding) -> str:
    if claim.unit == "probability":
        return f"{100 * claim.effect:+.1f} ({100 * claim.low:+.1f} to {100 * claim.high:+.1f}) points"
    unit = f" {claim.unit}" if claim.unit else ""
    return f"{claim.effect:+.3g} ({claim.low:+.3g} to {claim.high:+.3g}){unit} of {claim.base:.3g}"


def _rivals(claim: ClaimFinding) -> str:
    # What does not hold here fails under its rivals as a matter of course.
    if not claim.rivals or claim.verdict != "holds":
        return ""
    return "; holds under its rivals too" if claim.tests_nothing else "; fails under a rival"


def _moved(some: Sequence[tuple[str, Moved]]) -> str:
    if not some:
        return "not carried by anything"
    year, answer = max(some, key=lambda one: (one[1].material, not one[1].own, abs(one[1].difference)))
    own = ", its own event" if answer.own else ""
    clear = "" if answer.material else ", not five points beyond luck"
    ends = f"{100 * answer.low:+.0f} to {100 * answer.high:+.0f}"
    return f"`{answer.question}` ({year}) {100 * answer.difference:+.0f} ({ends}){own}{clear}"
