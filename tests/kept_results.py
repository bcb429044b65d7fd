"""The findings of tests/findings as the results that verbs wrote there, and others made by hand, to test displays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from standoff import strategy
from standoff.analysis import effects, explanations, rarity, spread
from standoff.display import Displayed
from standoff.report.untrusted import read_as
from standoff.strategy.bargain import BargainParty
from standoff.strategy.deciding import Chosen
from standoff.strategy.growth import Round

FINDINGS = Path(__file__).resolve().parent / "findings"
KINDS: dict[str, Any] = {
    "branch": effects.Branching, "claims": effects.Claims, "rare": rarity.Rare, "sense": spread.Sensitivity,
    "game": strategy.SolvedGame, "levers": strategy.SolvedLevers, "deciders": strategy.Decided,
    "explain-land-link": explanations.Explanation, "compare": effects.Comparison,
}  # fmt: skip


def kept_results() -> dict[str, Displayed]:
    """A result of every verb that keeps one, by the file that holds it, and of those that keep none, by the verb."""
    made: dict[str, Displayed] = {name: _kept(name, kind) for name, kind in KINDS.items()}
    return made | {"knock-out": _knocked_out(), "bargain": _bargain(), "decide": _decided(), "grow": _grown()}


def _kept(name: str, kind: Any) -> Any:
    content = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8"))
    if name == "compare":
        content["questions"] = [one | {"paired": one} for one in content["differences"]]
        content["series"] = [one | {"paired": one} for one in content["series"]]
    return read_as(kind, content)


def _knocked_out() -> effects.KnockOuts:
    moved = effects.Moved("link", "Is the land link open?", 0.652, 0.318, -0.334, -0.402, -0.266, 141, 3, own=False)
    still = effects.Moved("tanf", "Does Tanf fall?", 0.111, 0.114, 0.003, -0.012, 0.018, 9, None, own=True)
    made = (
        effects.KnockOut("M1", ("massing", "marching"), ("marching",), {}, (moved, still)),
        effects.KnockOut("M18", (), (), {"oil_boost": 0.0}, (still,)),
        effects.KnockOut("M30", (), (), {}, ()),
    )
    return effects.KnockOuts("eastern-syria-2017-v2", 1, 400, forecasts=True, questions=22, mechanisms=made)


def _bargain() -> strategy.SolvedBargain:
    terms = ("share 0.1", "share 0.5")
    surpluses = tuple(
        strategy.Surplus(term, party, mean, mean - 0.21, mean + 0.21)
        for term, party, mean in zip(terms * 2, ("one", "one", "two", "two"), (0.31, 0.62, 0.84, 0.44), strict=True)
    )
    shares = (strategy.Share("one", 0.623, 0.551, 0.695), strategy.Share("two", 0.441, 0.371, 0.511))
    settled = strategy.Settlement("nash", (("share 0.5", 1.0),), shares, 0.982)
    return strategy.SolvedBargain(
        "pie", 1, "divide", date(2019, 1, 1), 400, 0.97,
        (BargainParty("one", "point"), BargainParty("two", None)), terms,
        strategy.ZoneOfAgreement("exists", terms, surpluses), (settled,),
        strategy.Offers(settled, (settled,), ("two",)),
    )  # fmt: skip


def _decided() -> strategy.OutsideDecisions:
    chosen = (Chosen("opens", 41, {"wait": 36, "go_left": 5}),)
    return strategy.OutsideDecisions(
        "crisis", 1, "washington", "us", "point", "lookahead", "everything", 20, 1.62, 2.41, 0.79, 0.12, 1.46, chosen
    )


def _grown() -> strategy.GrownGame:
    response = strategy.Response("red", "press 0.62", 0.412, 0.101, 0.723, added=True)
    rounds = (Round({"red": {"hold": 0.25, "press": 0.75}, "blue": {"stand": 1.0}}, (response,)),)
    return strategy.GrownGame("crisis", 1, 0.05, 0.05, rounds, grown=False)
