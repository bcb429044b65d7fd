"""Gambit is asked in a process of its own: it may be missing, hang, die or talk nonsense, and is checked if it answers.

Where pygambit is not installed, its own answers are not tested (it takes 400 MB with what it needs, and is no part of
the developer's tools): `pip install 'standoff[strategy]'` and test again.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from standoff.errors import UsageError
from standoff.strategy import Candidate, find_equilibria
from standoff.strategy.gambit import ask_gambit, ask_gambit_for_responses, nfg
from standoff.strategy.qre import principal_branch
from tests.made_games import HAWK_DOVE, STAG, blocks_of

needs_gambit = pytest.mark.skipif(find_spec("pygambit") is None, reason="pygambit is not installed")
NASH = """\
class Result:
    equilibria = [{answer}]
class nash:
    enummixed_solve = staticmethod(lambda game: Result)
def read_nfg(file):
    return file.read()
"""


def stand_in(folder: Path, patch: pytest.MonkeyPatch, text: str) -> None:
    """A pygambit that does what `text` says."""
    (folder / "pygambit").mkdir()
    (folder / "pygambit" / "__init__.py").write_text(text, encoding="utf-8")
    (folder / "pygambit" / "qre.py").write_text("", encoding="utf-8")
    patch.setenv("PYTHONPATH", str(folder))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("raise ImportError('no such library')", r"not installed here: pip install 'standoff\[strategy\]'"),
        ("import time; time.sleep(60)", "no answer after 1 s and was stopped"),
        ("import os; os._exit(11)", "ended without an answer .*it printed nothing"),
        ("import sys; sys.exit('out of memory')", "ended without an answer .*out of memory"),
        ("raise SystemError('odd')", "ended without an answer .*SystemError: odd"),
        ("def read_nfg(file): raise ValueError('cannot read')", "failed: 'ValueError: cannot read'"),
        (NASH.format(answer="{'p0': {'1': .5, '2': .9}, 'p1': {'1': 1, '2': 0}}"), "no profile of mixed policies"),
        (NASH.format(answer="{'p0': {'1': float('nan'), '2': 1}, 'p1': {'1': 1, '2': 0}}"), "no profile of mixed"),
        (NASH.format(answer="{'p0': {'1': 1}, 'p1': {'1': 1, '2': 0}}"), "failed: \"KeyError: '2'\""),
    ],
    ids=["missing", "hangs", "dies", "exits", "breaks", "fails", "no shares", "no numbers", "too few"],
)
def test_a_gambit_that_gives_no_answer_is_a_fault_with_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    stand_in(tmp_path, monkeypatch, text)
    with pytest.raises(UsageError, match=sentence):
        ask_gambit(HAWK_DOVE, "enummixed", seconds=1 if "sleep" in text else 60)


def test_what_gambit_answers_is_checked_and_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints, as solvers do, and calls two hawks an equilibrium."""
    hawks = "{'p0': {'1': 1, '2': 0}, 'p1': {'1': 1, '2': 0}}"
    stand_in(tmp_path, monkeypatch, "print('2 pivots')\n" + NASH.format(answer=hawks))
    found = find_equilibria(blocks_of(HAWK_DOVE[None]), gambit=True)
    assert [one.support for one in found.candidates] == [((1,), (0,)), ((0,), (1,)), ((0, 1), (0, 1))]
    assert found.notes == (
        "Gambit gave 1 profile that the enumeration here does not have",
        "a profile of Gambit's enummixed is no equilibrium: somebody would gain 0.5 of its span",
    )


def test_a_game_is_written_with_the_first_actors_policies_fastest() -> None:
    mean = np.arange(12).reshape(3, 2, 2) / 3
    lines = nfg(mean).splitlines()
    assert lines[0] == 'NFG 1 R "standoff" { "p0" "p1" } { 3 2 }'
    assert lines[2:4] == ["0.000000000000 0.333333333333", "1.333333333333 1.666666666667"]


@needs_gambit
def test_gambit_finds_the_same_equilibria() -> None:
    generator = np.random.default_rng(1)
    for game in (HAWK_DOVE, generator.normal(size=(4, 3, 2)), np.round(generator.normal(size=(3, 3, 2)))):
        own = find_equilibria(blocks_of(game[None]))
        both = find_equilibria(blocks_of(game[None]), gambit=True)
        assert both == own


@needs_gambit
def test_gambit_adds_equilibria_of_three_actors_that_are_checked() -> None:
    generator = np.random.default_rng(2)
    found = find_equilibria(blocks_of(generator.normal(size=(1, 3, 3, 2, 3))), gambit=True)
    assert found.candidates and found.notes == ()
    assert all(isinstance(one, Candidate) for one in found.candidates)


@needs_gambit
@pytest.mark.parametrize("precision", [(0.5, 0.5), (1, 1), (2, 2), (4, 4), (1, 2.5)])
def test_gambits_quantal_responses_are_ours(precision: tuple[float, float]) -> None:
    (its,) = ask_gambit_for_responses(STAG, precision)
    ours = principal_branch(STAG, precision).mix
    assert its == tuple(pytest.approx(own, abs=1e-8) for own in ours)
