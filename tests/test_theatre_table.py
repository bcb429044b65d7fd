"""The table of the theatre's audit: what counts as met, how claims and loose ends are counted, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.analysis.effects import ClaimFinding, Claims, KnockOut, KnockOuts, Moved, RivalFinding
from standoff.errors import Fault
from standoff.scenario import LooseEnds
from standoff.scenario.linting.leading_nowhere import Finding
from verification.theatre import by_mechanism, materiality, structure, tempo
from verification.theatre.__main__ import SECTIONS, main
from verification.theatre.claims import rows_of
from verification.theatre.table import Row, Section, absent

FAULT = Fault("SD421", "x", "y", None)


def claim(name: str, mechanism: tuple[str, ...], rules: int | None, **more: object) -> ClaimFinding:
    way = None if rules is None else tuple(f"rule_{i}" for i in range(rules))
    facts = {
        "id": name, "says": "", "mechanism": mechanism, "hedge": None, "cause": "", "expect": "", "verdict": "holds",
        "effect": 0.1, "low": 0.05, "high": 0.2, "unit": None, "base": 0.5, "changed": 50, "runs": 100, "evidence": (),
        "against": (), "selection": None, "way": way,
    }  # fmt: skip
    return ClaimFinding(**(facts | more))


def rival(*, fails: bool) -> RivalFinding:
    return RivalFinding("no-fear", "holds", fails, 0.1, 0.0, 0.2, 0.5, 10, 100)


def measured(rows: list[Row]) -> dict[str, Row]:
    return {row.what: row for row in rows}


def test_a_mechanism_counts_with_its_longest_claim_and_holds_with_any_thesis_that_holds() -> None:
    claims = (
        claim("a", ("M01",), 1),
        claim("b", ("M01", "M02"), 3, kind="thesis", verdict="weaker than claimed", rivals=(rival(fails=True),)),
        claim("c", ("M02",), 4, kind="thesis", rivals=(rival(fails=False),)),
        claim("d", ("M03",), None),
        claim("e", ("C07",), 2),
    )
    rows = measured(rows_of([Claims("s", 1, 0.01, 100, claims)]))
    assert rows["claims by distance"].measured == "1 at 1, 1 at 2, 1 at 3, 1 at 4, 1 at none"
    assert rows["mechanisms by their longest claim"].measured == "1 at 3, 1 at 4, 1 at none"
    assert rows["mechanisms with a thesis, of 100"].values == {"mechanisms": ["M01", "M02"]}
    holding = rows["of them, whose thesis holds at its least effect"]
    assert holding.values == {"hold": ["M02"], "others": ["M01"]}
    assert holding.verdict == "misses"
    assert rows["of these, whose thesis fails under a rival"].values == {"fail": []}
    assert rows["rivals"].values == {"theses": 2, "with_rival": 2, "test_nothing": ["c"]}


def loose(found: tuple[Finding, ...]) -> LooseEnds:
    return LooseEnds(states=10, rules=20, rated=5, decisions=3, parameters=4, findings=found)


def test_what_a_goal_alone_reads_is_counted_and_said_apart() -> None:
    found = (
        Finding("unread state", "image", "", FAULT),
        Finding("unread state", "prize", "goal", FAULT),
        Finding("constant rate", "drift", "own switch only", FAULT),
    )
    rows = measured(structure.rows_of(["one", "two"], [loose(found), loose(())]))
    total = rows["states that only their writers read, all"]
    assert (total.values, total.verdict) == ({"found": 2, "of": 20}, "misses")
    assert "1 of them for a goal alone" in rows["  states that only their writers read, one"].measured
    assert rows["rules without a path to a question, all"].verdict == "meets"
    assert rows["constant rates"].values["share"] == pytest.approx(0.1)
    assert rows["constant rates"].verdict == "misses"


def moved(question: str, difference: float, *, own: bool = False, sure: bool = True) -> Moved:
    low, high = (difference - 0.01, difference + 0.01) if sure else (-0.2, 0.2)
    return Moved(question, "", 0.5, 0.5 + difference, difference, low, high, 30, 2, own)


def knocked_out(scenario: str, **moves: tuple[Moved, ...]) -> KnockOuts:
    return KnockOuts(
        scenario, 1, 100, True, 2, tuple(KnockOut(name, (), (), {}, given) for name, given in moves.items())
    )


def test_a_mechanism_is_material_if_any_scenario_shows_it_and_luck_is_left_out() -> None:
    one = knocked_out(
        "one",
        M01=(moved("q", 0.02),),
        M02=(moved("q", -0.06, own=True),),
        M03=(moved("q", 0.1, sure=False),),
        C07=(moved("q", 0.5),),
    )
    other = knocked_out("two", M01=(moved("r", 0.07), moved("s", 0.0)), M04=())
    rows = measured(list(materiality.rows_of([one, other])))
    total = rows["mechanisms that move a forecast by five points"]
    assert total.measured == "2 of 4 that are carried"
    assert total.verdict == "misses"
    assert total.values["material"] == ["M01", "M02"]
    assert total.values["largest"] == {"M01": 0.07, "M02": 0.06, "M03": 0.1, "M04": 0.0}
    assert rows["of them, one that is not their own event"].values == {"beyond": ["M01"]}
    assert rows["mechanisms that move none"].measured == "M03, M04"


def test_the_page_has_a_row_for_each_mechanism_with_the_best_that_is_known_of_it() -> None:
    claims = (
        claim("wired", ("M01",), 1),
        claim("thin", ("M01",), 3, kind="thesis", at_least="5 points", unit="probability", rivals=(rival(fails=True),)),
        claim("empty", ("M02",), 3, kind="thesis", rivals=(rival(fails=False),)),
        claim("weak", ("M04",), 3, kind="thesis", verdict="weaker than claimed", rivals=(rival(fails=True),)),
    )
    knocked = knocked_out("east-2017-v2", M01=(moved("own-thing", 0.4, own=True), moved("q", -0.07)), M02=())
    rows = by_mechanism.page([Claims("east-2018-v2", 1, 0.01, 100, claims)], [knocked]).splitlines()
    assert len(rows) == 102
    assert rows[2] == (
        "| M01* Zone tripwire | thin (2018, thesis) | +10.0 (+5.0 to +20.0) points, 100 pairs; 5 points "
        "| holds; fails under a rival | `q` (2017) -7 (-8 to -6) |"
    )
    assert "holds; holds under its rivals too | not carried by anything |" in rows[3]
    assert "| weaker than claimed | not carried" in rows[5]
    assert rows[4] == "| M03 Air-defence counter-threat | none | | none | not carried by anything |"


def test_what_is_not_there_is_no_success() -> None:
    row = absent("a thing", "all", "no such name")
    assert row.verdict == "not in this scenario"
    assert "none  a thing: no such name" in Section("s", "Some", (row,)).text()


@pytest.mark.parametrize(
    ("row", "status"),
    [(Row("x", "1", "2", "meets"), 0), (Row("x", "1"), 0), (Row("x", "1", "2", "misses"), 1), (absent("x", "", ""), 1)],
)
def test_the_exit_status_says_whether_a_bar_was_missed(
    row: Row, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(SECTIONS, "tempo", lambda _: Section("tempo", "Tempo", (row,)))
    assert main(["--only", "tempo", "--json"]) == status
    written = json.loads(capsys.readouterr().out)["sections"]["tempo"]
    assert written["rows"][0]["verdict"] == row.verdict


def test_with_bars_only_what_has_one_is_shown() -> None:
    section = Section("s", "Some", (Row("count", "3"), Row("share", "4", "5", "misses")), ("how",))
    assert section.text(bars=True).splitlines()[2:] == ["MISS  share: 4  [5]"]
    assert "count: 3" in section.text()


def test_a_version_that_there_is_not_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "chaining", "--version", "v99"]) == 2
    assert "no scenario named like eastern-syria-2017-v99" in capsys.readouterr().err


def test_without_the_file_the_tempo_says_that_it_was_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDOFF_SHARED", str(tmp_path))
    assert main(["--only", "tempo"]) == 0
    assert tempo.TITLE in (said := capsys.readouterr().out)
    assert "skipped" in said
