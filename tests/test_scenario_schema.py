"""A document is what its author wrote, checked: it comes back from YAML unchanged, and every fault is told at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import Fault, Faults, UsageError, faults_page
from standoff.model import content_digest, ground
from standoff.scenario import check, json_schema, load, reference
from standoff.scenario.preparing import prepare
from standoff.scenario.reading.source import Words, read
from standoff.scenario.schema import Document, Parameter, Rule, dump, validate
from standoff.scenario.schema.scalars import PlainWords
from tests.proofs import THEATRE, each_bundled

ROOT = Path(__file__).resolve().parent.parent
VALID = sorted(path for folder in ("valid", "exact") for path in (ROOT / "conformance" / folder).glob("*.yaml"))
HEAD = "standoff: 1\ntitle: Two posts\nstarts: 2017-05-31\nends: 2017-12-31\n"
Read = Callable[[str], Document]


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    def make(body: str, head: str = HEAD) -> Document:
        path = tmp_path / "scenario.yaml"
        path.write_text(head + body, encoding="utf-8")
        return validate(read(path, "scenario.yaml"))

    return make


def faults_of(read_text: Read, body: str) -> list[Fault]:
    with pytest.raises(Faults) as raised:
        read_text(body)
    return list(raised.value.faults)


def told(path: Path) -> tuple[Fault, ...] | None:
    """What is wrong with a file, or None."""
    try:
        validate(read(path))
    except Faults as error:
        return error.faults
    return None


def again(document: Document, folder: Path) -> Document:
    path = folder / "again.yaml"
    path.write_text(dump(document), encoding="utf-8")
    return validate(read(path))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_document_comes_back_from_its_dump_unchanged(path: Path, tmp_path: Path) -> None:
    document = validate(read(path))
    copy = again(document, tmp_path)
    assert copy == document
    assert dump(copy) == dump(document)


@pytest.mark.slow  # Of each small one above.
@pytest.mark.parametrize("name", THEATRE)
def test_a_bundled_scenario_comes_back_from_its_dump_unchanged(name: str, tmp_path: Path) -> None:
    document = load(name).document
    copy = again(document, tmp_path)
    assert copy == document
    assert dump(copy) == dump(document)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(
    # YAML cannot hold other control characters, so no text that was read has them.
    lambda text: all(letter.isprintable() or letter in "\n\t" for letter in text)
)


@given(text=TEXTS, number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_any_number_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, text: str, number: float
) -> None:
    document = Document(
        standoff=1, title="x", starts=date(2017, 1, 1), ends=date(2017, 12, 31), about=text,
        parameters={"k": Parameter(prior="1", at_least=number)},
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("dump")
    path = folder / "again.yaml"
    path.write_text(dump(document), encoding="utf-8")
    copy = Document.model_validate(read(path).data, by_alias=True, by_name=False)
    assert copy.about == text
    assert copy.parameters["k"].at_least == number


@pytest.mark.parametrize(
    "text", ["no", "true", "12", "1e3", "null", "~", "", " a", "a: b", "# a", "- a", "[a", "'", '"', "a\nb\n", "%"]
)
def test_texts_that_yaml_could_misread_come_back_as_texts(text: str, tmp_path: Path) -> None:
    document = Document(standoff=1, title=text, starts=date(2017, 1, 1), ends=date(2017, 12, 31))
    assert again(document, tmp_path).title == text


def test_an_expression_keeps_its_words_and_its_place(read_text: Read) -> None:
    rule = read_text("rules:\n  calm: {rate: 0.10, when: true}\n").rules["calm"]
    assert (rule.rate, rule.when) == ("0.10", "true")
    assert rule.rate is not None
    assert rule.rate.location is not None
    assert (rule.rate.location.line, rule.rate.location.column) == (6, 16)


def test_names_know_their_place_also_as_keys(read_text: Read) -> None:
    document = read_text("actors:\n  blue: {}\n")
    key = next(iter(document.actors))
    assert isinstance(key, Words)
    assert key.location is not None
    assert (key.location.line, key.location.column) == (6, 3)


def test_short_forms_become_long_ones(read_text: Read) -> None:
    document = read_text(
        "actors: {us: {}}\nparameters: {k: 3}\nkinds: {brigade: {members: [first, second]}}\nnotes: one\n"
        "state: {force: {of: actor, evidence: assumption}}\n"
    )
    assert document.parameters["k"] == Parameter(prior="3")
    assert list(document.kinds["brigade"].members) == ["first", "second"]
    assert document.notes == ("one",)
    assert document.state["force"].of == ("actor",)
    assert [evidence.from_ for evidence in document.state["force"].evidence] == ["assumption"]


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file(read_text: Read) -> None:
    faults = faults_of(
        read_text,
        "actors: {blue: {patron: bleu}}\n"
        "places: {ford: {at: [34, 40]}}\n"
        "routes: [{between: [ford, frod]}]\n"
        "rules:\n"
        "  first: {raet: 1, then: [], when: true}\n"
        "  second: {rate: [1]}\n"
        "parameters: {k: 'uniform(2, 1)'}\n"
        "injects: {vote: {at: 2031-01-01}}\n",
    )
    assert [(fault.code, fault.location.line if fault.location else 0) for fault in faults] == [
        ("SD204", 5), ("SD204", 7), ("SD201", 9), ("SD203", 10), ("SD207", 11), ("SD206", 12),
    ]  # fmt: skip


def test_an_entry_with_a_fault_still_counts_as_declared(read_text: Read) -> None:
    faults = faults_of(
        read_text, "places:\n  ford: {at: [34, 40], kidn: town}\n  mill: {}\nroutes: [{between: [ford, mill]}]\n"
    )
    assert [fault.code for fault in faults] == ["SD201"]


def test_an_unknown_key_is_told_with_the_nearest_key_of_the_same_part(read_text: Read) -> None:
    body = "rules:\n  first:\n    rate: 1\n    then:\n      - {if: true, thn: []}\n"
    faults = faults_of(read_text, body)
    assert ("SD201", "did you mean 'then'?", "keys: if, then, else") in [(f.code, f.hint, f.expected) for f in faults]


def test_a_key_named_like_a_rule_is_looked_up_in_the_rule_and_not_in_its_field(read_text: Read) -> None:
    faults = faults_of(read_text, "rules:\n  event: {raet: 1, when: true}\n")
    assert faults[0].hint == "did you mean 'rate'?"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("rules: {}\nrules_: {}\n", "SD201"),
        ("actors: {blue: }\n", "SD203"),
        ("actors:\n", "SD203"),
        ("zones: {x: {holder: blue, centre: ford}}\nactors: {blue: {}}\nplaces: {ford: {}}\n", "SD202"),
        ("red_lines: {x: {of: blue, crossed_by: []}}\nactors: {blue: {}}\n", "SD203"),
        ("injects: {x: {at: 2017-07-01, between: [2017-07-01, 2017-08-01]}}\n", "SD202"),
        ("injects: {x: {between: [2017-08-01, 2017-07-01]}}\n", "SD203"),
        ("questions: {x: {ask: a, when: true, number: 1, at: 2017-07-01}}\n", "SD202"),
        ("questions: {x: {ask: a, when: true, at: 2017-07-01, by: 2017-08-01}}\n", "SD202"),
        ("questions: {x: {ask: a, happens: {}, by: 2017-08-01}}\n", "SD202"),
        ("questions: {x: {ask: a, happens: {type: ATTACK}, by: 2017-08-01}}\n", "SD210"),
        ("questions: {x: {ask: a, answer: 1, date: 2017-08-01}}\n", "SD202"),
        ("state: {x: {is: [calm, alert], at_most: 3}}\n", "SD203"),
        ("state: {x: {at_least: 3, at_most: 1}}\n", "SD203"),
        ("state: {x: {is: []}}\n", "SD203"),
        ("state: {x: {half_life: 1 month}}\n", "SD211"),
        ("ties: {patron: [{from: blue, to: blue}]}\nactors: {blue: {}}\n", "SD203"),
        (
            "corridors: {x: {from: a, to: b, friendly: none, through: [[a, c]]}}\nplaces: {a: {}, b: {}, c: {}}\n",
            "SD203",
        ),
        ("places: {a: {}, b: {}}\nroutes: [{between: [a, a]}]\n", "SD203"),
        ("actors: {a: {control: 0.5}}\n", "SD202"),
        ("groups: {x: {of: actor, members: [a]}}\nplaces: {a: {}}\n", "SD204"),
        ("relations: {hosts: {of: [actor, place], pairs: [[a, a]]}}\nactors: {a: {}}\nplaces: {b: {}}\n", "SD204"),
        ("rules: {x: {rate: 1, silent: true, event: ASSAULT}}\n", "SD203"),
        ("rules: {x: {rate: 1, then: [{for: {a: actor, b: actor}, do: []}]}}\n", "SD203"),
        ("rules: {x: {rate: 1, then: [{chance: []}]}}\n", "SD203"),
        ("places: {t: {}}\n", "SD212"),
        ("places: {actor: {}}\n", "SD209"),
        ("questions: {Mill Falls: {ask: a, when: true, at: 2017-07-01}}\n", "SD212"),
    ],
)
def test_what_makes_no_sense_is_refused(read_text: Read, body: str, code: str) -> None:
    assert [fault.code for fault in faults_of(read_text, body)] == [code]


def test_a_level_may_belong_to_several_states(read_text: Read) -> None:
    read_text("state: {mood: {is: [calm, alert]}, sea: {is: [calm, rough]}}\n")


def test_the_version_of_the_language_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("title: x\nstarts: 2017-01-01\nends: 2017-12-31\n", encoding="utf-8")
    with pytest.raises(Faults) as raised:
        validate(read(path))
    assert [fault.code for fault in raised.value.faults] == ["SD214"]


ANYTHING = st.recursive(
    st.sampled_from(["x", "1", "true", "", "2017-05-31", "actor", "force[a] += 1", "a b", "ASSAULT by a"]) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "standoff",
                    "title",
                    "starts",
                    "ends",
                    "actors",
                    "rules",
                    "when",
                    "rate",
                    "then",
                    "if",
                    "for",
                    "chance",
                    "do",
                    "of",
                    "is",
                    "prior",
                    "evidence",
                    "from",
                    "to",
                    "at",
                    "by",
                    "ask",
                    "happens",
                    "begin",
                    "zones",
                    "holder",
                    "ties",
                    "patron",
                    "x",
                    "y",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(sorted(Document.model_fields)), ANYTHING, max_size=6))
def test_any_data_is_a_document_or_told_in_faults(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.yaml"
    path.write_text(json.dumps({**data, "standoff": 1}), encoding="utf-8")
    faults = told(path)
    assert faults is None or faults
    for fault in faults or ():
        assert fault.code.startswith(("SD1", "SD2", "SD3", "SD6"))
        assert fault.location is not None


def test_a_setting_fixes_a_parameter(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "parameters: {k: {prior: 'uniform(0, 1)', unit: km}}\n", encoding="utf-8")
    scenario = load(path, settings={"k": 0.1})
    assert scenario.document.parameters["k"] == Parameter(prior="0.1", unit="km")
    assert scenario.digest != load(path).digest
    with pytest.raises(Faults) as raised:
        load(path, settings={"q": 1.0, "k": float("nan")})
    assert [fault.code for fault in raised.value.faults] == ["SD216", "SD216"]


def test_the_digest_is_of_what_is_said_and_not_of_how_it_is_laid_out(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + "actors: {blue: {kind: state}}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("# other\n" + HEAD + "actors:\n  blue:\n    kind: 'state'\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(HEAD + "actors: {blue: {kind: states}}\n", encoding="utf-8")
    assert load(tmp_path / "a.yaml").digest == load(tmp_path / "b.yaml").digest
    assert load(tmp_path / "a.yaml").digest != load(tmp_path / "c.yaml").digest


def test_expressions_are_written_without_quotes_and_texts_with_them_where_yaml_would_misread_them() -> None:
    document = Document(
        standoff=1,
        title="12",
        starts=date(2017, 1, 1),
        ends=date(2017, 12, 31),
        rules={"x": Rule(rate=PlainWords("2.50"))},
    )
    text = dump(document)
    assert 'title: "12"' in text
    assert "rate: 2.50" in text


def test_the_reference_names_every_key_of_the_language_with_a_meaning() -> None:
    text = reference()
    for line in text.splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), f"no docstring: {line}"
    assert all(f"| `{key}`" in text for key in Document.written_keys())
    assert "for_" not in text


def test_the_json_schema_is_of_draft_2020_12_and_closed() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["standoff", "title", "starts", "ends"]
    assert json.loads(json.dumps(schema)) == schema
    assert all("description" in said for said in schema["properties"].values())


@pytest.mark.parametrize("name", each_bundled(ROOT / "conformance/valid/policies.yaml"))
def test_what_a_run_folder_keeps_of_a_scenario_is_that_scenario(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    (tmp_path / "kept.yaml").write_text(dump(scenario.document), encoding="utf-8")
    (tmp_path / "expanded.yaml").write_text(scenario.expanded_text(), encoding="utf-8")
    assert load(tmp_path / "kept.yaml").digest == scenario.digest
    assert load(tmp_path / "expanded.yaml").digest == scenario.digest
    assert load(tmp_path / "expanded.yaml").expanded_text() == scenario.expanded_text()


def test_what_is_generated_in_docs_is_up_to_date() -> None:
    for name, text in (("language.md", reference()), ("faults.md", faults_page())):
        path = ROOT / "docs" / name
        assert path.read_text(encoding="utf-8") == text, f"docs/{name} is out of date: run make docs"


def test_a_variant_is_checked_with_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    body = "state: {calm: {at_least: 0}}\nrules: {tick: {rate: 1, then: [calm += 1]}}\nwatch: {calm: {of: calm}}\n"
    good = "variants: {fast: {rules: {tick: {rate: 2}}}}\n"
    path.write_text(HEAD + body + good, encoding="utf-8")
    assert not [fault for fault in check(path) if fault.severity == "error"]
    bad = "variants: {fast: {rules: {tick: {rate: 2 * clam}}}, odd: {ends: 2016-01-01}}\n"
    path.write_text(HEAD + body + bad, encoding="utf-8")
    errors = [fault for fault in check(path) if fault.severity == "error"]
    assert [fault.code for fault in errors] == ["SD303", "SD206"]
    assert "in the variant 'fast'" in errors[0].found
    assert load(path).document.rules["tick"].rate == "1"
    with pytest.raises(Faults):
        load(path, variant="fast")


def test_a_scenario_that_does_not_exist_is_a_wrong_use_with_a_suggestion() -> None:
    with pytest.raises(UsageError, match="eastern-syria-2017"):
        load("eastern-syria-2071")
    with pytest.raises(UsageError):
        check("no/such/file.yaml")


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("'1,5'", "write 1.5"),
        ("\uff11\uff15", "write 15"),
        ("\u22121.5", "write -1.5"),
        ("46 km", "write 46: lengths are in km, and the unit is not written"),
        ("many", None),
    ],
)
def test_a_number_in_another_way_of_writing_is_told_as_the_language_writes_it(
    written: str, cure: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "number.yaml"
    file.write_text(
        "standoff: 1\ntitle: t\nstarts: 2020-01-01\nends: 2020-01-31\nplaces: {a: {}, b: {}}\n"
        f"routes: [{{between: [a, b], km: {written}}}]\n",
        encoding="utf-8",
    )
    (fault,) = [fault for fault in check(file) if fault.severity == "error"]
    assert (fault.code, fault.hint) == ("SD203", cure)


def test_a_zone_reaches_across_the_date_line(tmp_path: Path) -> None:
    file = tmp_path / "bering.yaml"
    file.write_text(
        "standoff: 1\ntitle: Bering\nstarts: 2020-01-01\nends: 2020-01-31\nactors: {us: {}, rus: {}}\n"
        "places: {west: {at: [65.78, 179.9]}, east: {at: [65.75, -179.9]}, south: {at: [65.0, 179.95]}}\n"
        "routes: [{between: [west, east]}]\n"
        "zones: {strait: {centre: west, radius: 25, holder: us, excludes: [rus]}}\nstate: {n: {}}\n"
        "rules: {go: {for: {p: place}, when: p in strait, rate: 1, then: [n += 1], event: COERCE by us on rus at p}}\n"
        "questions: {n: {ask: n, number: n, at: 2020-01-31}}\n",
        encoding="utf-8",
    )
    assert "SD403" not in {fault.code for fault in check(file)}
    (road,) = {round(km, 2) for km in load(file).resolved.relations["road"].km}
    assert 9.6 < road < 9.8


LINE = """
standoff: 1
title: One of every number that has a sign
starts: 2020-01-01
ends: 2020-01-31
every: 1 day
actors: {blue: {}, red: {}}
places: {ford: {at: [34, 40]}}
zones: {near: {centre: ford, radius: 25, holder: blue}}
state: {n: {}, faded: {half_life: 2 days}}
rules:
  go: {for: {a: actor, p: place}, when: n < faded, rate: 1, then: [n += 1], event: ASSAULT by a at p size 3}
