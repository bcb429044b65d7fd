"""What has no finite value is told by check: an error where certain, a warning where possible, none where guarded."""

from __future__ import annotations

from pathlib import Path

import pytest

import standoff as so
from standoff.scenario import check

TEXT = """\
standoff: 1
title: What has no value
starts: 2020-01-01
ends: 2020-03-01
actors: {red: {}}
parameters:
  zero: {prior: 0, evidence: assumption}
  some: {prior: "uniform(0, 3)", evidence: assumption}
  wide: {prior: "uniform(-1, 900)", evidence: assumption}
  safe: {prior: "uniform(1, 3)", evidence: assumption}
  free: {prior: "lognormal(1, 0.5)", evidence: assumption}
state: {n: {}, m: {}}
define: {part: {is: 1 / zero}}
rules:
  feeds: {rate: RATE, then: ["EFFECT"], event: AID by red, evidence: assumption}
  grows: {rate: 0.1, then: [m += 1], event: AID by red, evidence: assumption}
questions: {q: {ask: How much?, number: n + safe + free + some + wide + zero + m, at: 2020-02-01}}
"""
CERTAIN = (
    "n += 1 / zero", "n = 1 / (zero * 2) if m > 3 else 0", "n += m % zero", "n += log(zero)",
    "n += log(-safe)", "n += sqrt(-safe)", "n += exp(800 * safe)", "n += zero ** -1", "n += (-safe) ** 0.5",
    "n += poisson(-safe)", "n += exponential(-safe)", "n += binomial(-safe, 0.5)", "n += binomial(3, 1 + safe)",
    "n += uniform(safe + 5, 3)", "n = 1 if chance(safe + 1) else 0", "n += part",
)  # fmt: skip
POSSIBLE = (
    "n = 1 / m if m >= 0 else 0", "n = log(m) if m >= 0 else 0", "n = 1 / some if some >= 0 else 0",
    "n = 1 / wide if wide > -1 else 0", "n = 1 / m if m < 5 else 0",
    "n += 1 / some", "n += 1 / wide", "n += log(some)", "n += sqrt(wide)", "n += exp(wide)", "n += poisson(wide)",
    "n += exponential(wide)", "n += binomial(wide, 0.5)", "n += binomial(3, safe - 0.5)", "n += uniform(2, some)",
    "n = 1 if chance(safe / 2) else 0", "n += 1 / m", "n += log(m)",
)  # fmt: skip
RIGHT = (
    "n = 1 / m if m != 0 else 0", "n = 0 if m == 0 else 1 / m", "n = 1 / some if some > 0 else 0",
    "n = 1 / wide if wide > 1 else 0", "n = 1 if m > 0 and 1 / m > 2 else 0", "n = 1 if m == 0 or 1 / m > 2 else 0",
    "n += 1 / safe", "n += 1 / free", "n += log(free)", "n += 1 / (1 + m)", "n += 1 / m if m > 0 else 0",
    "n += 1 / max(0.1, some)", "n += uniform(0, some)", "n += uniform(some, some + 1)", "n += exp(-wide)",
    "n += poisson(some)", "n = 1 if chance(some / 3) else 0", "n += sqrt(abs(wide))",
)  # fmt: skip


def told(tmp_path: Path, effect: str, rate: str = "0.1") -> list[str]:
    path = tmp_path / "value.yaml"
    path.write_text(TEXT.replace("EFFECT", effect).replace("RATE", rate), encoding="utf-8")
    faults = check(path)
    assert {fault.code for fault in faults if fault.severity == "error"} <= {"SD431"}
    return [fault.severity for fault in faults if fault.code == "SD431"]


@pytest.mark.parametrize("effect", CERTAIN)
def test_what_is_sure_to_have_no_value_is_an_error(tmp_path: Path, effect: str) -> None:
    assert told(tmp_path, effect) == ["error"]


@pytest.mark.parametrize("effect", POSSIBLE)
def test_what_can_have_no_value_is_warned_of(tmp_path: Path, effect: str) -> None:
    assert told(tmp_path, effect) == ["warning"]


@pytest.mark.parametrize("effect", RIGHT)
def test_what_has_a_value_or_is_looked_at_first_is_not_told(tmp_path: Path, effect: str) -> None:
    assert told(tmp_path, effect) == []


