"""The index of names: complete for every word of the language, and a new name changes nothing but the name."""

from __future__ import annotations

import json
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import pytest

from standoff.errors import UsageError
from standoff.scenario import Index, Symbol, applied, fields, index_of, read, renamed
from standoff.scenario.language import _models
from standoff.scenario.reading.text import Words
from standoff.scenario.schema import Document

ROOT = Path(__file__).resolve().parents[1]
VALID = sorted(path for path in (ROOT / "conformance" / "valid").glob("*.yaml") if path.name.count(".") == 1)
FROM_GEOJSON = ROOT / "conformance" / "valid" / "places-from-geojson.yaml"

SMALL = """\
standoff: 1
title: blue holds the ford  # blue
about: What blue does at the ford.
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {kind: state}, red: {kind: state}}
places: {ford: {kind: town}, mill: {kind: town}}
routes: [{between: [ford, mill], km: 4}]
state:
  holder: {of: place, is: actor}
  mood: {is: [calm, tense]}
  heat: {is: [tense, hot]}
begin: {holder: {ford: blue, every: none}, mood: tense}
stances:
  red: {options: [wait, press], changes: [{from: wait, to: press, when: mood == tense and heat != tense}]}
rules:
  take:
    for: {p: place, q: road(p)}
    rate: '0.1 if "blue" != p.kind and holder[q] == blue else 0'
    then: ['holder[p] = red']
  calm_down: {rate: 0.1, when: stance_red == press, then: [mood = calm]}
questions:
  held: {ask: Does blue hold the ford?, when: 'holder[ford] == blue and count(take) > 0', at: 2017-06-30}
"""


def indexed(path: Path, texts: dict[str, bytes] | None = None) -> Index:
    found = index_of(read(path, texts=texts))
    assert found is not None
    return found


def small(folder: Path, text: str = SMALL) -> Index:
    (folder / "small.yaml").write_text(text, encoding="utf-8", newline="")
    return indexed(folder / "small.yaml")


def after(found: Index, names: dict[Symbol, str]) -> tuple[str, Index]:
    edits = renamed(found, names)
    texts = {path: applied(path.read_bytes().decode("utf-8"), edits, file) for file, path in found.files().items()}
    path = Path(found.source.file)
    return texts[path], indexed(path, {str(one): text.encode("utf-8") for one, text in texts.items()})


def content(document: Document) -> str:
    return json.dumps(document.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True), default=str)


def may_name(kind: Any) -> bool:
    """Whether a type holds a name, an expression or something in which one stands, other than in parts of its own."""
    if get_origin(kind) in (dict, tuple, UnionType) or get_origin(kind) is not None:
        arguments = [one for one in get_args(kind) if one is not Ellipsis]
        return any(may_name(one) for one in arguments if not isinstance(one, str))
    return kind is Words


TEXTS = {
    "about", "title", "says", "name", "kind", "country", "province", "along", "colour", "publisher", "url", "why",
    "digests", "aliases", "unit", "at", "id", "words", "outcome", "hedge", "ask", "label", "briefing", "notes",
    "include", "theatre", "every", "mode", "type", "symbol", "shows", "hides", "at_least", "prior", "acts", "issues",
    "amounts", "tunes", "values", "jitter", "teaches", "leaves_out",
}  # fmt: skip
"""Keys whose texts name nothing in the scenario: prose, units, durations, dates, numbers, files."""


def test_the_table_of_keys_says_of_every_key_with_a_name_or_an_expression_what_it_holds() -> None:
    models = {model.__name__: model for model in _models()}
    for name, keys in fields.FIELDS.items():
        missing = set(keys) - set(models[name].model_fields) if name in models else {name}
        assert not missing, f"{name} has no key {missing}"
    for model in models.values():
        for key, field in model.model_fields.items():
            if key not in TEXTS and may_name(field.annotation):
                assert fields.held(model, key) is not None, f"{model.__name__}.{key} is not in the table"


@pytest.mark.parametrize(
    "path",
    [path if number % 3 == 0 else pytest.param(path, marks=pytest.mark.slow) for number, path in enumerate(VALID)],
    ids=lambda path: path.stem,
)
def test_other_names_for_everything_give_the_same_scenario_up_to_the_names(path: Path) -> None:
    found = indexed(path)
    assert not found.unread
    assert not found.hidden
    symbols = list(dict.fromkeys(use.symbol for use in found.uses if use.symbol.space != "made"))
    # A corridor reads the state `holder`, and a red line gives its response the variables `spot` and `intruder`.
    symbols = [one for one in symbols if one.name not in ("holder", "spot", "intruder")]
    assert symbols
    # A red line may read a variable of several rules that cross it: those of one name keep one.
    same = list(dict.fromkeys(one.name if one.space == "variable" else one for one in symbols))
    names = {one: f"qqz{same.index(one.name if one.space == 'variable' else one)}q" for one in symbols}
    _, then = after(found, names)
    assert len(then.uses) == len(found.uses)
    expanded = content(then.expanded)
    for number in reversed(range(len(same))):
        one = same[number]
        expanded = expanded.replace(f"qqz{number}q", one if isinstance(one, str) else one.name)
    assert expanded.replace("-", "_") == content(found.expanded).replace("-", "_")


