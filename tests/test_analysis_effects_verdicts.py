"""Verdicts on theses: what arithmetic gives each one, which interval decides, and that rivals must fail them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import try_claims
from standoff.analysis.effects import ClaimFinding, Claims
from standoff.analysis.effects.verdicts import Least, judge
from standoff.cli.app import app
from standoff.errors import Faults, UsageError
from standoff.scenario import check, load, load_text

FILE = Path(__file__).resolve().parent.parent / "conformance" / "valid" / "theses.yaml"
WRITTEN = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> Claims:
    return try_claims(load(FILE), seed=3, at_most=200)


def one(made: Claims, name: str) -> ClaimFinding:
    return next(tested for tested in made.claims if tested.id == name)


def test_each_of_the_four_verdicts_is_what_arithmetic_gives(made: Claims) -> None:
    """5 posts are lost instead of 4, and the ford falls instead of being held, in every run."""
    told = {tested.id: (tested.verdict, tested.effect, tested.least) for tested in made.claims}
    assert told == {
        "doubt-costs-posts": ("holds", 1.0, 1.0),
        "doubt-costs-a-quarter": ("holds", 1.0, 1.0),
        "doubt-costs-more": ("weaker than claimed", 1.0, 1.04),
        "doubt-saves-posts": ("reversed", 1.0, 0.5),
        "no-doubt-nothing": ("not distinguishable", 0.0, 0.5),
        "doubt-takes-the-ford": ("holds", 1.0, 0.9),
        "doubt-masses": ("holds", 2.0, None),
    }


def test_a_thesis_names_the_rules_between_its_cause_and_its_effect(made: Claims) -> None:
    assert one(made, "doubt-costs-posts").way == ("masses", "probes_it", "takes")
    assert (one(made, "doubt-masses").kind, one(made, "doubt-masses").way) == ("wiring", ("masses",))


def test_a_rival_without_the_mechanism_fails_the_thesis(made: Claims) -> None:
    thesis = one(made, "doubt-costs-posts")
    assert [(rival.rival, rival.verdict, rival.fails, rival.effect, rival.base) for rival in thesis.rivals] == [
        ("daring = 0", "not distinguishable", True, 0.0, 4.0), ("deaf", "not distinguishable", True, 0.0, 4.0),
    ]  # fmt: skip
    assert not thesis.tests_nothing and not one(made, "doubt-costs-more").tests_nothing


def test_under_a_rival_a_thesis_takes_no_more_pairs_once_it_cannot_hold(tmp_path: Path) -> None:
    """Nothing falls in 100 pairs, which is surely less than 90 points; a number might still have a rare, large one."""
    file = tmp_path / "early.yaml"
    file.write_text(WRITTEN.replace("at_least: 90 points, ", "at_least: 90 points, rivals: deaf, "), encoding="utf-8")
    found = try_claims(load(file), only=["doubt-takes-the-ford", "doubt-costs-posts"], at_most=200).claims
    told = [(rival.rival, rival.fails, rival.runs) for tested in found for rival in tested.rivals]
    assert told == [("daring = 0", True, 200), ("deaf", True, 200), ("deaf", True, 100)]


def test_a_thesis_itself_goes_on_for_its_sign_though_it_is_surely_short() -> None:
    base = np.repeat([0.0, 1.0], 50)
    caused = base.copy()
    caused[45:55] = np.where(np.arange(10) < 6, 1 - base[45:55], base[45:55])
    look = judge(base, caused, "rises", error=0.01, share=True, least=Least(0.5))
    assert (look.verdict, look.settled, look.short) == ("not distinguishable", False, True)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Where a changed copy of the scenario goes."""
    return tmp_path / "theses.yaml"


