"""Changes of an author's file: one value, and every other letter as it was; what is written reads as what was meant."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.errors import UsageError
from standoff.scenario import Amendment, Manuscript, PlainWords
from standoff.scenario.editing.changing import with_item, with_value, without
from standoff.scenario.editing.scalars import LOADER, written_scalar
from standoff.scenario.reading.yaml_reader import parse_yaml

TEXT = """\
# top
standoff: 1
title: 'Two posts'   # quoted
starts: 2017-06-01
ends: 2017-06-30
actors:
  # the blues
  blue: {kind: state, aliases: [a, b]}  # beside
  red:
    kind: state   # is
    about: >
      long text that
      folds
    evidence:
      - assumption   # one
      - {from: public-record, says: "q"}
places:
  ford: {at: [34.10, 40.20]}
ties:
  restraint:
    - {from: red, to: blue, strength: 0.5}
parameters:
  daring: 0.004   # short
# end
"""


def changed(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[:1] in "+-"]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("actors", "blue", "kind"), "bloc", ["-  blue: {kind: state, aliases: [a, b]}  # beside",
                                              "+  blue: {kind: bloc, aliases: [a, b]}  # beside"]),
        (("actors", "blue", "control"), PlainWords("0.5"), [
            "-  blue: {kind: state, aliases: [a, b]}  # beside",
            "+  blue: {kind: state, aliases: [a, b], control: 0.5}  # beside"]),
        (("actors", "red", "kind"), "a: b", ["-    kind: state   # is", '+    kind: "a: b"   # is']),
        (("title",), "It's new", ["-title: 'Two posts'   # quoted", "+title: 'It''s new'   # quoted"]),
        (("actors", "red", "evidence"), ["assumption", {"from": "public-record", "says": "r"}], [
            '-      - {from: public-record, says: "q"}', '+      - {from: public-record, says: "r"}']),
        (("actors", "red", "evidence"), ["assumption", {"from": "public-record", "says": "q"}, "geography"], [
            "+      - geography"]),
        (("places", "ford", "at"), [PlainWords("34.15"), PlainWords("40.20")], [
            "-  ford: {at: [34.10, 40.20]}", "+  ford: {at: [34.15, 40.20]}"]),
        (("actors", "green"), {"kind": "state"}, ["+  green:", "+    kind: state"]),
    ],
)  # fmt: skip
def test_a_change_of_one_value_changes_its_line_and_no_other(path: Any, value: Any, lines: list[str]) -> None:
    assert [line[:1] + line[2:] for line in changed(TEXT, with_value(TEXT, path, value)) if line[0] in "+-"] == lines


def test_what_is_taken_away_takes_what_holds_nothing_else_with_it() -> None:
    assert changed(TEXT, without(TEXT, ("ties", "restraint", 0))) == [
        "- ties:", "-   restraint:", "-     - {from: red, to: blue, strength: 0.5}"
    ]  # fmt: skip
    assert changed(TEXT, without(TEXT, ("actors", "red", "evidence", 0))) == ["-       - assumption   # one"]
    assert "  # beside" in without(TEXT, ("actors", "blue", "aliases"))


def test_an_item_is_added_where_the_list_ends() -> None:
    new = with_item(TEXT, ("ties", "restraint"), {"from": "blue", "to": "red"})
    assert changed(TEXT, new) == ["+     - {from: blue, to: red}"]


def test_line_ends_of_another_system_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    new = with_value(text, ("actors", "red", "control"), PlainWords("1"))
    assert new.count("\r\n") == new.count("\n") == text.count("\n") + 1


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30).map(
    lambda text: "".join(one for one in text if one in "\n\t" or (one >= " " and one not in "\x7f\ufeff\ufffe\uffff"))
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.booleans(), st.sampled_from([None, "'", '"', ">", "|"]))
def test_a_text_reads_as_it_was_meant_wherever_it_is_written(text: str, flow: bool, style: str | None) -> None:
    style = None if flow and style in (">", "|") else style
    written = written_scalar(text, flow=flow, style=style, indent=2)
    around = f"a: {{k: {written}, z: 1}}\n" if flow else f"a:\n  k: {written}\n  z: 1\n"
    root = yaml.compose(around, Loader=LOADER)
    assert root.value[0][1].value[0][1].value == text
    assert root.value[0][1].value[1][1].value == "1"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([("title",), ("actors", "blue", "kind"), ("actors", "red", "about"), ("actors", "red", "kind"),
                     ("parameters", "daring"), ("ties", "restraint", 0, "to")]),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f\x85"), min_size=1)
    .map(str.strip).filter(bool),
)  # fmt: skip
def test_a_change_is_what_the_file_says_afterwards_and_nothing_else_moves(path: Any, value: str) -> None:
    new = with_value(TEXT, path, value)
    before, after = parse_yaml(TEXT.encode(), "x"), parse_yaml(new.encode(), "x")
    here: Any = after
    for part in path:
        here = here[part]
    assert here.removesuffix("\n") == value
    outer_before, outer_after = before, after
    for part in path[:-1]:
        outer_before, outer_after = outer_before[part], outer_after[part]
    outer_before[path[-1]] = outer_after[path[-1]] = None
    assert before == after
    assert new.count("#") - value.count("#") >= TEXT.count("#")


def scenario(folder: Path) -> Path:
    (folder / "main.yaml").write_text(
        "standoff: 1\ntitle: T\nstarts: 2017-06-01\nends: 2017-06-30\ninclude: [part.yaml]\nparameters: {bold: 2}\n"
    )
    (folder / "part.yaml").write_text("actors:\n  blue: {kind: state}\nparameters:\n  daring: 0.004  # short\n")
    return folder / "main.yaml"


def test_a_change_goes_into_the_file_that_has_the_words(tmp_path: Path) -> None:
    revision = Manuscript.of(scenario(tmp_path)).revised(
        [Amendment("set", ("actors", "blue", "kind"), "bloc"), Amendment("set", ("actors", "red"), {"kind": "state"}),
         Amendment("set", ("parameters", "daring", "unit"), PlainWords("1/day")),
         Amendment("set", ("parameters", "bold", "prior"), PlainWords("3"))]
    )  # fmt: skip
    revision.write()
    assert (tmp_path / "part.yaml").read_text() == (
        "actors:\n  blue: {kind: bloc}\n  red: {kind: state}\n"
        "parameters:\n  daring: {prior: 0.004, unit: 1/day}  # short\n"
    )
    assert (tmp_path / "main.yaml").read_text().endswith("parameters: {bold: 3}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main.yaml", "part.yaml"]


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    change = Amendment("set", ("parameters", "bold", "prior"), PlainWords("3"))
    revision = Manuscript.of(scenario(tmp_path)).revised([change])
    (tmp_path / "part.yaml").write_text("actors: {red: {kind: state}}\n")
    with pytest.raises(UsageError, match="changed meanwhile"):
        revision.write()
    assert "bold: 2" in (tmp_path / "main.yaml").read_text()


def test_a_bundled_scenario_is_refused_with_the_cure() -> None:
    with pytest.raises(UsageError, match="copy its folder"):
        Manuscript.of("eastern-syria-2015").revised([Amendment("set", ("title",), "Mine")])


def test_what_a_theatre_says_is_changed_in_the_authors_own_file(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("standoff: 1\ntitle: T\nstarts: 2017-06-01\nends: 2017-06-30\ntheatre: eastern-syria-v2\n")
    manuscript = Manuscript.of(own)
    revision = manuscript.revised([Amendment("set", ("actors", "us", "name"), "America")])
    (text,) = revision.texts.values()
    assert text.endswith("actors:\n  us: {name: America}\n")
    with pytest.raises(UsageError, match="cannot be taken away"):
        manuscript.revised([Amendment("remove", ("actors", "us"))])


def test_a_change_of_what_geojson_says_is_laid_over_it_and_its_file_stays(tmp_path: Path) -> None:
    valid = Path(__file__).resolve().parents[1] / "conformance" / "valid"
    shutil.copytree(valid / "parts", tmp_path / "parts")
    path = tmp_path / "it.yaml"
    shutil.copy(valid / "places-from-geojson.yaml", path)
    own = Manuscript.of(path)
    holder = own.holder(("places", "west", "name"))
    assert holder is not None and holder.shown.endswith("strait.geojson")
    revision = own.revised([Amendment("set", ("places", "west", "name"), "West cape")])
    (file,) = revision.texts
    assert (file.shown, revision.faults()) == (str(path), ())
    assert yaml.safe_load(revision.texts[file])["places"] == {"west": {"name": "West cape"}}
    for gone in (("places", "west"), ("places", "west", "name")):
        with pytest.raises(UsageError, match=r"comes from .*strait\.geojson; it cannot be taken away; take it out of"):
            own.revised([Amendment("remove", gone)])
