"""What a scenario takes in memory is counted before anything is laid out: enough, and not much too much."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from standoff.errors import Faults
from standoff.model import ground
from standoff.scenario import load
from standoff.scenario.resolving import sizes

HEAD = "standoff: 1\ntitle: t\nstarts: 2017-06-01\nends: 2017-12-31\n"
TAIL = "questions: {q: {ask: Does it?, when: x > 0, at: 2017-06-30}}\n"
STATE = "state: {x: {}, y: {of: unit}, h: {of: unit, is: unit}}\n"
WRITTEN = "  w: {for: {u: unit}, rate: 0.1, then: ['y[u] += 1', 'h[u] = u', x += 1]}\n"


def units(count: int) -> str:
    return f"kinds: {{unit: {{members: [{', '.join(f'u{number}' for number in range(count))}]}}}}\n"


def places(count: int) -> str:
    return "places:\n" + "".join(f"  p{number}: {{at: [{number % 90}, {number % 180}]}}\n" for number in range(count))


RULES = {
    "pairs": (300, "{for: {u: unit, v: unit}, rate: 'y[u] * y[v]', then: ['y[u] += y[v]']}"),
    "loops": (400, "{for: {u: unit}, rate: 0.1, then: [{for: {v: unit}, do: ['y[v] += y[u]']}]}"),
    "sums": (300, "{for: {u: unit}, rate: 'sum(y[v] for v in unit)', then: [x += 1]}"),
    "sums in sums": (45, "{for: {u: unit}, rate: 'sum(y[v] * sum(y[o] for o in unit) for v in unit)', then: [x += 1]}"),
    "any value": (300, "{for: {u: unit}, rate: 'y[h[u]]', then: [x += 1]}"),
    "many operands": (150, "{for: {u: unit, v: unit}, rate: 0.1, then: ['x += TERMS']}"),
}
TERMS = " + ".join(f"exp({k} * y[u] + y[v])" for k in range(9))


def counted(monkeypatch: pytest.MonkeyPatch, path: Path) -> int:
    """The most bytes that a check counts for the tables of a scenario."""
    totals = []
    beside = sizes.Memory.beside

    def noted(self: sizes.Memory, other: sizes.Memory) -> sizes.Memory:
        totals.append(beside(self, other).total)
        return beside(self, other)

    monkeypatch.setattr(sizes.Memory, "beside", noted)
    load(path)
    monkeypatch.undo()
    return max(totals)


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=pytest.mark.slow) if form == "pairs" else form for form in RULES]
)
def test_the_bytes_that_are_counted_are_those_that_grounding_takes(
    form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    count, rule = RULES[form]
    path = tmp_path / "scenario.yaml"
    rules = f"rules:\n{WRITTEN}  r: {rule.replace('TERMS', TERMS)}\n"
    path.write_text(HEAD + units(count) + STATE + rules + TAIL, encoding="utf-8")
    counts = counted(monkeypatch, path)
    resolved = load(path).resolved
    tracemalloc.start()
    ground(resolved)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts / 4 < taken < counts + 2_000_000


FAR = "state: {x: {}}\nrules: {r: {for: {p: place}, when: 'distance(p, p0) < 9', rate: 1, then: [x += 1]}}\n"
ALL = "rules: {r: {for: {u: unit}, when: 'y[u] > sum(y[v] for v in unit)', rate: 1, then: ['y[u] += 1']}}\n"
EACH = "rules: {r: {rate: 1, then: [{for: {u: unit}, do: ['x += max(y[v] for v in unit)', 'y[u] += 1']}]}}\n"
OFTEN = "every: 0.01 days\nwatch: {w: {for: {u: unit, v: unit}, of: 'y[u] + y[v]'}}\n"
TOO_LARGE = {
    "distances": places(8200) + FAR,
    "sums": units(9000) + STATE + ALL,
    "loops": units(9000) + STATE + EACH,
    "series": units(60) + STATE + OFTEN,
}


@pytest.mark.parametrize("text", TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_no_memory_holds_is_refused_with_its_size(text: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + text + TAIL, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        load(path)
    (fault,) = refused.value.faults
    assert fault.code == "SD217"
    assert " GB of memory; the limit is 3 GB" in fault.found or "the limits are 50,000 and 10,000,000" in fault.found
    assert fault.hint


@pytest.mark.parametrize(
    "rule",
    [
        "{for: {u: unit, v: likes(u)}, rate: 'y[u] * y[v]', then: ['y[u] += 1']}",
        "{for: {u: unit, v: unit}, when: 'likes(u, v)', rate: 'y[u] * y[v]', then: ['y[u] += 1']}",
        "{for: {u: unit, v: unit}, when: 'u in some and v in some', rate: 'y[u] * y[v]', then: ['y[u] += 1']}",
        "{for: {u: unit, v: unit}, when: 'u == u1', rate: 'y[u] * y[v]', then: ['y[u] += 1']}",
        "{for: {u: unit}, rate: 'sum(y[v] for v in unit if likes(u, v))', then: ['y[u] += 1']}",
    ],
)
def test_what_fixed_facts_leave_out_is_not_counted(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    facts = "groups: {some: {of: unit, members: [u1, u2]}}\n"
    facts += "relations: {likes: {of: [unit, unit], pairs: [[u1, u2], [u2, u3]]}}\n"
    path.write_text(f"{HEAD}{units(5000)}{facts}{STATE}rules: {{r: {rule}}}\n{TAIL}", encoding="utf-8")
    assert "r" in [rule.name for rule in load(path).resolved.rules]
