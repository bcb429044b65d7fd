"""Questions: each becomes a state that holds its answer, silent rules that write it, and a series of its course."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from datetime import date, datetime

from standoff.scenario.expression.headers import header_of
from standoff.scenario.expression.written import (
    Form,
    applied,
    assigned,
    belongs,
    called,
    name_in,
    phrase,
    syntax_of,
    written,
)
from standoff.scenario.origin import Made, Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Condition, Happens, IfStatement, Question, Rule, State, Statement, Watch
from standoff.scenario.words.expansion import Expansion, place
from standoff.time import begins_at, ends_at, iso

TRUTH = Words("truth")


def expand_questions(expansion: Expansion) -> None:
    """Writes out every question of the document; they come last, when all rules are there to be counted."""
    for name, question in expansion.document.questions.items():
        expand_question(expansion, name, question)


def expand_question(expansion: Expansion, name: str, question: Question) -> None:
    """Writes out one question, after all rules that it could count; its condition becomes a question beside it."""
    if question.given is not None:
        question = question.model_copy(update={"given": _given(expansion, name, question, question.given)})
    if question.answer is not None:
        expansion.questions[name] = question
    elif question.from_ is not None and question.by is not None and begins_at(question.from_) >= ends_at(question.by):
        found = f"the question '{name}' counts from {iso(question.from_)}, which is after its date {iso(question.by)}"
        expansion.fault("SD203", name, found)
    elif question.happens is not None:
        _happens(expansion, name, question, question.happens)
    elif question.first is not None:
        _first(expansion, name, question, question.first)
    elif question.at is not None:
        _at(expansion, name, question, question.at)
    else:
        _by(expansion, name, question)


def _given(expansion: Expansion, name: str, question: Question, given: Condition) -> Condition:
    """The condition of a question as the name of a question, which is written out where there is none yet."""
    if given.question is not None:
        return given
    made = next(known for known, one in expansion.document.condition_questions.items() if one is given)
    label = Made(made, Origin("question", str(name), "given"), place(name))
    if label in expansion.document.questions:
        found = f"the condition of '{name}' makes a question '{label}', but that name is taken"
        expansion.fault("SD209", name, found, hint="rename one of them")
        return Condition(question=label)
    told = given.ask or phrase(_in_words(given), name)
    asked = Question(
        ask=told, when=given.when, happens=given.happens, at_least=given.at_least, at=given.at, by=given.by,
        from_=given.from_, evidence=question.evidence,
    )  # fmt: skip
    expand_question(expansion, label, asked)
    return Condition(question=label)


def _in_words(given: Condition) -> str:
    if given.when is not None:
        return " ".join(given.when.split()) + _dated(given)
    happens = given.happens
    parts = () if happens is None else (happens.type, happens.mode, *happens.source, *happens.target, *happens.place,
                                        *happens.rule)  # fmt: skip
    return f"{' '.join(part for part in parts if part is not None)}{_dated(given)}"


def _dated(given: Condition) -> str:
    day = given.at or given.by
    return "?" if day is None else f" {'on' if given.at is not None else 'by'} {iso(day)}?"


def identifier(label: str) -> str:
    """The name of a question as expressions can write it."""
    return label.replace("-", "_")


def _watched(expansion: Expansion, name: str, question: Question, of: Words) -> None:
    watch = Watch(of=of, unit=question.unit, label=question.ask)
    # What the answer would be if its date were this one.
    series = f"question-{name.replace('_', '-')}"
    expansion.add_watch(series, watch, Origin("question", str(name), "course"), near=name)


def _explicit(expansion: Expansion, name: str, question: Question, kind: str, answer: str) -> None:
    expansion.questions[name] = Question(
        ask=question.ask,
        says=question.says,
        type=kind,
        answer=phrase(answer, name),
        date=question.at or question.by,
        unit=question.unit,
        given=question.given,
        levels=question.levels,
        forecast=question.forecast,
        recorded=question.recorded,
        title=question.title,
        about=question.about,
        evidence=question.evidence,
    )


def _end_of(day: date, near: str) -> Words:
    if isinstance(day, datetime):
        return phrase(iso(day), near)
    return written(applied("+", called("date", f"'{day}'"), 1), near)


def _at(expansion: Expansion, name: str, question: Question, day: date) -> None:
    answer = f"answer_{identifier(name)}"
    asked = question.when if question.when is not None else question.number
    state = State(is_=TRUTH) if question.when is not None else State(unit=question.unit)
    expansion.add_state(answer, state, Origin("question", str(name), "answer"), near=name)
    rule = Rule(at=_end_of(day, name), then=(assigned(answer, "=", asked or Words(""), name),), silent=True)
    expansion.add_timed(f"resolves_{identifier(name)}", rule, Origin("question", str(name), "resolves"), near=name)
    _explicit(expansion, name, question, "binary" if question.when is not None else "number", answer)
    if asked is not None:
        _watched(expansion, name, question, asked)


def _by(expansion: Expansion, name: str, question: Question) -> None:
    answer = f"answer_{identifier(name)}"
    expansion.add_state(answer, State(is_=TRUTH), Origin("question", str(name), "answer"), near=name)
    window = _window(expansion, name, question)
    guard = applied("and", *window, applied("not", answer), question.when or Words("true"))
    rule = Rule(when=written(guard, name), then=(assigned(answer, "=", True, name),), silent=True)
    expansion.add_last(f"resolves_{identifier(name)}", rule, Origin("question", str(name), "resolves"), near=name)
    _explicit(expansion, name, question, "binary", answer)
    _watched(expansion, name, question, phrase(answer, name))


def _first(expansion: Expansion, name: str, question: Question, condition: Words) -> None:
    answer = f"answer_{identifier(name)}"
    expansion.add_state(
        answer, State(unit=Words("day")), Origin("question", str(name), "answer"), near=name, begin=Words("-1")
    )
    window = _window(expansion, name, question)
    guard = applied("and", *window, applied("<", answer, 0), condition)
    rule = Rule(when=written(guard, name), then=(assigned(answer, "=", "t", name),), silent=True)
    expansion.add_last(f"resolves_{identifier(name)}", rule, Origin("question", str(name), "resolves"), near=name)
    _explicit(expansion, name, question, "date", answer)
    _watched(expansion, name, question, written(applied(">=", answer, 0), name))


def _window(expansion: Expansion, name: str, question: Question) -> list[str]:
    # The state that is true while the question counts; none where it counts all the time.
    document = expansion.document
    first, last = question.window(document.starts, document.ends)
    late = begins_at(first) > begins_at(document.starts)
    early = ends_at(last) < ends_at(document.ends)
    if not late and not early:
        return []
    window = f"window_{identifier(name)}"
    begin = None if late else Words("true")
    expansion.add_state(window, State(is_=TRUTH), Origin("question", str(name), "window"), near=name, begin=begin)
    if late:
        opens = Rule(at=phrase(iso(first), name), then=(assigned(window, "=", True, name),), silent=True)
        expansion.add_timed(f"opens_{identifier(name)}", opens, Origin("question", str(name), "opens"), near=name)
    if early:
        closes = Rule(at=_end_of(last, name), then=(assigned(window, "=", False, name),), silent=True)
        expansion.add_timed(f"closes_{identifier(name)}", closes, Origin("question", str(name), "closes"), near=name)
    return [window]


# -- events that are counted --------------------------------------------------------------------------------------


def _happens(expansion: Expansion, name: str, question: Question, happens: Happens) -> None:
    tally = count_events(expansion, name, question, happens)
    reached = written(applied(">=", tally, question.fewest), name)
    _explicit(expansion, name, question, "binary", reached)
    _watched(expansion, name, question, reached)


def count_events(expansion: Expansion, name: str, question: Question, happens: Happens) -> str:
    """The state that counts some events within the dates of a question."""
    tally = f"tally_{identifier(name)}"
    expansion.add_state(tally, State(at_least=0), Origin("question", str(name), "tally"), near=name)
    window = _window(expansion, name, question)
    for named in happens.rule:
        expansion.acting_rule(named)
    for rule_name, rule in list(expansion.rules.items()):
        conditions = _counts(expansion, rule_name, rule, happens)
        if conditions is not None:
            counted = assigned(tally, "+=", 1, name)
            step: Statement = counted
            if window or conditions:
                step = IfStatement(if_=written(applied("and", *window, *conditions), name), then=(counted,))
            # Who and where are read before the effects, as the parts of an event are.
            expansion.rules[rule_name] = rule.model_copy(update={"then": (step, *rule.then)})
    return tally


_WRITTEN = {"source": "by", "target": "on", "place": "at"}
"""The words of a header before the parts of an event."""


def _counts(expansion: Expansion, rule_name: str, rule: Rule, happens: Happens) -> list[Form] | None:
    # The conditions under which a firing counts; None if none ever does.
    if not happens.takes_rule((expansion.stands_for.get(rule_name, rule_name),)):
        return None
    if rule.event is None:
        narrower = happens.type or happens.mode or any(happens.takes_part())
        return None if narrower or not happens.rule else []
    header = header_of(rule.event)
    if header is None or not happens.takes_kind(header.type, header.mode):
        return None
    conditions: list[Form] = []
    for part, wanted in happens.takes_part():
        words = header.part(_WRITTEN[part])
        if words is None:
            return None
        found = fits(expansion, rule, words, wanted)
        if found is None:
            return None
        conditions += found
    return conditions


def fits(expansion: Expansion, rule: Rule, part: Words, wanted: Iterable[str]) -> list[Form] | None:
    """Under which conditions a part of a rule's event is one of some entities: [] if surely, None if it never is."""
    kind, name = _kind(expansion, rule, part), name_in(part)
    # A name that is unknown is told where it stands, and not again where it is counted.
    if name is not None and name not in rule.for_ and not _is_known(expansion, name):
        return None
    ways: list[Form] = []
    for who in wanted:
        if not _is_known(expansion, who):
            continue
        if kind is not None and expansion.kind_of.get(who, kind) != kind:
            continue
        if name is not None and _is_entity(expansion, name) and name not in rule.for_ and who not in expansion.define:
            members = expansion.groups[who].members if who in expansion.groups else (who,)
            if name in members:
                return []
            continue
        single = who not in expansion.groups and who not in expansion.define
        ways.append(applied("==", part, str(who)) if single else belongs(part, str(who)))
    return [applied("or", *ways)] if ways else None


