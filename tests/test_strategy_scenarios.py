"""Games of scenarios: what actors gain under each profile, against what is known without a run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from conformance.strategy.games import CONTESTS, GAMES, LEVERS
from standoff.ensemble import Where
from standoff.errors import Faults, RunStopped, UsageError
from standoff.scenario import load
from standoff.strategy import Blocks, SolvedGame, solve_bargain, solve_game, solve_levers
from standoff.strategy.game import ScenarioGame, players
from standoff.strategy.runs import PolicyRuns

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "strategy"


def blocks_of(name: str, count: int, *, seed: int = 1, jobs: int = 1) -> Blocks:
    """Blocks of a known game."""
    runs = PolicyRuns(load(FOLDER / f"{name}.yaml"), seed=seed, where=Where(jobs))
    return ScenarioGame(runs, players(runs, None)).blocks(0, count)


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize("name", GAMES)
def test_mean_payoffs_are_those_that_are_known(name: str) -> None:
    """Within 6 standard errors of 400 blocks: 2e-9 for each of at most 8 payoffs a game, and a factor of ten."""
    game, blocks = GAMES[name](), blocks_of(name, 400)
    for at in np.ndindex(blocks.payoff.shape[1:-1]):
        profile = (blocks.policies[0][at[0]], blocks.policies[1][at[1]])
        values = blocks.payoff[(slice(None), *at)]
        error = np.maximum(values.std(axis=0, ddof=1) / np.sqrt(len(blocks)), 1e-9)
        assert (np.abs(values.mean(axis=0) - game.payoffs[profile]) <= 6 * error).all(), profile


@pytest.mark.parametrize("name", GAMES)
def test_the_stored_answers_are_those_of_the_formulas(name: str) -> None:
    stored = json.loads((FOLDER / f"{name}.answers.json").read_text(encoding="utf-8"))
    game = GAMES[name]()
    assert {tuple(row["profile"]): tuple(row["payoffs"]) for row in stored["payoffs"]} == game.payoffs
    assert stored["equilibria"] == list(game.equilibria)


def test_every_game_has_its_scenario_and_every_scenario_its_answers() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted([*GAMES, *LEVERS, *CONTESTS])


@pytest.mark.parametrize("name", GAMES)
def test_equilibria_that_are_known_leave_nobody_better_off(name: str) -> None:
    game = GAMES[name]()
    actors = list(game.equilibria[0])
    for shares in game.equilibria:
        for who, actor in enumerate(actors):
            other = actors[1 - who]
            worth = {
                own: sum(
                    share * game.payoffs[(own, policy) if who == 0 else (policy, own)][who]
                    for policy, share in shares[other].items()
                )
                for own in {profile[who] for profile in game.payoffs}
            }
            best = max(worth.values())
            assert all(worth[policy] == pytest.approx(best) for policy, share in shares[actor].items() if share > 0)


def test_blocks_do_not_depend_on_workers_or_on_how_they_are_cut() -> None:
    whole = blocks_of("hawk-dove", 40)
    runs = PolicyRuns(load(FOLDER / "hawk-dove.yaml"), seed=1, where=Where(2))
    reversed_policies = {actor: tuple(reversed(own)) for actor, own in players(runs, None).items()}
    parts = [ScenarioGame(runs, reversed_policies).blocks(first, 20).payoff[:, ::-1, ::-1] for first in (0, 20)]
    assert np.concatenate(parts).tolist() == whole.payoff.tolist()


def solved(name: str, tolerance: float, **options: int) -> SolvedGame:
    """A known game, solved."""
    return solve_game(load(FOLDER / f"{name}.yaml"), tolerance=tolerance, **options)


@pytest.mark.parametrize(("name", "tolerance"), [
    ("deterrence", 0.01), ("hawk-dove", 0.4), ("prisoners-dilemma", 0.5), ("matching-pennies", 0.05),
    ("battle-of-the-sexes", 0.05),
])  # fmt: skip
def test_the_equilibria_that_are_known_are_found_and_settled(name: str, tolerance: float) -> None:
    """Shares within 0.05: estimated from 400 blocks, whose luck moves them by less (seed 1; no other was tried)."""
    known, made = GAMES[name]().equilibria, solved(name, tolerance)
    assert {one.standing for one in made.equilibria} == {"settled"} and len(made.equilibria) == len(known)
    assert all(one.blocks <= 3200 for one in made.equilibria)
    for expected in known:
        assert any(_near(one.shares, expected) for one in made.equilibria), expected


def _near(shares: dict[str, dict[str, float]], expected: dict[str, dict[str, float]]) -> bool:
    return all(
        set(shares[actor]) == set(own) and abs(shares[actor][policy] - share) < 0.05
        for actor, own in expected.items()
        for policy, share in own.items()
    )


def test_a_mixed_equilibrium_of_few_runs_is_told_to_be_unstable() -> None:
    few, many = solved("hawk-dove", 0.4, blocks=8), solved("hawk-dove", 0.4, blocks=400)
    mixed = [one.stability for made in (few, many) for one in made.equilibria if len(one.shares["north"]) == 2]
    assert mixed[-1] >= 0.99 and (len(mixed) == 1 or mixed[0] < 0.95)


def test_a_profile_that_somebody_leaves_is_refuted_by_name() -> None:
    """From two blocks an equilibrium may be found that is none; fresh blocks say who leaves it, and for what."""
    seen = [one for seed in range(3) for one in solved("hawk-dove", 0.05, blocks=3, seed=seed).equilibria]
    refuted = [one for one in seen if one.standing == "refuted"]
    assert refuted and all(one.broken_by is not None and one.broken_by.low > 0.05 for one in refuted)
    assert all(one.broken_by is None for one in seen if one.standing != "refuted")


def test_each_actor_can_have_a_tolerance_of_its_own() -> None:
    made = solve_game(load(FOLDER / "deterrence.yaml"), tolerance={"red": 0.2, "blue": 0.05}, blocks=100)
    assert made.tolerance == {"red": 0.2, "blue": 0.05}
    for one in made.equilibria:
        for gain in one.gains:
            assert gain.low <= gain.gain <= gain.high <= made.tolerance[gain.actor]
    # What it is called does not change what somebody gains: on the same fresh blocks, in the unit of its goal.
    few = [
        solve_game(load(FOLDER / "hawk-dove.yaml"), tolerance=one, blocks=40, at_most=40).equilibria[0]
        for one in ({"north": 0.2, "south": 0.05}, {"north": 5.0, "south": 5.0})
    ]
    assert [one.gain for one in few[0].gains] == pytest.approx([one.gain for one in few[1].gains], abs=1e-12)
    assert any(abs(one.gain) > 1e-6 for one in few[0].gains)


REFUSED = [
    ({"tolerance": 0}, "above 0"),
    ({"tolerance": {"red": 1}}, "there is no tolerance for 'blue'"),
    ({"tolerance": {"red": 1, "bleu": 1}}, "did you mean 'blue'"),
    ({"tolerance": 1, "actors": {"rad": ()}}, "did you mean 'red'"),
    ({"tolerance": 1, "actors": {"red": ("hold", "hould"), "blue": ()}}, "'red' has no policy 'hould'; did you mean"),
    ({"tolerance": 1, "blocks": 1}, "two blocks"),
    ({"tolerance": 1, "error": 2}, "the error must lie between 0 and 0.5, not 2"),
    ({"tolerance": 1e-320, "blocks": 2}, "rounding alone is more than .*; give a larger tolerance"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_makes_no_game_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        solve_game(load(FOLDER / "deterrence.yaml"), **options)  # type: ignore[arg-type]


def test_a_scenario_without_policies_or_goals_is_told_what_it_lacks(tmp_path: Path) -> None:
    text = (FOLDER / "deterrence.yaml").read_text(encoding="utf-8")
    for start, end, message in (("policies:", "questions:", "0 actors with both"), ("goals:", "policies:", "0 actors")):
        file = tmp_path / "scenario.yaml"
        file.write_text(text[: text.index(start)] + text[text.index(end) :], encoding="utf-8")
        with pytest.raises(UsageError, match=message):
            solve_game(load(file), tolerance=1)


def test_each_criterion_names_the_lever_that_is_known_to_be_best_by_it() -> None:
    """Each interval covers what is known: 60 worlds of 30 runs, 9 intervals of 95%, at seed 1 (no other was tried)."""
    known = LEVERS["three-levers"]()
    made = solve_levers(load(FOLDER / "three-levers.yaml"), actor=known.actor, worlds=60, replicates=30, threshold=4)
    named = {best.criterion: best.lever for best in made.best}
    assert {criterion: named[criterion] for criterion in ("mean", "worst", "regret")} == {
        "mean": max(known.mean, key=known.mean.__getitem__),
        "worst": max(known.worst, key=known.worst.__getitem__),
        "regret": min(known.regret, key=known.regret.__getitem__),
    }
    assert made.others == {"nature": ("as_written", "mild", "wet", "hard")}
    for value in made.values:
        assert value.worst is not None and value.regret is not None and value.share is not None
        assert value.mean.low <= known.mean[value.lever] <= value.mean.high
        assert value.worst.low <= known.worst[value.lever] <= value.worst.high
        # Luck is shared and adds the same to every choice, so regret is known exactly.
        assert value.regret.value == pytest.approx(known.regret[value.lever])


def test_levers_set_numbers_and_policies_in_every_combination(tmp_path: Path) -> None:
    text = (FOLDER / "three-levers.yaml").read_text(encoding="utf-8").replace("luck + (", "bonus + luck + (")
    text += 'parameters: {bonus: {prior: "uniform(0, 1)", evidence: assumption}}\n'
    more = "  more: {of: us, parameter: bonus, values: [0, 7], evidence: assumption}\n"
    text = text.replace("levers:\n", f"levers:\n{more}")
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    made = solve_levers(load(file), actor="us", worlds=2, replicates=4, vary_others=False)
    assert [choice.name for choice in made.choices][:2] == ["more 0, as_written", "more 0, second_thing"]
    mean = {value.lever: value.mean.value for value in made.values}
    assert mean["more 7, third_thing"] == pytest.approx(mean["more 0, third_thing"] + 7)
    assert made.swings == ()
    wider = solve_levers(load(file), actor="us", worlds=8, replicates=4, vary_others=False)
    swings = {one.lever: one.swing for one in wider.swings}
    # In the one world there is, the third yields as much as the second, and both one more than the first.
    assert swings["more"].value == pytest.approx(7) and swings["which"].value == pytest.approx(1)
    only = solve_levers(load(file), actor="us", levers=["more"], worlds=2, replicates=4, vary_others=False)
    assert [choice.name for choice in only.choices] == ["more 0", "more 7"] and only.others == {}


def spoiled(tmp_path: Path, old: str, new: str) -> Path:
    """The game of deterrence, changed in one place."""
    text = (FOLDER / "deterrence.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "scenario.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_an_actor_with_policies_and_no_goal_is_not_told_to_choose(tmp_path: Path) -> None:
    file = spoiled(tmp_path, "blue: {kind: state}}", "blue: {kind: state}, green: {kind: state}}")
    text = file.read_text(encoding="utf-8")
    text = text.replace("stances:\n", "stances:\n  green: {options: [near, far], begin: near, evidence: assumption}\n")
    text = text.replace("policies:\n", "policies:\n  leave: {of: green, stance: far, evidence: assumption}\n")
    file.write_text(text, encoding="utf-8")
    told = solve_game(load(file), tolerance=1, blocks=2, at_most=2).notes
    assert "green: as written; there are policies but no goal by which to choose among them" in told
    file.write_text(text.replace("goals:\n", "goals:\n  green: {is: 1, evidence: assumption}\n"), encoding="utf-8")
    told = solve_game(load(file), tolerance=1, actors={"red": (), "blue": ()}, blocks=2, at_most=2).notes
    assert "green: as written; to let them choose as well, name them with --actor" in told


def test_an_interval_of_one_number_says_what_it_may_not_have_seen() -> None:
    for blocks, told in ((20, 1), (2000, 0)):
        made = solve_game(load(FOLDER / "deterrence.yaml"), tolerance=9, blocks=blocks, at_most=2, actors={
            "red": ("as_written",), "blue": ()})  # fmt: skip
        assert sum(f"fewer than about 3 of {blocks} runs may not be seen" in note for note in made.notes) == told


def test_one_actor_alone_is_a_game_where_it_is_named(tmp_path: Path) -> None:
    made = solve_game(load(FOLDER / "deterrence.yaml"), tolerance=1, actors={"blue": ()}, blocks=10, at_most=10)
    assert [player.actor for player in made.players] == ["blue"]
    assert not any("not found" in note for note in made.notes)
    text = (FOLDER / "deterrence.yaml").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines(keepends=True) if "of: red" not in row]
    file = tmp_path / "scenario.yaml"
    file.write_text("".join(rows), encoding="utf-8")
    with pytest.raises(UsageError, match=r"has 1 actor with both .* to see what blue gains .*name it with --actor"):
        solve_game(load(file), tolerance=1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_stops_says_under_which_policies_and_values(tmp_path: Path, jobs: int) -> None:
    """Blue's goal is divided by 0 where Blue is ready."""
    file = spoiled(tmp_path, "(0.5 if stance_blue == ready else 0)", "1 / (0 if stance_blue == ready else 1)")
    with pytest.raises(RunStopped, match=r"in the policies red=as_written, blue=ready\)"):
        solve_game(load(file), tolerance=1, blocks=2, jobs=jobs)
    text = (FOLDER / "three-levers.yaml").read_text(encoding="utf-8").replace("luck + (", "1 / (7 - bonus) + luck + (")
    text += 'parameters: {bonus: {prior: "uniform(0, 1)", evidence: assumption}}\n'
    more = "  more: {of: us, parameter: bonus, values: [0, 7], evidence: assumption}\n"
    file.write_text(text.replace("levers:\n", f"levers:\n{more}"), encoding="utf-8")
    with pytest.raises(RunStopped, match=r"in the policies us=as_written, nature=\w+ with bonus = 7\)"):
        solve_levers(load(file), actor="us", levers=["more"], worlds=2, replicates=4, jobs=jobs)


