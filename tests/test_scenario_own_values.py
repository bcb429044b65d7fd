"""A parameter of which every entity has a value of its own: drawn apart, read by any index, named like any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import Sampler, Session, draw_parameters, prepare, reference_run, run
from standoff.errors import Faults
from standoff.model import Model, ground, slot_of
from standoff.scenario import Amendment, Manuscript, PlainWords, Symbol, applied, check, index_of, load, read, renamed

ModelOf = Callable[..., Model]
HEAD = """\
standoff: 1
title: Who gives in
starts: 2020-01-01
ends: 2020-04-09
actors: {{blue: {{}}, red: {{name: Redland}}{more}}}
"""
BODY = """\
parameters:
  resolve: {of: actor, prior: "uniform(0, 1)", unit: 1/day, about: How soon each gives in.}
  resolve[red]: {prior: 0.25, evidence: assumption}
state: {leader: {is: actor}, gone: {of: actor}}
begin: {leader: blue}
rules: {go: {for: {a: actor}, when: "gone[a] == 0", rate: "resolve[a]", then: ["gone[a] = 1"]}}
questions:
  of-red: {ask: "?", type: number, answer: "resolve[red]", date: 2020-04-09}
  of-leader: {ask: "?", type: number, answer: "resolve[leader]", date: 2020-04-09}
  of-nobody: {ask: "?", type: number, answer: "resolve[leader.patron] + 0 * t", date: 2020-04-09}
  of-all: {ask: "?", type: number, answer: "sum(resolve[a] for a in actor)", date: 2020-04-09}
