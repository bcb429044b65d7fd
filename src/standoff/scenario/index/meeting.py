"""Every name in a document, key by key: what declares it, and every place where it is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from standoff.errors import Fault, Location
from standoff.numerals import read_number
from standoff.scenario.expression.headers import read_header
from standoff.scenario.expression.syntax import Passage, by_name, call_parts
from standoff.scenario.index.expressions import Scope, read_domain, read_names
from standoff.scenario.index.fields import Declares, Refers, Written, held
from standoff.scenario.index.symbols import Held, Known, Symbol, Use, level_of, option_owner
from standoff.scenario.reading.text import Words
from standoff.scenario.resolving.statements import split_assignment
from standoff.scenario.schema import (
    Claim,
    Crossing,
    Decision,
    Define,
    Document,
    ForStatement,
    NamedPolicy,
    Observed,
    Order,
    Part,
    RedLine,
    Response,
    Stance,
    member_of,
)
from standoff.scenario.schema.orders import EVERYTHING
from standoff.scenario.schema.scalars import TIE
from standoff.scenario.words.delays import ARGUMENTS
from standoff.time import is_date, looks_like_duration

Path = tuple[str, ...]
_EVERY = "every"


class Meeting:
    """Goes through a document and gathers the uses of its names.

    `unread` are the places of what is no expression, in which names cannot be told; `hidden` are names that are
    written so that they do not stand there letter by letter.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.uses: list[Use] = []
        self.unread: list[Location] = []
        self.hidden: list[Use] = []
        self._forms: Mapping[str, Callable[[Any, Scope, Path], None]] = {
            "expression": self._expression, "time": self._time, "delay": self._delay, "begin": self._begin,
            "holds": self._levels, "stance options": self._levels, "options": self._options,
            "attributes": self._attributes, "locator": self._locator, "expectation": self._expectation,
            "target": self._target, "rivals": self._rivals, "sight": self._sight, "decided": self._decided,
            "event": self._event, "arguments": self._arguments,
        }  # fmt: skip

    def document(self, document: Document) -> None:
        """Every name in a document."""
        self.part(document, Scope(), ())

    def part(self, part: Part, scope: Scope, path: Path) -> None:
        """Every name in a part of it."""
        scope = self._opened(part, scope, path)
        if isinstance(part, Claim) and part.where is not None:
            self._expression(part.where, self._of_rules(part, scope), path)
        for field in type(part).model_fields:
            value = part.__dict__[field]
            if value is None or value == () or (isinstance(part, Claim) and field == "where"):
                continue
            if isinstance(part, Observed) and field == "event":
                self._observed(part)
                continue
            key = field.removesuffix("_")
            self._value(held(type(part), field), value, scope, path if field == "is_" else (*path, key))

    # -- what the variables are ----------------------------------------------------------------------------------------

    def _opened(self, part: Part, scope: Scope, path: Path) -> Scope:
        """The scope within a part: with the variables that it binds and the names among which it chooses."""
        match part:
            case RedLine():
                # What a line reads is read where it is crossed, by the variables of the rule that crosses it.
                for crossing in reversed(part.crossed_by):
                    scope = self._of_rule(crossing.rule, scope)
            case Crossing():
                return self._of_rule(part.rule, scope)
            case Response():
                scope = scope.with_variable("intruder", ("actor",), "").with_variable("spot", ("place",), "")
            case Define():
                scope = Scope(owner=".".join(path))
                for argument, of in part.of.items():
                    scope = scope.with_variable(str(argument), (str(of),))
                return scope
            case Stance():
                return replace(scope, choices=_stances(part))
            case NamedPolicy() if part.of in self.known.document.stances:
                scope = replace(scope, choices=_stances(self.known.document.stances[part.of]))
            case Decision():
                owner = option_owner(path[-1])
                choices = {str(name): Symbol("option", str(name), owner) for name in part.options}
                scope = replace(scope, choices=choices)
        domains = getattr(part, "for_", None)
        if domains:
            # A decision, an order or a rule has variables of its own; a `for` of effects sees those around it.
            owner = ".".join(path) if not isinstance(part, ForStatement) else _placed(scope.owner, domains)
            scope = replace(scope, owner=owner)
            for name, domain in domains.items():
                kind = self._domain(domain, scope)
                scope = scope.with_variable(str(name), kind)
                self._note_word(name, scope.variables[str(name)][0], defines=True)
        if isinstance(part, Order) and part.amounts:
            scope = replace(scope, owner=".".join(path))
            for name in part.amounts:
                scope = scope.with_variable(str(name), None)
        return scope

    def _of_rule(self, rule: str, scope: Scope) -> Scope:
        """The scope in which the variables of a rule can be seen."""
        document = self.known.document
        owned: list[tuple[str, Mapping[str, str]]] = []
        if rule in document.rules:
            owned.append((f"rules.{rule}", document.rules[Words(rule)].for_))
        made = self.known.origin("rules", rule)
        if made is not None and made.word == "decision" and made.name in document.decisions:
            owned.append((f"decisions.{made.name}", document.decisions[Words(made.name)].for_))
        if made is not None and made.word == "order" and made.name in document.orders:
            owned.append((f"orders.{made.name}", document.orders[Words(made.name)].for_))
        for owner, domains in owned[:1]:
            scope = replace(scope, owner=owner)
            for name, domain in domains.items():
                scope = scope.with_variable(str(name), self._domain(domain, scope, noted=False))
        return scope

    def _of_rules(self, claim: Claim, scope: Scope) -> Scope:
        force = [claim.force] if claim.force is not None else []
        for rule in (*claim.raise_, *claim.lower, *claim.remove, *force):
            scope = self._of_rule(rule, scope)
        return scope

    def _domain(self, words: str, scope: Scope, *, noted: bool = True) -> Held | None:
        try:
            return read_domain(Passage.whole(words), self.known, scope, self._note if noted else _unnoted)
        except Fault:
            if noted:
                self._cannot_read(words)
            return None

    # -- values --------------------------------------------------------------------------------------------------------

    def _value(self, what: Refers | Declares | Written | None, value: Any, scope: Scope, path: Path) -> None:
        match what:
            case Refers():
                for word in _words_in(value):
                    self._refer(word, what, scope, (*path, str(word)) if isinstance(value, dict) else ())
            case Declares():
                for name in value:
                    self._declare(name, what, scope, path)
            case Written(form="statements"):
                self._block(value, scope, path)
                return
            case Written(form="variables"):
                return
            case Written():
                self._forms[what.form](value, scope, path)
                if what.form != "options":
                    return
        self._below(value, scope, path)

    def _below(self, value: Any, scope: Scope, path: Path) -> None:
        """The parts within a value, and the expressions that are the values of names."""
        match value:
            case Part():
                self.part(value, scope, path)
            case dict():
                for name, item in value.items():
                    inner = scope
                    if path == ("policies", *path[1:2], "decisions") and name in self.known.document.decisions:
                        options = self.known.document.decisions[name].options
                        owner = option_owner(str(name))
                        chosen = {str(one): Symbol("option", str(one), owner) for one in options}
                        inner = replace(scope, choices=chosen)
                    if isinstance(item, Words):
                        if path[-1] == "mix":
                            self._expression(item, scope, path)
                    else:
                        self._below(item, inner, (*path, str(name)))
            case tuple():
                for number, item in enumerate(value):
                    if isinstance(item, Part):
                        self.part(item, scope, (*path, str(number)))

    def _refer(self, word: str, what: Refers, scope: Scope, path: Path) -> None:
        if word in what.also:
            return
        symbol = self.known.find(word, *what.spaces)
        if symbol is None and "parameter" in what.spaces:
            if not self._of_entity(word):
                self._tie(word)
            return
        if symbol is None and {"option", "stance"} & {*what.spaces}:
            symbol = scope.choices.get(word)
        if symbol is None and "variable" in what.spaces and word in scope.variables:
            symbol = scope.variables[word][0]
        self._note_word(word, symbol, path=path)

    def _declare(self, name: str, what: Declares, scope: Scope, path: Path) -> None:
        if what.space == "variable":
            self._note_word(name, scope.variables[str(name)][0], defines=True)
        elif what.space != "parameter" or not self._of_entity(name, path=(*path, str(name))):
            symbol = self.known.find(name, what.space)
            # A flow that has the name of its state does not declare that.
            own = symbol is not None and symbol.space == what.space
            self._note_word(name, symbol, defines=own, path=(*path, str(name)))

    def _of_entity(self, word: str, *, path: Path = ()) -> bool:
        """Notes the two names in `resolve[blue]`; whether it is one of these."""
        return isinstance(word, Words) and self._of_entity_within(word, 0, word, path=path)

    def _of_entity_within(self, words: Words, at: int, name: str, *, path: Path = ()) -> bool:
        """The same for a name that begins within an author's words."""
        member = member_of(name)
        if member is None:
            return False
        parameter, entity = member
        alone = parameter not in self.known.document.parameters
        self._note(words, at, self.known.find(parameter, "parameter"), defines=alone, path=path)
        self._note(words, at + len(parameter) + 1, self.known.find(entity, "actor", "place", "member"))
        return True

    def _tie(self, word: str) -> None:
        """Notes the three names in `alliance[red, green]`."""
        match = TIE.fullmatch(word)
        if match is not None and isinstance(word, Words):
            self._note(word, 0, self.known.find(match[1], "made"))
            for number in (2, 3):
                self._note(word, match.start(number), self.known.find(match[number], "actor"))

    def _block(self, statements: Iterable[Any], scope: Scope, path: Path) -> None:
        """Statements, each of which sees the local values of those before it."""
        for number, statement in enumerate(statements):
            if isinstance(statement, Part):
                self.part(statement, scope, (*path, str(number)))
            else:
                scope = self._assignment(statement, scope, path)

    def _assignment(self, words: Words, scope: Scope, path: Path) -> Scope:
        try:
            target, op, value = split_assignment(Passage.whole(words))
            name = target.text
            if op == "=" and name.isidentifier() and self.known.find(name, "state", "made") is None:
                held_by = read_names(value, self.known, scope, self._note)
                if name not in scope.variables:
                    scope = scope.with_variable(name, held_by, ".".join(path))
                self._note(target.words, target.start, scope.variables[name][0])
                return scope
            kind = read_names(target, self.known, scope, self._note)
            read_names(value, self.known, scope, self._note, kind)
        except Fault:
            self._cannot_read(words)
        return scope

    def _expression(self, words: Any, scope: Scope, path: Path) -> None:
        self._passage(Passage.whole(words), scope)

    def _passage(self, passage: Passage, scope: Scope, expect: Held | None = None) -> None:
        try:
            read_names(passage, self.known, scope, self._note, expect)
        except Fault:
            self._cannot_read(passage.words)

    def _time(self, words: Any, scope: Scope, path: Path) -> None:
        if not looks_like_duration(words) and not is_date(words):
            self._expression(words, scope, path)

    def _delay(self, words: Any, scope: Scope, path: Path) -> None:
        call = call_parts(Passage.whole(words))
        order = ARGUMENTS.get(call[0]) if call is not None else None
        if call is None or order is None:
            self._time(words, scope, path)
            return
        for part in by_name(call[1], order).values():
            if not looks_like_duration(part.text):
                self._passage(part, scope)

    def _event(self, words: Any, scope: Scope, path: Path) -> None:
        try:
            parts = read_header(words).parts
        except Fault:
            self._cannot_read(words)
            return
        for part in parts.values():
            self._passage(part, scope)

    def _observed(self, observed: Observed) -> None:
        header = observed.header
        for word in (header.source, header.target):
            if word is not None:
                self._note_word(word, self.known.find(word, "actor", "member"))
        if header.place is not None:
            self._note_word(header.place, self.known.find(header.place, "place"))

    def _begin(self, begin: Any, scope: Scope, path: Path) -> None:
        for state, value in begin.items():
            self._note_word(state, self.known.find(state, "state", "made"))
            self._starts(value, self.known.held_by_state(str(state)))

    def _starts(self, value: Any, expect: Held | None) -> None:
        if not isinstance(value, dict):
            self._passage(Passage.whole(value), Scope(), expect)
            return
        for key, item in value.items():
            if key != _EVERY:
                self._note_word(key, self.known.find(key, "actor", "place", "member", "made"))
            self._starts(item, expect)

    def _levels(self, value: Any, scope: Scope, path: Path) -> None:
        if isinstance(value, str):
            self._note_word(value, self.known.find(value, "kind"))
            return
        levels = list(map(str, value))
        for word in value:
            self._note_word(word, level_of(str(word), levels), defines=True, path=path)

    def _options(self, value: Any, scope: Scope, path: Path) -> None:
        for word in value:
            self._note_word(word, scope.choices.get(word), defines=True, path=(*path, str(word)))

    def _arguments(self, value: Any, scope: Scope, path: Path) -> None:
        """The arguments of a define, which its expression sees."""
        for name, kind in value.items():
            self._note_word(name, scope.variables[str(name)][0], defines=True)
            self._note_word(kind, self.known.find(kind, "kind"))

    def _attributes(self, value: Any, scope: Scope, path: Path) -> None:
        kind = self.known.kinds.get(path[-2], "")
        for name, item in value.items():
            self._note_word(name, Symbol("attribute", str(name), kind), defines=True)
            if self.known.attributes.get(kind, {}).get(name) and isinstance(item, Words):
                self._note_word(item, self.known.find(item, "actor", "place", "member"))

    def _locator(self, value: Any, scope: Scope, path: Path) -> None:
        name, mark, _ = value.partition("#")
        if mark:
            self._note(value, 0, self.known.find(name, "source"))

    def _expectation(self, value: Any, scope: Scope, path: Path) -> None:
        claim = self.known.document.claims.get(Words(path[1]))
        of = claim.expectation.of if claim is not None else None
        if of is not None:
            self._passage(Passage(value, 0, len(of)), scope)

    def _target(self, value: Any, scope: Scope, path: Path) -> None:
        for name, given in value.items():
            kind: Held | None = None
            try:
                kind = read_names(Passage.whole(name), self.known, scope, self._note)
            except Fault:
                self._cannot_read(name)
            self._passage(Passage.whole(given), scope, kind)

    def _rivals(self, value: Any, scope: Scope, path: Path) -> None:
        for words in value:
            if "=" not in words:
                self._note_word(words, self.known.find(words, "variant"))
                continue
            start = 0
            for part in words.split(","):
                name = part.partition("=")[0]
                at = start + len(name) - len(name.lstrip())
                if not self._of_entity_within(words, at, name.strip()):
                    self._note(words, at, self.known.find(name.strip(), "parameter"))
                start += len(part) + 1

    def _sight(self, value: Any, scope: Scope, path: Path) -> None:
        for words in value:
            if words != EVERYTHING:
                self._expression(words, scope, path)

    def _decided(self, value: Any, scope: Scope, path: Path) -> None:
        symbol = scope.variables[value][0] if value in scope.variables else self.known.find(value, "actor")
        self._note_word(value, symbol)

    # -- noting --------------------------------------------------------------------------------------------------------

    def _cannot_read(self, words: str) -> None:
        place = words.location if isinstance(words, Words) else None
        if place is not None and read_number(words) is None:
            self.unread.append(place)

    def _note_word(self, word: str, symbol: Symbol | None, *, defines: bool = False, path: Path = ()) -> None:
        if isinstance(word, Words):
            self._note(word, 0, symbol, defines=defines, path=path)

    def _note(
        self, words: Words, offset: int, symbol: Symbol | None, *, defines: bool = False, path: Path = ()
    ) -> None:
        place = words.place(offset) if symbol is not None else None
        if symbol is None or place is None:
            return
        use = Use(symbol, place, defines, path)
        (self.uses if use.stands else self.hidden).append(use)


def _placed(owner: str, domains: Mapping[str, str]) -> str:
    place = next((name.location for name in domains if isinstance(name, Words)), None)
    return f"{owner} {place.file}:{place.line}:{place.column}" if place is not None else owner


def _stances(stance: Stance) -> dict[str, Symbol]:
    options = list(map(str, stance.options))
    return {option: level_of(option, options) for option in options}


def _words_in(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from value
        case tuple():
            for item in value:
                yield from _words_in(item)


def _unnoted(words: Words, offset: int, symbol: Symbol) -> None:
    """Passes over a name that is met where it stands."""