LEVERS_REFUSED = [
    ({"actor": "usa"}, "'usa' has no levers; did you mean 'us'"),
    ({"actor": "us", "levers": ["whish"]}, "'us' has no lever 'whish'; did you mean 'which'"),
    ({"actor": "us", "replicates": 1}, "minimax regret needs 4 replicates"),
    ({"actor": "us", "worlds": 0}, "a world and a replicate at least"),
]


@pytest.mark.parametrize(("options", "message"), LEVERS_REFUSED)
def test_levers_that_cannot_be_weighed_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        solve_levers(load(FOLDER / "three-levers.yaml"), **options)  # type: ignore[arg-type]


BARGAIN = """\
standoff: 1
title: A pie
starts: 2019-01-01
ends: 2019-02-19
actors: {one: {kind: state}, two: {kind: state}}
state: {got: {of: actor}}
parameters: {share: {prior: "uniform(0.4, 0.6)", evidence: assumption}}
deals:
  divide:
    parties: {one: {deal: 1, no_deal: 0}, two: {deal: 1, no_deal: 0}}
    rate: 0.2
    terms: ["got[one] += share", "got[two] += 1 - share"]
    issues: {share: [0.1, 0.3, 0.5, 0.7, 0.9]}
    evidence: assumption
rules:
  walks: {for: {a: actor}, rate: 0.01, when: not in_force_divide, then: ["got[a] += 0.1"], silent: true}
goals:
  one: {is: "got[one]", unit: pie, evidence: assumption}
  two: {is: "got[two]", unit: pie, evidence: assumption}
"""