"""


def head(more: str = "") -> str:
    return HEAD.format(more=more)


def saved(folder: Path, body: str = BODY, more: str = "") -> Path:
    path = folder / "own.yaml"
    path.write_text(head(more) + body, encoding="utf-8")
    return path


def drawn(model: Model, runs: int = 50) -> dict[str, np.ndarray]:
    table = draw_parameters(model, seed=3, runs=np.arange(runs))
    return {info.name: table[:, i] for i, info in enumerate(model.parameters)}


def test_every_entity_has_a_parameter_and_a_title_of_its_own(tmp_path: Path) -> None:
    parameters = load(saved(tmp_path)).document.parameters
    assert {str(name): (str(one.title), str(one.prior), str(one.unit)) for name, one in parameters.items()} == {
        "resolve[blue]": ("resolve of Blue", "uniform(0, 1)", "1/day"),
        "resolve[red]": ("resolve of Redland", "0.25", "1/day"),
    }
    assert [one.evidence[0].from_ if one.evidence else None for one in parameters.values()] == [None, "assumption"]


def test_another_entity_moves_no_draw_of_the_others(model_of: ModelOf) -> None:
    body = BODY.replace("0.25", '"normal(0, 1)"')
    fewer, more = drawn(model_of(body, head())), drawn(model_of(body, head(", arc: {}, green: {}")))
    assert list(more) == ["resolve[blue]", "resolve[red]", "resolve[arc]", "resolve[green]"]
    for name, values in fewer.items():
        assert values.tobytes() == more[name].tobytes()
    assert len({values.tobytes() for values in more.values()}) == 4


@pytest.mark.parametrize("sampler", ["direct", "coupled"])
def test_an_index_reads_the_value_of_whom_it_names(model_of: ModelOf, sampler: Sampler) -> None:
    model = model_of(BODY, head())
    values = drawn(model, 3)
    for number in range(3):
        made = run(prepare(model, hurry=True), seed=3, run=number, sampler=sampler)
        blue, red = (values[f"resolve[{name}]"][number] for name in ("blue", "red"))
        assert list(made.answers) == [0.25, blue, 0.0, blue + red]
        twin = reference_run(model, seed=3, run=number, sampler=sampler)
        assert (made.time.tobytes(), made.answers.tobytes()) == (twin.time.tobytes(), twin.answers.tobytes())


@pytest.mark.parametrize("sampler", ["direct", "coupled"])
def test_a_value_that_is_changed_during_a_run_moves_the_rates_of_its_entity_alone(
    model_of: ModelOf, sampler: Sampler
) -> None:
    model = model_of(BODY.replace("0.25", '"uniform(0, 1)"'), head())
    still = np.zeros(2)
    session = Session.begin(prepare(model, hurry=True), seed=1, run=0, parameters=still, sampler=sampler)
    session.advance_to(10.0)
    session.change({slot_of(model, "resolve[ red ]"): 1.0})
    session.advance_to(model.days)
    gone = session.slot(slot_of(model, "gone[blue]")), session.slot(slot_of(model, "gone[red]"))
    assert gone == (0.0, 1.0)
    assert len(session.trajectory().time) == 1


def test_a_setting_fixes_one_member_or_all_but_those_that_are_named(tmp_path: Path) -> None:
    path = saved(tmp_path)

    def fixed(**settings: float) -> list[str]:
        return [str(one.prior) for one in load(path, settings=settings).document.parameters.values()]

    assert fixed(**{"resolve[blue]": 0.5}) == ["0.5", "0.25"]
    assert fixed(resolve=0.5) == ["0.5", "0.5"]
    assert fixed(**{"resolve[red]": 0.1, "resolve": 0.5}) == ["0.5", "0.1"]
    with pytest.raises(Faults, match=r"no parameter 'resolv'\n.*did you mean 'resolve'"):
        fixed(resolv=0.5)


def test_a_variant_gives_one_or_all_another_prior(tmp_path: Path) -> None:
    variants = 'variants: {one: {parameters: {"resolve[blue]": 2}}, all: {parameters: {resolve: 3}}}\n'
    path = saved(tmp_path, BODY + variants)
    found = {name: load(path, variant=name).document.parameters for name in ("one", "all")}
    assert [str(one.prior) for one in found["one"].values()] == ["2", "0.25"]
    assert [str(one.prior) for one in found["all"].values()] == ["3", "0.25"]
    assert all(one.unit == "1/day" for those in found.values() for one in those.values())


def test_correlations_hold_between_members_and_between_the_likes_of_two_parameters(tmp_path: Path) -> None:
    more = "  nerve: {of: actor, prior: 'normal(0, 1)', correlates: {nerve: 0.3, resolve: -0.2, pace: 0.1}}\n"
    more += "  pace: {prior: 'uniform(0, 1)'}\nstate:"
    path = saved(tmp_path, BODY.replace("prior: 0.25", "prior: 'uniform(0, 2)'").replace("state:", more, 1))
    found = load(path).document.parameters
    assert {str(name): one.correlates for name, one in found.items() if one.correlates} == {
        "nerve[blue]": {"nerve[red]": 0.3, "resolve[blue]": -0.2, "pace": 0.1},
        "nerve[red]": {"resolve[red]": -0.2, "pace": 0.1},
    }


def test_what_nothing_reads_of_some_is_no_warning_and_of_all_is_one(tmp_path: Path) -> None:
    one = BODY.replace("resolve[a]", "resolve[blue]").replace("resolve[leader]", "resolve[red]")
    none = "parameters: {resolve: {of: actor, prior: 'uniform(0, 1)'}}\nstate: {n: {}}\n"
    # Where nothing happens at all, only that is told.
    none += "rules: {go: {rate: 0.1, then: [n += 1], evidence: assumption}}\n"
    told = [[fault.found for fault in check(saved(tmp_path, body)) if fault.code == "SD411"] for body in (one, none)]
    assert told == [[], ["nothing uses the parameter 'resolve'"]]
    without = [fault.found for fault in check(saved(tmp_path, none)) if fault.code == "SD407"]
    assert without == ["the parameter 'resolve' has no evidence"]


def test_renaming_reaches_the_names_of_members(tmp_path: Path) -> None:
    path = saved(tmp_path)
    index = index_of(read(path))
    assert index is not None
    edits = renamed(index, {Symbol("parameter", "resolve"): "grit", Symbol("actor", "red"): "crimson"})
    before = path.read_text(encoding="utf-8")
    after = before.replace("resolve", "grit").replace("red: {n", "crimson: {n").replace("[red]", "[crimson]")
    assert applied(before, edits, index.source.file) == after


def test_renaming_reaches_the_members_that_rivals_of_a_claim_set(tmp_path: Path) -> None:
    claim = (
        "claims:\n  c: {says: s, kind: thesis, force: go, expect: 'gone[red] rises', at_least: 10 %,\n"
        "      rivals: ['resolve[red] = 0.4, resolve[blue] = 1']}\n"
    )
    path = saved(tmp_path, BODY + claim)
    index = index_of(read(path))
    assert index is not None
    edits = renamed(index, {Symbol("actor", "red"): "crimson"})
    after = applied(path.read_text(encoding="utf-8"), edits, index.source.file)
    assert "rivals: ['resolve[crimson] = 0.4, resolve[blue] = 1']" in after and "gone[crimson] rises" in after


def test_what_experts_say_of_one_entity_becomes_an_entry_of_its_own(tmp_path: Path) -> None:
    path = saved(tmp_path)
    prior = PlainWords("quantiles(5%: 0.1, 50%: 0.2, 95%: 0.5)")
    Manuscript.of(str(path)).revised([Amendment("set", ("parameters", "resolve[blue]", "prior"), prior)]).write()
    assert str(load(path).document.parameters["resolve[blue]"].prior) == prior
    assert ground(load(path).resolved).parameters[0].kind == "quantiles"


SEATS = "orders: {resume: {of: blue, then: ['gone[blue] = 0']}}\nseats: {hq: {plays: blue}}\nsees: [{who: hq, %s}]\n"


def test_a_seat_that_sees_the_parameter_sees_every_value_of_it(tmp_path: Path) -> None:
    seen = saved(tmp_path, BODY + SEATS % "parameters: resolve")
    play = load(seen).resolved.play
    assert play is not None
    assert sorted(play.sights[0].parameters) == ["resolve[blue]", "resolve[red]"]
    named = saved(tmp_path, BODY + SEATS % "parameters: ['resolve[red]', resolve]")
    play = load(named).resolved.play
    assert play is not None
    assert sorted(play.sights[0].parameters) == ["resolve[blue]", "resolve[red]"]


def test_the_parameter_that_a_seat_sees_is_renamed_with_it(tmp_path: Path) -> None:
    path = saved(tmp_path, BODY + SEATS % "parameters: resolve")
    index = index_of(read(path))
    assert index is not None
    edits = renamed(index, {Symbol("parameter", "resolve"): "will"})
    assert "parameters: will" in applied(path.read_text(encoding="utf-8"), edits, index.source.file)
