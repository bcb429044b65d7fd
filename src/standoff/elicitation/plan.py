"""What is asked of whom: the parameters, seed questions with their known answers, quantiles and experts."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from standoff.elicitation.steps import Scale
from standoff.errors import Fault, Faults, Location, UsageError, refuse_unknown
from standoff.scenario import Document, Words, parse_prior, read_mapping

VERSION = 1
FILE = "plan.json"
MOST_ASKED = 40
"""Questions of one form, where they are not named: more tire an expert."""
MOST_EXPERTS = 26
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the form: `id` says nothing of what it is for; `of` is a parameter, or the name of a seed question.

    Values lie above `low` and below `high`; on a `log` scale orders of magnitude are evenly likely. `answer` is the
    known answer of a seed question, which no expert is shown.
    """

    id: str
    of: str
    ask: str
    about: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    log: bool = False
    answer: float | None = None

    @property
    def scale(self) -> Scale:
        """The scale of its values."""
        return Scale(self.log)


@dataclass(frozen=True, slots=True)
class Plan:
    """An elicitation: which scenario, which shares (of 1) of belief are asked for, what, and of whom.

    `experts` has the names by the letters that stand for them everywhere else.
    """

    scenario: str
    title: str
    quantiles: tuple[float, ...]
    questions: tuple[Asked, ...]
    experts: Mapping[str, str] = field(default_factory=dict)

    @property
    def seeds(self) -> tuple[Asked, ...]:
        """The questions whose answers are known."""
        return tuple(one for one in self.questions if one.answer is not None)

    @property
    def token(self) -> str:
        """Names what is asked, so that an answer to other questions is noticed."""
        content = [self.quantiles, [(one.id, one.ask, one.unit) for one in self.questions]]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8")).hexdigest()[:16]

    def to_json(self) -> str:
        """The plan, for the folder of the analyst; it holds names and known answers."""
        return json.dumps({"standoff_elicitation": VERSION, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


def percent(share: float) -> str:
    """A share as heads of columns name it: `5%`."""
    return f"{share * 100:g}%"


def plan_of(
    scenario: str,
    document: Document,
    *,
    parameters: Sequence[str] = (),
    seeds: Sequence[Asked] = (),
    experts: Sequence[str] = (),
    quantiles: Sequence[float] = QUANTILES,
) -> Plan:
    """An elicitation of parameters, by default of those that rest on nobody's word; seed questions come first.

    Raises UsageError for parameters that there are not, too many questions or experts, and quantiles out of order.
    """
    chosen = list(parameters) or [
        name for name, one in document.parameters.items() if {piece.from_ for piece in one.evidence} <= {"assumption"}
    ]
    refuse_unknown(chosen, document.parameters, found="there is no parameter '{}'", what="parameters")
    if not chosen:
        raise UsageError("every parameter has evidence; name those to ask for: --parameters NAME,NAME")
    if len(chosen) > MOST_ASKED and not parameters:
        raise UsageError(
            f"{len(chosen)} parameters rest on assumptions alone; name those to ask for: --parameters NAME,NAME "
            "(standoff sense says which matter)"
        )
    shares = tuple(quantiles)
    if not _rise(shares):
        raise UsageError("quantiles must rise and lie between 0 and 100, such as 5,50,95")
    if not experts or len(experts) > MOST_EXPERTS:
        raise UsageError(f"there can be 1 to {MOST_EXPERTS} experts, not {len(experts)}")
    names = [name for name in experts if name]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"two experts are called '{twice}'; tell them apart, since each gets a letter and a form")
    asked = [*seeds, *(_of_parameter(name, document) for name in chosen)]
    numbered = [Asked(f"q{number}", **_but_id(one)) for number, one in enumerate(asked, 1)]
    letters = {chr(ord("A") + number): name for number, name in enumerate(experts)}
    return Plan(scenario, str(document.title), shares, tuple(numbered), letters)


def _but_id(one: Asked) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "id"}


def _of_parameter(name: str, document: Document) -> Asked:
    one = document.parameters[name]
    prior = parse_prior(one.prior, at_least=one.at_least, at_most=one.at_most)
    low, high = one.at_least, one.at_most
    if prior.kind == "beta":
        low, high = 0.0 if low is None else low, 1.0 if high is None else high
    elif prior.kind in ("lognormal", "loguniform", "logquantiles", "gamma", "exponential") and low is None:
        low = 0.0
    about = " ".join(str(one.about or "").split())
    ask = str(one.title or about or name.replace("_", " "))
    log = prior.kind in ("lognormal", "loguniform", "logquantiles")
    return Asked("", name, ask, about if about != ask else "", str(one.unit or ""), low, high, log)


