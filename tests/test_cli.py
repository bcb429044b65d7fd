"""The command line: what goes to which stream, exit codes, and that wrong use leaves nothing behind."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import standoff
from standoff.cli import app, main
from standoff.cli import runs as runs_verbs
from standoff.engine import Sampler
from tests.ensemble_cases import STOPPING, border, tables_of
from tests.proofs import dated

ROOT = Path(__file__).resolve().parent.parent
VERBS = (
    "list", "new", "copy", "check", "show", "schema", "run", "ask", "report", "compare", "claims", "sense", "explain",
    "branch", "rare", "play", "deals", "score", "records", "sheet", "merge", "elicit", "diff", "watch", "lsp", "doctor",
    "solve", "evidence", "draft",
)  # fmt: skip
Called = tuple[int, str, str]
Call = Callable[..., Called]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command line in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> Called:
        monkeypatch.setattr(sys, "argv", ["standoff", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return called


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    border(tmp_path)
    return "border.yaml"


def test_help_lists_the_verbs(call: Call) -> None:
    code, out, _ = call("--help")
    assert code == 0
    assert re.findall(r"^  (\w+)  ", out, re.MULTILINE) == list(VERBS)
    assert "..." not in out.partition("Commands:")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_shows_an_example(call: Call, verb: str) -> None:
    code, out, _ = call(verb, "--help")
    assert code == 0
    assert f"Example: standoff {verb}" in out


def test_what_the_examples_name_is_in_their_scenario() -> None:
    named = 0
    for verb in app.VERBS.values():
        words = shlex.split(verb.example)
        scenario = re.search(r"eastern-syria-(\d{4})", verb.example)
        parameters = {word.rpartition(": ")[2].partition("=")[0] for word in words if "=" in word}
        questions = {after for before, after in pairwise(words) if before == "--question"}
        questions |= set(words[3:] if verb.name == "ask" else ())
        if scenario is None or not parameters | questions:
            continue
        resolved = dated(int(scenario[1])).resolved
        assert parameters <= set(resolved.parameters), verb.example
        assert questions <= {question.name for question in resolved.questions}, verb.example
        named += len(parameters) + len(questions)
    assert named >= 5


def test_the_version_is_that_of_the_package(call: Call) -> None:
    assert call("--version")[1] == f"standoff {standoff.__version__}\n"
    assert f'\nversion = "{standoff.__version__}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_run_with_json_is_one_document_and_nothing_else(call: Call, scenario: str) -> None:
    code, out, err = call("run", scenario, "--runs", "20", "--seed", "3", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert (document["scenario"], document["runs"], document["seed"]) == ("border", 20, 3)
    assert re.fullmatch("[0-9a-f]{64}", document["digest"])
    assert document["seconds"] > 0
    for question in document["questions"]:
        assert {"id", "ask", "probability", "low", "high", "word", "outcome"} <= set(question)
    assert {one["who"] for one in document["scores"]} == {"model", "source", "persistence", "one half"}
    assert "(hindsight): 1 parameter; 'standoff evidence hindsight border.yaml' lists them." in document["warning"]


def test_a_run_tells_people_what_they_need(call: Call, scenario: str, tmp_path: Path) -> None:
    code, out, _ = call("run", scenario, "--runs", "20", "--seed", "3", "--quiet")
    assert code == 0
    assert out.startswith("In 12 of 20 runs (8 to 16)")
    for words in ("Does blue hold the ford", "median", "no change", "knowing the outcome", "50–70%"):
        assert words in out
    assert f"Report: {Path('runs', 'border-seed3', 'report.html')}" in out
    assert "To repeat: standoff run border.yaml --runs 20 --seed 3\n" in out
    assert (tmp_path / "runs" / "border-seed3" / "manifest.json").exists()


def test_the_repeated_command_line_gives_the_same_bytes(call: Call, scenario: str, tmp_path: Path) -> None:
    options = ("--runs", "20", "--set", "stay=2", "--events", "5", "--json")
    first = json.loads(call("run", scenario, *options)[1])
    assert first["settings"] == {"stay": 2.0}
    words = first["command"].split()
    assert words[:3] == ["standoff", "run", "border.yaml"]
    call(*words[1:], "--out", "again", "--quiet")
    assert tables_of(tmp_path / "again") == tables_of(tmp_path / first["folder"])


def test_a_changed_scenario_goes_to_a_folder_of_its_own(call: Call, scenario: str, tmp_path: Path) -> None:
    first = json.loads(call("run", scenario, "--runs", "10", "--json")[1])
    border(tmp_path, busy=3)
    second = json.loads(call("run", scenario, "--runs", "10", "--json")[1])
    fewer = json.loads(call("run", scenario, "--runs", "5", "--json")[1])
    assert len({first["folder"], second["folder"], fewer["folder"]}) == 3
    code, _, err = call("run", scenario, "--runs", "10", "--out", first["folder"])
    assert code == 2
    assert "holds another scenario" in err


def test_the_expanded_form_runs_to_the_same_answers(call: Call, scenario: str, tmp_path: Path) -> None:
    code, expanded, _ = call("show", scenario, "--expanded")
    assert code == 0
    (tmp_path / "x.yaml").write_text(expanded, encoding="utf-8")
    one = json.loads(call("run", scenario, "--runs", "20", "--json")[1])
    other = json.loads(call("run", "x.yaml", "--runs", "20", "--json")[1])
    assert one["digest"] == other["digest"]
    assert one["questions"] == other["questions"]


def test_ask_answers_from_the_folder(call: Call, scenario: str) -> None:
    made = json.loads(call("run", scenario, "--runs", "20", "--json", "--out", "here")[1])
    assert json.loads(call("ask", "here", "--json")[1])["questions"] == made["questions"]
    one = json.loads(call("ask", "here", "red-took", "--json")[1])
    assert [question["id"] for question in one["questions"]] == ["red-took"]
    code, out, err = call("ask", "here", "red-tok")
    assert (code, out) == (2, "")
    assert "did you mean 'red-took'?" in err
    assert call("ask", "nowhere")[0] == 2


def test_check_tells_all_faults_at_once_and_fails(call: Call, scenario: str, tmp_path: Path) -> None:
    text = (tmp_path / scenario).read_text(encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(text.replace("holder[ford] == blue", "holdr[ford] == bleu"), encoding="utf-8")
    code, out, err = call("check", "bad.yaml")
    assert code == 1
    assert err.count("SD303 bad.yaml:") == 2
    assert "did you mean 'holder'?" in err
    code, out, err = call("check", "bad.yaml", "--json")
    document = json.loads(out)
    assert (code, err, document["errors"]) == (1, "", 2)
    assert {fault["code"] for fault in document["faults"]} == {"SD303"}


def test_warnings_fail_a_strict_check_only(call: Call, scenario: str) -> None:
    warnings = json.loads(call("check", scenario, "--json")[1])["warnings"]
    assert warnings > 0
    assert call("check", scenario)[0] == 0
    assert call("check", scenario, "--strict")[0] == 1


def test_a_note_is_told_beside_errors_and_warnings_and_is_neither(call: Call, tmp_path: Path) -> None:
    shelf = Path(__file__).parents[1] / "conformance" / "invalid" / "source-that-nobody-cites.yaml"
    (tmp_path / "shelf.yaml").write_bytes(shelf.read_bytes())
    code, out, err = call("check", "shelf.yaml", "--strict")
    assert (code, out.splitlines()[-1]) == (0, "shelf.yaml: 0 errors, 0 warnings, 1 note")
    assert err.startswith("SD433 shelf.yaml:8:3  note no evidence points at the source 'book'")
    told = json.loads(call("check", "shelf.yaml", "--json")[1])
    assert (told["errors"], told["warnings"], told["notes"]) == (0, 0, 1)
    assert "SD433" not in "".join(call("show", "shelf.yaml")[1:]), "it is for who checks"


@pytest.mark.parametrize(
    ("arguments", "expected", "words"),
    [
        (["run", "bad.yaml"], 1, "SD303"),
        (["run", "bad.yaml", "--json"], 1, "SD303"),
        (["run", "nothing.yaml"], 2, "no scenario 'nothing.yaml'"),
        (["run", "../../etc/passwd"], 2, "no scenario"),
        (["run", "border.yaml", "--set", "stay"], 2, "NAME=NUMBER"),
        (["run", "border.yaml", "--set", "stya=1"], 1, "did you mean 'stay'?"),
        (["run", "border.yaml", "--variant", "other"], 1, "SD215"),
        (["run", "border.yaml", "--runs", "0"], 2, "--runs"),
        (["run", "border.yaml", "--seed", "x"], 2, "--seed"),
        (["run", "border.yaml", "--runs", "1_0"], 2, "'1_0' is not a whole number"),
        (["run", "border.yaml", "--runs", "1e3"], 2, "write 1000"),
        (["run", "border.yaml", "--seed", "３"], 2, "'３' is not a whole number"),
        (["run", "border.yaml", "--until", "nan"], 2, "'nan' is not a number"),
        (["compare", "border.yaml", "--what", "stay=1_0"], 2, "'1_0' is not a number"),
        (["branch", "border.yaml", "--at", "2017-1-5"], 2, "'2017-1-5' is not a date"),
        (["run", "border.yaml", "--events", "some"], 2, "events must be all, auto or a number"),
        (["run", "border.yaml", "--out", "border.yaml"], 2, "not a folder"),
        (["report", "."], 2, "not a run folder"),
        (["ask", "."], 2, "not a run folder"),
        (["fly"], 2, "fly"),
    ],
)
def test_bad_input_is_told_on_standard_error_and_writes_nothing(
    call: Call, scenario: str, tmp_path: Path, arguments: list[str], expected: int, words: str
) -> None:
    text = (tmp_path / scenario).read_text(encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(text.replace("holder[ford] == blue", "holdr[ford] == blue"), encoding="utf-8")
    code, out, err = call(*arguments)
    assert code == expected
    assert words in err
    assert "Traceback" not in err
    if "--json" in arguments:
        assert json.loads(out)["faults"][0]["code"] == words
    else:
        assert out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.yaml", "border.yaml"]


def test_a_run_that_stops_tells_where_and_how_to_see_it_again(call: Call, tmp_path: Path) -> None:
    (tmp_path / "stopping.yaml").write_text(STOPPING, encoding="utf-8")
    code, out, err = call("run", "stopping.yaml", "--runs", "400")
    assert (code, out) == (1, "")
    assert "SD504" in err
    assert "rule tick" in err
    again = re.search(r"again: standoff (.*)", err)
    assert again is not None
    code, out, err = call(*again[1].split(), "--json", "--out", "again")
    assert code == 1
    assert json.loads(out)["stopped"]["code"] == "SD504"


def test_show_in_short_names_what_is_there(call: Call, scenario: str) -> None:
    assert "2 parameters (--all)" in call("show", scenario)[1]
    code, out, _ = call("show", scenario, "--all")
    assert code == 0
    for words in ("A busy <border>", "1 June 2017 to 29 August 2017", "arrive, leave, take", "lognormal", "red-took"):
        assert words in out


def test_schema_is_a_json_schema(call: Call) -> None:
    code, out, _ = call("schema")
    assert code == 0
    assert "actors" in json.loads(out)["properties"]


@pytest.mark.parametrize(
    "names", [["cuba-1962"], pytest.param([*standoff.bundled()], marks=pytest.mark.slow)], ids=["one", "all"]
)
def test_list_names_the_bundled_scenarios_with_their_counts(
    call: Call, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = tuple(entry for entry in standoff.scenario.catalogue() if entry.name in names)
    monkeypatch.setattr("standoff.scenario.catalogue", lambda: entries)
    code, out, _ = call("list", "--json")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)}
    assert sorted(rows) == sorted(names)
    assert rows["cuba-1962"]["questions"] >= 4
    assert "cuba-1962" in call("list")[1]


def test_doctor_looks_at_everything_a_run_needs(call: Call) -> None:
    code, out, _ = call("doctor")
    assert [line.split()[1] for line in out.splitlines()][:3] == ["standoff", "python", "numpy"]
    assert {"machine", "cache", "report"} <= {line.split()[1] for line in out.splitlines()}
    assert "scenarios" in next(line for line in out.splitlines() if line.split()[1] == "cache")
    assert code == int(any(line.startswith("look") for line in out.splitlines()))


def test_doctor_says_when_nothing_is_kept_and_why(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(folder: str) -> str:
        monkeypatch.setenv("STANDOFF_CACHE", folder)
        return next(line for line in call("doctor")[1].splitlines() if line.split()[1] == "cache")

    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert told("").startswith("ok") and "STANDOFF_CACHE is empty" in told("")
    assert told(str(open_to_all)).startswith("look") and "chmod 700" in told(str(open_to_all))
    open_to_all.chmod(0o700)
    assert told(str(open_to_all)).startswith("ok")


def test_a_missing_page_is_told_and_does_not_fail_the_run(
    call: Call, scenario: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def not_built() -> str:
        raise standoff.UsageError("the report page has not been built; run: npm run build")

    monkeypatch.setattr("standoff.report.render.page", not_built)
    code, out, err = call("run", scenario, "--runs", "10", "--quiet")
    assert code == 0
    assert "no report: the report page has not been built" in err
    assert "Report:" not in out


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "standoff", "--version"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == f"standoff {standoff.__version__}\n"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["stay=1", "stay=2"], "'stay' is set twice"),
        (["stay=１"], "is not NAME=NUMBER"),  # a fullwidth digit, as a mistake of the author
        (["stay=1,5"], "write 1.5"),
        (["stay=inf"], "is not NAME=NUMBER"),
        (["stay=1_0"], "is not NAME=NUMBER"),
    ],
)
def test_a_setting_is_one_plain_number_given_once(call: Call, scenario: str, settings: list[str], words: str) -> None:
    options = [part for setting in settings for part in ("--set", setting)]
    code, out, err = call("show", scenario, *options)
    assert (code, out) == (2, "")
    assert words in " ".join(err.split())


def test_the_command_line_knows_every_sampler_of_the_engine() -> None:
    chosen = get_args(get_type_hints(runs_verbs.run)["sampler"])
    assert chosen == get_args(Sampler)
