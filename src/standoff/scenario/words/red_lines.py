"""Red lines: breaches, awaited answers and credibility become state; rules that cross one get the crossing appended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from standoff.errors import Fault
from standoff.scenario.expression.written import (
    Form,
    Said,
    alike,
    applied,
    assigned,
    called,
    form,
    indexed,
    memberships,
    name_in,
    phrase,
    value_in,
    written,
)
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import (
    Branch,
    ChanceStatement,
    ComesUp,
    Crossing,
    Decision,
    Group,
    IfStatement,
    Option,
    Policy,
    RedLine,
    Rule,
    State,
    Statement,
)
from standoff.scenario.words.delays import Delay, Queue, last_stage, parse_delay, read_delay, stages, step
from standoff.scenario.words.expansion import Expansion
from standoff.scenario.words.forgetting import Window

ACTOR, PLACE = Words("actor"), Words("place")

Statements = tuple[Statement, ...]


def expand_red_lines(expansion: Expansion) -> None:
    """Writes out the states and the answers of every red line; `cross` then marks the rules that cross them."""
    for name, line in expansion.document.red_lines.items():
        _states(expansion, name, line)
        delay = read_delay(expansion, line.response.delay)
        if delay is not None:
            _answer(expansion, name, line, delay)


def cross(expansion: Expansion) -> None:
    """Appends the crossings of every red line to the rules that can cross it."""
    for name, line in expansion.document.red_lines.items():
        for position, crossing in enumerate(line.crossed_by):
            if expansion.acting_rule(crossing.rule):
                rule = expansion.rules[crossing.rule]
                then = _crossed(expansion, name, line, crossing, rule, position)
                expansion.rules[crossing.rule] = rule.model_copy(update={"then": then})


def weighed_lines(expansion: Expansion) -> Iterator[tuple[str, Decision, list[tuple[str, Form, Policy]]]]:
    """The decisions by which holders weigh whether they answer, each with what named policies make of it."""
    for name, line in expansion.document.red_lines.items():
        if not line.decides:
            continue
        here = indexed(_weighing(name), "intruder", "spot")
        over = assigned(here, "=", 0, name)
        waiting = _begin_answer(name, line, {"intruder": "intruder", "spot": "spot"}, name)
        passed = _loses(name, line, indexed(f"breaches_{name}", "intruder"), _if_declared(name, line))
        decision = Decision(
            of=line.of,
            for_=_crossers(expansion, name, line),
            comes=ComesUp(once=written(applied(">", here, 0), name)),
            options={
                phrase("answer", name): Option(then=(over, *waiting)),
                phrase("let_pass", name): Option(then=(over, *passed)),
            },
            policy=_weighs(name, form(line.willing) if line.willing is not None else form(1)),
            about=phrase(f"whether {line.of} answers a crossing of {name}", name),
            evidence=line.evidence,
        )
        willing = [form(line.willing)] if line.willing is not None else []
        less = [
            (str(each.name), each.on, _weighs(name, applied("*", *willing, form(_number(share)))))
            for each in expansion.switched
            if each.policy.of == line.of and (share := each.policy.acts.get(Words(name))) is not None
        ]
        yield phrase(f"{name}_weighs", name), decision, less


def _weighs(name: str, willing: Form) -> Policy:
    weights = {"answer": willing, "let_pass": applied("-", 1, willing)}
    return Policy(mix={phrase(option, name): written(weight, name) for option, weight in weights.items()})


def _weighing(name: str) -> str:
    return f"weighing_{name}"


def _states(expansion: Expansion, name: str, line: RedLine) -> None:
    breaches = State(
        of=(ACTOR,), at_least=0, half_life=line.fades, about=line.about or phrase(f"breaches of {name}", name),
        evidence=line.evidence,
    )  # fmt: skip
    expansion.add_state(f"breaches_{name}", breaches, Origin("red line", str(name), "breaches"), near=name)
    awaiting = State(of=(ACTOR, PLACE), at_least=0, about=phrase(f"answers to breaches of {name} still to come", name))
    expansion.add_state(f"awaiting_{name}", awaiting, Origin("red line", str(name), "awaited answers"), near=name)
    about = phrase(f"how far others believe that {name} is meant", name)
    if line.decides:
        told = phrase(f"crossings of {name} of which {line.of} has not decided yet whether to answer them", name)
        weighed = State(of=(ACTOR, PLACE), at_least=0, about=told)
        expansion.add_state(_weighing(name), weighed, Origin("red line", str(name), "weighed"), near=name)
    credibility = State(at_least=0, at_most=1, about=about)
    begin = line.credibility.begin or Words("1")
    expansion.add_state(
        f"credibility_{name}", credibility, Origin("red line", str(name), "credibility"), near=name, begin=begin
    )


# -- the answer ---------------------------------------------------------------------------------------------------


def _answer(expansion: Expansion, name: str, line: RedLine, delay: Delay) -> None:
    for_ = _crossers(expansion, name, line)
    origin = Origin("red line", str(name), "response")
    stages(expansion, delay, origin, name, for_, (ACTOR, PLACE))
    queue = None if delay.lasts is None else Queue(name, for_, name)
    if queue is not None:
        queue.declare(expansion, origin, (ACTOR, PLACE))
    # With no delay nothing else can be waiting; with one, other answers to the same crosser may be under way.
    here = last_stage(delay, name, for_) if queue is None else queue.ready
    heard = [assigned(here, "=", 0, name) if delay.at_once else assigned(here, "-=", 1, name)]
    if delay.stages > 1 or queue is not None:
        heard.append(assigned(indexed(f"awaiting_{name}", "intruder", "spot"), "-=", 1, name))
    window = Window.of(expansion, name, line)
    if window is None:
        after: list[Statement] = [assigned(indexed(f"breaches_{name}", "intruder"), "=", 0, name)]
    else:
        after = [*window.clear("intruder")]
    if line.credibility.won is not None:
        credibility = f"credibility_{name}"
        missing = applied("-", 1, credibility)
        after.append(assigned(credibility, "+=", applied("*", line.credibility.won, missing), name))
    response = line.response
    rule = Rule(
        for_=for_,
        when=written(applied(">", here, 0), name),
        rate=None if response.delay is None or queue is not None else written(step(here, delay), response.delay),
        then=(*heard, *response.then, *after),
        event=response.event,
        evidence=line.evidence,
        mechanism=line.mechanism,
    )
    expansion.add_rule(f"{name}_response", rule, origin, near=name)
    if queue is not None:
        queue.come(expansion, origin)
    if window is not None:
        window.declare(expansion, {who: domain for who, domain in for_.items() if who == "intruder"})


def _begin_answer(name: str, line: RedLine, at: Mapping[str, str], near: str) -> Statements:
    """What lets an answer be awaited, to a crosser at a place."""
    where = at["intruder"], at["spot"]
    try:
        delay = parse_delay(line.response.delay)
    except Fault:
        # It is told where the answer is written out.
        delay = Delay(0)
    if delay.lasts is not None:
        return Queue(name, {}, near).begin(delay, *where)
    return (assigned(indexed(f"awaiting_{name}", *where), "+=", 1, near),)


def _crossers(expansion: Expansion, name: str, line: RedLine) -> dict[str, Words]:
    """Who can have crossed, and where, as variables of the rules that answer."""
    return {
        phrase("intruder", name): _domain(expansion, name, line, "by", "actor"),
        phrase("spot", name): _domain(expansion, name, line, "at", "place"),
    }


def _domain(expansion: Expansion, name: str, line: RedLine, key: str, kind: str) -> Words:
    # The narrowest set that surely holds all crossers (or places): what the crossings can name, taken together.
    able: set[str] = set()
    for crossing in line.crossed_by:
        nameable = _nameable(expansion, crossing, key, kind)
        if nameable is None:
            return Words(kind)
        able |= nameable
    same = [known for known, group in expansion.groups.items() if group.of == kind and set(group.members) == able]
    if same:
        return Words(same[0])
    every = expansion.members_of(kind)
    if not able or able == set(every):
        return Words(kind)
    narrow = phrase(expansion.fresh(f"{name}_{'crossers' if key == 'by' else 'spots'}"), name)
    members = tuple(phrase(member, name) for member in every if member in able)
    expansion.add_group(narrow, Group(of=phrase(kind, name), members=members), near=name)
    return narrow


def _nameable(expansion: Expansion, crossing: Crossing, key: str, kind: str) -> set[str] | None:
    """The entities that a crossing can name as its crosser or its place; None where nothing narrows them."""
    who = name_in(crossing.by if key == "by" else crossing.at) or ""
    variables = expansion.variables_of(crossing.rule)
    if who not in variables and who in expansion.members_of(kind):
        return {who}
    sets = [_listed(expansion, name) for name in memberships(crossing.if_).get(who, [])]
    sets += [str(domain) for variable, domain in variables.items() if variable == who]
    groups = [set(map(str, expansion.groups[name].members)) for name in map(Words, sets) if name in expansion.groups]
    return set.intersection(*groups) if groups else None


def _listed(expansion: Expansion, name: str) -> str:
    # The group that holds the places of a zone that lists them, or the name itself.
    zone = expansion.document.zones.get(Words(name))
    return f"{name}_places" if zone is not None and zone.places is not None else name


# -- the crossing -------------------------------------------------------------------------------------------------


def _crossed(
    expansion: Expansion, name: str, line: RedLine, crossing: Crossing, rule: Rule, position: int
) -> Statements:
    before: list[Statement] = []
    names: dict[str, str] = {}
    for role, words in (("intruder", crossing.by), ("spot", crossing.at)):
        known_as = name_in(words)
        if known_as is None:
            # Who crosses is read before the effects, as the parts of an event are.
            suffix = f"_{position + 1}" if len(line.crossed_by) > 1 else ""
            known_as = f"{role}_of_{name}{suffix}"
            before.append(assigned(known_as, "=", words, crossing.rule))
        # A name that is unknown is told where it stands.
        names[role] = phrase(known_as, words)
    told = {role: who for role, who in names.items() if role not in rule.for_}
    count = _counted(expansion, name, line, crossing, names, told)
    if line.seen is not None:
        count = (ChanceStatement(chance=(Branch(p=_with(line.seen, told), do=count),)),)
    if crossing.if_ is not None:
        count = (IfStatement(if_=_with(crossing.if_, told), then=count),)
    return (*before, *rule.then, *count)


def _with(words: Words, names: dict[str, str]) -> Words:
    """An author's expression in which the crosser and the place have the names that they have in a rule."""
    return written(Said(words, names), words)