red_lines:
  line:
    of: blue
    crossed_by: [{rule: go, by: a, at: p, if: p in near, size: 4}]
    threshold: {declared: 5, true: 6}
    forgets: 7 days
    credibility: {begin: 0.8, lost: 0.9, won: 0.1}
    response: {delay: exponential(8 days)}
stances: {blue: {options: [calm, angry], begin: calm, changes: [{from: calm, to: angry, rate: 9}]}}
deals: {truce: {parties: {blue: {deal: 2, no_deal: 1}, red: {deal: 2, no_deal: 1}}, rate: 10}}
questions: {n: {ask: How many?, number: n, at: 2020-01-31, unit: day}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("every: 1 day", "every: 0 days", 6, "SD203"), ("every: 1 day", "every: -1 days", 6, "SD211"),
        ("radius: 25", "radius: -25", 9, "SD203"), ("half_life: 2 days", "half_life: -2 days", 10, "SD211"),
        ("half_life: 2 days", "half_life: 0 days", 10, "SD312"), ("rate: 1,", "rate: -1,", 12, "SD203"),
        ("size 3", "size -3", 12, "SD312"), ("size: 4", "size: 0", 16, "SD203"), ("size: 4", "size: -4", 16, "SD203"),
        ("declared: 5", "declared: -5", 17, "SD203"), ("true: 6", "true: -6", 17, "SD203"),
        ("7 days", "0 days", 18, "SD312"), ("7 days", "-7", 18, "SD211"), ("begin: 0.8", "begin: -0.8", 19, "SD312"),
        ("lost: 0.9", "lost: 1.9", 19, "SD203"), ("won: 0.1", "won: -0.1", 19, "SD203"),
        ("8 days", "-8", 20, "SD211"), ("8 days", "0 days", 20, "SD211"), ("rate: 9", "rate: -9", 21, "SD203"),
        ("rate: 10", "rate: -10", 22, "SD203"),
    ],
)  # fmt: skip
def test_a_number_whose_sign_makes_no_sense_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, code: str
) -> None:
    assert old in LINE
    path = tmp_path / "line.yaml"
    path.write_text(LINE.replace(", unit: day", ""), encoding="utf-8")
    assert not [fault for fault in check(path) if fault.severity == "error"]
    path.write_text(LINE.replace(", unit: day", "").replace(old, new), encoding="utf-8")
    told = [fault for fault in check(path) if fault.severity == "error"]
    assert [(fault.code, fault.location and fault.location.line) for fault in told] == [(code, line)]


