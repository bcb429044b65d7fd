"""What was accepted becomes files that `standoff check` passes, whichever half of the candidates it is."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import textwrap
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
import yaml

from standoff.drafting import Draft, Written, draft, has_parser, opened, write
from standoff.drafting.candidates import Candidate
from standoff.drafting.decisions import decided, read_log
from standoff.drafting.writing import ACCEPTED, SCENARIO, TO_WRITE
from standoff.errors import UsageError
from standoff.evidence import coverage
from standoff.scenario import load
from tests.drafting_texts import DATED, drafted

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
HALVES = 200 if os.environ.get("STANDOFF_VERIFY") else 20


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return drafted(tmp_path_factory.mktemp("first"))


@pytest.fixture
def made(first: Draft, tmp_path: Path) -> Draft:
    """A draft of both texts of its own."""
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return opened(tmp_path / first.folder.name)


def accept(made: Draft, every: list[Candidate]) -> None:
    rows = (asdict(decided("accept", one, when="2024-09-01T10:00:00+00:00")) for one in every)
    made.log.write_text(
        "".join(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n" for row in rows), encoding="utf-8"
    )


def page(made: Draft, name: str) -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load((made.folder / name).read_text(encoding="utf-8")) or {})


def errors(written: Written) -> list[str]:
    return [str(fault) for fault in written.faults if fault.severity == "error"]


def test_nothing_is_in_the_scenario_until_it_is_accepted(made: Draft) -> None:
    written = write(made)
    assert errors(written) == []
    assert written.entries == {"sources": 2}
    assert set(page(made, ACCEPTED)["sources"]) == set(DATED)


def test_a_scenario_of_any_half_of_the_candidates_passes_the_check(made: Draft) -> None:
    for seed in range(HALVES):
        chance = random.Random(seed)
        accept(made, [one for one in made.candidates if chance.random() < 0.5])
        for name in (SCENARIO, ACCEPTED, TO_WRITE):
            (made.folder / name).unlink(missing_ok=True)
        assert errors(write(made)) == [], seed


def test_all_candidates_become_actors_places_a_record_parameters_and_a_list_of_what_to_write(made: Draft) -> None:
    accept(made, list(made.candidates))
    written = write(made, starts=date(2024, 7, 1), ends=date(2024, 12, 31))
    assert errors(written) == []
    found = page(made, ACCEPTED)
    assert "Moscow" in found["actors"]["russia"]["aliases"]  # type: ignore[index]
    events = {entry["event"] for entry in found["record"].values()}  # type: ignore[index]
    assert "COERCE (harassment) by russia on estonia at narva size 2" in events
    assert {"prior": "choice(12, 20)", "unit": "km", "evidence": ["harbour-notes#p2", "river-watch#p5"]} in found[
        "parameters"
    ].values()
    stubs = page(made, TO_WRITE)
    assert {"questions", "claims", "rules", "lines"} <= set(stubs)
    assert all(one["ask"] == one["when"] == "" for one in stubs["questions"].values())  # type: ignore[index]
    likely = next(one for one in stubs["questions"].values() if one["forecast"]["words"] == "likely")  # type: ignore[index]
    assert likely["about"] == ["russia"]  # what it is about is said without a word of the text


def test_what_was_accepted_supports_its_paragraphs_and_contradictions_are_remarks(made: Draft) -> None:
    accept(made, list(made.candidates))
    write(made)
    found = coverage({"drafted": load(made.folder / SCENARIO).document})
    # That one holds a forecast and a claim alone, which only a person can write.
    assert [one.at for one in found.paragraphs if not (one.supports or one.remarks)] == ["harbour-notes#p4"]
    disputed = {one.at for one in found.paragraphs if any(remark.startswith("disputed") for remark in one.remarks)}
    assert {"harbour-notes#p2", "river-watch#p5"} <= disputed


def test_a_number_that_words_leave_open_is_even_between_its_ends(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("Estonia sent several hundred soldiers to Narva on 20 to 30 trucks.", encoding="utf-8")
    made = draft([file], into=tmp_path / "made", dated={"one": date(2024, 8, 1)})
    accept(made, [one for one in made.candidates if one.kind == "number"])
    assert errors(write(made)) == []
    priors = {name: entry["prior"] for name, entry in page(made, ACCEPTED)["parameters"].items()}  # type: ignore[index]
    assert priors == {"soldier": "uniform(300, 900)", "truck": "uniform(20, 30)"}


def test_no_eight_words_in_a_row_of_a_text_are_written(made: Draft) -> None:
    from standoff.drafting import copies

    accept(made, list(made.candidates))
    for file in write(made).files:
        assert list(copies(file.read_text(encoding="utf-8"), made.texts().values())) == []


def test_a_field_that_copies_a_sentence_is_refused(made: Draft) -> None:
    actor = next(one for one in made.candidates if one.kind == "actor")
    copied = "the deliveries led to angry notes from Moscow"
    made.decide(decided("edit", actor, when="2024-09-01", fields={**actor.fields, "name": copied}))
    with pytest.raises(UsageError, match="in your own words"):
        write(made)


def test_a_file_that_somebody_edited_is_not_written_over(made: Draft) -> None:
    write(made)
    file = made.folder / ACCEPTED
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    accept(made, list(made.candidates[:40]))
    with pytest.raises(UsageError, match="# mine"):
        write(made)
    assert file.read_text(encoding="utf-8").endswith("# mine\n")
    assert errors(write(made, over=True)) == []
    assert "# mine" not in file.read_text(encoding="utf-8")


def test_the_file_of_the_scenario_is_the_authors_after_the_first_time(made: Draft) -> None:
    write(made)
    scenario = made.folder / SCENARIO
    mine = scenario.read_text(encoding="utf-8").replace("title: draft-of-two", "title: The river")
    scenario.write_text(mine, encoding="utf-8")
    write(made)
    assert scenario.read_text(encoding="utf-8") == mine


def test_events_outside_the_scenario_are_left_to_be_placed(made: Draft) -> None:
    accept(made, [one for one in made.candidates if one.kind == "event"])
    written = write(made, starts=date(2024, 8, 3))
    assert "record" not in written.entries or written.left["events"] > written.entries["record"]
    assert any("not within the scenario" in str(entry["why"]) for entry in page(made, TO_WRITE)["events"].values())  # type: ignore[index]


def test_without_dates_the_scenario_begins_with_the_first_accepted_event_of_the_year_before(made: Draft) -> None:
    events = [one for one in made.candidates if one.kind == "event" and one.fields["at"]]
    first = min(one.fields["at"] for one in events if "2023-08-04" <= one.fields["at"] <= "2024-08-03")
    accept(made, events)
    write(made)
    said = yaml.safe_load((made.folder / SCENARIO).read_text(encoding="utf-8"))
    assert (said["starts"], said["ends"]) == (first, "2025-08-03") and first < "2024-08-03"
    assert min(str(one["at"]) for one in page(made, ACCEPTED)["record"].values()) == first  # type: ignore[index]


def test_a_merged_actor_is_another_name_of_the_one_it_was_merged_into(made: Draft) -> None:
    actors = {one.fields["name"]: one for one in made.candidates if one.kind == "actor"}
    accept(made, [actors["Marta Kask"]])
    made.decide(decided("merge", actors["harbour officials"], when="2024-09-02", into=actors["Marta Kask"].id))
    write(made)
    assert page(made, ACCEPTED)["actors"]["marta_kask"]["aliases"] == ["harbour officials"]  # type: ignore[index]


def test_a_log_that_is_no_log_is_refused_with_its_line(made: Draft) -> None:
    made.log.write_text('{"do": "accept"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        read_log(made.log)


def test_two_logs_put_together_are_read_by_time(made: Draft) -> None:
    one = made.candidates[0]
    later, sooner = (json.dumps({k: v for k, v in asdict(decided(do, one, when=when)).items() if v is not None})
                     for do, when in (("reject", "2024-09-02"), ("accept", "2024-09-01")))  # fmt: skip
    made.log.write_text(f"{later}\n{sooner}\n", encoding="utf-8")
    assert made.standings()[0].state == "rejected"


def test_a_text_elsewhere_that_nobody_named_and_the_maker_did_not_know_is_refused(made: Draft, tmp_path: Path) -> None:
    """A folder of a draft can come from anybody, and could name any file of the one who opens it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("On July 3, 2024, nobody but me read this letter of mine about the harbour.", encoding="utf-8")
    run = made.folder / "draft" / "run.json"
    said = json.loads(run.read_text(encoding="utf-8"))
    for link in (str(secret), "inside.txt"):
        said["texts"][0]["file"] = link
        run.write_text(json.dumps(said), encoding="utf-8")
        (made.folder / "inside.txt").unlink(missing_ok=True)
        (made.folder / "inside.txt").symlink_to(secret)
        assert said["texts"][0]["name"] not in opened(made.folder).texts()
        with pytest.raises(UsageError, match=r"lies outside .* name it again: standoff draft"):
            draft([], into=made.folder)
    again = draft([secret], into=made.folder)  # named by the one who reads
    assert len(again.sources[0].digests) == 1


def test_a_folder_without_a_draft_and_a_text_without_a_date_are_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"standoff draft article\.txt --into"):
        opened(tmp_path)
    file = tmp_path / "note.txt"
    file.write_text("Somebody did something at some time.", encoding="utf-8")
    with pytest.raises(UsageError, match="--dated note="):
        draft([file], into=tmp_path / "d")


def test_the_example_of_the_page_is_drafted_written_and_asked_as_it_says(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "draft.md").read_text(encoding="utf-8")
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, re.MULTILINE)]
    article = next(block for block in blocks if block.startswith("Two boats and a dam"))
    (tmp_path / "river.txt").write_text(article, encoding="utf-8")
    made = draft([tmp_path / "river.txt"], into=tmp_path / "narva")
    accept(made, list(made.candidates))
    write(made, starts=date(2024, 7, 1), ends=date(2024, 12, 31))
    stub = yaml.safe_load(next(block for block in blocks if block.startswith("fc-")))
    assert stub.items() <= page(made, TO_WRITE)["questions"].items()
    with (made.folder / SCENARIO).open("a", encoding="utf-8") as scenario:
        scenario.write(next(block for block in blocks if block.startswith("rules:")))
    assert "withdrawn" in load(made.folder / SCENARIO).document.questions
