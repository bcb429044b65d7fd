"""What is kept of a scenario is used for nothing but what it was made from, and says what making it again would say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from standoff import cache, sources
from standoff.ensemble import Ensemble
from standoff.errors import Faults
from standoff.model import content_digest, ground, grounded
from standoff.report import write_report
from standoff.scenario import Scenario, check, load, preparing
from tests.pages import Elements
from tests.proofs import each_bundled

ROOT = Path(__file__).resolve().parent.parent
MAIN = """\
standoff: 1
title: Two posts
starts: 2020-01-01
ends: 2020-01-31
include: [rules.yaml, record.yaml]
actors: {blue: {kind: state}, red: {kind: state}}
places: {ford: {at: [35, 40]}, mill: {at: [35.2, 40]}}
state: {holder: {of: place, is: actor}}
begin: {holder: {ford: blue, mill: red}}
parameters: {rate: {prior: 'uniform(0.1, 0.2)', evidence: assumption}}
watch: {blue_posts: {of: 'count(p for p in place if holder[p] == blue)'}}
questions: {mill_falls: {ask: Does the mill fall?, when: 'holder[mill] == blue', by: 2020-01-31}}
variants: {quiet: {parameters: {rate: 0.01}}}
"""
RULES = """\
rules:
  taken: {for: {a: actor, p: place}, when: 'holder[p] != a', rate: rate, then: ['holder[p] = a'],
    about: Taken as 1., evidence: assumption}
"""
RECORD = """\
record:
  raid: {at: 2020-01-05, event: ASSAULT by blue on red at mill, holder: blue, rule: taken, evidence: assumption}