def test_a_place_and_a_zone_that_geojson_names_get_other_names_in_both_files() -> None:
    found = indexed(FROM_GEOJSON)
    text, then = after(found, {Symbol("place", "west"): "cape", Symbol("zone", "narrows"): "strait"})
    assert "zones: {strait: {holder: us" in text and "p in strait" in text and "holder[cape] == us" in text
    told = [use.place.file.rpartition("/")[2] for use in then.of(Symbol("zone", "strait"))]
    assert told.count("strait.geojson") == 1 and len(told) == 3
    assert [str(name) for name in then.document.zones[Words("strait")].places or ()] == ["cape"]


def test_an_entry_that_lies_over_one_of_an_included_file_gets_its_name_in_both(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("actors: {blue: {name: Blues}, green: {}}\n", encoding="utf-8")
    path = tmp_path / "it.yaml"
    path.write_text(SMALL + "include: part.yaml\n", encoding="utf-8")
    found = indexed(path)
    edits = renamed(found, {Symbol("actor", "blue"): "azure"})
    assert [edit.place.line for edit in edits if edit.place.file.endswith("part.yaml")] == [1]
    text, then = after(found, {Symbol("actor", "blue"): "azure"})
    assert "azure: {kind: state}" in text
    assert then.document.actors[Words("azure")].name == "Blues"


def test_a_new_name_leaves_texts_comments_and_quoted_words_alone(tmp_path: Path) -> None:
    text, _ = after(small(tmp_path), {Symbol("actor", "blue"): "azure"})
    assert "title: blue holds the ford  # blue" in text
    assert "about: What blue does at the ford." in text
    assert "ask: Does blue hold the ford?" in text
    assert '"blue" != p.kind and holder[q] == azure' in text
    assert "begin: {holder: {ford: azure, every: none}, mood: tense}" in text
    assert text.count("blue") == 5


def test_what_a_word_makes_of_a_name_gets_the_new_name_too(tmp_path: Path) -> None:
    text, _ = after(small(tmp_path), {Symbol("actor", "red"): "crimson"})
    assert "when: stance_crimson == press" in text


def test_levels_of_one_name_are_told_apart_by_the_state_they_are_compared_with(tmp_path: Path) -> None:
    text, _ = after(small(tmp_path), {Symbol("level", "tense", "calm tense"): "nervous"})
    assert "when: mood == nervous and heat != tense" in text
    assert "heat: {is: [tense, hot]}" in text
    assert "mood: nervous}" in text


def test_a_variable_is_renamed_in_its_rule_only(tmp_path: Path) -> None:
    found = small(tmp_path, SMALL.replace("calm_down: {rate", "calm_down: {for: {p: place}, rate"))
    text, _ = after(found, {Symbol("variable", "p", "rules.take"): "post"})
    assert "for: {post: place, q: road(post)}" in text
    assert "calm_down: {for: {p: place}" in text


@pytest.mark.parametrize(
    ("symbol", "name", "found"),
    [
        (Symbol("actor", "blue"), "red", "already"),
        (Symbol("actor", "blue"), "ford", "already"),
        (Symbol("actor", "blue"), "p", "already"),
        (Symbol("actor", "blue"), "Blue", "is not a name"),
        (Symbol("actor", "blue"), "and", "already means something"),
        (Symbol("actor", "blue"), "blue\nred", "is not a name"),
        (Symbol("variable", "p", "rules.take"), "q", "already"),
        (Symbol("level", "calm", "calm tense"), "tense", "twice"),
    ],
)
def test_a_name_that_would_mean_something_else_is_refused(
    tmp_path: Path, symbol: Symbol, name: str, found: str
) -> None:
    index = small(tmp_path)
    assert index.of(symbol)
    with pytest.raises(UsageError, match=found):
        renamed(index, {symbol: name})


def test_nothing_is_renamed_while_an_expression_cannot_be_read(tmp_path: Path) -> None:
    found = small(tmp_path, SMALL.replace("rate: 0.1, when", "rate: 0.1 +, when"))
    with pytest.raises(UsageError, match="no expression"):
        renamed(found, {Symbol("actor", "blue"): "azure"})


def test_places_are_right_in_included_files_with_carriage_returns_and_behind_wide_letters(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_bytes(
        b"\xef\xbb\xbfstandoff: 1\r\ntitle: Two\r\nstarts: 2017-06-01\r\nends: 2017-06-30\r\ninclude: more/who.yaml\r\n"
        + "rules: {go: {about: 𝔸𝔹, rate: 'force[blue]', then: ['force[blue] = 0']}}\r\n".encode()
    )
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "who.yaml").write_bytes(b"actors: {blue: {}}\nstate: {force: {of: actor}}\n")
    found = indexed(tmp_path / "main.yaml")
    edits = renamed(found, {Symbol("actor", "blue"): "azure"})
    assert {str(edit.place)[len(str(tmp_path)) + 1 :] for edit in edits} == {
        "main.yaml:6:38", "main.yaml:6:60", "more/who.yaml:1:10",
    }  # fmt: skip
