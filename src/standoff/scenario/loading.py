"""From a name or a path to a scenario that is ready to ground, or to everything that is wrong with it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import Any, TypeVar

from standoff.errors import Fault, Faults, UsageError, bounded_suggestions, plain_path, shown, suggestion
from standoff.scenario.expand import expand, expand_to_test, expand_what_can_be

# Lint is in lint.py: a file called check.py would, once loaded, take the name of the door's function `check`.
from standoff.scenario.linting.lint import lint
from standoff.scenario.reading.source import BUNDLED, Source, Words, read, scenario_files, versions
from standoff.scenario.resolved import Resolved
from standoff.scenario.resolving.resolve import resolve
from standoff.scenario.schema import Document, Parameter, Rule, dump, examine, in_order
from standoff.scenario.words.claims import ClaimPlan

Text = TypeVar("Text", bound="str | Path")

MAIN_FILE = "scenario.yaml"
"""The main file of a scenario that is a folder."""


@dataclass(frozen=True)
class Scenario:
    """A scenario that was read, checked, expanded and resolved.

    `document` is what the author wrote, with includes, the variant and the settings merged in; `expanded` is
    the same in plain state and rules; `resolved` is what grounding reads.
    """

    name: str
    path: Path
    document: Document = field(repr=False)
    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    variant: str | None = None
    settings: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the expanded scenario's content; the same for every way of writing the same scenario."""
        return digest(self.expanded)

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """What is allowed but probably not meant."""
        return lint(self.document, self.expanded, self.resolved)

    def expanded_text(self) -> str:
        """The expanded scenario as YAML, which is itself a scenario."""
        return dump(self.expanded)


def digest(expanded: Document) -> str:
    """The SHA-256 of an expanded document: of its content in declared order, not of how it is laid out."""
    content: dict[str, Any] = expanded.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class ClaimPlans:
    """A scenario made ready to test its claims: one explicit form for all, and how each claim is tested."""

    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    each: tuple[ClaimPlan, ...]


def claim_plans(scenario: Scenario) -> ClaimPlans:
    """What tests the claims of a scenario; raises Faults with what is wrong in them."""
    expanded, each = expand_to_test(scenario.document)
    return ClaimPlans(expanded, resolve(expanded), each)


def bundled() -> tuple[str, ...]:
    """The names of the bundled scenarios, each with its version."""
    if not BUNDLED.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in BUNDLED.iterdir() if (entry / MAIN_FILE).is_file()))


def find(name_or_path: str | Path) -> tuple[str, Path, str]:
    """The name, the main file and its name in messages, of a path or of a bundled scenario.

    A bare name means the newest version. Raises UsageError where there is nothing.
    """
    text = str(name_or_path)
    folders = versions(BUNDLED, text, MAIN_FILE) if isinstance(name_or_path, str) else []
    if folders:
        return folders[0].name, folders[0] / MAIN_FILE, f"{folders[0].name}/{MAIN_FILE}"
    path = Path(text)
    try:
        if path.is_dir() and (path / MAIN_FILE).is_file():
            return path.resolve().name, path / MAIN_FILE, str(path / MAIN_FILE)
        if path.exists() and not path.is_dir():
            return path.stem, path, text
        beside = [str(path.parent / entry.name) for entry in scenario_files(path.parent)]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"'{text[:60]}{'…' if len(text) > 60 else ''}' cannot be read: {reason}") from None
    names = [*bundled(), *(name.rsplit("-v", 1)[0] for name in bundled())]
    # A path is meant for a file: those beside it come before the bundled scenarios.
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        hint, known = suggestion(text, beside, what="files there")
    else:
        hint, known = suggestion(text, names, what="bundled")
        hint = hint or suggestion(f"{text}.yaml", beside)[0]
    advice = "  ".join(part for part in (hint, known) if part)
    raise UsageError(f"there is no scenario '{text}'" + (f"; {advice}" if advice else ""))


def load(
    name_or_path: str | Path,
    *,
    variant: str | None = None,
    settings: Mapping[str, float] | None = None,
    overlays: Sequence[str | Path] = (),
    injects: Sequence[str] = (),
) -> Scenario:
    """Reads a scenario by path or by the name of a bundled one; raises Faults with everything that is wrong in it.

    `variant` names one of its variants; `settings` fix parameters at a value for every run; `overlays` are files with
    partial scenarios, each merged over what came before; `injects` are those that are switched on.
    """
    name, path, title = find(name_or_path)
    fixed = _numbers(settings)
    source = read(path, title)
    if variant is not None:
        if not isinstance(variant, str):
            raise UsageError(f"a variant must be a name, not {shown(variant)}")
        source = source.variant(variant)
    for overlay in _several(overlays, "overlays"):
        file = plain_path(overlay, "an overlay")
        if not file.is_file():
            raise UsageError(f"there is no overlay file '{overlay}'")
        source = source.overlaid(read(file, str(overlay)))
    for inject in _several(injects, "injects"):
        if not isinstance(inject, str):
            raise UsageError(f"an inject must be a name, not {shown(inject)}")
        source = source.with_inject(inject)
    document, expanded, resolved = _prepare(source, fixed)
    return Scenario(name, path, document, expanded, resolved, variant, fixed)


