"""Gambit as a program beside this one: it gets a game as text, has so many seconds, and its answer is only a proposal.

It runs in a process of its own because its solvers can hang, and because importing it takes seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from subprocess import TimeoutExpired, run

import numpy as np

from standoff.errors import UsageError, shown
from standoff.strategy.payoffs import Floats, Mix
from standoff.strategy.reduction import spans

INSTALL = (
    "pip install 'standoff[strategy]', or where there is no C++ compiler: pip install --pre 'pygambit>=17.0.0b2,<18'"
)
METHODS = ("enumpure", "enummixed", "logit", "simpdiv")


def ask_gambit(mean: Floats, method: str, *, seconds: float = 60) -> tuple[Mix, ...]:
    """The equilibria of mean payoffs by one of Gambit's methods; the payoffs are sent divided by their span.

    Raises UsageError, with what to do, where pygambit is missing, takes longer, fails, or answers what is no mix.
    """
    scaled = (mean - mean.min(axis=tuple(range(mean.ndim - 1)))) / spans(mean)
    answer = _asked({"nfg": nfg(scaled), "method": method, "policies": mean.shape[:-1]}, seconds)
    return tuple(_checked(mix, mean.shape[:-1]) for mix in _list(answer))


def ask_gambit_for_responses(mean: Floats, precision: Sequence[float], *, seconds: float = 60) -> tuple[Mix, ...]:
    """The logit quantal responses on Gambit's principal branch, at a precision for each actor, in 1 / unit.

    Gambit knows one precision for all: each actor's payoffs are sent in units of its own.
    """
    own = np.asarray(precision, dtype=np.float64)
    whole = float((own * spans(mean)).max())
    question = {"nfg": nfg(mean * own / whole), "method": "lambda", "policies": mean.shape[:-1], "precision": whole}
    return tuple(_checked(mix, mean.shape[:-1]) for mix in _list(_asked(question, seconds)))


def nfg(mean: Floats, *, title: str = "standoff") -> str:
    """Mean payoffs in Gambit's format for games in strategic form, with 12 decimals, which Gambit reads exactly.

    Actors are p0, p1 …; the policies of the first actor change fastest.
    """
    shape = mean.shape[:-1]
    players = " ".join(f'"p{actor}"' for actor in range(len(shape)))
    numbers = np.moveaxis(mean, -1, 0).reshape(len(shape), -1, order="F").T
    body = "\n".join(" ".join(f"{payoff:.12f}" for payoff in profile) for profile in numbers)
    return f"NFG 1 R {json.dumps(title)} {{ {players} }} {{ {' '.join(map(str, shape))} }}\n\n{body}\n"


def _asked(question: dict[str, object], seconds: float) -> object:
    """What the process beside this one answers."""
    # -P: a file called pygambit.py in the folder of the day is not meant.
    command = [sys.executable, "-P", "-m", "standoff.strategy.gambit_process"]
    try:
        done = run(command, input=json.dumps(question), capture_output=True, text=True, timeout=seconds, check=False)
    except TimeoutExpired as error:
        raise UsageError(
            f"Gambit's {question['method']} had no answer after {seconds:g} s and was stopped; leave Gambit out, or "
            "give fewer policies"
        ) from error
    try:
        # The last line: a solver may have printed before.
        answer = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        answer = None
    if not isinstance(answer, dict) or not {"mixes", "missing", "failed"} & set(answer):
        last = done.stderr.strip().splitlines()[-1:] or ["it printed nothing"]
        raise UsageError(f"Gambit ended without an answer ({shown(last[0])}); leave it out, or install another version")
    if "missing" in answer:
        raise UsageError(f"Gambit is not installed here: {INSTALL}")
    if "failed" in answer:
        raise UsageError(f"Gambit's {question['method']} failed: {shown(answer['failed'])}; leave Gambit out")
    return answer["mixes"]


def _list(answer: object) -> list[object]:
    if not isinstance(answer, list):
        raise UsageError(f"Gambit answered what is no list of profiles: {shown(answer)}; leave it out")
    return answer


def _checked(mix: object, shape: Sequence[int]) -> Mix:
    """An answer as a mix; Gambit's rounding is taken off, anything else is refused."""
    try:
        shares = [np.array(own, dtype=np.float64) for own in mix]  # type: ignore[attr-defined]
        right = tuple(len(own) for own in shares) == tuple(shape)
        right = right and all(bool((own >= -1e-6).all()) and abs(float(own.sum()) - 1) < 1e-6 for own in shares)
    except (TypeError, ValueError):
        right = False
    if not right:
        raise UsageError(f"Gambit answered what is no profile of mixed policies: {shown(mix)}; leave it out")
    kept = [np.maximum(own, 0.0) for own in shares]
    return tuple(tuple((own / own.sum()).tolist()) for own in kept)
