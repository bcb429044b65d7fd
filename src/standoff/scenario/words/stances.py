"""Stances: the posture of an actor becomes a state, each change of it a rule."""

from __future__ import annotations

from standoff.scenario.expression.written import applied, assigned, phrase, written
from standoff.scenario.origin import Origin
from standoff.scenario.schema import Ordered, Rule, Stance, StanceChange, State
from standoff.scenario.words.deciders import Last
from standoff.scenario.words.expansion import Expansion


def expand_stances(expansion: Expansion) -> None:
    """Writes out every stance of the document."""
    for actor, stance in expansion.document.stances.items():
        state = f"stance_{actor}"
        about = stance.about or phrase(f"the posture of {actor}", actor)
        held = State(is_=stance.options, about=about, evidence=stance.evidence)
        expansion.add_state(state, held, Origin("stance", str(actor), "posture"), near=actor, begin=stance.begin)
        made: dict[str, int] = {}
        for change in stance.changes:
            name = f"{state}_{change.from_}_to_{change.to}"
            made[name] = made.get(name, 0) + 1
            numbered = name if made[name] == 1 else f"{name}_{made[name]}"
            origin = Origin("stance", str(actor), "change", str(change.to))
            # Who can be told what stance to take decides as well whether it changes by itself.
            decides = actor if stance.ordered is not None else None
            expansion.add_rule(numbered, _rule(state, change, decides), origin, near=actor)
        if stance.ordered is not None:
            _ordered(expansion, actor, stance, stance.ordered)


def _ordered(expansion: Expansion, actor: str, stance: Stance, ordered: Ordered) -> None:
    """A rule for each stance that is taken when it is ordered."""
    state = f"stance_{actor}"
    last = Last(expansion, ordered.every, state, Origin("stance", str(actor), "last"), near=actor)
    for level in stance.options:
        guard = applied("and", applied("!=", state, str(level)), *last.long_ago())
        rule = Rule(
            when=written(guard, level),
            called=True,
            then=(*last.now(), assigned(state, "=", level, level)),
            decides=phrase(actor, actor),
            evidence=stance.evidence,
        )
        origin = Origin("stance", str(actor), "ordered", str(level))
        expansion.add_rule(f"{state}_to_{level}", rule, origin, near=level)


def _rule(state: str, change: StanceChange, decides: str | None) -> Rule:
    asked = [change.when] if change.when is not None else []
    guard = applied("and", applied("==", state, str(change.from_)), *asked)
    return Rule(
        when=written(guard, change.from_),
        rate=change.rate,
        after=change.after,
        then=(assigned(state, "=", change.to, change.to),),
        event=change.event,
        decides=None if decides is None else phrase(decides, decides),
        mechanism=change.mechanism,
        title=change.title,
        about=change.about,
        evidence=change.evidence,
    )
