"""From the files of a scenario to its document, expanded and resolved, or to everything that is wrong with it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from standoff.errors import Fault, Faults, Severity, suggestion
from standoff.garbage import uncollected
from standoff.scenario.expand import expand, expand_to_choose, expand_to_test, expand_what_can_be
from standoff.scenario.linting.blind import BLIND, left_in_hindsight

# Lint is in lint.py: a file called check.py would, once loaded, take the name of the door's function `check`.
from standoff.scenario.linting.lint import lint
from standoff.scenario.linting.variants import changing_nothing, unknown_parameters
from standoff.scenario.reading.foreign_signs import told
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.resolved import Resolved
from standoff.scenario.resolving.resolve import resolve
from standoff.scenario.schema import Document, Parameter, Rule, dump, examine, in_order, spread
from standoff.scenario.thesis_ways import ClaimWays
from standoff.scenario.together import at_once


@dataclass(frozen=True, slots=True)
class Parts:
    """A scenario in its three forms.

    `document` is what the author wrote, with includes, the variant and the settings merged in; `expanded` is the same
    in plain state and rules; `resolved` is what grounding reads.
    """

    document: Document
    expanded: Document
    resolved: Resolved

    @property
    def text(self) -> str:
        """The document as YAML."""
        return dump(self.document)

    @property
    def expanded_text(self) -> str:
        """The expanded document as YAML."""
        return dump(self.expanded)

    @property
    def digest(self) -> str:
        """The digest of the expanded document."""
        return digest(self.expanded)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What is allowed but probably not meant."""
        return lint(self.document, self.expanded, self.resolved)


def digest(expanded: Document) -> str:
    """The SHA-256 of an expanded document: of its content in declared order, not of how it is laid out."""
    content: dict[str, Any] = expanded.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@uncollected()
def read_faults(source: Source) -> tuple[Fault, ...]:
    """The errors of what a source says by itself, without those in its claims, policies and variants."""
    if source.misses_files:
        return source.faults
    try:
        prepare(source, {})
    except Faults as error:
        return error.faults
    return ()


_GRAVE: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a source: in what it says by itself, with its claims and policies, and in its variants."""

    own: tuple[Fault, ...]
    in_variants: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Errors, then warnings, then notes."""
        errors = [fault for fault in self.own if fault.severity == "error"]
        found = (*errors, *self.in_variants, *(fault for fault in self.own if fault.severity != "error"))
        return tuple(sorted(found, key=lambda fault: _GRAVE.index(fault.severity)))


@uncollected()
def looked(source: Source) -> Looked:
    """Everything that is wrong or doubtful in what a source says and in its variants."""
    try:
        parts = prepare(source, {})
    except Faults as error:
        return Looked(error.faults)
    warnings = (fault for fault in parts.warnings if not _idle_in_theatre(fault, source))
    own = (*_unprepared(parts), *warnings)
    return Looked(own, tuple(_variant_faults(source, parts.document, parts.expanded)))


def checked(source: Source) -> tuple[Fault, ...]:
    """Everything that is wrong or doubtful in what a source says and in its variants: errors, then warnings."""
    return looked(source).faults


@uncollected()
def stopping(parts: Parts, *, cuts_short: bool) -> tuple[Fault, ...]:
    """The errors that `check` finds in a scenario though it could be prepared: nobody runs it with them.

    `cuts_short`: it is a variant or a rival, which may be there to cut the way of a thesis short.
    """
    found = (*_unprepared(parts, cuts_short=cuts_short), *parts.warnings)
    return tuple(fault for fault in found if fault.severity == "error")


def _unprepared(parts: Parts, *, cuts_short: bool = False) -> tuple[Fault, ...]:
    """What is wrong in its claims and policies, which are expanded only where they are tested or followed."""
    return (*_claim_faults(parts, cuts_short=cuts_short), *_policy_faults(parts))


_IDLE = ("SD402", "SD406", "SD409", "SD411", "SD428", "SD433")
"""What is there and does nothing: in a theatre, what is idle at one date is at work at another."""


def _idle_in_theatre(fault: Fault, source: Source) -> bool:
    return fault.code in _IDLE and fault.location is not None and fault.location.file in source.shared


@uncollected()
def prepare(source: Source, settings: Mapping[str, float]) -> Parts:
    """What a source says, ready to ground; raises Faults with everything that is wrong with it."""
    document, faults = examine(source)
    if document is None or faults or source.faults:
        # Expressions are looked at as well, so that an author hears of everything at once.
        meaningless = any(fault.code == "SD214" for fault in faults)
        beyond = [] if document is None or meaningless else _further(document)
        raise Faults(at_once(source, faults, beyond))
    document = with_settings(document, settings)
    expanded, refused = expand_what_can_be(document)
    if refused:
        raise Faults(at_once(source, list(refused), _further(expanded)))
    try:
        return Parts(document, expanded, resolve(expanded))
    except Faults as error:
        raise Faults(told(error.faults)) from None