_SEED_KEYS = ("ask", "about", "unit", "answer", "at_least", "at_most", "scale")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")


def read_seeds(path: Path) -> tuple[Asked, ...]:
    """Seed questions from a YAML file: by name, each with `ask`, `answer` and more; raises Faults with their places.

    A question is `{ask: TEXT, answer: NUMBER, unit: TEXT, about: TEXT, at_least: NUMBER, at_most: NUMBER, scale: log}`.
    """
    data = read_mapping(path, str(path))
    faults: list[Fault] = []
    found = [_seed(name, entry, str(path), faults) for name, entry in data.items()]
    if faults:
        raise Faults(faults)
    return tuple(found)


def _seed(name: str, entry: Any, file: str, faults: list[Fault]) -> Asked:
    place = name.location if isinstance(name, Words) else Location(file, 1, 1)
    if not isinstance(entry, Mapping) or _NAME.fullmatch(name) is None:
        expected = "NAME: {ask: How many …?, answer: 12, unit: km}"
        faults.append(Fault("SD203", place, f"'{name}' is no seed question", expected))
        return Asked("", name, "")
    for key in entry:
        if key not in _SEED_KEYS:
            at = key.location if isinstance(key, Words) else place
            faults.append(Fault("SD201", at, f"a seed question has no '{key}'", f"keys: {', '.join(_SEED_KEYS)}"))
    for key in ("ask", "answer"):
        if entry.get(key) is None:
            faults.append(Fault("SD202", place, f"the seed question '{name}' has no {key}"))
    low, high, answer = (_number(entry.get(key), faults) for key in ("at_least", "at_most", "answer"))
    scale = str(entry.get("scale", "linear"))
    if scale not in ("linear", "log"):
        faults.append(Fault("SD203", place, f"'{scale}' is no scale", "scale: linear or scale: log"))
    if scale == "log":
        low = 0.0 if low is None else low
    if answer is not None and ((low is not None and answer <= low) or (high is not None and answer >= high)):
        faults.append(Fault("SD203", place, f"the answer of '{name}' does not lie within its bounds"))
    ask, about, unit = (" ".join(str(entry.get(key) or "").split()) for key in ("ask", "about", "unit"))
    return Asked("", str(name), ask, about, unit, low, high, scale == "log", 0.0 if answer is None else answer)


def _number(value: Any, faults: list[Fault]) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        at = value.location if isinstance(value, Words) else None
        faults.append(Fault("SD203", at, f"expected a number, found '{value!s:.60}'"))
        return None
    return number


def read_plan(folder: Path) -> Plan:
    """The plan in a folder that `standoff elicit --to` wrote; raises Faults SD701 where it is damaged."""
    path = folder / FILE
    if not path.is_file():
        raise UsageError(f"'{folder}' has no {FILE}: it is not what standoff elicit --to wrote")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("standoff_elicitation") != VERSION:
            raise ValueError("another version")
        questions = tuple(Asked(**one) for one in data.pop("questions"))
        plan = Plan(**{**data, "questions": questions, "quantiles": tuple(map(float, data["quantiles"]))})
        _refuse_damaged(plan)
        return plan
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Faults([Fault("SD701", Location(str(path), 1, 1), f"the plan is damaged ({error})")]) from None


def _refuse_damaged(plan: Plan) -> None:
    """Raises ValueError for a plan that somebody wrote who is not Standoff."""
    if not _rise(plan.quantiles):
        raise ValueError("the quantiles do not rise")
    if not isinstance(plan.experts, dict) or not all(len(letter) == 1 for letter in plan.experts):
        raise ValueError("the experts have no letters")
    for one in plan.questions:
        texts, numbers = (one.id, one.of, one.ask, one.about, one.unit), (one.low, one.high, one.answer)
        if not isinstance(one.log, bool) or not all(isinstance(text, str) for text in texts):
            raise ValueError("a question of another form")
        if not all(number is None or (type(number) in (int, float) and math.isfinite(number)) for number in numbers):
            raise ValueError(f"a bound or an answer of {one.id} is no number")


def _rise(quantiles: Sequence[float]) -> bool:
    return len(quantiles) > 1 and all(b > a for a, b in pairwise((0.0, *quantiles, 1.0)))