def test_a_pie_is_divided_as_bargaining_solutions_say(tmp_path: Path) -> None:
    """What each has without the deal is simulated: 0.1 at 0.01 a day for 50 days, 0.05 on average for both."""
    file = tmp_path / "pie.yaml"
    file.write_text(BARGAIN, encoding="utf-8")
    made = solve_bargain(load(file), "divide", blocks=400, impatience={"one": 0.01, "two": 0.01})
    assert made.terms == ("share 0.1", "share 0.3", "share 0.5", "share 0.7", "share 0.9")
    for gain in made.zone.surpluses:
        share = float(gain.terms.split()[1])
        assert gain.low <= (share if gain.party == "one" else 1 - share) - 0.05 <= gain.high
    assert made.zone.standing == "exists" and "share 0.5" in made.zone.acceptable
    assert [settled.terms for settled in made.settlements] == [(("share 0.5", 1.0),)] * 2
    assert made.offers is not None
    first, second = (share.value for share in made.offers.expected.shares)
    assert first == pytest.approx(0.45, abs=0.03) and second == pytest.approx(0.45, abs=0.03)
    hurried = [
        solve_bargain(load(file), "divide", blocks=20, impatience=dict(each)).offers
        for each in ([("one", 0.5), ("two", 0.01)], [("two", 0.01), ("one", 0.5)])
    ]
    assert hurried[0] == hurried[1] and hurried[0] is not None
    assert hurried[0].expected.shares[0].value < 0.2 < 0.7 < hurried[0].expected.shares[1].value