def _is_known(expansion: Expansion, name: str) -> bool:
    known = (expansion.kind_of, expansion.groups, expansion.define, expansion.state)
    return any(name in names for names in known)


def _is_entity(expansion: Expansion, name: str) -> bool:
    return name in expansion.kind_of and name not in expansion.groups and name not in expansion.define


def _kind(expansion: Expansion, rule: Rule, part: Words) -> str | None:
    # The kind of entity that a part of a header gives, where its form tells.
    syntax = syntax_of(part)
    return None if syntax is None else _kind_of(expansion, rule, syntax.body)


def _kind_of(expansion: Expansion, rule: Rule, tree: ast.expr) -> str | None:
    match tree:
        case ast.Name(id=name) if name in rule.for_:
            return expansion.kind_of_domain(rule.for_[Words(name)])
        case ast.Name(id=name):
            return expansion.kind_of.get(name)
        case ast.Subscript(value=ast.Name(id=name)) if name in expansion.state:
            holds = expansion.state[name].is_
            return str(holds) if isinstance(holds, str) else None
        case ast.Attribute(value=of, attr=attribute):
            return expansion.kind_of_attribute(_kind_of(expansion, rule, of), attribute)
        case ast.IfExp(body=then, orelse=otherwise):
            kinds = {_kind_of(expansion, rule, then), _kind_of(expansion, rule, otherwise)}
            return kinds.pop() if len(kinds) == 1 else None
    return None


def is_truth(expansion: Expansion, words: str) -> bool:
    """Whether an expression surely is true or false, by its form and by what it names."""
    syntax = syntax_of(words)
    match syntax.body if syntax is not None else None:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Name(id=name)):
            if name in expansion.define:
                return is_truth(expansion, expansion.define[name].is_)
            return name in expansion.state and expansion.state[name].is_ == TRUTH
    return False
