"""Rewrite the golden files of conformance/: expanded forms, exact answers and play-throughs.

Run it by `make golden`, and read the diff: a change that nobody meant is a bug that nobody would have seen.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import standoff
from conformance.exact.processes import LAWS
from conformance.playthroughs.log import logs_of
from conformance.strategy.games import CONTESTS, GAMES, LEVERS
from standoff.scenario import claim_plans, dump, load, policy_plans


def write(path: Path, text: str) -> None:
    """Write a file where its text has changed, and say so."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.write_text(text, encoding="utf-8")
    print(path.relative_to(ROOT))


def write_exact_answers() -> None:
    """conformance/exact: what the law says, beside each scenario."""
    for name, law_of in LAWS.items():
        law = law_of()
        answers = ",\n  ".join(json.dumps(answer) for answer in law.answers)
        told = json.dumps({"process": law.process, "law": law.law, "source": law.source}, indent=1, ensure_ascii=False)
        lines = f'{told[:-2]},\n "answers": [\n  {answers}\n ]\n}}'
        if law.chain:
            rows = ",\n  ".join(json.dumps([here, there, rate]) for (here, there), rate in law.chain.rates.items())
            lines = f'{lines[:-2]},\n "chain": [\n  {rows}\n ]\n}}'
        write(ROOT / "conformance" / "exact" / f"{name}.answers.json", lines + "\n")


def write_known_games() -> None:
    """conformance/strategy: payoffs and equilibria, beside each scenario."""
    for name, game_of in GAMES.items():
        game = game_of()
        told = {
            "law": game.law,
            "source": game.source,
            "payoffs": [{"profile": list(profile), "payoffs": list(both)} for profile, both in game.payoffs.items()],
            "equilibria": list(game.equilibria),
        }
        text = json.dumps(told, indent=1, ensure_ascii=False)
        write(ROOT / "conformance" / "strategy" / f"{name}.answers.json", text + "\n")


    for name, levers_of in LEVERS.items():
        levers = levers_of()
        each = {"payoffs": levers.payoffs, "mean": levers.mean, "worst": levers.worst, "regret": levers.regret}
        told = {"law": levers.law, "source": levers.source, "actor": levers.actor, **each}
        text = json.dumps(told, indent=1, ensure_ascii=False)
        write(ROOT / "conformance" / "strategy" / f"{name}.answers.json", text + "\n")


    for name, contest_of in CONTESTS.items():
        text = json.dumps(asdict(contest_of()), indent=1, ensure_ascii=False)
        write(ROOT / "conformance" / "strategy" / f"{name}.answers.json", text + "\n")


def write_expanded_forms() -> None:
    """conformance/valid: the machine form of each scenario, and those that test claims and policies."""
    for path in sorted((ROOT / "conformance" / "valid").glob("*.yaml")):
        if path.suffixes == [".yaml"]:
            scenario = load(str(path))
            write(path.with_suffix(".expanded.yaml"), scenario.expanded_text())
            if scenario.document.claims:
                write(path.with_suffix(".tested.yaml"), dump(claim_plans(scenario).expanded))
            if scenario.document.policies:
                write(path.with_suffix(".switched.yaml"), dump(policy_plans(scenario).expanded))


def write_playthroughs() -> None:
    """conformance/playthroughs: what each scenario of the theatre and the gallery does at seed 1."""
    for name in (*standoff.bundled("theatre"), *standoff.bundled("gallery")):
        for path, text in logs_of(name).items():
            write(path, text)


if __name__ == "__main__":
    write_exact_answers()
    write_known_games()
    write_expanded_forms()
    write_playthroughs()
