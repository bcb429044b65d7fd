"""Run folders that were damaged, mixed up or cut short: told in a sentence, made anew, never joined in silence."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from standoff.calibration import run
from standoff.ensemble import Ensemble, GivenEntry, Incomplete, free_folder, others_beside, store, write_csv
from standoff.ensemble import key as keys
from standoff.ensemble import run as many
from standoff.ensemble.parts import part_name
from standoff.ensemble.store import RunFolder
from standoff.ensemble.tables import TABLES
from standoff.errors import RunStopped, UsageError
from standoff.scenario import Scenario, load
from tests.ensemble_cases import STOPPING, border, tables_of
from tests.proofs import first_of
from tests.test_house import ROOT, SOURCE, module_of, own_imports, room_of

RUNS = 40


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(border(tmp_path_factory.mktemp("scenario"), busy=0.2))


@pytest.fixture(scope="module")
def undisturbed(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    run(scenario, runs=RUNS, seed=5, out=folder)
    return folder


@pytest.fixture
def cut(scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of which 29 of 40 runs are finished, in parts of at most 7, and not joined: as a kill leaves it."""

    def stop(done: int, total: int) -> None:
        if done >= 24:
            raise KeyboardInterrupt

    monkeypatch.setattr(many, "CHUNK_RUNS", (7, 7))
    folder = tmp_path / "cut"
    with pytest.raises(Incomplete):
        run(scenario, runs=RUNS, seed=5, out=folder, progress=stop)
    for table in [*folder.glob("*.parquet"), folder / "questions.json"]:
        table.unlink()
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content |= {"tables": {}, "joining": {}, "finished_runs": 0}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def last_part(folder: Path) -> Path:
    return max((folder / "parts").iterdir())


def shorten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(bytes(content))


def empty(file: Path) -> None:
    file.write_bytes(b"")


KINDS = {"cut": shorten, "flipped": flip, "empty": empty, "gone": Path.unlink}
DAMAGES = pytest.mark.parametrize("damage", list(KINDS.values()), ids=list(KINDS))


@DAMAGES
@pytest.mark.parametrize("table", ["answers", "series"])
def test_a_damaged_part_is_named_and_its_runs_are_made_anew(
    scenario: Scenario, undisturbed: Path, cut: Path, damage: Callable[[Path], None], table: str
) -> None:
    part = last_part(cut)
    damage(part / f"{table}.arrows")
    with pytest.raises(UsageError, match=re.escape(str(part))):
        Ensemble(cut).check()
    made = run(scenario, runs=RUNS, seed=5, out=cut)
    assert made.rebuilt == (f"parts/{part.name}",)
    assert tables_of(cut) == tables_of(undisturbed)


