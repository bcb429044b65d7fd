"""The process in which Gambit runs: a question as JSON on standard input, an answer as JSON on standard output."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any


def answer(question: dict[str, Any]) -> dict[str, object]:
    """The profiles that a method of Gambit gives, as lists of shares; else what is missing, or what failed."""
    try:
        import pygambit
        import pygambit.qre
    except ImportError as error:
        return {"missing": str(error)}
    try:
        game = pygambit.read_nfg(BytesIO(question["nfg"].encode()))
        profiles = _profiles(pygambit, game, question)
        sizes = list(enumerate(question["policies"]))
        mixes = [
            [[float(profile[f"p{actor}"][str(policy + 1)]) for policy in range(size)] for actor, size in sizes]
            for profile in profiles
        ]
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"mixes": mixes}


def _profiles(pygambit: Any, game: Any, question: dict[str, Any]) -> list[Any]:
    """The answer of pygambit 16, which has lists in all results, or 17, where some have a single equilibrium."""
    method = question["method"]
    if method == "lambda":
        return [point.profile for point in pygambit.qre.logit_solve_lambda(game, lam=[question["precision"]])]
    if method == "simpdiv":
        result = pygambit.nash.simpdiv_solve(game.mixed_strategy_profile(rational=True))
    else:
        result = getattr(pygambit.nash, f"{method}_solve")(game)
    return list(result.equilibria) if hasattr(result, "equilibria") else [result.equilibrium]


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(answer(json.load(sys.stdin))))
