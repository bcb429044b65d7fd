"""Brackets of expressions within YAML's own: the cure names the very words that need quotes, and then they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.errors import Faults
from standoff.scenario import check
from standoff.scenario.reading.brackets import unquoted
from standoff.scenario.reading.yaml_reader import parse_yaml

ROOT = Path(__file__).resolve().parent.parent
CASES = [
    ("rules: {go: {for: {x: actor}, rate: 0.1 * bold[x], then: ['n[x] += 1']}}", "rate: '0.1 * bold[x]'"),
    ("a:\n  - {from: x, to: y, rate: 0.02 * anger[a] * (1 - anger[a])}", "rate: '0.02 * anger[a] * (1 - anger[a])'"),
    ("then: [force[a, p] -= 1, war = true]", "'force[a, p] -= 1'"),
    ("r: {when: holder[q] != a and force[a, p] >= 2, rate: 1}", "when: 'holder[q] != a and force[a, p] >= 2'"),
    ("r: {rate: min(a[x], b[y]) * 2}", "rate: 'min(a[x], b[y]) * 2'"),
    ("q: {for: {p: place}, when: any(n[q] > 0 for q in road(p))}", "when: 'any(n[q] > 0 for q in road(p))'"),
    ("q: {when: 'n[x] > 0', rate: k[x]}", "rate: 'k[x]'"),
    ("q: {when: p.kind == 'town' and n[p] > 1, rate: 1}", 'when: "p.kind == \'town\' and n[p] > 1"'),
    ("p:\n  go:\n    {when: war,\n     rate: k[x] * 2}", "rate: 'k[x] * 2'"),
    ("p: {low: 1, pace[blue]: 2}", "'pace[blue]'"),
]


@pytest.mark.parametrize(("text", "cure"), CASES)
def test_the_cure_names_the_words_that_need_quotes(text: str, cure: str) -> None:
    with pytest.raises(Faults) as caught:
        parse_yaml(text.encode(), "f.yaml")
    assert caught.value.faults[0].hint == f"put quotes around what has brackets of its own inside [ ] and {{ }}: {cure}"


@pytest.mark.parametrize(("text", "cure"), CASES)
def test_with_the_cure_in_its_place_the_line_is_read(text: str, cure: str) -> None:
    *before, line = text.split("\n")
    entry = unquoted(line, len(line))
    assert entry is not None
    words = entry.cure.removeprefix(f"{entry.key}: ")
    cured = "\n".join([*before, line[: entry.start] + words + line[entry.start + len(entry.words) :]])
    parse_yaml(cured.encode(), "f.yaml")


@pytest.mark.parametrize("line", ["x: [1, 2", "r: {then: [n += 1, m += 2]", "r: {rate: (1 + 2) * k", "# k[x]", ""])
def test_nothing_is_said_of_lines_without_brackets_of_an_expression(line: str) -> None:
    assert unquoted(line, len(line)) is None


def test_several_expressions_without_brackets_of_their_own_need_no_quotes() -> None:
    assert parse_yaml(b"r: {then: [n += 1, war = true, m *= (1 - k)], when: n > 3 and not war}", "f")["r"] == {
        "then": ["n += 1", "war = true", "m *= (1 - k)"],
        "when": "n > 3 and not war",
    }


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("rate: max(0.1, pace)", "rate: 'max(0.1, pace)'"),
        ("rate: max(0.1, min(pace, 0.2))", "rate: 'max(0.1, min(pace, 0.2))'"),
        ("after: uniform(1 day, 5 days)", "after: 'uniform(1 day, 5 days)'"),
    ],
)
def test_a_call_that_its_commas_cut_within_braces_is_told_in_quotes(written: str, cure: str, tmp_path: Path) -> None:
    text = (ROOT / "conformance/invalid/call-cut-at-its-comma.yaml").read_text(encoding="utf-8")
    file = tmp_path / "cut.yaml"
    file.write_text(text.replace("rate: max(0.1, pace)", written), encoding="utf-8")
    told = f"put quotes around what has commas of its own inside {{ }}: {cure}"
    assert {fault.hint.startswith(told) for fault in check(file) if fault.code == "SD201" and fault.hint} == {True}
    file.write_text(text.replace("rate: max(0.1, pace)", cure), encoding="utf-8")
    assert [fault.render() for fault in check(file)] == []
