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
    "n += 1 / some", "n += 1 / wide", "n += log(some)", "n += sqrt(wide)", "n += exp(wide)", "n += poisson(wide)",
    "n += exponential(wide)", "n += binomial(wide, 0.5)", "n += binomial(3, safe - 0.5)", "n += uniform(2, some)",
    "n = 1 if chance(safe / 2) else 0", "n += 1 / m", "n += log(m)",
)  # fmt: skip
RIGHT = (
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
