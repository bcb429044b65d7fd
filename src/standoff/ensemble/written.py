"""A job as it travels to another machine: the scenario as text, from which each worker makes the tables by itself.

A worker reads, grounds and compiles a scenario once, and holds what it has made under the digest of the tables, which
must be those of the sender, bit for bit.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from standoff.engine import Program, stop_this_thread_when
from standoff.ensemble.key import code_digest
from standoff.ensemble.workers import HELD, Job, NoMoreWork
from standoff.model import Model, content_digest, elementwise, ground

if TYPE_CHECKING:
    from standoff.scenario import Parts, Scenario

Form = Literal["plain", "claims", "policies"]
"""What is grounded: the scenario as it is, or made ready to test its claims or to follow its policies."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Stands in a job for the model with this digest."""

    digest: str


@dataclass(frozen=True, slots=True)
class Written:
    """A job without its model, and the text that the model is made from; `places` says where each rule is written."""

    text: bytes
    form: Form
    places: tuple[str, ...]
    digest: str
    job: Any

    @property
    def model(self) -> Model:
        """The model whose runs are worked on, made here from the text; raises NoMoreWork where it becomes another."""
        return _made_here(self)

    def __call__(self, program: Program, item: Any) -> Any:
        """Do the work on one item; raises RunStopped."""
        return _exchanged(self.job, Absent(self.digest), program.model)(program, item)


class Texts:
    """The scenarios whose text can be sent, and which tables each of them becomes."""

    def __init__(self, scenarios: tuple[Scenario, ...]) -> None:
        self.scenarios = scenarios
        self.forms: list[tuple[Scenario, Form]] = [(one, form) for form in get_args(Form) for one in scenarios]
        self.known: dict[str, tuple[Scenario, Form]] = {}

    def written(self, job: Job[Any, Any]) -> Written | None:
        """A job with its scenario as text; None where its model is not made from any of the texts as they are."""
        digest = content_digest(job.model)
        while digest not in self.known and self.forms:
            scenario, form = self.forms.pop(0)
            model = _grounded(scenario, form)
            if model is not None:
                self.known[content_digest(model)] = scenario, form
        if digest not in self.known:
            return None
        from standoff.scenario import dump

        scenario, form = self.known[digest]
        places = tuple(rule.where for rule in job.model.rules)
        text = zlib.compress(dump(scenario.document).encode("utf-8"))
        return Written(text, form, places, digest, _exchanged(job, job.model, Absent(digest)))


@dataclass(frozen=True, slots=True)
class Ways:
    """What the bytes of a run depend on beside the scenario: our code, and how the system's C library rounds."""

    code: str
    rounding: str


@cache
def own_ways() -> Ways:
    """Those of this process."""
    numbers = np.random.Generator(np.random.PCG64(1)).uniform(0.01, 30.0, 2000)
    of_one = (elementwise.exp, elementwise.log, elementwise.sin)
    results = (*(function(numbers) for function in of_one), elementwise.power(numbers, numbers[::-1]))
    return Ways(code_digest(), hashlib.blake2b(b"".join(each.tobytes() for each in results)).hexdigest()[:32])


def at_work(ways: Ways, dropped: Callable[[], bool], work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What a worker of another machine does: the work, if it would make the sender's bytes, and while it is wanted."""
    here = own_ways()
    if here.code != ways.code:
        raise NoMoreWork(
            f"the worker {name_of_this()} runs other code of Standoff than this machine, of the same version: install "
            "the same wheel there"
        )
    if here.rounding != ways.rounding:
        raise NoMoreWork(
            f"the C library of the worker {name_of_this()} rounds otherwise than this machine's, so runs would differ: "
            "use the same operating system, or the same container, on all machines"
        )
    stop_this_thread_when(dropped)
    try:
        return work(*arguments)
    except KeyboardInterrupt:
        return None  # nobody waits for it any more


def name_of_this() -> str:
    """A name of this process that a person can look for."""
    return f"{socket.gethostname()}/{os.getpid()}"


def _grounded(scenario: Scenario | Parts, form: Form) -> Model | None:
    from standoff.scenario import claim_plans, policy_plans

    document = scenario.document
    match form:
        case "plain":
            return ground(scenario.resolved)
        case "claims":
            return ground(claim_plans(scenario).resolved) if document.claims else None
    return ground(policy_plans(scenario).resolved) if document.policies or document.levers else None


_models: OrderedDict[str, Model] = OrderedDict()
_making = threading.Lock()


def _made_here(written: Written) -> Model:
    with _making:
        model = _models.get(written.digest)
        if model is None:
            model = _models[written.digest] = _from_text(written)
        _models.move_to_end(written.digest)
        while len(_models) > HELD:
            _models.popitem(last=False)
        return model


def _from_text(written: Written) -> Model:
    from standoff.scenario import prepare, read

    # Not by `load`: what it keeps of a file in a folder that nobody sees again would push the useful out of the cache.
    with tempfile.TemporaryDirectory(prefix="standoff-") as folder:
        file = Path(folder) / "scenario.yaml"
        file.write_bytes(zlib.decompress(written.text))
        model = _grounded(prepare(read(file), {}), written.form)
    if model is not None and len(model.rules) == len(written.places):
        # A run that stops names the line of the author's own file.
        rules = tuple(replace(rule, where=where) for rule, where in zip(model.rules, written.places, strict=True))
        model = replace(model, rules=rules)
        if content_digest(model) == written.digest:
            return model
    raise NoMoreWork(
        f"the worker {name_of_this()} makes other tables of the scenario than this machine: install the same versions "
        "of all packages there"
    )


def _exchanged(thing: Any, old: Any, new: Any) -> Any:
    """A job, and what it is made of, with one thing exchanged for another."""
    if thing is old or (isinstance(thing, Absent) and thing == old):
        return new
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    parts = {field.name: getattr(thing, field.name) for field in fields(thing) if field.init}
    changed = {name: now for name, part in parts.items() if (now := _exchanged(part, old, new)) is not part}
    return replace(thing, **changed) if changed else thing