def test_rates_are_looked_at_too(tmp_path: Path) -> None:
    assert told(tmp_path, "n += 1", "1 / zero") == ["error"]
    assert told(tmp_path, "n += 1", "0.1 / m") == ["warning"]
    assert told(tmp_path, "n += 1", "0.1 / safe") == []


@pytest.mark.parametrize("effect", ["n += 1 / m", "n += log(m)", "n += sqrt(-1 - m)", "m = 1e308 * 10"])
def test_a_run_stops_where_an_infinite_value_is_written(tmp_path: Path, effect: str) -> None:
    path = tmp_path / "value.yaml"
    text = TEXT.replace("RATE", "4").replace("rate: 0.1", "rate: 0.001")
    path.write_text(text.replace("EFFECT", effect), encoding="utf-8")
    model = so.ground(so.load(path).as_read)
    with pytest.raises(so.RunStopped) as stopped:
        so.reference_run(model, seed=1, run=0)
    assert (stopped.value.code, stopped.value.rule) == ("SD504", "feeds")
    assert str(stopped.value.where).endswith("value.yaml:15")
    from standoff.engine import prepare, run

    with pytest.raises(so.RunStopped) as again:
        run(prepare(model), seed=1, run=0)
    assert (again.value.code, str(again.value)) == ("SD504", str(stopped.value))


def test_an_inject_that_takes_too_much_gets_a_cure_without_a_guard(tmp_path: Path) -> None:
    """An inject has no `when`: what is advised must be what it can say."""
    path = tmp_path / "inject.yaml"
    text = TEXT.replace("RATE", "0.1").replace("EFFECT", "n += safe").replace("{n: {}, m", "{n: {at_least: 0}, m")
    wrong = text + "injects: {loss: {at: 2020-01-05, then: ['n -= 5'], evidence: assumption}}\n"
    path.write_text(wrong, encoding="utf-8")
    (fault,) = [fault for fault in check(path) if fault.code == "SD416"]
    cure = "n = max(0, n - 5)"
    assert str(fault.hint).endswith(f"write {cure}")
    path.write_text(wrong.replace("n -= 5", cure), encoding="utf-8")
    assert not [fault for fault in check(path) if fault.code == "SD416"]


PLACES = """\
standoff: 1
title: Wherever it has no value
starts: 2020-01-01
ends: 2020-03-01
actors: {red: {}, blue: {}}
places: {ford: {at: [0, 0]}, mill: {at: [0, 1]}}
routes: [{between: [ford, mill], km: 100}]
parameters:
  zero: {prior: 0, evidence: assumption}
  some: {prior: "uniform(0, 3)", evidence: assumption}
  each: {of: actor, prior: "uniform(0, 1)", evidence: assumption}
state: {force: {of: [actor, place], at_least: 0}, n: {}, m: {half_life: HALF}}
begin: {force: {red: {ford: 2, every: FIRST}}, n: BEGIN}
RULES
  more: {for: {p: place}, rate: 0.1, then: ["force[red, p] += 1", "m += 1"], event: AID by red, evidence: assumption}
DECISIONS
questions:
  q: {ask: How much?, number: "n + m + force[red, ford] + zero + some + each[red] + each[blue]", at: 2020-02-01}
"""


def wherever(tmp_path: Path, **parts: str) -> list[tuple[str, str]]:
    """What is told, with the line where it stands; the parts are those of the text in capitals."""
    text = PLACES
    for name, usual in (("HALF", "3 days"), ("FIRST", "1"), ("BEGIN", "1"), ("RULES", "rules:"), ("DECISIONS", "")):
        text = text.replace(name, parts.get(name, usual))
    path = tmp_path / "wherever.yaml"
    path.write_text(text, encoding="utf-8")
    told = [fault for fault in check(path) if fault.code == "SD431" or fault.severity == "error"]
    assert {fault.code for fault in told} <= {"SD431"}, "\n".join(map(str, told))
    return [(fault.severity, fault.location.text.strip() if fault.location else "") for fault in told]


RULE = "rules:\n  go:\n    for: {p: place, q: DOMAIN}\n    when: GUARD\n    rate: RATE\n    evidence: assumption"
PER_PLACE = [
    ("place", "true", "1 / distance(p, q)", ["warning"]),
    ("place", "p != q", "1 / distance(p, q)", []),
    ("road(p)", "true", "1 / distance(p, q)", []),
    ("place", "true", "1 / force[red, q]", []),
    ("place", "true", "1 / force[blue, q]", ["warning"]),
    ("place", "force[blue, q] > 0", "1 / force[blue, q]", []),
    ("place", "force[blue, q] >= 0", "1 / force[blue, q]", ["warning"]),
    ("place", "p == q", "1 / (force[red, p] + force[blue, q])", []),
    ("place", "1 / zero > 2", "1", ["error"]),
    ("place", "zero != 0 and 1 / zero > 2", "1", []),
]


