"""Red lines: breaches, awaited answers and credibility become state; rules that cross one get the crossing appended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.errors import Fault
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import (
    Branch,
    ChanceStatement,
    Crossing,
    IfStatement,
    RedLine,
    Response,
    Rule,
    State,
    Statement,
)
from standoff.scenario.words.expansion import Expansion
from standoff.scenario.words.phrases import Embedded, compared, is_name, memberships, number, operand, phrase, renamed
from standoff.time import looks_like_duration, parse_duration

ACTOR, PLACE = Words("actor"), Words("place")
MOST_STAGES = 20
_DELAY = re.compile(r"(exponential|gamma)\s*\((.*)\)", re.DOTALL)

Statements = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """How long an answer takes: `stages` steps (0: none, at once) of `mean` days together."""

    stages: int
    mean: str = ""


def expand_red_lines(expansion: Expansion) -> None:
    """Writes out the states and the answers of every red line; `cross` then marks the rules that cross them."""
    for name, line in expansion.document.red_lines.items():
        _states(expansion, name, line)
        delay = _delay(expansion, line.response)
        if delay is not None:
            _answer(expansion, name, line, delay)


def cross(expansion: Expansion) -> None:
    """Appends the crossings of every red line to the rules that can cross it."""
    for name, line in expansion.document.red_lines.items():
        for position, crossing in enumerate(line.crossed_by):
            if expansion.known_rule(crossing.rule):
                rule = expansion.rules[crossing.rule]
                then = _crossed(name, line, crossing, rule, position)
                expansion.rules[crossing.rule] = rule.model_copy(update={"then": then})


def _states(expansion: Expansion, name: str, line: RedLine) -> None:
    breaches = State(
        of=(ACTOR,), at_least=0, half_life=line.forgets, about=line.about or phrase(f"breaches of {name}", name),
        evidence=line.evidence,
    )  # fmt: skip
    expansion.add_state(f"breaches_{name}", breaches, Origin("red line", str(name), "breaches"), near=name)
    awaiting = State(of=(ACTOR, PLACE), at_least=0, about=phrase(f"answers to breaches of {name} still to come", name))
    expansion.add_state(f"awaiting_{name}", awaiting, Origin("red line", str(name), "awaited answers"), near=name)
    about = phrase(f"how far others believe that {name} is meant", name)
    credibility = State(at_least=0, at_most=1, about=about)
    begin = line.credibility.begin or Words("1")
    expansion.add_state(
        f"credibility_{name}", credibility, Origin("red line", str(name), "credibility"), near=name, begin=begin
    )


# -- the answer ---------------------------------------------------------------------------------------------------


def _delay(expansion: Expansion, response: Response) -> Delay | None:
    """The delay of a response; None, with a fault noted, for what is none."""
    words = response.delay
    if words is None:
        return Delay(0)
    match = _DELAY.fullmatch(words.strip())
    parts = _arguments(match[2]) if match else {}
    wanted = {"mean"} if match and match[1] == "exponential" else {"stages", "mean"}
    if match is None or set(parts) != wanted or not all(parts.values()):
        expected = "exponential(3 days) or gamma(2, 10 days); leave it out for an answer at once"
        expansion.fault("SD203", words, f"'{words}' is not a delay", expected=expected)
        return None
    stages = parts.get("stages", "1")
    if not re.fullmatch("[0-9]{1,9}", stages) or not 1 <= int(stages) <= MOST_STAGES:
        expected = f"expected a whole number from 1 to {MOST_STAGES}"
        expansion.fault("SD203", words, f"'{stages}' is no number of stages", expected=expected)
        return None
    mean = _mean(expansion, words, parts["mean"])
    return None if mean is None else Delay(int(stages), mean)


def _arguments(text: str) -> dict[str, str]:
    # By position or by name, as priors are written; commas inside brackets separate nothing.
    parts = [part.strip() for part in re.split(r",(?![^(\[]*[)\]])", text)]
    order = ("mean",) if len(parts) == 1 else ("stages", "mean")
    found: dict[str, str] = {}
    for position, part in enumerate(parts):
        named = re.fullmatch(r"(mean|stages)\s*=(?!=)\s*(.*)", part, re.DOTALL)
        name, value = (named[1], named[2]) if named else (order[min(position, 1)], part)
        found[name] = value.strip()
    return found if len(found) == len(parts) else {}


def _mean(expansion: Expansion, words: Words, mean: str) -> str | None:
    if not looks_like_duration(mean):
        return operand(mean)
    try:
        days = parse_duration(mean)
    except Fault as fault:
        expansion.fault(fault.code, words, fault.found, expected=fault.expected, hint=fault.hint)
        return None
    if days <= 0:
        expansion.fault("SD211", words, f"'{mean}' is no delay", hint="leave delay out for an answer at once")
        return None
    return number(days)


def _answer(expansion: Expansion, name: str, line: RedLine, delay: Delay) -> None:
    for_ = {
        phrase("intruder", name): _domain(expansion, line, "by", "actor"),
        phrase("spot", name): _domain(expansion, line, "at", "place"),
    }
    waiting = f"awaiting_{name}"
    stage = f"{waiting}_{delay.stages}" if delay.stages > 1 else waiting
    for rule_name, rule in _preparations(expansion, name, delay):
        made = Origin("red line", str(name), "preparation")
        expansion.add_rule(rule_name, rule.model_copy(update={"for_": for_}), made, near=name)
    # With no delay nothing else can be waiting; with one, other answers to the same crosser may be under way.
    heard = [f"{stage}[intruder, spot] = 0" if delay.stages == 0 else f"{stage}[intruder, spot] -= 1"]
    if stage != waiting:
        heard.append(f"{waiting}[intruder, spot] -= 1")
    after = [f"breaches_{name}[intruder] = 0"]
    if line.credibility.won is not None:
        after.append(f"credibility_{name} += {operand(line.credibility.won)} * (1 - credibility_{name})")
    response = line.response
    rule = Rule(
        for_=for_,
        when=phrase(f"{stage}[intruder, spot] > 0", name),
        rate=_rate(name, f"{stage}[intruder, spot]", delay, response),
        then=(*(phrase(text, name) for text in heard), *response.then, *(phrase(text, name) for text in after)),
        event=response.event,
        evidence=line.evidence,
    )
    expansion.add_rule(f"{name}_response", rule, Origin("red line", str(name), "response"), near=name)


def _rate(name: str, waiting: str, delay: Delay, response: Response) -> Words | None:
    if response.delay is None:
        return None
    times = f"{delay.stages} * " if delay.stages > 1 else ""
    return phrase(f"{times}{waiting} / {delay.mean}", response.delay)


def _preparations(expansion: Expansion, name: str, delay: Delay) -> Iterator[tuple[str, Rule]]:
    # A gamma delay of k stages is k exponential steps, each with a k-th of the mean (Erlang 1917); every
    # answer under way takes its own steps, so the states count how many stand before each step.
    waiting = f"awaiting_{name}"
    for stage in range(1, delay.stages):
        after = f"{waiting}_{stage + 1}"
        about = phrase(f"those of them that are in stage {stage + 1} of {delay.stages}", name)
        waiting_there = State(of=(ACTOR, PLACE), at_least=0, about=about)
        expansion.add_state(after, waiting_there, Origin("red line", str(name), "stage", str(stage + 1)), near=name)
    for stage in range(1, delay.stages):
        here, after = f"{waiting}_{stage}[intruder, spot]", f"{waiting}_{stage + 1}[intruder, spot]"
        then = [f"{here} -= 1", f"{after} += 1"]
        if stage == 1:
            later = " - ".join(f"{waiting}_{number}[intruder, spot]" for number in range(2, delay.stages + 1))
            here, then = f"{waiting}[intruder, spot] - {later}", then[1:]
        rate = f"{delay.stages} * {here if stage > 1 else f'({here})'} / {delay.mean}"
        rule = Rule(
            when=phrase(f"{here} > 0", name),
            rate=phrase(rate, name),
            then=tuple(phrase(text, name) for text in then),
            silent=True,
        )
        yield f"{name}_prepares_{stage}", rule


def _domain(expansion: Expansion, line: RedLine, key: str, kind: str) -> Words:
    # The narrowest set that surely holds all crossers (or places): a group in which every crossing asks for
    # membership or from which its rule takes them, or else all of the kind.
    found: set[str] | None = None
    for crossing in line.crossed_by:
        who = str(crossing.by if key == "by" else crossing.at).strip()
        rule = expansion.document.rules.get(crossing.rule)
        sets = {_listed(expansion, name) for name in memberships(crossing.if_).get(who, [])}
        if rule is not None:
            sets |= {str(domain) for variable, domain in rule.for_.items() if variable == who}
        sets = {name for name in sets if name in expansion.groups and expansion.groups[name].of == kind}
        found = sets if found is None else found & sets
    fitting = sorted(found or (), key=lambda name: (len(expansion.groups[name].members), name))
    return Words(fitting[0] if fitting else kind)


def _listed(expansion: Expansion, name: str) -> str:
    # The group that holds the places of a zone that lists them, or the name itself.
    zone = expansion.document.zones.get(Words(name))
    return f"{name}_places" if zone is not None and zone.places is not None else name


# -- the crossing -------------------------------------------------------------------------------------------------


def _crossed(name: str, line: RedLine, crossing: Crossing, rule: Rule, position: int) -> Statements:
    before: list[Statement] = []
    names: dict[str, str] = {}
    for role, words in (("intruder", crossing.by), ("spot", crossing.at)):
        names[role] = words.strip()
        if not is_name(words):
            # Who crosses is read before the effects, as the parts of an event are.
            suffix = f"_{position + 1}" if len(line.crossed_by) > 1 else ""
            names[role] = f"{role}_of_{name}{suffix}"
            before.append(Embedded(f"{names[role]} = ", words))
    told = {role: who for role, who in names.items() if role not in rule.for_}
    count = _counted(name, line, crossing, names, told)
    if line.seen is not None:
        count = (ChanceStatement(chance=(Branch(p=renamed(line.seen, told), do=count),)),)
    if crossing.if_ is not None:
        count = (IfStatement(if_=renamed(crossing.if_, told), then=count),)
    return (*before, *rule.then, *count)


def _counted(
    name: str, line: RedLine, crossing: Crossing, names: dict[str, str], told: dict[str, str]
) -> Statements:
    breaches = f"breaches_{name}[{names['intruder']}]"
    size = renamed(crossing.size, told) if crossing.size is not None else phrase("1", crossing.rule)
    declared = line.threshold.declared or phrase("1", name)
    true = line.threshold.true or declared
    decided: Statements = (phrase(f"awaiting_{name}[{names['intruder']}, {names['spot']}] += 1", crossing.rule),)
    if line.willing is not None:
        undecided = _loses(name, line, breaches, None if _surely(declared, true) else declared)
        branch = Branch(p=renamed(line.willing, told), do=decided)
        decided = (ChanceStatement(chance=(branch,), otherwise=undecided),)
    short = () if declared.strip() == true.strip() else _loses(name, line, breaches, declared)
    reached = IfStatement(if_=compared(true, f"{breaches} >= "), then=decided, else_=short)
    return (Embedded(f"{breaches} += ", size), reached)


def _surely(declared: str, true: str) -> bool:
    # Whether breaches that reach the true threshold surely reach the declared one.
    if declared.strip() == true.strip():
        return True
    try:
        return float(declared) <= float(true)
    except ValueError:
        return False


def _loses(name: str, line: RedLine, breaches: str, declared: Words | None) -> Statements:
    lost = line.credibility.lost
    if lost is None:
        return ()
    falls: Statements = (phrase(f"credibility_{name} *= 1 - {operand(lost)}", lost),)
    if declared is None:
        return falls
    return (IfStatement(if_=compared(declared, f"{breaches} >= "), then=falls),)