def _several(things: Iterable[Text], what: str) -> Iterable[Text]:
    # A text is a sequence of its letters, and nobody means those.
    if isinstance(things, str | Path) or not isinstance(things, Iterable):
        raise UsageError(f"{what} must be a list, not {shown(things)}")
    return things


def _numbers(settings: Mapping[str, float] | None) -> dict[str, float]:
    """Settings as a caller gives them, with numbers of Python or numpy; raises UsageError for anything else."""
    if settings is not None and not isinstance(settings, Mapping):
        raise UsageError(f"settings must be a dict of numbers by the names of parameters, not {shown(settings)}")
    return {_name(name): _number(name, value) for name, value in (settings or {}).items()}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise UsageError(f"settings must be by the names of parameters, not by {shown(name)}")
    return name


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"the parameter '{name}' must be set to a number, not {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        raise UsageError(f"the parameter '{name}' cannot be {shown(value)}") from None


def check(name_or_path: str | Path) -> tuple[Fault, ...]:
    """Everything that is wrong or doubtful in a scenario and in its variants: errors, then warnings.

    An author's faults are returned, not raised; UsageError is raised where there is no such scenario.
    """
    _, path, shown = find(name_or_path)
    with bounded_suggestions():
        try:
            source = read(path, shown)
            document, expanded, resolved = _prepare(source, {})
        except Faults as error:
            return error.faults
        warnings = lint(document, expanded, resolved)
        return (*_claim_faults(document), *_variant_faults(source, document, expanded), *warnings)


def _prepare(source: Source, settings: Mapping[str, float]) -> tuple[Document, Document, Resolved]:
    document, faults = examine(source)
    if document is None or faults:
        # Expressions are looked at as well, so that an author hears of everything at once.
        lost = any(fault.code in _MEANINGLESS for fault in faults)
        beyond = [] if document is None or lost else _in_expressions(document)
        told = {fault.location for fault in faults}
        raise Faults(in_order([*faults, *(fault for fault in beyond if fault.location not in told)]))
    document = _set(document, settings)
    expanded, refused = expand_what_can_be(document)
    if refused:
        raise Faults(in_order([*refused, *_in_expressions(expanded)]))
    return document, expanded, resolve(expanded)


_MEANINGLESS = ("SD206", "SD209", "SD214")
"""Faults after which the names and dates of a document do not say one thing."""

_BY_THEMSELVES = ("SD301", "SD302", "SD308")
"""Faults of an expression that stand whatever its names mean."""


def _in_expressions(document: Document) -> list[Fault]:
    try:
        resolve(expand_what_can_be(document)[0])
    except Faults as error:
        return [fault for fault in error.faults if fault.code in _BY_THEMSELVES]
    return []


_DECLARATIONS = ("starts", "ends", "kinds", "actors", "places", "routes", "groups", "relations", "state", "define")
"""What decides how the names of an expression resolve, besides parameters."""


def _changed(base: Document, variant: Document) -> Document:
    """A variant of an expanded document in which what resolved in `base` already is not there to be resolved again."""
    units = [{name: given.unit for name, given in document.parameters.items()} for document in (base, variant)]
    if units[0] != units[1] or any(getattr(base, part) != getattr(variant, part) for part in _DECLARATIONS):
        return variant
    # The names of rules stay: `count(advance)` may be read by what is left.
    known = Rule(at="0", silent=True)
    rules = {name: known if base.rules.get(name) == rule else rule for name, rule in variant.rules.items()}
    questions = {name: asked for name, asked in variant.questions.items() if base.questions.get(name) != asked}
    watch = {name: watched for name, watched in variant.watch.items() if base.watch.get(name) != watched}
    return variant.model_copy(update={"rules": rules, "questions": questions, "watch": watch})


def _claim_faults(document: Document) -> tuple[Fault, ...]:
    if not document.claims:
        return ()
    try:
        resolve(expand_to_test(document)[0])
    except Faults as error:
        return tuple(in_order(list(error.faults)))
    return ()


def _variant_faults(source: Source, document: Document, expanded: Document) -> Iterator[Fault]:
    told: set[tuple[object, ...]] = set()
    for variant in document.variants:
        try:
            changed, faults = examine(source.variant(variant))
            if changed is None or faults:
                raise Faults(in_order(faults))
            resolve(_changed(expanded, expand(changed)))
        except Faults as error:
            for fault in error.faults:
                key = (fault.code, fault.location, fault.found)
                if key not in told:
                    told.add(key)
                    fault.found += f" (in the variant '{variant}')"
                    yield fault


def _set(document: Document, settings: Mapping[str, float]) -> Document:
    faults = []
    parameters = dict(document.parameters)
    for name, value in settings.items():
        if name not in parameters:
            hint, expected = suggestion(name, parameters, what="parameters")
            faults.append(Fault("SD216", None, f"the scenario has no parameter '{name}'", expected, hint))
        elif not math.isfinite(value):
            faults.append(Fault("SD216", None, f"the parameter '{name}' cannot be {value}"))
        else:
            key = Words(name)
            fixed = Parameter(**{**parameters[key].__dict__, "prior": value, "at_least": None, "at_most": None})
            parameters[key] = fixed
    if faults:
        raise Faults(faults)
    return document.model_copy(update={"parameters": parameters}) if settings else document
