"""What the sources say causes what: each claim is a test of the model, a change and the effect it should have."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator

from standoff.numerals import read_number
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.entities import Titled
from standoff.scenario.schema.questions import Happens
from standoff.scenario.schema.scalars import (
    Expression,
    Label,
    Name,
    Number,
    OneOrMoreCauses,
    OneOrMoreTexts,
    ParameterEntries,
    Text,
    TextEntries,
    When,
    expression,
    fault,
    shown,
)

Direction = Literal["rises", "falls", "sooner", "later"]

_WAY = re.compile(r"\b(?:rises?|falls?|comes? sooner|comes? later)$")
_FORM = "an expression and rises or falls, or a condition and comes sooner or comes later"
_CAUSES = ("raise", "lower", "set", "remove", "force", "follow")
_LEAST = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(.*?)\s*")
POINTS, SHARE = "points", "%"
"""What a least effect can be of, beside a unit: points of a probability, a share of what is without the cause."""


class Mechanism(Titled):
    """A cause-and-effect statement of the sources that coefficients carry, and not rules of its own."""

    off: ParameterEntries[Number]
    """The parameters that carry it, each with the value at which it is not at work."""

    @model_validator(mode="after")
    def _something(self) -> Mechanism:
        if not self.off:
            raise fault("SD202", "a mechanism that nothing switches off", expected="such as off: {cascade: 0}")
        return self


class LeastEffect(NamedTuple):
    """The least effect that would count: so much of `of`, which is points, % or a unit, empty where none is given."""

    amount: float
    of: str


def _least_effect(value: object) -> Words:
    words = expression(value)
    match = _LEAST.fullmatch(words)
    if match is None or float(match[1]) <= 0.0:
        raise fault("SD203", f"{shown(words)} is not a least effect", expected="such as 3 points, 10 % or 2 company")
    return words


LeastEffectText = Annotated[Words, PlainValidator(_least_effect), WithJsonSchema({"type": ["string", "number"]})]
"""The least effect that would count: `3 points` of a probability; of a number `2 company` or `10 %` of what it is."""


class Rival(NamedTuple):
    """A rival of the scenario: one of its variants, or the scenario with other values of parameters."""

    variant: Words | None
    settings: dict[Words, float]


def read_rival(words: Words) -> Rival:
    """What a rival says: the name of a variant, or `parameter = number`, several with commas between."""
    if "=" not in words:
        return Rival(words, {})
    settings = {}
    for part in words.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        number = read_number(value)
        if number is None:
            raise fault("SD203", f"{shown(part.strip())} is not a setting", expected="such as cascade = 0")
        settings[Words(name, words.location)] = number
    return Rival(None, settings)


def _joined(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


class Expectation(NamedTuple):
    """The effect of a claim: an expression of the author's, none where `events` or `question` say of what."""

    of: Words | None
    direction: Direction


_OTHER_WORDS = {
    "increases": "rises", "increase": "rises", "grows": "rises", "goes up": "rises", "higher": "rises", "more": "rises",
    "decreases": "falls", "decrease": "falls", "drops": "falls", "shrinks": "falls", "goes down": "falls",
    "lower": "falls", "less": "falls", "comes earlier": "comes sooner", "earlier": "comes sooner",
    "sooner": "comes sooner", "later": "comes later", "is delayed": "comes later", "is likelier": "rises",
    "more likely": "rises", "less likely": "falls",
}  # fmt: skip
"""What people say for the four effects."""


def _meant(expect: str) -> str | None:
    text = " ".join(expect.split())
    for said, meant in sorted(_OTHER_WORDS.items(), key=lambda pair: -len(pair[0])):
        if f" {text}".endswith(f" {said}"):
            return f"write {text[: -len(said)]}{meant}"
    near = difflib.get_close_matches(text.rpartition(" ")[2].lower(), ("rises", "falls", "sooner", "later"), n=1)
    if not near:
        return None
    of, come = text.rpartition(" ")[0], near[0] in ("sooner", "later")
    of = of.removesuffix("comes").removesuffix("come").rstrip() if come else of
    return "write " + " ".join(filter(None, (of, "comes" if come else "", near[0])))


def _effect(words: Words) -> Words:
    if _WAY.search(words) is None:
        raise fault("SD203", f"{shown(words)} is not an effect", expected=_FORM, hint=_meant(words))
    return words


EffectText = Annotated[Text, AfterValidator(_effect)]
"""An effect: what of, and `rises`, `falls`, `comes sooner` or `comes later`."""