def _further(document: Document) -> list[Fault]:
    """The faults of words and expressions in a document that has others already, which some may only follow from."""
    expanded, refused = expand_what_can_be(document)
    try:
        resolve(expanded)
    except Faults as error:
        return [*refused, *error.faults]
    return list(refused)


_DECLARATIONS = ("starts", "ends", "kinds", "actors", "places", "routes", "groups", "relations", "state", "define")
"""What decides how the names of an expression resolve, besides parameters."""


def _changed(base: Document, variant: Document) -> Document:
    """A variant of an expanded document in which what resolved in `base` already is not there to be resolved again."""
    units = [{name: given.unit for name, given in document.parameters.items()} for document in (base, variant)]
    if units[0] != units[1] or _declares_otherwise(base, variant):
        return variant
    return _without_known(base, variant)


def _declares_otherwise(base: Document, other: Document, *, leaving_out: str = "") -> bool:
    return any(getattr(base, part) != getattr(other, part) for part in _DECLARATIONS if part != leaving_out)


def _without_known(base: Document, variant: Document) -> Document:
    # The names of rules stay: `count(advance)` may be read by what is left.
    known = Rule(at="0", silent=True)
    rules = {name: known if base.rules.get(name) == rule else rule for name, rule in variant.rules.items()}
    questions = {name: asked for name, asked in variant.questions.items() if base.questions.get(name) != asked}
    watch = {name: watched for name, watched in variant.watch.items() if base.watch.get(name) != watched}
    return variant.model_copy(update={"rules": rules, "questions": questions, "watch": watch})


def resolved_form(parts: Parts, form: Document) -> Resolved:
    """A form of a scenario, such as the one that tests its claims, resolved; what it leaves as it was is not read anew.

    Raises Faults with what is wrong in the rest. The states and parameters that a form adds are of its own making, and
    change no name of the author's.
    """
    known = parts.expanded
    ours = [{name: given.unit for name, given in document.parameters.items()} for document in (known, form)]
    adds = known.state.items() <= form.state.items() and ours[0].items() <= ours[1].items()
    if not adds or _declares_otherwise(known, form, leaving_out="state"):
        return resolve(form)
    made = resolve(_without_known(known, form))
    asked = {question.name: question for question in (*parts.resolved.questions, *made.questions)}
    watched = {watch.name: watch for watch in (*parts.resolved.watches, *made.watches)}
    rules = {rule.name: rule for rule in made.rules}
    for rule in parts.resolved.rules:
        name = Words(rule.name)
        if form.rules.get(name) == known.rules[name]:
            rules[rule.name] = rule
    return replace(
        made,
        rules=tuple(rules[str(name)] for name in form.rules),
        questions=tuple(asked[str(name)] for name in form.questions),
        watches=tuple(watched[str(name)] for name in form.watch),
    )


def _claim_faults(parts: Parts, *, cuts_short: bool) -> tuple[Fault, ...]:
    document = parts.document
    if not document.claims:
        return ()
    try:
        form, plans = expand_to_test(document)
        tested = resolved_form(parts, form)
        theses = [plan for plan in plans if document.claims[Words(plan.claim)].kind == "thesis"]
        if cuts_short or not theses:
            return ()
        return tuple(ClaimWays(document, parts.expanded.rules, tested, theses).faults())
    except Faults as error:
        return tuple(in_order(list(told(error.faults))))


def _policy_faults(parts: Parts) -> tuple[Fault, ...]:
    document = parts.document
    if not document.policies and not document.levers:
        return ()
    try:
        resolved_form(parts, expand_to_choose(document)[0])
    except Faults as error:
        return tuple(in_order(list(told(error.faults))))
    return ()


def _variant_faults(source: Source, document: Document, expanded: Document) -> Iterator[Fault]:
    told: set[tuple[object, ...]] = set()
    for variant in document.variants:
        unknown = [*unknown_parameters(source, document, variant)]
        yield from unknown
        if unknown:
            continue
        yield from changing_nothing(source, variant)
        try:
            changed, faults = examine(source.variant(variant))
            if changed is None or faults:
                raise Faults(in_order(faults))
            resolve(_changed(expanded, expand(changed)))
            if variant == BLIND:
                yield from left_in_hindsight(document, changed)
        except Faults as error:
            for fault in error.faults:
                key = (fault.code, fault.location, fault.found)
                if key not in told:
                    told.add(key)
                    fault.found += f" (in the variant '{variant}')"
                    yield fault


def with_settings(document: Document, settings: Mapping[str, float]) -> Document:
    """The document with parameters fixed at numbers; raises Faults for an unknown one and what is no number.

    A parameter of which each entity has a value of its own is fixed for all of them but those that are named.
    """
    faults = []
    parameters = dict(document.parameters)
    own = spread(parameters)
    each = {f"{name}[{one}]": value for name, value in settings.items() for one in own.get(name, ())}
    for name, value in {**each, **{name: one for name, one in settings.items() if name not in own}}.items():
        if name not in parameters:
            hint, expected = suggestion(name, {**parameters, **own}, what="parameters")
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
