"""The desk: one candidate at a time in a fixed order, each key does what it says, and everything is kept at once."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest

from standoff.cli.app import main
from standoff.cli.desk import KEYS, Talk
from standoff.drafting import Desk, Draft, has_parser, opened
from standoff.drafting.candidates import KINDS
from standoff.drafting.decisions import decided
from standoff.drafting.desk import BULK, edited
from standoff.errors import Fault, UsageError
from tests.drafting_texts import DATED, drafted, written

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
WHEN = "2024-09-01T10:00:00+00:00"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return drafted(tmp_path_factory.mktemp("first"))


@pytest.fixture
def made(first: Draft, tmp_path: Path) -> Draft:
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return opened(tmp_path / first.folder.name)


def said(
    made: Draft,
    lines: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str | None = None,
) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    Talk(Desk(made, kind=kind)).hold()
    return capsys.readouterr().out


def states(made: Draft, state: str) -> list[str]:
    return [one.id for one in made.standings() if one.state == state]


def test_candidates_come_by_kind_and_those_named_most_first(made: Draft) -> None:
    order = [one.kind for one in made.candidates]
    assert order == sorted(order, key=KINDS.index)
    seen = [one.seen for one in made.candidates if one.kind == "actor"]
    assert seen == sorted(seen, reverse=True)


def test_y_n_and_l_accept_reject_and_put_off_and_are_kept(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [one.id for one in made.candidates[:3]]
    out = said(made, "y\nn\nl\nq\n", monkeypatch, capsys)
    assert (states(made, "accepted"), states(made, "rejected"), states(made, "later")) == ([ids[0]], [ids[1]], [ids[2]])
    assert "«12-kilometer»" in out or "«20-kilometer»" in out
    assert Desk(opened(made.folder)).next().id == made.candidates[3].id  # type: ignore[union-attr]


def test_u_takes_back_one_decision_after_the_other_also_of_earlier_sittings(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [one.id for one in made.candidates[:3]]
    said(made, "y\nn\nq\n", monkeypatch, capsys)
    out = said(made, "y\nu\nu\nq\n", monkeypatch, capsys)
    assert f"{ids[2]} is open again." in out and f"{ids[1]} is open again." in out
    assert (states(made, "accepted"), states(made, "rejected")) == ([ids[0]], [])
    out = said(made, "u\nu\nq\n", monkeypatch, capsys)
    assert states(made, "accepted") == [] and "Nothing to undo." in out
    assert len(made.decisions()) == 6  # the log only grows


def test_u_takes_back_a_second_decision_to_the_first(made: Draft) -> None:
    desk, one = Desk(made), made.standings()[0]
    desk.accept(one, when="2024-09-01T10:00:00+00:00")
    desk.reject(desk.standings[0], when="2024-09-01T10:05:00+00:00")
    desk.undo(when="2024-09-01T09:00:00+00:00")  # a clock that is behind
    assert desk.standings[0].state == "accepted"


def test_e_changes_fields_and_refuses_what_a_field_cannot_be(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "e nam=Kask\ne name=The Bear; kind=state\nq\n", monkeypatch, capsys, kind="actor")
    assert "no field 'nam'; did you mean 'name'?" in out
    standing = next(one for one in made.standings() if one.state == "accepted")
    assert (standing.fields["name"], standing.fields["kind"]) == ("The Bear", "state")
    event = next(one for one in made.candidates if one.kind == "event")
    for changes in (
        {"type": "ATTACK"},
        {"at": "yesterday"},
        {"size": "many"},
        {"until": "1990-01-01"},
        {"others": "x"},
    ):
        with pytest.raises((UsageError, Fault)):
            edited({**event.fields, "at": "2024-07-01"}, changes)
    assert edited(event.fields, {"at": "2024-07-02", "size": "3"})["size"] == 3.0
    several = {"value": 300.0, "unit": "men", "head": "men", "least": 300.0, "most": 900.0}
    assert edited(several, {"value": "500"}) == {**several, "value": 500.0, "least": None, "most": None}
    assert edited(several, {"most": "600"})["most"] == 600.0
    for wrong in ({"most": "200"}, {"most": "none"}):
        with pytest.raises(UsageError, match="least"):
            edited(several, wrong)


def test_who_and_where_are_said_by_name_and_a_place_by_its_degrees(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "e source=Rusia\ne source=Moscow, target=NATO; place=Narva\nq\n", monkeypatch, capsys, "event")
    assert "there is no actor 'Rusia'; did you mean 'Russia'?" in out
    names = {one.id: one.fields["name"] for one in made.candidates if one.kind in ("actor", "place")}
    event = next(one for one in made.standings() if one.state == "accepted")
    assert [names[event.fields[part]] for part in ("source", "target", "place")] == ["Russia", "NATO", "Narva"]
    said(made, "e at=59.38, 28.2, name=The dam\nq\n", monkeypatch, capsys, "place")
    place = next(one for one in made.standings() if one.state == "accepted" and one.kind == "place")
    assert (place.fields["at"], place.fields["name"]) == ([59.38, 28.2], "The dam")


def test_a_card_shows_the_sentences_of_its_words_and_s_the_whole_paragraph(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "/ very unlikely\ns\nq\n", monkeypatch, capsys)
    card = next(line for line in out.splitlines() if "«very unlikely»" in line)
    assert card.startswith("  river-watch#p6: … It is «very unlikely» that") and "harvest" not in card
    assert "because the harvest needs the road" in out[out.index(card) + len(card) :]
    mentions = next(one for one in made.candidates if one.kind == "actor" and one.seen > 3).at
    assert list(mentions) == sorted(mentions, key=lambda at: (at.partition("#p")[0], int(at.partition("#p")[2])))


def test_the_card_of_a_claim_says_in_words_which_part_is_cause_and_which_is_effect(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "l\n" * len(made.candidates), monkeypatch, capsys)
    card = next(line for line in out.splitlines() if "«because»" in line)
    assert "«because» [cause: the harvest needs the road]." in card
    assert card.index("[effect: ") < card.index("«because»")  # the effect stands first, and is not called the cause
    assert card.count("[cause: ") == card.count("[effect: ") == 1


def test_m_merges_by_name_and_says_which_names_there_are(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "m Finlnd\nm Finland\nq\n", monkeypatch, capsys, kind="actor")
    assert "no other actor 'Finlnd'" in out and "Finland" in out
    assert len(states(made, "merged")) == 1


def test_all_accepts_joins_together_and_nothing_else(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "all state\nall event\nall spelling\nq\n", monkeypatch, capsys)
    accepted = {one.id: one for one in made.candidates if one.id in states(made, "accepted")}
    assert accepted and {(one.kind, one.fields["how"]) for one in accepted.values()} == {("join", "state")}
    assert out.count("only joins can be accepted together") == 2


def test_what_other_decisions_have_settled_is_not_asked(made: Draft) -> None:
    desk = Desk(made)
    asked = {one.id: one for one in desk.standings}
    clash = next(one for one in asked.values() if one.kind == "conflict" and one.fields["what"] == "number")
    join = next(one for one in asked.values() if one.kind == "join")
    before = desk.progress().open
    desk.accept(clash, when=WHEN)
    held = [one for one in desk.standings if one.kind == "number" and one.fields["value"] in clash.fields["values"]]
    assert desk.progress().open == before - 1 - len(held) and len(held) == 2
    desk.reject(asked[join.fields["of"]], when=WHEN)
    seen = []
    while (one := desk.next()) is not None:
        seen.append(one.id)
        desk.later(one, when=WHEN)
    assert join.id not in seen and not {one.id for one in held} & set(seen) and len(seen) > 20


def test_all_joins_takes_every_way_that_may_be_taken_together(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said(made, "all joins\nq\n", monkeypatch, capsys)
    ways = {one.fields["how"] for one in made.candidates if one.id in states(made, "accepted")}
    every = {one.fields["how"] for one in made.candidates if one.kind == "join"}
    assert ways == every & set(BULK) and len(ways) > 1


def test_s_shows_what_stands_around_and_slash_goes_to_words(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(made, "/ Helsinki\ns\nz\n?\nq\n", monkeypatch, capsys)
    assert "name: Helsinki" in out
    assert "harbour-notes#p4: A quiet autumn" in out
    assert "'z' is no key; ? lists them" in out
    assert all(f"{key:>3}  " in out for key in KEYS)


def test_what_is_stale_comes_first_and_can_be_let_go(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from standoff.drafting import draft

    claim = next(one for one in made.candidates if one.kind == "claim" and one.fields["cue"] == "led to")
    made.decide(decided("accept", claim, when=WHEN))
    river = made.folder.parent / "river-watch.txt"
    river.write_text(river.read_text(encoding="utf-8").replace("angry notes", "angry letters"), encoding="utf-8")
    again = draft([river], into=made.folder)
    out = said(again, "y\nn\nq\n", monkeypatch, capsys)
    assert out.index(f"STALE claim {claim.id}") < out.index("conflict")
    assert "is gone or has changed" in out
    assert states(again, "stale") == []


def test_a_text_that_is_not_there_is_said_and_not_shown(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in made.folder.parent.glob("*.txt"):
        file.unlink()
    assert "the text is not there" in said(made, "q\n", monkeypatch, capsys)


def test_two_peoples_decisions_are_put_together_and_the_later_one_holds(
    made: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = made.candidates[:3]
    made.decide(decided("accept", first, when="2024-09-01T10:00:00+00:00"))
    theirs = opened(Path(shutil.copytree(made.folder, made.folder.with_name("theirs"))))
    theirs.decide(decided("reject", first, when="2024-09-02T10:00:00+00:00"))
    theirs.decide(decided("accept", second, when="2024-09-02T12:00:00+02:00"))
    made.decide(decided("reject", second, when="2024-09-02T11:00:00+00:00"))
    made.decide(decided("accept", third, when="2024-09-02T12:00:00+00:00"))
    code, out, _ = called(capsys, monkeypatch, "draft", "merge", str(made.folder), str(theirs.folder))
    assert code == 0 and "2 new decisions; on 2 candidates the two differed" in out
    assert f"{second.id}: here reject, there accept; reject holds" in out
    assert (states(made, "accepted"), states(made, "rejected")) == ([third.id], [first.id, second.id])
    assert made.merge(theirs.log).new == 0
    assert len(made.decisions()) == 5


def test_an_undo_takes_back_its_own_decision_and_not_another_persons(made: Draft) -> None:
    one = made.candidates[0]
    mine = decided("accept", one, when="2024-09-01T10:00:00+00:00")
    made.decide(mine)
    theirs = opened(Path(shutil.copytree(made.folder, made.folder.with_name("theirs"))))
    theirs.decide(decided("reject", one, when="2024-09-02T10:00:00+00:00"))
    Desk(made).undo(when="2024-09-03T10:00:00+00:00")
    made.merge(theirs.log)
    assert states(made, "rejected") == [one.id]


def test_a_log_of_another_person_that_gives_a_candidate_what_it_cannot_be_is_refused(made: Draft) -> None:
    place = next(one for one in made.candidates if one.kind == "place")
    for fields in ({"name": {"a": 1}}, {"at": ["here", "there"]}, {"at": [1]}, {"name": None}):
        made.log.unlink(missing_ok=True)
        made.decide(decided("edit", place, when=WHEN, fields={**place.fields, **fields}))
        with pytest.raises(UsageError, match=f"the log gives {place.id} what it cannot be"):
            made.standings()
    made.log.unlink()
    made.decide(decided("edit", place, when=WHEN, fields={"name": "The dam", "no": "field"}))
    kept = next(one for one in made.standings() if one.id == place.id)
    assert kept.fields == {**place.fields, "name": "The dam"}


def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["standoff", *words])
    with pytest.raises(SystemExit) as left:
        main()
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_verb_reads_tells_how_it_stands_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(file) for file in written(tmp_path)]
    dates = [word for name, day in DATED.items() for word in ("--dated", f"{name}={day}")]
    into = str(tmp_path / "made")
    code, out, _ = called(capsys, monkeypatch, "draft", *files, "--into", into, *dates)
    assert code == 0 and "nothing is in the scenario until you accept it" in out
    assert called(capsys, monkeypatch, "draft", "status", into)[0] == 0
    code, out, _ = called(capsys, monkeypatch, "draft", "write", into)
    assert code == 0 and "0 errors" in out
    code, _, err = called(capsys, monkeypatch, "draft", "nowhere.txt", "--into", into)
    assert code == 2 and "no file" in err
    code, _, err = called(capsys, monkeypatch, "draft", "review", into, "--kind", "actors")
    assert code == 2 and "did you mean 'actor'?" in err


def test_brackets_are_shown_letter_by_letter(
    made: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "'[x]' is no key" in said(made, "[x]\nq\n", monkeypatch, capsys)