class Claim(Titled):
    """A cause-and-effect statement of a source: exactly one cause, and the direction of exactly one effect."""

    says: Text
    """What the source says, in our own words."""
    kind: Literal["thesis", "wiring"] = "wiring"
    """`thesis`: from what an actor does, or how the world is, to what a question asks, by rules that can be hindered;
    it needs `at_least`. `wiring`: a short test that a part of the model does what it was written for."""
    at_least: LeastEffectText | None = None
    """The least effect that would count for a thesis: `3 points` of a probability, `2 company`, `10 %` of a number."""
    rivals: OneOrMoreTexts = ()
    """Where the mechanism of a thesis is absent or opposed, so that it must fail: variants, or `parameter = number`."""
    mechanism: OneOrMoreTexts = ()
    """The cause-and-effect statements of the sources that it tests, by their ids."""
    hedge: Text | None = None
    """The source's own word of doubt; none where it asserts flatly."""
    raise_: OneOrMoreCauses = Field(default=(), alias="raise")
    """Cause: the rates of these rules, of the rules that these words make, these flows, these parameters, or these
    ties (`alliance[red, green]`) as they are at the start, times `by`."""
    lower: OneOrMoreCauses = ()
    """Cause: the same divided by `by`."""
    set_: TextEntries[Expression] = Field(default_factory=dict, alias="set")
    """Cause: these parameters have this value for the whole run; these states are given it on the date of `on`."""
    remove: OneOrMoreCauses = ()
    """Cause: these rules or injects, or the rules that these words make, never fire; by these flows nothing flows;
    these ties are not there at the start."""
    force: Text | None = None
    """Cause: this inject (also one that is off) or this rule happens on the date of `on`, whatever its guard says."""
    follow: Name | None = None
    """Cause: the actor of this policy follows it."""
    by: Number | None = Field(default=None, gt=1)
    """The factor of `raise` and `lower`; 2 where it is not given."""
    where: Expression | None = None
    """Only for the bindings of the rules for which this holds."""
    on: When | None = None
    """The date of `force` and of a state that is set; the start, or the inject's own date, where it is not given."""
    expect: EffectText
    """The effect: `EXPRESSION rises` (or `falls`), `CONDITION comes sooner` (or `comes later`); with `events` or
    `question` these last words alone."""
    events: Happens | None = None
    """Instead of an expression: the events whose number, or whose first time, is meant."""
    question: Label | None = None
    """Instead of an expression: the question whose probability (or number) is meant."""
    until: When | None = None
    """The date at whose end the effect is read; the end of the scenario where it is not given."""
    given: Expression | None = None
    """For "if X then Y": X as a run shows it by then; the effect is told by selection of such runs, too."""
    against: OneOrMoreTexts = ()
    """The claims that say otherwise."""

    @property
    def cause(self) -> str:
        """The key of its cause."""
        return next(key for key in _CAUSES if self._given(key))

    @property
    def expectation(self) -> Expectation:
        """What `expect` says."""
        found = _WAY.search(self.expect)
        if found is None:  # A claim that was made without being read.
            raise ValueError(f"'{self.expect}' is not an effect: {_FORM}")
        way, of = found[0], self.expect[: found.start()].rstrip()
        direction: Direction = "rises" if way.startswith("rise") else "falls"
        if way.startswith("come"):
            direction = "sooner" if way.endswith("sooner") else "later"
        said = self.expect
        return Expectation(Words(of, said.location, plain=said.plain, page=said.page) if of else None, direction)

    @property
    def least(self) -> LeastEffect | None:
        """The least effect that would count, of a thesis."""
        match = None if self.at_least is None else _LEAST.fullmatch(self.at_least)
        if match is None:
            return None
        of = match[2]
        return LeastEffect(float(match[1]), POINTS if of in ("point", POINTS) else of)

    @property
    def cause_in_words(self) -> str:
        """The cause as a reader reads it."""
        what = ", ".join(self.raise_ or self.lower or self.remove)
        if self.set_:
            what = ", ".join(f"{name} = {value}" for name, value in self.set_.items())
        told = f"{self.cause} {what or self.force or self.follow}"
        if self.cause in ("raise", "lower"):
            told += f" {'times' if self.cause == 'raise' else 'divided by'} {self.by or 2:g}"
        told += f" where {' '.join(self.where.split())}" if self.where is not None else ""
        return told + (f" on {self.on}" if self.on is not None else "")

    @property
    def effect_in_words(self) -> str:
        """The effect as a reader reads it."""
        told = " ".join(self.expect.split())
        if self.question is not None:
            told = f"the answer to {self.question} {told}"
        if self.events is not None:
            parts = self.events.model_dump(exclude_none=True, exclude_defaults=True)
            named = ", ".join(f"{key} {_joined(value)}" for key, value in parts.items())
            told = f"events ({named}): {told}"
        return told + (f", up to {self.until}" if self.until is not None else "")

    def _given(self, key: str) -> bool:
        return bool(getattr(self, {"raise": "raise_", "set": "set_"}.get(key, key)))

    @model_validator(mode="after")
    def _one_cause(self) -> Claim:
        causes = [key for key in _CAUSES if self._given(key)]
        if len(causes) != 1:
            found = " and ".join(causes) if causes else "none"
            key = causes[-1] if causes else None
            found = f"a claim needs exactly one cause; found {found}"
            raise fault("SD202", found, expected=", ".join(_CAUSES), key=key)
        for key, belongs in (("by", ("raise", "lower")), ("where", ("raise", "lower", "remove", "force")),
                             ("on", ("set", "force"))):  # fmt: skip
            if getattr(self, key) is not None and causes[0] not in belongs:
                expected = f"{key} belongs to {' and '.join(belongs)}"
                raise fault("SD203", f"{key} with {causes[0]}", expected=expected, key=key)
        return self

    @model_validator(mode="after")
    def _of_its_kind(self) -> Claim:
        if self.kind == "thesis" and self.at_least is None:
            found = "a thesis without the least effect that would count"
            raise fault("SD202", found, expected="at_least, such as 3 points or 10 %")
        if self.kind == "wiring":
            for key in ("at_least", "rivals"):
                if getattr(self, key):
                    raise fault("SD203", f"{key} in a claim about wiring", expected="it belongs to kind: thesis")
        for rival in self.rivals:
            read_rival(rival)
        return self

    @model_validator(mode="after")
    def _one_effect(self) -> Claim:
        of, direction = self.expectation
        given = [what for what, it in (("expect", of), ("events", self.events), ("question", self.question)) if it]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            raise fault("SD202", f"a claim needs exactly one effect; found {found}",
                        expected="an expression in expect, or events, or question", key="expect")  # fmt: skip
        if self.question is not None and (direction not in ("rises", "falls") or self.until is not None):
            raise fault("SD203", "a question rises or falls, at its own date", expected="neither until nor a time")
        return self
