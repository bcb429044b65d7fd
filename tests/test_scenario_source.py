"""Files become data in which every word knows its place; hostile and broken ones are refused at no cost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import Faults, UsageError
from standoff.scenario import find
from standoff.scenario.reading.source import Source, Words, merge, plain_value, read, versions
from standoff.scenario.reading.yaml_reader import parse_yaml


def source_of(folder: Path, text: str | bytes, name: str = "scenario.yaml") -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, name)


def codes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(Faults) as raised:
        source_of(folder, text)
    return [fault.code for fault in raised.value.faults]


def told(folder: Path, text: str | bytes) -> list[str]:
    """The codes of what is wrong with a text, none where it is read."""
    try:
        source_of(folder, text)
    except Faults as error:
        return [fault.code for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("off", "off"), ("y", "y"), ("2017-05-31", "2017-05-31"),
        ("12:30:45", "12:30:45"), ("1_000", "1_000"), ("010", 10), ("0o10", 8), ("0x1F", 31), ("-3", -3), ("+4", 4),
        ("1.5", 1.5), ("1e-3", 0.001), (".5", 0.5), ("7.", 7.0), ("true", True), ("False", False), ("tRUE", "tRUE"),
        ("null", None), ("~", None), ("", None), ("-", "-"), (".", "."), ("1.2.3", "1.2.3"), ("0b11", "0b11"),
    ],
)  # fmt: skip
def test_plain_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    found = plain_value(Words(text))
    assert found == value
    assert type(found) in (type(value), Words)


def test_quoted_words_are_always_texts() -> None:
    assert plain_value(Words("12", plain=False)) == "12"


def test_every_word_knows_its_line_and_column(tmp_path: Path) -> None:
    source = source_of(
        tmp_path, "title: Two posts\nactors:\n  blue: {kind: 'a state'}\n  red:\n    aliases: [rd, rot]\n"
    )
    blue = source.data["actors"]["blue"]["kind"]
    assert (blue, blue.location.line, blue.location.column) == ("a state", 3, 16)
    assert blue.location.text == "  blue: {kind: 'a state'}"
    rot = source.data["actors"]["red"]["aliases"][1]
    assert (rot.location.line, rot.location.column) == (5, 19)
    key = next(iter(source.data["actors"]))
    assert (key.location.line, key.location.column) == (3, 3)
    assert source.locate(("actors", "red", "aliases")).line == 5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("when: force[a, p] >= frod", "frod"),
        ("when: 'force[a, p] >= frod'", "frod"),
        ('when: "force[a, p] >= frod"', "frod"),
        ("when: |\n    force[a, p] >=\n      frod", "frod"),
        ("when: >-\n    force[a, p]\n    >= frod", "frod"),
        ("when: force[a, p]\n    >= frod", "frod"),
        ("when: 'force[a, p]\n    >= frod'", "frod"),
    ],
)
def test_a_word_inside_a_text_is_found_in_its_file_however_the_text_is_written(
    tmp_path: Path, written: str, word: str
) -> None:
    source = source_of(tmp_path, f"rule:\n  {written}\n")
    text = source.data["rule"]["when"]
    place = text.place(text.index(word))
    assert place is not None
    assert place.text[place.column - 1 :].startswith(word)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_words_are_texts_that_compare_and_hash_as_texts(text: str) -> None:
    words = Words(text)
    assert words == text
    assert hash(words) == hash(text)
    assert {text: 1}[words] == 1


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    source = source_of(tmp_path, b"\xef\xbb\xbftitle: x\r\nabout: y\r\n")
    assert source.data == {"title": "x", "about": "y"}
    assert source.data["about"].location.text == "about: y"


def test_a_file_over_four_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # a hole: were it read, 200 MB of zeros would be SD102
    with pytest.raises(Faults) as raised:
        read(path)
    assert [fault.code for fault in raised.value.faults] == ["SD103"]
    assert "200.0 MB" in str(raised.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(Faults) as raised:
        read(tmp_path / "pipe.yaml")
    assert raised.value.faults[0].code == "SD101"


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@pytest.mark.parametrize(("opening", "column"), [("[", 66), ("{a: ", 255), ("- ", 129)])
def test_a_very_deep_file_is_refused_at_level_65_whatever_depth_the_parser_stops_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: str, column: int, loader: type
) -> None:
    monkeypatch.setattr("standoff.scenario.reading.yaml_reader._LOADER", loader)
    with pytest.raises(Faults) as raised:
        source_of(tmp_path, "a:\n  " + opening * 100_000)
    told = [(fault.code, fault.location.line, fault.location.column) for fault in raised.value.faults if fault.location]
    assert told == [("SD110", 2, column)]


@pytest.mark.parametrize("text", ['a: ["' + "[" * 900, "a: '" + "[" * 900, "a: [b # " + "[" * 900 + "\n}"])
def test_brackets_in_a_text_that_is_never_closed_are_no_levels(tmp_path: Path, text: str) -> None:
    assert set(codes(tmp_path, text)) == {"SD102"}


def test_sixty_four_levels_are_read(tmp_path: Path) -> None:
    source_of(tmp_path, "a: " + "[" * 63 + "1" + "]" * 63)
    assert codes(tmp_path, "a: " + "[" * 64 + "1" + "]" * 64) == ["SD110"]


def test_an_alias_bomb_stops_after_a_few_faults(tmp_path: Path) -> None:
    text = "a: &a x\n" + "".join(f"b{n}: [{', '.join(['*a'] * 50)}]\n" for n in range(1000))
    found = codes(tmp_path, text)
    assert set(found) == {"SD104"}
    assert len(found) <= 20


def test_two_duplicate_keys_are_told_at_once(tmp_path: Path) -> None:
    assert codes(tmp_path, "a: 1\na: 2\nb: {c: 1, c: 2}\n") == ["SD105", "SD105"]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_code(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    assert all(code.startswith("SD1") for code in told(tmp_path_factory.mktemp("bytes"), text))


@given(st.text(alphabet="ab:[]{},-&*!?|>'\"#%@ \n\t0", max_size=60))
def test_any_yaml_is_read_or_refused_with_a_code(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert all(code.startswith("SD1") for code in told(tmp_path_factory.mktemp("text"), text))


def test_an_include_gives_what_the_file_does_not_say_itself(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/people.yaml").write_text("actors: {blue: {kind: state}, red: {kind: state}}\nnotes: [old]\n")
    source = source_of(tmp_path, "include: parts/people.yaml\nactors: {red: {kind: armed group}}\nnotes: [new]\n")
    assert source.data["actors"] == {"blue": {"kind": "state"}, "red": {"kind": "armed group"}}
    assert list(source.data["actors"]) == ["blue", "red"]
    assert source.data["notes"] == ["new"]
    assert "include" not in source.data
    assert source.locate(("actors", "blue")).file == "parts/people.yaml"  # type: ignore[union-attr]
    assert source.locate(("actors", "red")).file == "scenario.yaml"  # type: ignore[union-attr]


def test_an_include_of_an_include_is_found_beside_the_file_that_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/one.yaml").write_text("include: two.yaml\n")
    (tmp_path / "parts/two.yaml").write_text("title: deep\n")
    source = source_of(tmp_path, "include: parts/one.yaml\nabout: x\n")
    assert source.data == {"title": "deep", "about": "x"}
    assert [Path(file.path).name for file in source.files] == ["scenario.yaml", "one.yaml", "two.yaml"]


@pytest.mark.parametrize("way", ["../outside.yaml", "inside/../../outside.yaml", "link.yaml", "/etc/hostname", "a\\0b"])
def test_an_include_cannot_leave_the_folder_by_any_way(tmp_path: Path, way: str) -> None:
    (tmp_path / "outside.yaml").write_text("title: secret\n")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/link.yaml").symlink_to(tmp_path / "outside.yaml")
    found = codes(tmp_path / "home", f'include: "{way}"\n')
    assert found == ["SD106"]


def test_all_that_is_wrong_with_the_files_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [1\n")
    text = "include: [broken.yaml, missing.yaml, ../away.yaml]\n"
    assert codes(tmp_path, text) == ["SD102", "SD107", "SD106"]


def test_two_includes_may_share_a_section_but_no_entry(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("standoff: 1\nbegin: {force: {blue: {ford: 1}}}\nactors: {blue: {}}\n")
    (tmp_path / "two.yaml").write_text("standoff: 1\nbegin: {force: {red: {ford: 1}}}\nactors: {red: {}}\n")
    source = source_of(tmp_path, "include: [one.yaml, two.yaml]\nabout: x\n")
    assert list(source.data["actors"]) == ["blue", "red"]
    (tmp_path / "two.yaml").write_text("begin: {force: {blue: {ford: 2}}}\nactors: {blue: {kind: state}}\n")
    assert codes(tmp_path, "include: [one.yaml, two.yaml]\n") == ["SD111", "SD111"]


def test_a_variant_is_merged_over_the_scenario(tmp_path: Path) -> None:
    text = "title: x\nparameters: {k: 1, m: 2}\nvariants:\n  high: {about: more, parameters: {k: 9}}\n"
    source = source_of(tmp_path, text)
    assert source.variant("high").data["parameters"] == {"k": "9", "m": "2"}
    assert source.variant("high").data["title"] == "x"
    assert "about" not in source.variant("high").data
    with pytest.raises(Faults) as raised:
        source.variant("hihg")
    assert raised.value.faults[0].code == "SD215"
    assert raised.value.faults[0].hint == "did you mean 'high'?"


def test_a_variant_that_gives_a_parameter_a_number_keeps_its_unit_and_drops_its_ends(tmp_path: Path) -> None:
    text = "parameters: {k: {prior: 'normal(3, 1)', at_least: 0, unit: km}, m: 2}\n"
    text += "variants: {near: {parameters: {k: 1, m: {unit: km}}}}\n"
    changed = source_of(tmp_path, text).variant("near").data["parameters"]
    assert changed == {"k": {"prior": "1", "unit": "km"}, "m": {"prior": "2", "unit": "km"}}


NESTED = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.sampled_from("abcd"), NESTED, max_size=4)


@given(MAPPINGS)
def test_merging_with_nothing_or_with_itself_changes_nothing(one: dict[str, object]) -> None:
    assert merge(one, {}) == one
    assert merge({}, one) == one
    assert merge(one, one) == one


@given(MAPPINGS, MAPPINGS)
def test_what_the_upper_mapping_says_is_what_the_merged_one_says(
    under: dict[str, object], over: dict[str, object]
) -> None:
    merged = merge(under, over)
    assert list(merged) == [*under, *(key for key in over if key not in under)]
    for key, value in over.items():
        if not (isinstance(value, dict) and isinstance(under.get(key), dict)):
            assert merged[key] == value


def test_a_bare_name_finds_the_newest_version(tmp_path: Path) -> None:
    for version in ("v2", "v10", "v9"):
        (tmp_path / f"border-{version}").mkdir()
        (tmp_path / f"border-{version}/scenario.yaml").write_text("")
    assert [path.name for path in versions(tmp_path, "border", "scenario.yaml")] == [
        "border-v10",
        "border-v9",
        "border-v2",
    ]
    assert [path.name for path in versions(tmp_path, "border-v9", "scenario.yaml")] == ["border-v9"]
    assert versions(tmp_path, "../border", "scenario.yaml") == []
    assert versions(tmp_path, "bord", "scenario.yaml") == []


def test_a_missing_include_is_told_with_the_file_beside_it_that_is_most_alike(tmp_path: Path) -> None:
    (tmp_path / "places.yml").write_text("places: {ford: {}}\n", encoding="utf-8")
    with pytest.raises(Faults) as raised:
        source_of(tmp_path, "include: [palces.yml]\n")
    assert raised.value.faults[0].hint == "did you mean 'places.yml'?"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("border.yml", ["did you mean 'border.yaml'?", "files there: border.yaml"]),
        ("sub/taiwna.yaml", ["did you mean 'sub/taiwan.yaml'?"]),
        ("bordr", ["did you mean 'border.yaml'?"]),
        ("eastern-siria-2017", ["did you mean 'eastern-syria-2017'?"]),
        ("x" * 300 + ".yaml", ["cannot be read", "too long"]),
    ],
)
def test_a_wrong_path_is_told_with_the_file_beside_it(
    asked: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("border.yaml", "sub/taiwan.yaml"):
        (tmp_path / name).write_text("standoff: 1\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        find(asked)
    assert all(word in str(raised.value) for word in words), str(raised.value)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("'t > date(''2017-06-05'') and foo > 1'", "foo"),
        ('"t > date(\\"2017-06-05\\") and foo > 1"', "foo"),
        ('"a\\u0020+\\n\\x41 * foo"', "foo"),
        ('"a + \\\n    foo"', "foo"),
        ("a + ' * foo", "foo"),
    ],
)
def test_a_place_within_quotes_is_where_it_is_written(written: str, part: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"rate: {written}\n", encoding="utf-8")
    words = parse_yaml(path.read_bytes(), "a.yaml")["rate"]
    place = words.place(words.index(part))
    assert place.text[place.column - 1 :][: len(part)] == part