def _counted(
    expansion: Expansion, name: str, line: RedLine, crossing: Crossing, names: dict[str, str], told: dict[str, str]
) -> Statements:
    breaches = indexed(f"breaches_{name}", names["intruder"])
    size = Said(crossing.size, told) if crossing.size is not None else form(1)
    declared = line.threshold.declared or phrase("1", name)
    true = line.threshold.true or declared
    decided: Statements = _begin_answer(name, line, names, crossing.rule)
    answers, undecided = decided, _loses(name, line, breaches, _if_declared(name, line))
    if line.willing is not None:
        branch = Branch(p=_with(line.willing, told), do=answers)
        decided = (ChanceStatement(chance=(branch,), otherwise=undecided),)
    for each in expansion.switched:
        share = each.policy.acts.get(Words(name)) if each.policy.of == line.of else None
        if share is not None:
            willing = applied("*", *([_with(line.willing, told)] if line.willing is not None else []), _number(share))
            branch = Branch(p=written(willing, crossing.rule), do=answers)
            less = ChanceStatement(chance=(branch,), otherwise=undecided)
            decided = (IfStatement(if_=written(each.on, crossing.rule), then=(less,), else_=decided),)
    if line.decides:
        decided = (assigned(indexed(_weighing(name), names["intruder"], names["spot"]), "+=", 1, crossing.rule),)
    short = () if alike(declared, true) else _loses(name, line, breaches, declared)
    reached = IfStatement(if_=_reached(name, line, breaches, true), then=decided, else_=short)
    window = Window.of(expansion, name, line)
    if window is None:
        return assigned(breaches, "+=", size, crossing.rule), reached
    return *window.count(names["intruder"], size, crossing.rule), reached