def test_a_unit_that_a_question_does_not_have_is_told_once_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(LINE.replace("state: {n: {}", "state: {n: {unit: company}"), encoding="utf-8")
    told = [fault for fault in check(path) if fault.code == "SD306" and fault.location and fault.location.line == 23]
    assert [fault.found for fault in told] == ["the units differ: asked for in day, but this is in company"]


def test_an_empty_text_is_no_alias(tmp_path: Path) -> None:
    path = tmp_path / "alias.yaml"
    path.write_text(LINE.replace("red: {}}\nplaces", "red: {aliases: [' ']}}\nplaces"), encoding="utf-8")
    assert [(fault.code, fault.location and fault.location.line) for fault in check(path)][:1] == [("SD203", 7)]


def test_a_headline_whose_question_has_a_fault_of_its_own_is_known(read_text: Read) -> None:
    asked = "headline: held\nkey_questions: [held]\nquestions:\n  held: {ask: Held?, when: true, at: tomorrow}\n"
    with pytest.raises(Faults) as told:
        read_text(asked)
    assert [fault.code for fault in told.value.faults] == ["SD205"]


def test_what_readers_are_told_changes_no_run() -> None:
    def bare(part: Any) -> Any:
        if isinstance(part, list):
            return [bare(item) for item in part]
        keys = ("title", "says", "headline", "key_questions")
        return {key: bare(part[key]) for key in part if key not in keys} if isinstance(part, dict) else part

    source = read(ROOT / "conformance" / "valid" / "headline.yaml")
    without = replace(source, data={**bare(source.data), "title": source.data["title"]})
    told, untold = (prepare(one, {}) for one in (source, without))
    assert dump(told.document).count("title: ") == 12 and dump(untold.document).count("title: ") == 1
    assert content_digest(ground(told.resolved)) == content_digest(ground(untold.resolved))


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("state: {stores: {}}\nflows:\n  stores: -2\n", "write stores: {rate: -2}"),
        ("state: {stores: {}}\nflows:\n  - {into: stores}\n", "write flows: {NAME: {rate: …}}, each by its name"),
        ("state: {stores: {rate: -1}}\n", "what moves a state stands under flows: {stores: {rate: …}}"),
    ],
)
def test_what_has_the_wrong_shape_is_told_the_right_one(text: str, cure: str, tmp_path: Path) -> None:
    path = tmp_path / "shape.yaml"
    path.write_text(f"standoff: 1\ntitle: a\nstarts: 2026-01-01\nends: 2026-02-01\n{text}", encoding="utf-8")
    assert [str(fault.hint) for fault in check(path)][:1] == [cure]
