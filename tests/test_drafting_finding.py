"""What is found in a text stands in it, is found again to the byte, and keeps what was decided about it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import Draft, draft, has_parser, opened
from standoff.drafting.decisions import decided, last_decisions
from standoff.drafting.drafts import CANDIDATES, RUN
from tests.drafting_proofs import Proofs
from tests.drafting_texts import DATED, drafted, written

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
WHEN = "2024-09-01T10:00:00+00:00"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return drafted(tmp_path_factory.mktemp("first"))


@pytest.fixture
def copied(first: Draft, tmp_path: Path) -> Path:
    """The folder of the draft with its texts beside it, to be changed."""
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / first.folder.name


def names(made: Draft, kind: str) -> set[str]:
    return {str(one.fields["name"]) for one in made.candidates if one.kind == kind}


def content(folder: Path) -> tuple[bytes, ...]:
    return tuple((folder / "draft" / name).read_bytes() for name in (CANDIDATES, RUN))


def decide_all(folder: Path) -> int:
    """Accepts every candidate of a draft but the joins; how many."""
    made = opened(folder)
    every = [one for one in made.candidates if one.kind != "join"]
    made.decide(*(decided("accept", one, when=WHEN) for one in every))
    return len(every)


def test_actors_places_and_their_other_names_are_found(first: Draft) -> None:
    assert {"Russia", "Estonia", "Finland", "Marta Kask", "NATO"} <= names(first, "actor")
    assert {"Narva", "Ivangorod", "Tallinn", "Helsinki"} <= names(first, "place")
    aliases = {(one.fields["alias"], one.fields["how"]) for one in first.candidates if one.kind == "join"}
    assert {("BGC", "acronym"), ("Kask", "surname"), ("Russian aircraft", "forces"), ("Moscow", "state")} <= aliases


def test_coordinates_are_those_of_the_gazetteer_and_no_others(first: Draft) -> None:
    at = {one.fields["name"]: one.fields["at"] for one in first.candidates if one.kind == "place"}
    assert at["Narva"] == pytest.approx([59.38, 28.19], abs=0.01)
    assert at["12-kilometer exclusion zone"] is None


def test_events_have_who_whom_where_and_when(first: Draft) -> None:
    by_id = {one.id: one for one in first.candidates}
    event = next(one for one in by_id.values() if one.kind == "event" and one.at == ("river-watch#p5",)
                 and one.fields["type"] == "COERCE")  # fmt: skip
    parts = {part: by_id[event.fields[part]].fields["name"] for part in ("source", "target", "place")}
    assert parts == {"source": "Russia", "target": "Estonia", "place": "Narva"}
    assert (event.fields["at"], event.fields["until"], event.fields["size"]) == ("2024-07-16", "2024-07-17", 2.0)


def test_what_may_happen_what_is_denied_and_what_is_a_condition_is_no_event(first: Draft) -> None:
    told = {(one.at[0], one.fields["type"]) for one in first.candidates if one.kind == "event"}
    assert ("river-watch#p6", "RETREAT") not in told  # will withdraw
    assert ("harbour-notes#p4", "AGREE") not in told  # will sign
    assert all(at != "harbour-notes#p4" for at, _ in told)


def test_worded_forecasts_have_the_range_of_their_word(first: Draft) -> None:
    every = [one for one in first.candidates if one.kind == "forecast"]
    found = {(one.at[0], *(one.fields[name] for name in ("words", "low", "high"))) for one in every}
    wanted = {("river-watch#p6", "likely", 0.55, 0.8), ("river-watch#p6", "very unlikely", 0.05, 0.2)}
    wanted |= {("harbour-notes#p4", "almost certain", 0.95, 0.99), ("river-watch#p6", "could", 0.2, 0.55)}
    assert wanted <= found


def test_two_numbers_for_one_zone_and_two_dates_of_one_event_are_contradictions(first: Draft) -> None:
    found = {(one.fields["what"], one.at): one.fields for one in first.candidates if one.kind == "conflict"}
    assert found["number", ("harbour-notes#p2", "river-watch#p5")]["values"] == [12.0, 20.0]
    assert ("days", ("harbour-notes#p3", "river-watch#p5")) in found


def test_causal_sentences_are_found_with_their_cue(first: Draft) -> None:
    found = {(one.at[0], one.fields["cue"]) for one in first.candidates if one.kind == "claim"}
    assert {("river-watch#p6", "because"), ("river-watch#p7", "led to"), ("river-watch#p7", "if")} <= found


def test_every_field_of_every_candidate_follows_from_the_words_at_its_place(first: Draft) -> None:
    proofs = Proofs(first.candidates, list(first.texts().values()), DATED)
    assert [fault for one in first.candidates for fault in proofs.faults(one)] == []


def test_a_proof_would_notice_a_field_that_is_not_in_the_text(first: Draft) -> None:
    from dataclasses import replace

    proofs = Proofs(first.candidates, list(first.texts().values()), DATED)
    event = next(one for one in first.candidates if one.kind == "event" and one.fields["at"])
    number = next(one for one in first.candidates if one.kind == "number")
    for one, changed in ((event, {"at": "2024-01-01"}), (event, {"type": "YIELD"}), (number, {"value": 3.0})):
        assert len(list(proofs.faults(replace(one, fields={**one.fields, **changed})))) == 1


def test_no_sentence_of_a_text_is_in_what_was_found(first: Draft) -> None:
    from standoff.drafting import copies

    for file in (first.folder / "draft").iterdir():
        assert list(copies(file.read_text(encoding="utf-8"), first.texts().values())) == []


def test_a_second_run_changes_no_byte(copied: Path) -> None:
    before = content(copied)
    draft([], into=copied)
    assert content(copied) == before


def test_decisions_survive_a_new_paragraph_another_order_and_a_renamed_file(copied: Path) -> None:
    every = decide_all(copied)
    river, harbour = copied.parent / "river-watch.txt", copied.parent / "harbour-notes.txt"
    river.write_text("A new beginning of the article.\n" + river.read_text(encoding="utf-8"), encoding="utf-8")
    harbour.rename(copied.parent / "zzz.txt")
    made = draft([copied.parent / "zzz.txt", river], into=copied)
    standing = made.standings()
    assert sum(one.state == "accepted" for one in standing) == every
    assert not any(one.state == "stale" for one in standing)
    assert {source.name for source in made.sources} == set(DATED)


def test_one_changed_word_makes_exactly_the_candidates_of_its_paragraph_stale(copied: Path) -> None:
    before = opened(copied)
    decide_all(copied)
    river = copied.parent / "river-watch.txt"
    gone = before.texts()["river-watch"].paragraphs[6].digest
    river.write_text(river.read_text(encoding="utf-8").replace("angry notes", "angry letters"), encoding="utf-8")
    made = draft([river], into=copied)
    stale = {one.id for one in made.standings() if one.state == "stale"}
    own = {one.id for one in before.candidates if one.kind != "join" and set(one.digests) == {gone}}
    assert stale == own
    assert len(own) > 4


def test_a_join_that_was_rejected_is_two_actors_in_the_next_run(copied: Path) -> None:
    made = opened(copied)
    join = next(one for one in made.candidates if one.kind == "join" and one.fields["alias"] == "Kask")
    made.decide(decided("reject", join, when=WHEN))
    again = draft([], into=copied)
    assert {"Kask", "Marta Kask"} <= names(again, "actor")
    assert join.id not in {one.id for one in again.candidates}
    before = content(copied)
    draft([], into=copied)
    assert content(copied) == before


def test_the_last_decision_that_was_not_undone_holds(first: Draft) -> None:
    one = first.candidates[0]
    log = [decided(do, one, when=WHEN) for do in ("accept", "reject", "undo")]
    assert last_decisions(log)[one.id].do == "accept"
    assert last_decisions([*log, decided("undo", one, when=WHEN)]) == {}


def test_without_the_extra_forecasts_and_numbers_are_found_and_the_rest_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.drafting.drafts.has_parser", lambda: False)
    made = draft(written(tmp_path), into=tmp_path / "plain", dated=DATED)
    assert {one.kind for one in made.candidates} == {"forecast", "number"}
    assert any("standoff[draft]" in note for note in made.notes)


@pytest.mark.parametrize(
    ("lines", "clash"),
    [
        (["Estonia says that 10 or 11 people died at Narva."], ("number", [10.0, 11.0])),
        (["The armies fought at the bridge on 7 or 8 March."], ("days", None)),
        (["At Narva 40 guards died.[1]", "[1] The mayor of the town gave 35 dead."], ("number", [35.0, 40.0])),
        (
            [
                "Tallinn reports that 40 civilians were killed in Narva.",
                "The army says 65 people were killed in Narva.",
            ],
            ("number", [40.0, 65.0]),
        ),
        (
            ["Tallinn says that the column had crossed by 5 March. Moscow insists that it came on 6 March."],
            ("days", None),
        ),
        (["Estonia sent 300 soldiers to Narva.", "Russia sent 500 soldiers to Narva."], None),
        (["Tallinn says 40 guards died in Narva.", "Tallinn says that 65 tanks were lost in Narva."], None),
        (["It fell on 7 March. Narva was taken on 8 March."], None),
        (["Tallinn said on 5 March that it would stay. Moscow insisted on 6 March that it go."], None),
        (["On 5 March 40 people died in Narva, Tallinn says.", "On 9 March 65 people died in Narva."], None),
    ],
)
def test_two_counts_or_days_for_one_thing_are_a_contradiction_and_those_of_two_things_none(
    tmp_path: Path, lines: list[str], clash: tuple[str, list[float] | None] | None
) -> None:
    file = tmp_path / "one.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    made = draft([file], into=tmp_path / "draft", dated={"one": date(2020, 4, 1)})
    found = [(one.fields["what"], one.fields.get("values")) for one in made.candidates if one.kind == "conflict"]
    assert found == ([clash] if clash else [])