@pytest.mark.parametrize(("domain", "guard", "rate", "told"), PER_PLACE)
def test_places_are_looked_at_two_by_two_with_what_the_guard_says_of_them(
    tmp_path: Path, domain: str, guard: str, rate: str, told: list[str]
) -> None:
    rule = RULE.replace("DOMAIN", domain).replace("GUARD", guard).replace("RATE", rate)
    rule += "\n  gains: {rate: 0.1, then: [\"force[blue, ford] += 1\"], event: AID by blue, evidence: assumption}"
    found = wherever(tmp_path, RULES=rule)
    assert [severity for severity, _ in found] == told
    assert all(line in (f"rate: {rate}", f"when: {guard}") for _, line in found)


DECISION = """\
decisions:
  send:
    of: red
    comes: {rate: 0.1}
    options: {go: {appeal: APPEAL, then: [n += 1]}, stay: {appeal: 0}}
    policy: POLICY
    evidence: assumption
red_lines:
  line:
    of: blue
    crossed_by: [{rule: more, by: red, at: ford, if: IF}]
    threshold: THRESHOLD
    credibility: CREDIBILITY
    fades: FADES
    response: {then: [n += 1], event: ASSAULT by blue on red}
    evidence: assumption
"""
USUAL = {"APPEAL": "1", "POLICY": "{logit: 1}", "IF": "n > 0", "THRESHOLD": "{declared: 1, true: 2}",
         "CREDIBILITY": "{begin: 0.5, lost: 0.1, won: 0.1}", "FADES": "3 days"}  # fmt: skip
WORDS = [
    ("APPEAL", "1 / zero", "error"), ("APPEAL", "log(some)", "warning"), ("POLICY", "{logit: 1 / zero}", "error"),
    ("POLICY", "{mix: {go: 1 / zero, stay: 1}}", "error"), ("POLICY", "{best: appeal}", None),
    ("POLICY", "{first: [{if: 1 / zero > 1, choose: go}, {if: true, choose: stay}]}", "error"),
    ("IF", "1 / zero > 1", "error"), ("IF", "1 / some > 1", "warning"), ("THRESHOLD", "{declared: 1 / zero}", "error"),
    ("THRESHOLD", "{declared: 1, true: 1 / some}", "warning"), ("CREDIBILITY", "{begin: 1 / zero}", "error"),
    ("CREDIBILITY", "{begin: 0.5, lost: sqrt(-1 - some)}", "error"), ("FADES", "1 / zero", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "words", "severity"), WORDS)
def test_decisions_and_red_lines_are_looked_at_wherever_they_read_a_number(
    tmp_path: Path, where: str, words: str, severity: str | None
) -> None:
    text = DECISION
    for name, usual in USUAL.items():
        text = text.replace(name, words if name == where else usual)
    assert {told for told, _ in wherever(tmp_path, DECISIONS=text)} == ({severity} if severity else set())


@pytest.mark.parametrize(
    ("part", "words", "severity"),
    [("BEGIN", "1 / some", "warning"), ("BEGIN", "1 / zero", "error"), ("FIRST", "log(zero)", "error"),
     ("FIRST", "1 / (1 + some)", None), ("HALF", "1 / zero", "error")],
)  # fmt: skip
def test_what_states_begin_with_and_half_lives_are_looked_at(
    tmp_path: Path, part: str, words: str, severity: str | None
) -> None:
    found = wherever(tmp_path, **{part: words})
    assert [told for told, _ in found] == ([severity] if severity else [])
    assert all(words in line for _, line in found)


def test_what_a_firing_has_just_changed_is_not_what_it_was_at_first(tmp_path: Path) -> None:
    rule = "rules:\n  go: {rate: 1, then: [THEN], event: AID by red, evidence: assumption}"
    assert wherever(tmp_path, RULES=rule.replace("THEN", "m += 1, n = 1 / m")) == []
    assert len(wherever(tmp_path, RULES=rule.replace("THEN", "n = 1 / m, m += 1"))) == 1
