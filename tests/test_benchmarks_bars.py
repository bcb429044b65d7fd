"""What all benchmarks stand on: bars that only figures can meet, results that lose nothing, watched processes."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import before, child, ensemble, parts, waits
from benchmarks.bars import ABSENT, MET, MISSED, Bar, bars, judged
from benchmarks.commands import PYTHON, Failed, Home, Peak, new_machine
from benchmarks.kept import keep, read, record
from benchmarks.machine import commit
from benchmarks.measuring import Effort
from benchmarks.parts import PARTS, Piece, chosen, pieces
from benchmarks.results import printed, write
from standoff.engine import kernel, prepare, run
from standoff.model import ground
from standoff.scenario import load
from tests.test_docs import blocks_of

RATIO = Bar("ratio", "loop", "w1-60", ("samplers", "direct", "ratio_to_floor"), 0.75)
AHEAD = Bar("ahead", "loop", "sir", ("samplers", "direct", "times_ahead_of", "gillespy2"), 1.5, at_least=True)


def made(**figures: Any) -> dict[str, Any]:
    return {"commit": "abc1234", "figures": figures}


def with_ratio(median: float) -> dict[str, Any]:
    ratio = {"median": median, "low": 0.5, "high": 2.0}
    return {"loop": {"w1-60": made(samplers={"direct": {"ratio_to_floor": ratio}})}}


@pytest.mark.parametrize(("median", "stands"), [(0.7, MET), (0.75, MET), (0.7501, MISSED)])
def test_a_bar_is_met_by_a_median_up_to_its_limit(median: float, stands: str) -> None:
    held = RATIO.held(with_ratio(median))
    assert (held["status"], held["measured"]["median"], held["commit"]) == (stands, median, "abc1234")


@pytest.mark.parametrize(("median", "stands"), [(1.6, MET), (1.5, MET), (1.4999, MISSED)])
def test_a_bar_from_below_is_met_by_a_median_from_its_limit_on(median: float, stands: str) -> None:
    ahead = {"gillespy2": {"median": median, "low": 1.0, "high": 2.0}}
    assert AHEAD.held({"loop": {"sir": made(samplers={"direct": {"times_ahead_of": ahead}})}})["status"] == stands


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ({}, "loop/sir was not measured"),
        ({"loop": {"sir": {"commit": "abc1234", "absent": "no compiler"}}}, "no compiler"),
        ({"loop": {"sir": made(samplers={"direct": {"times_ahead_of": {}}})}}, "no samplers/direct"),
        ({"loop": {"sir": made(samplers={"direct": {"times_ahead_of": {"gillespy2": None}}})}}, "no samplers/direct"),
        ({"loop": {"sir": made(rivals={"gillespy2": {"status": "absent", "why": "not installed"}})}}, "not installed"),
    ],
)
def test_a_bar_without_a_figure_is_absent_with_the_reason_and_not_met(results: dict[str, Any], why: str) -> None:
    held = AHEAD.held(results)
    assert held["status"] == ABSENT and why in held["why"] and held["measured"] is None


def test_every_bar_reads_a_piece_that_is_measured() -> None:
    measured = {(piece.part, piece.name) for piece in pieces(Effort())}
    assert {(bar.part, bar.piece) for bar in bars()} <= measured


def test_nothing_measured_meets_no_bar() -> None:
    assert {bar["status"] for bar in judged({})} == {ABSENT}


def test_the_bars_of_waits_are_those_of_the_issue() -> None:
    limits = {(bar.piece, bar.where[0]): bar.limit for bar in bars() if bar.part == "waits"}
    assert limits == {
        ("run-2017", "again"): 3, ("run-2017", "first_ever"): 10, ("run-ten-lines", "again"): 2,
        ("run-ten-lines", "first_ever"): 8, ("check-2017", "again"): 1.2, ("help", "again"): 0.4,
    }  # fmt: skip


def test_an_ensemble_may_take_two_and_a_half_times_the_kernel_shared_by_the_cores_and_three_imports() -> None:
    assert ensemble.allowed(kernel=4.0, cores=2, imports=0.5) == 2.5 * 4.0 / 2 + 3 * 0.5


def test_a_piece_that_is_measured_again_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    old, new = record(Effort(), 1.0, figures={"a": 1}), record(Effort(), 2.0, absent="broken")
    for part, piece in (("loop", "sir"), ("loop", "h1"), ("scaling", "w1")):
        keep(part, piece, old, tmp_path)
    keep("loop", "sir", new, tmp_path)
    assert read(("loop", "scaling", "waits"), tmp_path) == {
        "loop": {"sir": new, "h1": old}, "scaling": {"w1": old}, "waits": {},
    }  # fmt: skip


def test_results_that_were_just_written_do_not_make_the_commit_another(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    results = tmp_path / "benchmarks" / "results"
    results.mkdir(parents=True)
    for file in (results / "loop.json", tmp_path / "code.py"):
        file.write_text("1\n", encoding="utf-8")
    git("init")
    git("add", ".")
    git("commit", "-m", "All")
    plain = commit(tmp_path)
    assert plain is not None and not plain.endswith("+")
    (results / "loop.json").write_text("2\n", encoding="utf-8")
    assert commit(tmp_path) == plain
    (tmp_path / "code.py").write_text("2\n", encoding="utf-8")
    assert commit(tmp_path) == f"{plain}+"


def test_the_page_marks_every_bar_and_says_at_which_commit_it_was_measured(tmp_path: Path) -> None:
    results = {"loop": {"w1-60": {**record(Effort(), 1.0), "commit": "abc1234", "absent": "no | compiler"}}}
    write(results, tmp_path)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if re.search(r"\| (met|MISSED|absent) \|", line)]
    assert len(rows) == len(list(bars()))
    assert any("w1-60:" in row and "| abc1234 | no / compiler |" in row for row in rows)
    assert f"{len(rows)} bars: 0 met, 0 MISSED, {len(rows)} absent." in printed(results, ["loop"])


def test_parts_and_pieces_are_chosen_by_name_and_all_where_none_is_named() -> None:
    def names(*only: str) -> list[str]:
        return [f"{piece.part}/{piece.name}" for piece in chosen(Effort(), list(only))]

    assert names("loop/sir", "scaling") == ["loop/sir", "scaling/w1"]
    assert names("memory") == [f"memory/{name}" for name in PARTS["memory"](Effort())]
    assert {name.partition("/")[0] for name in names()} == set(PARTS)
    with pytest.raises(KeyError, match="nope"):
        names("nope")


def test_a_piece_whose_process_ends_badly_is_absent_with_what_it_said_last(monkeypatch: pytest.MonkeyPatch) -> None:
    dying = "import sys, os; sys.stderr.write('out of luck\\n'); sys.stderr.flush(); os.kill(os.getpid(), 9)"
    start = parts.ended
    # More than a pipe holds: the process has ended, and will not take it, before all of it is written.
    monkeypatch.setattr(parts, "ended", lambda words, given: start((sys.executable, "-c", dying), given.ljust(2**20)))
    assert Piece("loop", "sir").made(Effort())["absent"] == "out of luck (signal 9)"


def test_a_command_that_fails_says_how(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"-c import sys; sys.exit\('no luck'\)` ended with 1: no luck"):
        Home(tmp_path).cost((PYTHON, "-c", "import sys; sys.exit('no luck')"))


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.commands.PATIENCE_S", 0.5)
    child_of_it = "import subprocess, time; print(subprocess.Popen(['sleep', '300']).pid, flush=True); time.sleep(300)"
    with pytest.raises(Failed, match=r"did not end in 0\.5 s"):
        Home(tmp_path).cost(("sh", "-c", f'exec {PYTHON} -c "{child_of_it}" > {tmp_path}/pid'))
    process = Path("/proc") / (tmp_path / "pid").read_text(encoding="utf-8").strip()
    while process.exists() and "State:\tZ" not in (process / "status").read_text(encoding="ascii"):
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
def test_the_memory_of_a_command_and_of_its_children_is_seen() -> None:
    """It holds 100 MB, its child 200 MB at the same time, for a third of a second."""
    inner = "import time; held = b'x' * 200_000_000; time.sleep(0.35)"
    outer = f"import subprocess, sys; held = b'x' * 100_000_000; subprocess.run([sys.executable, '-c', {inner!r}])"
    peak = Peak()
    with new_machine() as home:
        home.cost((PYTHON, "-c", outer), peak=peak)
    assert 100 < peak.command < 150
    assert 300 < peak.together < 370


def test_the_clock_around_the_kernel_sees_every_run(tmp_path: Path) -> None:
    (tmp_path / "ten.yaml").write_text(waits.ten_lines(), encoding="utf-8")
    program = prepare(ground(load(tmp_path / "ten.yaml").resolved))
    run(program, seed=1, run=0)
    advance = kernel.advance
    try:
        within = child.timed_kernel()
        assert within() == 0.0
        run(program, seed=1, run=1)
        once = within()
        run(program, seed=1, run=1)
        assert 0.0 < once < within()
    finally:
        kernel.advance = advance


def test_the_ten_lines_are_the_scenario_that_the_readme_shows_first() -> None:
    assert waits.ten_lines() == next(block.text for block in blocks_of("README.md") if block.kind == "yaml")


def test_an_earlier_commit_that_is_not_in_this_clone_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(before, "COMMIT", "0" * 40)
    monkeypatch.setattr(before, "PLACE", tmp_path / "place")
    with pytest.raises(Failed, match=r"this clone does not hold it.*unshallow"):
        before.before()
    assert not (tmp_path / "place" / "source").exists()


def test_a_shallow_clone_and_no_network_leave_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda words, **how: subprocess.CompletedProcess(words, 1, b"", b"a\nb\n"))
    with pytest.raises(Failed, match=r"9cca19e is not there: no network: b$"):
        before.done(("pip",), "no network")


def test_an_effort_goes_to_the_process_of_a_piece_whole() -> None:
    effort = Effort(3, quick=True, rivals=False, slow_rivals=True)
    assert Effort(**dataclasses.asdict(effort)) == effort
    assert set(PARTS) == {piece.part for piece in pieces(effort)}