def _if_declared(name: str, line: RedLine) -> Words | None:
    """The declared threshold, if breaches that reach the true one may be below it."""
    declared = line.threshold.declared or phrase("1", name)
    return None if _surely(declared, line.threshold.true or declared) else declared


def _number(share: str) -> float:
    return 0.0 if share == "never" else float(share)


def _surely(declared: str, true: str) -> bool:
    # Whether breaches that reach the true threshold surely reach the declared one.
    if alike(declared, true):
        return True
    low, high = value_in(declared), value_in(true)
    return low is not None and high is not None and low <= high


def _loses(name: str, line: RedLine, breaches: Form, declared: Words | None) -> Statements:
    lost = line.credibility.lost
    if lost is None:
        return ()
    falls: Statements = (assigned(f"credibility_{name}", "*=", applied("-", 1, lost), lost),)
    if declared is None:
        return falls
    return (IfStatement(if_=_reached(name, line, breaches, declared), then=falls),)


def _reached(name: str, line: RedLine, breaches: Form, threshold: Words) -> Words:
    """Whether breaches come up to a threshold.

    Where crossings that count one each fade, they are compared in whole crossings: the second comes up to 2 although
    the first has faded a little, as long as more is left of it than is gone.
    """
    counted = all(crossing.size is None or value_in(crossing.size) == 1.0 for crossing in line.crossed_by)
    if line.fades is not None and counted and value_in(threshold) != 1.0:
        breaches = called("floor", applied("+", breaches, 0.5))
    return written(applied(">=", breaches, threshold), name)