"""


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("STANDOFF_CACHE", str(folder))
    return folder


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario of three files."""
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(MAIN, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "record.yaml").write_text(RECORD, encoding="utf-8")
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is worked out from here on, and not taken from what is kept."""
    calls: list[str] = []

    def noted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            calls.append(name)
            return function(*arguments)

        return call

    for name in ("prepare", "looked"):
        monkeypatch.setattr(preparing, name, noted(name, getattr(preparing, name)))
    return calls


def test_a_scenario_that_was_loaded_before_is_not_worked_out_again(
    scenario: Path, kept_in: Path, made: list[str]
) -> None:
    first, again = load(scenario), load(scenario)
    assert made == ["prepare"]
    assert (again.digest, again.text, again.key) == (first.digest, first.text, first.key)
    assert made == ["prepare"]
    assert again.document == first.document
    assert again.resolved == first.resolved
    assert made == ["prepare", "prepare"]


@pytest.mark.parametrize("name", each_bundled(ROOT / "conformance/valid/policies.yaml"))
def test_the_kept_tables_of_a_bundled_scenario_are_those_that_grounding_makes(
    name: str, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(name)
    wanted = content_digest(ground(first.resolved))
    assert content_digest(grounded(first)) == wanted
    monkeypatch.setattr("standoff.model.keeping._ground", lambda scenario: pytest.fail("it was not kept"))
    assert content_digest(grounded(load(name))) == wanted


@pytest.mark.parametrize("file", ["scenario.yaml", "rules.yaml", "record.yaml"])
def test_a_change_of_any_of_its_files_makes_another_scenario(
    file: str, scenario: Path, kept_in: Path, made: list[str]
) -> None:
    before = load(scenario)
    assert check(scenario) == ()
    path = scenario / file
    about = path.stat()
    text = path.read_text(encoding="utf-8")
    # As long as it was, and as old.
    changed = text.replace("mill_falls", "mill_fails").replace("as 1.", "as 2.").replace("01-05", "01-06")
    assert (len(changed), changed != text) == (len(text), True)
    path.write_text(changed, encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    after = load(scenario)
    assert check(scenario) == ()
    assert made == ["prepare", "looked", "prepare", "prepare", "looked", "prepare"]
    assert (after.text != before.text, after.key != before.key) == (True, True)


def test_a_scenario_in_hand_stays_what_it_was_when_its_files_change(scenario: Path, kept_in: Path) -> None:
    load(scenario)
    held = load(scenario)
    (scenario / "rules.yaml").unlink()
    assert [str(name) for name in held.document.rules] == ["taken"]


def test_a_link_that_leads_elsewhere_makes_another_scenario(scenario: Path, kept_in: Path, made: list[str]) -> None:
    if not hasattr(os, "symlink"):
        pytest.skip("no links here")
    (scenario / "rules.yaml").rename(scenario / "a.yaml")
    shutil.copy(scenario / "a.yaml", scenario / "b.yaml")
    (scenario / "rules.yaml").symlink_to("a.yaml")
    load(scenario)
    (scenario / "rules.yaml").unlink()
    (scenario / "rules.yaml").symlink_to("b.yaml")
    load(scenario)
    assert made == ["prepare", "prepare"]


def test_a_variant_a_setting_and_an_overlay_are_scenarios_of_their_own(
    scenario: Path, kept_in: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "over.yaml"
    overlay.write_text("parameters: {rate: 0.03}\n", encoding="utf-8")

    def each() -> list[Scenario]:
        return [
            load(scenario),
            load(scenario, variant="quiet"),
            load(scenario, settings={"rate": 0.01}),
            load(scenario, settings={"rate": 0.02}),
            load(scenario, overlays=[overlay]),
        ]

    first, again = each(), each()
    priors = [[one.prior.of for one in scenario.resolved.parameters.values()] for scenario in again]
    assert priors == [[{"low": 0.1, "high": 0.2}], *([{"value": rate}] for rate in (0.01, 0.01, 0.02, 0.03))]
    assert [one.digest for one in first] == [one.digest for one in again]
    assert len({one.key for one in again}) == 5
    assert [tuple(grounded(one).parameters[0].of) for one in again] == [tuple(prior[0].items()) for prior in priors]
    overlay.write_text("parameters: {rate: 0.04}\n", encoding="utf-8")
    assert load(scenario, overlays=[overlay]).resolved.parameters["rate"].prior.of == {"value": 0.04}


def test_other_code_uses_nothing_of_it(
    scenario: Path, kept_in: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(scenario)
    load(scenario)
    assert made == ["prepare"]
    changed = sources.sources() | {"scenario/expand.py": b"# another way to expand\n"}
    before = list(kept_in.iterdir())
    sources.made_with.cache_clear()
    monkeypatch.setattr(sources, "sources", lambda: changed)
    monkeypatch.setattr(sources, "_stamps", dict)
    monkeypatch.setattr(sources, "_found_as_named", set())
    try:
        load(scenario)
    finally:
        sources.made_with.cache_clear()
    assert made == ["prepare", "prepare"]
    # The code that is named is not the code on disk: which of both was at work, nobody knows.
    assert list(kept_in.iterdir()) == before


def test_code_that_was_written_since_it_was_named_is_not_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "room").mkdir()
    file = tmp_path / "room" / "one.py"
    file.write_text("A = 1\n", encoding="utf-8")
    monkeypatch.setattr(sources, "PACKAGE", tmp_path)
    monkeypatch.setattr(sources, "_found_as_named", set())
    remembered = sources.sources, sources.made_with, sources._at_first
    for one in remembered:
        one.cache_clear()
    try:
        sources.made_with("yaml")
        assert sources.is_as_it_was("yaml")
        file.write_text("A = 2\n", encoding="utf-8")
        assert sources.is_as_it_was("yaml")  # Nothing was loaded since.
        monkeypatch.setitem(sys.modules, "standoff.room.one", ModuleType("one"))
        assert not sources.is_as_it_was("yaml")
        for one in remembered:
            one.cache_clear()
        assert sources.is_as_it_was("yaml")
        (tmp_path / "two.py").touch()
        monkeypatch.setitem(sys.modules, "standoff.two", ModuleType("two"))
        assert not sources.is_as_it_was("yaml")
    finally:
        for one in remembered:
            one.cache_clear()


def test_another_version_or_c_library_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    named = sources.made_with.__wrapped__(), sources.machine.__wrapped__()
    monkeypatch.setattr("standoff.__version__", "0.0.0")
    monkeypatch.setattr("standoff.sources.os.confstr_names", {"CS_GNU_LIBC_VERSION": 2}, raising=False)
    monkeypatch.setattr("standoff.sources.os.confstr", lambda name: "another 1.0", raising=False)
    assert sources.made_with.__wrapped__() != named[0]
    assert sources.machine.__wrapped__() != named[1]


def test_the_digest_of_the_code_is_of_every_source_file_and_of_the_libraries() -> None:
    package = ROOT / "src" / "standoff"
    assert set(sources.sources()) == {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    assert len({sources.made_with(), sources.made_with("yaml"), sources.made_with("pydantic")}) == 3


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def nonsense(path: Path) -> None:
    # Sound by its checksum, and of no form that is known.
    cache.write(path, b"\2\0\0\0\0\0\0\0[]")


@pytest.mark.parametrize("harm", [flipped, cut, nonsense])
def test_what_is_damaged_is_made_again(
    harm: Callable[[Path], None], scenario: Path, kept_in: Path, made: list[str]
) -> None:
    wanted = content_digest(grounded(load(scenario)))
    for path in kept_in.glob("*.code"):
        harm(path)
    assert content_digest(grounded(load(scenario))) == wanted
    assert content_digest(grounded(load(scenario))) == wanted
    assert made == ["prepare", "prepare"]


def test_what_belongs_to_somebody_else_is_not_used(
    scenario: Path, kept_in: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(scenario)
    for path in kept_in.glob("*.code"):
        path.chmod(0o666)
    load(scenario)
    assert made == ["prepare", "prepare"]


@pytest.mark.parametrize("how", ["off", "unwritable", "full"])
def test_without_a_cache_all_is_as_with_it(
    how: str, scenario: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "no-cache"
    if how == "unwritable":
        folder.write_text("a file stands in its place", encoding="utf-8")
    if how == "full":
        monkeypatch.setattr("standoff.cache.tempfile.mkstemp", full)
    monkeypatch.setenv("STANDOFF_CACHE", "" if how == "off" else str(folder))
    first, again = load(scenario), load(scenario)
    assert made == ["prepare", "prepare"]
    assert content_digest(grounded(first)) == content_digest(grounded(again))
    assert (check(scenario), check(scenario)) == ((), ())


def full(**_: object) -> tuple[int, str]:
    raise OSError(28, "No space left on device")


def test_the_faults_of_a_check_are_kept_with_their_places(scenario: Path, kept_in: Path, made: list[str]) -> None:
    rules = scenario / "rules.yaml"
    rules.write_text(RULES.replace("rate: rate", "rate: rat"), encoding="utf-8")
    first, again = check(scenario), check(scenario)
    assert made == ["looked", "prepare"]
    assert [str(fault) for fault in again] == [str(fault) for fault in first] != []
    assert [fault.as_dict() for fault in again] == [fault.as_dict() for fault in first]
    rules.write_text(RULES, encoding="utf-8")
    assert check(scenario) == ()


def test_a_file_that_is_missing_is_looked_for_each_time(scenario: Path, kept_in: Path) -> None:
    (scenario / "rules.yaml").rename(scenario / "rule.yaml")
    (missing,) = check(scenario)
    assert (missing.code, missing.hint) == ("SD107", "did you mean 'rule.yaml'?")
    (scenario / "rule.yaml").rename(scenario / "rules.yaml")
    assert check(scenario) == ()


COMMANDS = (["check", "posts"], ["run", "posts", "--runs", "3", "--out", "made", "--quiet"], ["report", "made"])


def said(folder: Path, cached: str) -> tuple[list[str], dict[str, bytes]]:
    """What three commands say in a folder, and what they leave there, but for the time it took."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "STANDOFF_CACHE": cached, "COLUMNS": "100"}
    texts = []
    for arguments in COMMANDS:
        line = [sys.executable, "-m", "standoff", *arguments]
        done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        texts.append(re.sub(r"\d+\.\d s", "some time", done.stdout) + done.stderr)
    names = ("answers.parquet", "events.parquet", "questions.json", "report.html", "scenario.yaml", "series.parquet")
    files = {name: (folder / "made" / name).read_bytes() for name in names}
    shutil.rmtree(folder / "made")
    return texts, files