@DAMAGES
def test_a_damaged_table_of_a_finished_folder_is_named_and_all_its_runs_are_made_anew(
    scenario: Scenario, undisturbed: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(undisturbed, folder)
    damage(folder / "answers.parquet")
    again = re.escape(f"standoff run {scenario.path} --runs 40")
    with pytest.raises(UsageError, match=rf"answers\.parquet is damaged or missing; .* {again}"):
        _ = Ensemble(folder).answers
    made = run(scenario, runs=RUNS, seed=5, out=folder)
    assert made.rebuilt == ("answers.parquet",)
    assert not made.reused
    assert tables_of(folder) == tables_of(undisturbed)


def test_an_ensemble_is_not_extended_on_a_damaged_table(
    scenario: Scenario, undisturbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run(scenario, runs=20, seed=5, out=folder)
    flip(folder / "series.parquet")
    run(scenario, runs=RUNS, seed=5, out=folder)
    assert tables_of(folder) == tables_of(undisturbed)


def test_a_part_that_overlaps_another_is_refused(scenario: Scenario, cut: Path) -> None:
    """Joined in silence, 441 rows of 391 runs gave other answers."""
    part = last_part(cut)
    first, runs = (int(number) for number in part.name.split("-"))
    record = json.loads((part / "part.json").read_text(encoding="utf-8"))
    double = part.with_name(part_name(first - 2, runs))
    shutil.copytree(part, double)
    (double / "part.json").write_text(json.dumps(record | {"first": first - 2}), encoding="utf-8")
    with pytest.raises(UsageError, match="both hold run"):
        run(scenario, runs=RUNS, seed=5, out=cut)
    with pytest.raises(UsageError, match="both hold run"):
        Ensemble(cut)


@pytest.mark.parametrize("name", ["000000026-7", "000000000-²", "²-3", "x-y", "000000100-0", "-1-5"])
def test_a_copied_or_misnamed_part_changes_nothing(
    scenario: Scenario, undisturbed: Path, cut: Path, name: str
) -> None:
    shutil.copytree(last_part(cut), cut / "parts" / name)
    run(scenario, runs=RUNS, seed=5, out=cut)
    assert tables_of(cut) == tables_of(undisturbed)


def test_a_part_of_another_seed_is_made_anew(
    scenario: Scenario, undisturbed: Path, cut: Path, tmp_path: Path
) -> None:
    part = last_part(cut)
    record = json.loads((part / "part.json").read_text(encoding="utf-8"))
    (part / "part.json").write_text(json.dumps(record | {"key": "0" * 32}), encoding="utf-8")
    assert run(scenario, runs=RUNS, seed=5, out=cut).rebuilt == (f"parts/{part.name}",)
    assert tables_of(cut) == tables_of(undisturbed)


def test_a_record_of_a_part_that_is_nested_too_deeply_is_damage(
    scenario: Scenario, undisturbed: Path, cut: Path
) -> None:
    part = last_part(cut)
    (part / "part.json").write_text("[" * 100_000)
    assert run(scenario, runs=RUNS, seed=5, out=cut).rebuilt == (f"parts/{part.name}",)
    assert tables_of(cut) == tables_of(undisturbed)


@pytest.mark.parametrize("name", ["a[1]", "a*", "~", *first_of(["file:x", "a?", "[a-z]", "~/x"])])
def test_the_name_of_a_folder_is_no_pattern(
    scenario: Scenario, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Polars took `a[1]` for `a1`, read the tables of `ab` for those of `a*`, and wrote those of `~` elsewhere."""
    monkeypatch.chdir(tmp_path)
    for beside in ("a1", "ab"):
        run(scenario, runs=2, seed=6, out=beside)
    run(scenario, runs=RUNS, seed=5, out=name)
    assert tables_of(tmp_path / name) == tables_of(undisturbed)
    assert Ensemble(name).answers.equals(Ensemble(undisturbed).answers)
    assert all(file.exists() for file in write_csv(Ensemble(name), Path(f"{name} csv")))


def test_an_extended_folder_without_its_table_of_answers_is_not_asked_for_its_last_runs_alone(
    scenario: Scenario, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 22:
            raise KeyboardInterrupt

    folder = tmp_path / "run"
    run(scenario, runs=20, seed=5, out=folder)
    with pytest.raises(Incomplete):
        run(scenario, runs=RUNS, seed=5, out=folder, progress=stop)
    assert Ensemble(folder).answers["run"].to_list() == list(range(Ensemble(folder).runs))
    (folder / "answers.parquet").unlink()
    with pytest.raises(UsageError, match=r"answers\.parquet is damaged or missing"):
        Ensemble(folder).check()


@pytest.mark.parametrize("file", ["answers.parquet", "report.html", "questions.json"])
def test_a_folder_in_the_place_of_a_file_is_named(
    scenario: Scenario, undisturbed: Path, tmp_path: Path, file: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(undisturbed, folder)
    (folder / file).unlink(missing_ok=True)
    (folder / file).mkdir()
    if file == "answers.parquet":
        with pytest.raises(UsageError, match=r"answers\.parquet is damaged or missing"):
            Ensemble(folder).check()
    else:
        with pytest.raises(IsADirectoryError) as told:
            RunFolder(folder).write_text(file, "")
        assert told.value.filename == str(folder / file)
        assert list(folder.glob(".*")) == []


def test_a_damaged_text_of_the_scenario_is_written_again(
    scenario: Scenario, undisturbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(undisturbed, folder)
    (folder / "scenario.yaml").write_bytes(b"\xff\xfe")
    assert run(scenario, runs=RUNS, seed=5, out=folder).reused
    assert (folder / "scenario.yaml").read_bytes() == (undisturbed / "scenario.yaml").read_bytes()


def test_a_link_that_looks_half_written_goes_and_what_it_points_to_stays(
    scenario: Scenario, undisturbed: Path, cut: Path
) -> None:
    (cut / ".elsewhere.new").symlink_to(undisturbed)
    run(scenario, runs=RUNS, seed=5, out=cut)
    assert tables_of(cut) == tables_of(undisturbed)


@pytest.mark.parametrize("name", ["nope", "../run/answers", "answers.parquet"])
def test_a_table_that_no_folder_has_is_refused(undisturbed: Path, name: str) -> None:
    with pytest.raises(UsageError, match="has no table"):
        Ensemble(undisturbed).table(name)


def test_the_finished_runs_of_a_killed_ensemble_can_be_asked(cut: Path, undisturbed: Path) -> None:
    killed, whole = Ensemble(cut), Ensemble(undisturbed)
    assert 24 <= killed.runs < RUNS
    assert killed.answers.equals(whole.answers.head(killed.runs))
    assert killed.series.equals(whole.series.filter(pl.col("run") < killed.runs))


def test_the_runs_before_one_that_stopped_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "CHUNK_RUNS", (7, 7))
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING + "questions: {ticked: {ask: Does it tick?, when: ticks > 0, at: 2017-08-29}}\n")
    with pytest.raises(RunStopped) as stopped:
        run(load(file), runs=400, seed=1, out=tmp_path / "run")
    made = Ensemble(tmp_path / "run")
    assert made.manifest.partial
    assert 1 <= made.runs <= (stopped.value.run or 0)
    assert made.answers["run"].to_list() == list(range(made.runs))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "\x00", "null", '{"standoff": 1}', b"\xff\xfe"], ids=["empty", "list", "cut", "nul", "null",
                                                                                 "short", "utf-16"]
)  # fmt: skip
def test_a_broken_manifest_is_told_in_one_sentence(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=r"manifest\.json is damaged or of another version") as told:
        Ensemble(tmp_path)
    assert str(told.value).startswith(str(tmp_path))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("wrong", [{"runs": "many"}, {"grid": 3}, {"questions": [{"id": 1}]}, {"events": None}])
def test_a_manifest_with_a_wrong_value_is_told_in_one_sentence(
    undisturbed: Path, tmp_path: Path, wrong: dict[str, object]
) -> None:
    content = json.loads((undisturbed / "manifest.json").read_text(encoding="utf-8")) | wrong
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UsageError, match=r"manifest\.json is damaged"):
        Ensemble(tmp_path)


def test_the_manifest_reads_back_as_it_was_written(undisturbed: Path) -> None:
    text = (undisturbed / "manifest.json").read_text(encoding="utf-8")
    manifest = RunFolder(undisturbed).manifest()
    assert manifest is not None
    assert manifest.to_json() == text
    assert set(manifest.tables) == {f"{name}.parquet" for name in ("series", "events", "parameters", "answers", "runs")}


def test_a_kill_between_the_tables_and_the_manifest_loses_no_table(
    scenario: Scenario, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest knows the new tables before they are there, so that whichever stand there are trusted."""
    folder = tmp_path / "run"
    run(scenario, runs=20, seed=5, out=folder)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(many, "_complete", killed)
        with pytest.raises(SystemExit):
            run(scenario, runs=RUNS, seed=5, out=folder)
    made = run(scenario, runs=RUNS, seed=5, out=folder)
    assert made.rebuilt == ()
    assert tables_of(folder) == tables_of(undisturbed)


@pytest.mark.parametrize("long", ["a" * 300, "a/" * 3000])
def test_a_folder_whose_name_is_too_long_is_refused(scenario: Scenario, tmp_path: Path, long: str) -> None:
    with pytest.raises(UsageError, match="File name too long"):
        run(scenario, runs=12, out=tmp_path / long)


def test_a_folder_below_a_file_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="Not a directory"):
        run(scenario, runs=12, out=tmp_path / "letter.txt" / "run")


def test_a_run_key_changes_with_everything_that_decides_the_bytes(scenario: Scenario, tmp_path: Path) -> None:
    usual = {"version": "1", "seed": 1, "events": "auto", "sampler": "direct"}
    others = [{"version": "2"}, {"seed": 2}, {"events": "all"}, {"sampler": "coupled"}]
    found = {keys.run_key(scenario, **(usual | one)) for one in [{}, *others]}  # type: ignore[arg-type]
    file = border(tmp_path, busy=3)
    file.write_text(file.read_text(encoding="utf-8") + "variants: {faster: {about: The same.}}\n", encoding="utf-8")
    # The variant changes nothing, and the setting is what the prior says: they count by name.
    cases = [load(file), load(file, variant="faster"), load(file, settings={"stay": 1.0})]
    table = GivenEntry(("pace",), "0" * 32)
    found |= {keys.run_key(one, **usual) for one in cases}  # type: ignore[arg-type]
    found.add(keys.run_key(scenario, **usual, given=table))  # type: ignore[arg-type]
    assert len(found) == 1 + len(others) + len(cases) + 1


def test_another_sampler_goes_to_a_folder_of_its_own(scenario: Scenario, tmp_path: Path) -> None:
    first = free_folder(scenario, base=tmp_path, runs=12, seed=1, events="auto", sampler="direct")
    run(scenario, runs=12, seed=1, out=first, sampler="direct")
    second = free_folder(scenario, base=tmp_path, runs=12, seed=1, events="auto", sampler="coupled")
    assert second != first
    with pytest.raises(UsageError, match="another scenario, seed, setting"):
        run(scenario, runs=12, seed=1, out=first, sampler="coupled")


def test_the_run_key_covers_the_kernel_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys.code_digest()
    keys.code_digest.cache_clear()
    monkeypatch.setattr(keys, "kernel_sources", lambda: "another kernel")
    assert keys.code_digest() != before
    keys.code_digest.cache_clear()


def test_the_run_key_covers_every_room_that_a_run_depends_on() -> None:
    """Derived from the imports, and held here against the imports as the house test reads them."""
    wanted, waiting = set(), ["ensemble"]
    while waiting:
        room = waiting.pop()
        if room not in wanted and room:
            wanted.add(room)
            folder = SOURCE / room
            sources = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
            waiting += [room_of(name) for path in sources for name, _ in own_imports(path)]
    assert {name.split("/")[0].removesuffix(".py") for name in keys._sources()} == wanted
    assert {"scenario", "intervals", "model", "engine", "ensemble"} <= wanted
    covered = set(keys._sources())
    files = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if room_of(module_of(path)) in wanted}
    assert covered == files, ROOT


def test_a_folder_beside_with_runs_of_an_edited_scenario_is_told_of(tmp_path: Path) -> None:
    file = border(tmp_path, busy=0.2)
    folders = []
    for text in (file.read_text(), file.read_text().replace("0.02", "0.03")):
        file.write_text(text)
        scenario = load(file)
        folders.append(free_folder(scenario, base=tmp_path / "runs", runs=12, seed=1, events="auto"))
        run(scenario, runs=12, out=folders[-1])
    old, new = (others_beside(Ensemble(folder)) for folder in folders)
    assert [(folder, newer) for folder, _, newer in old] == [(folders[1], True)]
    assert [(folder, newer) for folder, _, newer in new] == [(folders[0], False)]


FORMULAS = """\
standoff: 1
title: Formulas
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {}}
places: {ford: {at: [34, 40]}}
rules: {s: {for: {a: actor}, rate: 1, then: [], event: "ASSAULT (=1+1|cmd '/C calc'!A0) by a at ford"}}
"""


def test_tables_as_csv_have_dates_and_no_formulas(tmp_path: Path) -> None:
    file = tmp_path / "formulas.yaml"
    file.write_text(FORMULAS.replace("then: []", "then: [n += 1]") + "state: {n: {}}\n", encoding="utf-8")
    ensemble = run(load(file), runs=10, out=tmp_path / "run")
    written = write_csv(ensemble, tmp_path / "csv")
    assert [path.stem for path in written] == ["series", "events", "parameters", "answers", "runs"]
    with (tmp_path / "csv" / "events.csv").open(encoding="utf-8") as file_of_events:
        rows = list(csv.DictReader(file_of_events))
    assert len(rows) == ensemble.events.height > 0
    assert {row["mode"] for row in rows} == {"'=1+1|cmd '/C calc'!A0"}
    for row in rows:
        day = int(float(row["time"]))
        assert row["date"].startswith(f"2017-06-{1 + day:02d}T")


@pytest.mark.parametrize(("seconds", "files"), [(0.0, 12), (1e9, 0)])
def test_parts_reach_the_disk_every_so_many_seconds_and_joined_tables_always(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, files: int
) -> None:
    """A flush waits for the disk; what the power takes of a part that was not flushed, its digests tell."""
    known: list[Path] = []
    monkeypatch.setattr(store, "FLUSH_S", seconds)
    monkeypatch.setattr(store, "_flush", lambda path: known.append(path))
    folder = tmp_path / "run"
    run(scenario, runs=10, seed=5, out=folder)
    of_parts = [path for path in known if folder / "parts" in path.parents]
    # Those of run 0 and of the nine others: five tables each and their record.
    assert len(of_parts) == files
    assert {f".{table}.parquet.new" for table in TABLES} < {path.name for path in known}