def test_a_thesis_that_every_rival_passes_tests_nothing_and_that_is_said(changed: Path) -> None:
    changed.write_text(WRITTEN.replace("[daring = 0, deaf]", "daring = 2"), encoding="utf-8")
    (thesis,) = try_claims(load(changed), only=["doubt-costs-posts"], at_most=100).claims
    assert [(rival.verdict, rival.effect, rival.fails) for rival in thesis.rivals] == [("holds", 2.0, False)]
    assert thesis.tests_nothing
    said = CliRunner().invoke(app, ["claims", str(changed), "doubt-costs-posts", "--runs", "100", "--quiet"]).output
    assert "these test nothing: doubt-costs-posts" in said and "passes too" in said


def test_without_rivals_none_is_tried(changed: Path) -> None:
    (thesis,) = try_claims(load(FILE), only=["doubt-costs-posts"], at_most=100, rivals=False).claims
    assert thesis.rivals == () and not thesis.tests_nothing


def test_a_rival_is_counted_in_the_progress_and_named_where_it_cannot_be_tried(changed: Path) -> None:
    told: list[tuple[int, int]] = []
    try_claims(load(FILE), only=["doubt-costs-posts"], at_most=100, progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]
    changed.write_text(WRITTEN.replace("deaf: {", "deaf: {claims: {doubt-masses: {set: {doubts: 1}}}, "), "utf-8")
    with pytest.raises(UsageError, match="under the rival 'deaf' doubt-costs-posts cannot be tested"):
        try_claims(load(changed), at_most=100)
    changed.write_text(WRITTEN.replace("probes += massed]", "'probes += massed / daring']"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"under the rival 'daring = 0' doubt-costs-posts .*: division by 0"):
        try_claims(load(changed), only=["doubt-costs-posts"], at_most=100)
    with pytest.raises(UsageError, match="was not read from files"):
        try_claims(load_text(WRITTEN, "theses"), at_most=100)


def test_a_short_thesis_is_refused_where_claims_are_tested_and_by_check(changed: Path) -> None:
    changed.write_text(WRITTEN.replace("set: {doubt: 1}\n", "set: {massed: 10}\n", 1), encoding="utf-8")
    with pytest.raises(Faults, match="runs through 2 rules: probes_it, takes"):
        try_claims(load(changed), at_most=100)
    assert [fault.code for fault in check(changed) if fault.severity == "error"] == ["SD218"]


def test_what_other_claims_change_is_no_way_for_a_thesis(changed: Path) -> None:
    """Set by another claim, probes follow doubt at once, and a storm that is off carries doubt into what is massed."""
    other = """  as-doubted: {says: Doubt is all., set: {probes: doubt}, expect: lost rises}
  storm: {says: A storm comes., force: storm, expect: lost rises}
injects: {storm: {at: 2017-06-02, on: false, then: [probes += doubt], evidence: paper#p1}}
variants:
"""
    changed.write_text(WRITTEN.replace("variants:\n", other), encoding="utf-8")
    (thesis,) = try_claims(load(changed), only=["doubt-costs-more"], at_most=100).claims
    assert thesis.way == ("masses", "probes_it", "takes")


def test_a_variant_may_cut_a_thesis_short() -> None:
    (thesis,) = try_claims(load(FILE, variant="deaf"), only=["doubt-takes-the-ford"], at_most=100).claims
    assert (thesis.way, thesis.verdict) == (None, "not distinguishable")


@pytest.mark.parametrize(
    "cause",
    ["raise: red_acts", "lower: red_acts", "remove: red_acts", "force: red_acts", "force: storm", "remove: hurry",
     "force: weighs_hurry", "raise: line", "follow: bold"],
)  # fmt: skip
def test_acts_injects_options_lines_and_policies_are_causes_of_theses(changed: Path, cause: str) -> None:
    text = WRITTEN.replace("state:\n", "state:\n  zeal: {}\n").replace("daring * doubt", "daring * doubt + zeal")
    rules = """rules:
  red_acts: {rate: 0.1, then: [zeal += 1], event: MOBILIZE by red on blue at ford, evidence: paper#p1}
"""
    words = """injects: {storm: {at: 2017-06-02, then: [zeal += 1], evidence: paper#p1}}
red_lines:
  line:
    of: blue
    crossed_by: [{rule: red_acts, by: red, at: ford}]
    response: {delay: exponential(1 day), then: [zeal -= 1]}
decisions:
  weighs:
    of: red
    comes: {every: 3 days}
    options: {wait: {}, hurry: {then: [zeal += 1]}}
    policy: {always: wait}
policies: {bold: {of: red, decisions: {weighs: {always: hurry}}}}
"""
    text = text.replace("rules:\n", words + rules, 1).replace("set: {doubt: 1}\n", f"{cause}\n", 1)
    changed.write_text(text, encoding="utf-8")
    told = [str(fault) for fault in check(changed) if fault.severity == "error"]
    # `hurry` alone is no name that a cause can have: its rule is weighs_hurry.
    assert told == [] if cause != "remove: hurry" else "SD204" in told[0]


def samples(seed: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """A base and an effect that varies."""
    generator = np.random.default_rng(seed)
    base = generator.poisson(6.0, 400).astype(float)
    return base, base + generator.normal(0.15 * (seed % 7), 1.0, 400)


@pytest.mark.parametrize("direction", ["rises", "falls"])
def test_a_thesis_holds_where_its_effect_less_the_least_one_would(direction: str) -> None:
    """So the size errs as rarely as the sign: a true effect of the least size is a true difference of zero."""
    sign = 1.0 if direction == "rises" else -1.0
    seen = set()
    for seed in range(60):
        base, caused = samples(seed)
        caused = base + sign * (caused - base)
        for amount in (0.25, 0.5):
            look = judge(base, caused, direction, error=0.01, share=False, least=Least(amount))  # type: ignore[arg-type]
            alone = judge(base, caused - sign * amount, direction, error=0.01, share=False)  # type: ignore[arg-type]
            assert (look.verdict == "holds") == (alone.verdict == "holds")
            assert look.verdict != "weaker than claimed" or look.settled == (alone.verdict == "reversed")
            assert look.short == (alone.verdict == "reversed")
            seen.add(look.verdict)
    assert seen == {"holds", "weaker than claimed", "not distinguishable"}


def test_a_share_of_what_is_anyway_is_judged_pair_by_pair() -> None:
    """An effect of exactly a tenth of each run's base holds at 10 % although the base itself varies much."""
    base = np.random.default_rng(4).poisson(50.0, 200) * 10.0
    for share, verdict in ((0.1, "holds"), (0.1001, "weaker than claimed")):
        look = judge(base, base * 1.1, "rises", error=0.01, share=False, least=Least(share, of_base=True))
        assert (look.verdict, look.settled) == (verdict, True)
        assert look.effect.high - look.effect.low > 1.0


def test_an_effect_that_may_reach_the_least_one_needs_more_pairs_and_is_not_called_enough() -> None:
    base, caused = samples(5)
    look = judge(base, caused, "rises", error=0.01, share=False, least=Least(0.75))
    assert look.effect.low < 0.75 < look.effect.high
    assert (look.verdict, look.settled) == ("weaker than claimed", False)


def test_the_verb_counts_theses_and_wiring_apart_and_shows_points(made: Claims) -> None:
    said = CliRunner().invoke(app, ["claims", str(FILE), "--runs", "200", "--seed", "3", "--quiet"])
    assert said.exit_code == 0, said.output
    first = said.output.splitlines()[0]
    assert first == (
        "Of 6 theses, 3 hold, 1 is weaker than claimed, 1 goes the other way and these runs do not decide 1. "
        "The one test of wiring holds."
    )
    assert "5 theses were tested without a rival." in said.output
    assert "at least: 26 %; it falls short of that" in said.output
    assert "2 of 2 fail" in said.output and "90 points" in said.output and "+100" in said.output
    printed = CliRunner().invoke(app, ["claims", str(FILE), "--runs", "200", "--seed", "3", "--json"]).stdout
    assert json.loads(printed) == json.loads(made.to_json())