@pytest.mark.slow  # In this process: test_without_a_cache_all_is_as_with_it.
def test_a_run_its_report_and_a_check_are_the_same_bytes_with_what_is_kept_and_without(
    scenario: Path, tmp_path: Path
) -> None:
    without = said(tmp_path, "")
    assert said(tmp_path, str(tmp_path / "cache")) == without
    assert said(tmp_path, str(tmp_path / "cache")) == without


def test_two_processes_that_keep_the_same_at_once_leave_one_sound_entry(scenario: Path, kept_in: Path) -> None:
    code = f"from standoff import load\nprint(load({str(scenario)!r}).digest)"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {process.communicate(timeout=120)[0].strip() for process in both}
    assert told == {load(scenario).digest}
    (entry,) = kept_in.glob("*.code")
    assert cache.read(entry) is not None
    assert list(kept_in.iterdir()) == [entry]


def test_the_report_of_a_folder_follows_its_own_scenario(scenario: Path, kept_in: Path, tmp_path: Path) -> None:
    import standoff

    made = standoff.run(load(scenario), runs=2, out=tmp_path / "made")
    write_report(made.folder)
    kept = made.folder / "scenario.yaml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("title: Two posts", "about: A word\ntitle: Two posts"))
    page = write_report(made.folder).read_text(encoding="utf-8")
    assert json.loads(Elements(page).data)["head"]["about"] == "A word"
    assert Ensemble(made.folder).runs == 2


def test_the_report_of_a_folder_follows_the_files_that_its_scenario_includes(
    scenario: Path, kept_in: Path, tmp_path: Path
) -> None:
    import standoff

    made = standoff.run(load(scenario), runs=2, out=tmp_path / "made")
    # Its author puts the files that the scenario was made from in the place of what the run left.
    for file in scenario.iterdir():
        shutil.copy(file, made.folder)
    for word in ("Taken as 1.", "Taken as 2."):
        rules = RULES.replace("Taken as 1.", word)
        (made.folder / "rules.yaml").write_text(rules, encoding="utf-8")
        assert word in Elements(write_report(made.folder).read_text(encoding="utf-8")).data
    (made.folder / "rules.yaml").unlink()
    with pytest.raises(Faults, match=re.escape("there is no file 'rules.yaml'")):
        write_report(made.folder)


def test_a_file_that_has_grown_too_large_is_not_read_to_see_that(scenario: Path, kept_in: Path) -> None:
    load(scenario)
    os.truncate(scenario / "rules.yaml", 100_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Faults, match=re.escape("100.0 MB")):
            load(scenario)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000_000
