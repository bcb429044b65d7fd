"""A fault says what is wrong, where, and what would be right; it survives the way from a worker to its parent."""

from __future__ import annotations

import pickle

import pytest

from standoff.errors import (
    CODES,
    Fault,
    Faults,
    Location,
    RunStopped,
    StandoffError,
    UsageError,
    faults_page,
    nearest,
    suggestion,
)

PLACE = Location("scenario.yaml", 31, 15, "  when: holder[frod] == blue")
FAULT = Fault("SD204", PLACE, "unknown place 'frod'", "places: ford, mill", "did you mean 'ford'?", width=4)


def test_a_fault_shows_the_line_with_a_caret_under_the_words() -> None:
    assert FAULT.render().splitlines() == [
        "SD204 scenario.yaml:31:15  unknown place 'frod'",
        "      |   when: holder[frod] == blue",
        "      |               ^^^^",
        "      did you mean 'ford'?  places: ford, mill",
    ]


def test_a_warning_says_that_it_is_one() -> None:
    assert "warning" in Fault("SD406", PLACE, "no rule", severity="warning").render()
    assert "warning" not in FAULT.render()


def test_a_fault_without_a_place_is_one_line() -> None:
    assert (
        Fault("SD216", None, "the scenario has no parameter 'x'").render() == "SD216 the scenario has no parameter 'x'"
    )


def test_a_very_long_line_is_cut_around_the_caret() -> None:
    line = "x" * 5_000 + "frod" + "y" * 5_000
    shown = Fault("SD204", Location("a.yaml", 1, 5_001, line), "unknown", width=4).render().splitlines()
    assert all(len(part) < 200 for part in shown)
    start = shown[2].index("^")
    assert shown[1][start : start + 4] == "frod"


def test_control_characters_of_a_hostile_file_do_not_reach_the_terminal() -> None:
    shown = Fault("SD102", Location("a.yaml", 1, 1, "\x1b[2Jtitle\x07: x"), "not YAML").render()
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_the_caret_stays_under_its_word_after_a_tab() -> None:
    shown = Fault("SD102", Location("a.yaml", 1, 2, "\tblue: x"), "tab", width=4).render().splitlines()
    start = shown[2].index("^")
    assert shown[1][start : start + 4] == "blue"


def test_at_fills_in_a_place_only_where_there_is_none() -> None:
    elsewhere = Location("b.yaml", 1, 1)
    assert FAULT.at(elsewhere).location == PLACE
    assert Fault("SD208", None, "x").at(elsewhere).location == elsewhere


@pytest.mark.parametrize(
    "error",
    [
        FAULT,
        Faults([FAULT, Fault("SD201", None, "unknown key")]),
        RunStopped(
            "SD501", found="negative rate", rule="advance", binding="a=us", time_days=3.5, values={"rate": -1.0}
        ),
        UsageError("no such scenario"),
    ],
)
def test_errors_keep_everything_on_the_way_between_processes(error: StandoffError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own object, as multiprocessing passes it
    assert type(copy) is type(error)
    assert str(copy) == str(error)


def test_a_stopped_run_names_rule_binding_time_and_values() -> None:
    error = RunStopped(
        "SD504", found="force fell below 0", rule="raid", binding="a=us, p=ford", time_days=12.25,
        values={"force[us, ford]": -1.0}, run=17, seed=3,
    )  # fmt: skip
    for word in ("SD504", "raid", "a=us, p=ford", "12.25", "force[us, ford] = -1.0", "run 17", "seed 3"):
        assert word in str(error)


def test_every_code_has_three_digits_and_one_line_of_meaning() -> None:
    assert CODES
    for code, meaning in CODES.items():
        assert len(code) == 5
        assert code.startswith("SD")
        assert code[2:].isdigit()
        assert meaning.endswith(".")
        assert "\n" not in meaning


def test_the_nearest_word_is_found_in_spite_of_case_and_slips() -> None:
    assert nearest("frod", ["mill", "ford"]) == "ford"
    assert nearest("FORD", ["mill", "ford"]) == "ford"
    assert nearest("zzz", ["mill", "ford"]) is None
    assert nearest("x" * 100_000, ["mill"]) is None


def test_a_long_list_of_right_words_is_shortened() -> None:
    _, known = suggestion("x", [f"place_{number}" for number in range(50)], what="places")
    assert known is not None
    assert known.startswith("places: place_0, place_1")
    assert "50 in all" in known
    assert len(known) < 250


def test_the_page_of_faults_lists_every_code_once() -> None:
    page = faults_page()
    assert all(page.count(f"| {code} |") == 1 for code in CODES)