def test_a_deal_that_cannot_be_bargained_over_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pie.yaml"
    file.write_text(BARGAIN, encoding="utf-8")
    with pytest.raises(Faults, match="there is no deal 'devide'"):
        solve_bargain(load(file), "devide")
    with pytest.raises(UsageError, match="how impatient is 'two'"):
        solve_bargain(load(file), "divide", impatience={"one": 0.1})
    with pytest.raises(UsageError, match="2020-01-01 is outside the scenario"):
        solve_bargain(load(file), "divide", day=date(2020, 1, 1))


def test_a_deal_is_struck_only_where_it_is_possible(tmp_path: Path) -> None:
    """Half of the runs have walked out by then; in these the deal changes nothing."""
    text = BARGAIN.replace("    rate: 0.2\n", "    rate: 0.2\n    when: not over\n")
    text = text.replace("state: {", "state: {over: {is: truth}, ").replace(
        "rules:\n", "rules:\n  ends_it: {at: 5, then: [{chance: [{p: 0.5, do: [over = true]}]}], silent: true}\n"
    )
    file = tmp_path / "pie.yaml"
    file.write_text(text, encoding="utf-8")
    made = solve_bargain(load(file), "divide", day=date(2019, 1, 20), blocks=200)
    assert 0.35 < made.possible < 0.65
    gains = {(gain.terms, gain.party): gain.mean for gain in made.zone.surpluses}
    # Also with a deal, whoever walked out before it has what it took.
    assert gains["share 0.9", "one"] == pytest.approx(0.9 * made.possible, abs=0.05)
    assert solve_bargain(load(file), "divide", blocks=50).possible == 1.0
    # It counts where some of the terms can be struck, though the last cannot.
    file.write_text(text.replace("when: not over\n    terms", "when: share < 0.8\n    terms"), encoding="utf-8")
    assert solve_bargain(load(file), "divide", blocks=5).possible == 1.0
    file.write_text(text.replace("when: not over\n    terms", "when: over\n    terms"), encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be struck on 2019-01-01 in any of 50 runs"):
        solve_bargain(load(file), "divide", blocks=50)


def test_a_goal_that_counts_the_deals_rule_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pie.yaml"
    file.write_text(BARGAIN.replace('{is: "got[one]"', '{is: "got[one] + count(divide_struck)"'), encoding="utf-8")
    with pytest.raises(Faults, match="does not count the deal that a bargain strikes"):
        solve_bargain(load(file), "divide")


def test_a_lever_that_contradicts_the_policy_makes_no_choice(tmp_path: Path) -> None:
    text = (FOLDER / "three-levers.yaml").read_text(encoding="utf-8").replace("luck + (", "bonus + luck + (")
    text += 'parameters: {bonus: {prior: "uniform(0, 1)", evidence: assumption}}\n'
    text = text.replace("{chooses: {always: take_third}}", "{chooses: {always: take_third}}, parameters: {bonus: 7}")
    more = "  more: {of: us, parameter: bonus, values: [0, 7], evidence: assumption}\n"
    text = text.replace("levers:\n", f"levers:\n{more}")
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    made = solve_levers(load(file), actor="us", worlds=4, replicates=4, vary_others=False)
    assert [choice.name for choice in made.choices] == [
        "more 0, as_written", "more 0, second_thing", "more 7, as_written", "more 7, second_thing",
        "more 7, third_thing",
    ]  # fmt: skip
    assert made.swings == ()
    # What a policy sets holds without a lever on it: the same worlds and luck as with the lever at that value.
    alone = solve_levers(load(file), actor="us", levers=["which"], worlds=4, replicates=4, vary_others=False)
    assert alone.values[2].lever == "third_thing" and alone.values[2].mean == made.values[4].mean
    file.write_text(text.replace("values: [0, 7]", "values: [0, 5]"), encoding="utf-8")
    with pytest.raises(UsageError, match="'third_thing' sets 'bonus' to 7, and no lever of 'us' does"):
        solve_levers(load(file), actor="us", worlds=4, replicates=4)
