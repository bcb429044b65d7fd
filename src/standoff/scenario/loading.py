"""From a name or a path to a scenario that is ready to ground, or to everything that is wrong with it.

What the files of a scenario come to is kept between processes (`keeping.py`), so that one that was looked at before is
there at once; only what is not kept is worked out, by `preparing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from standoff import cache
from standoff.display import Display, Displayed
from standoff.errors import Fault, Faults, Refusals, UsageError, bounded_suggestions, plain_path, shown, suggestion
from standoff.scenario.keeping import KeptCheck, KeptScenario, Question
from standoff.scenario.reading.folders import scenario_files, unchanged
from standoff.scenario.shelves import MAIN_FILE, bundled, located

if TYPE_CHECKING:
    from standoff.scenario.preparing import Parts
    from standoff.scenario.reading.source import Source
    from standoff.scenario.resolved import Resolved
    from standoff.scenario.schema import Document

Text = TypeVar("Text", bound="str | Path")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which scenario is asked for: the files by their paths and names in messages, and what changes it."""

    path: Path
    title: str
    variant: str | None
    settings: Mapping[str, float]
    overlays: tuple[tuple[Path, str], ...]
    injects: tuple[str, ...]
    as_rival: bool = False

    @property
    def cuts_short(self) -> bool:
        """Whether the way of a thesis may be cut short in it, which is what variants and rivals can be for."""
        return self.as_rival or self.variant is not None

    @property
    def question(self) -> Question:
        """What names it among the scenarios that are kept."""
        files = [(self.path, self.title), *self.overlays]
        places = [(str(path), str(path.resolve()), title) for path, title in files]
        return Question("scenario", places, self.variant, sorted(self.settings.items()), self.injects)

    def source(self, texts: Mapping[str, bytes] | None = None) -> Source:
        """What its files say together; raises Faults. `texts` are what they hold, where that is known."""
        from standoff.scenario.reading.source import read, read_what_can_be

        source = read_what_can_be(self.path, self.title, texts=texts)
        refused = Refusals()
        with refused:
            source = source.variant(self.variant) if self.variant is not None else source
        for path, title in self.overlays:
            with refused:
                source = source.overlaid(read(path, title, texts=texts))
        for inject in self.injects:
            with refused:
                source = source.with_inject(inject)
        refused.tell()
        return source


@dataclass(frozen=True, slots=True)
class Unread:
    """A scenario that is kept: its parts are made of the same texts again when they are asked for."""

    asked: Asked
    texts: Mapping[str, bytes]
    key: str

    def parts(self) -> Parts:
        """Its parts; those that this process made last are not made again."""
        known = _last_made.get(self.key)
        if known is None:
            from standoff.scenario.preparing import prepare

            known = prepare(self.asked.source(self.texts), self.asked.settings)
            _remember(self.key, known)
        return known


_last_made: dict[str, Parts] = {}


def _remember(key: str, parts: Parts) -> None:
    """A scenario and one to compare it with: a large one takes seconds to make, and a hundred megabytes."""
    for older in list(_last_made)[:-1]:
        _last_made.pop(older, None)
    _last_made[key] = parts


@dataclass(frozen=True, eq=False, repr=False)
class Scenario(Displayed):
    """A scenario that was read, checked, expanded and resolved.

    `key` names all that it was made from, and with what code; it is empty where that is not known.
    """

    name: str
    path: Path
    _made: Parts | Unread = field(repr=False)
    variant: str | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
    key: str = field(default="", repr=False)
    _kept: KeptScenario | None = field(default=None, repr=False)
    _asked: Asked | None = field(default=None, repr=False)
    _is_sound: bool = field(default=False, repr=False)
    """Whether it is known to have no errors: bundled, or made of a scenario that was looked at."""

    def display(self) -> Display:
        """Who, where, what is asked, and which numbers are uncertain."""
        from standoff.scenario.overview import overview

        return overview(self)

    def __repr__(self) -> str:
        # In a message or a traceback, where it must not be read anew.
        case = f", variant {self.variant}" if self.variant else ""
        case += "".join(f", {name} = {value:g}" for name, value in self.settings.items())
        return f"<Scenario {self.name}{case}>"

    @cached_property
    def _parts(self) -> Parts:
        return self._made.parts() if isinstance(self._made, Unread) else self._made

    @property
    def document(self) -> Document:
        """What the author wrote, with includes, the variant and the settings merged in."""
        return self._parts.document

    @property
    def expanded(self) -> Document:
        """The document in plain state and rules."""
        return self._parts.expanded

    @property
    def resolved(self) -> Resolved:
        """What grounding reads; raises Faults with all that `check` calls an error, so that it is not run with them."""
        self.refuse_errors()
        return self._parts.resolved

    @property
    def as_read(self) -> Resolved:
        """The same of a scenario that is only looked at, whatever `check` says of it."""
        return self._parts.resolved

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the expanded scenario's content; the same for every way of writing the same scenario."""
        return self._parts.digest if self._kept is None else self._kept.digest

    @cached_property
    def text(self) -> str:
        """The document as YAML, which is itself a scenario."""
        return self._parts.text if self._kept is None else self._kept.text

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """What is allowed but probably not meant."""
        return tuple(fault for fault in self._parts.warnings if fault.severity == "warning")

    @cached_property
    def errors(self) -> tuple[Fault, ...]:
        """What stops whatever would run it, though it can be read: in its claims, policies and ranges.

        It is what is wrong in what was asked for: an error of another variant stops only who runs that variant. The
        bundled scenarios were checked when the package was made. Found once, and kept by all that it was made from.
        """
        if self._is_sound:
            return ()
        cuts_short = self._asked is not None and self._asked.cuts_short
        question = Question("stopping", self.key, cuts_short)
        kept = question.answer(KeptCheck) if self.key else None
        if kept is not None:
            return tuple(one.fault for one in kept.faults)
        from standoff.scenario.preparing import stopping

        errors = stopping(self._parts, cuts_short=cuts_short)
        if self.key:
            question.keep(KeptCheck.of((), errors))
        return errors

    def refuse_errors(self) -> None:
        """Raises Faults with all that `check` calls an error in it: the one gate of all that runs a scenario."""
        if self.errors:
            raise Faults(self.errors)

    def expanded_text(self) -> str:
        """The expanded scenario as YAML, which is itself a scenario."""
        return self._parts.expanded_text

    def with_document(self, document: Document) -> Scenario:
        """The same scenario with another document, which expands to the same."""
        made = replace(self._parts, document=document)
        return replace(self, _made=made, key="", _kept=None, _asked=None)

    def under_rival(self, rival: str) -> Scenario:
        """The same scenario under a rival of one of its claims: another variant, or parameters with other values.

        Raises UsageError where it is not what files say: then there is nothing to read a variant from.
        """
        from standoff.scenario.reading.source import Words
        from standoff.scenario.schema import read_rival

        if self._asked is None:
            raise UsageError(f"{self.name} was not read from files as it is, so that no rival of it can be read")
        variant, settings = read_rival(Words(rival))
        fixed = {**self.settings, **{str(name): value for name, value in settings.items()}}
        chosen = self.variant if variant is None else str(variant)
        asked = replace(self._asked, variant=chosen, settings=fixed, as_rival=True)
        return _loaded(self.name, asked, is_sound=self._is_sound)


_FEW = 5
"""Files of a folder that a message names."""


def find(name_or_path: str | Path) -> tuple[str, Path, str]:
    """The name, the main file and its name in messages, of a path or of a bundled scenario.

    A bare name means the newest version. Raises UsageError where there is nothing.
    """
    text = str(name_or_path)
    known_to_us = located(text) if isinstance(name_or_path, str) else None
    if known_to_us is not None:
        return known_to_us
    path = Path(text)
    try:
        if path.is_dir() and (path / MAIN_FILE).is_file():
            return path.resolve().name, path / MAIN_FILE, str(path / MAIN_FILE)
        if path.exists() and not path.is_dir():
            return path.stem, path, text
        inside = [str(path / entry.name) for entry in scenario_files(path)] if path.is_dir() else []
        beside = [str(path.parent / entry.name) for entry in scenario_files(path.parent)]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"'{text[:60]}{'…' if len(text) > 60 else ''}' cannot be read: {reason}") from None
    if path.is_dir():
        there = f"scenarios there: {', '.join(inside[:_FEW])}" if inside else "there is no scenario in it"
        raise UsageError(f"the folder '{text}' has no {MAIN_FILE}; {there}")
    names = list(dict.fromkeys([*bundled(), *(name.rsplit("-v", 1)[0] for name in bundled())]))
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
    """Reads a scenario by path or by the name of a bundled one; raises Faults where it cannot be read.

    What `check` calls an error in one that can be read is raised by whatever would run it. `variant` names one of its
    variants; `settings` fix parameters at a value for every run; `overlays` are files with partial scenarios, each
    merged over what came before; `injects` are those that are switched on.
    """
    name, path, title = find(name_or_path)
    fixed = _numbers(settings)
    if variant is not None and not isinstance(variant, str):
        raise UsageError(f"a variant must be a name, not {shown(variant)}")
    over = tuple((plain_path(one, "an overlay"), str(one)) for one in _several(overlays, "overlays"))
    missing = [f"there is no overlay file '{title_of}'" for file, title_of in over if not file.is_file()]
    if missing:
        raise UsageError("\n".join(missing))
    switched_on = tuple(_several(injects, "injects"))
    for inject in switched_on:
        if not isinstance(inject, str):
            raise UsageError(f"an inject must be a name, not {shown(inject)}")
    as_bundled = isinstance(name_or_path, str) and not over and located(name_or_path) is not None
    return _loaded(name, Asked(path, title, variant, fixed, over, switched_on), is_sound=as_bundled)


def check_scenario(*given: object) -> None:
    """Raises UsageError for an argument that is no scenario, such as the name or the runs of one."""
    for one in given:
        if not isinstance(one, Scenario):
            raise UsageError(f"a scenario is needed here, as standoff.load gives it, not {shown(one)}")


def load_to_run(
    name_or_path: str | Path,
    *,
    variant: str | None = None,
    settings: Mapping[str, float] | None = None,
    overlays: Sequence[str | Path] = (),
    injects: Sequence[str] = (),
) -> Scenario:
    """A scenario as `load` reads it, for who runs it next; raises its errors before anything else is done."""
    scenario = load(name_or_path, variant=variant, settings=settings, overlays=overlays, injects=injects)
    scenario.refuse_errors()
    return scenario


def _loaded(name: str, asked: Asked, *, is_sound: bool) -> Scenario:
    question = asked.question
    kept = question.answer(KeptScenario)
    texts = None if kept is None else unchanged(kept.files)
    if kept is not None and texts is not None:
        key = question.key(kept.files)
        made = Unread(asked, texts, key)
        return Scenario(name, asked.path, made, asked.variant, asked.settings, key, kept, asked, is_sound)
    return _prepared(name, asked, question, is_sound=is_sound)


def load_text(text: str, name: str) -> Scenario:
    """The scenario that a text is by itself, such as the `text` of one; raises Faults with what is wrong in it."""
    from standoff.scenario.preparing import prepare
    from standoff.scenario.reading.source import read

    path = Path(f"{name}.yaml")
    source = read(path, str(path), texts={str(path): text.encode("utf-8")})
    question = Question("text", name)
    return Scenario(name, path, prepare(source, {}), key=question.key(source.files))


def _prepared(name: str, asked: Asked, question: Question, *, is_sound: bool) -> Scenario:
    """A scenario that is made now, and kept."""
    from standoff.scenario.preparing import prepare

    refused = Refusals()
    with refused:
        source = asked.source()
    if refused and not asked.overlays:
        # A variant or an inject that is not there hides no parameter that is not there.
        with refused:
            prepare(replace(asked, variant=None, injects=()).source(), asked.settings)
    refused.tell()
    parts = prepare(source, asked.settings)
    # Its text takes as long as a fifth of all the rest: it is not made where nothing is kept.
    kept = None if cache.folder() is None else KeptScenario(source.files, parts.digest, parts.text)
    if kept is not None:
        question.keep(kept)
    key = question.key(source.files)
    return Scenario(name, asked.path, parts, asked.variant, asked.settings, key, kept, asked, is_sound)


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
    _, path, title = find(name_or_path)
    question = Question("check", [(str(path), str(path.resolve()), title)])
    kept = question.answer(KeptCheck)
    if kept is not None and unchanged(kept.files) is not None:
        return tuple(one.fault for one in kept.faults)
    from standoff.scenario.preparing import looked
    from standoff.scenario.reading.source import read_what_can_be

    with bounded_suggestions():
        try:
            source = read_what_can_be(path, title)
        except Faults as error:
            # What cannot be read may have other reasons than what the files hold: nothing of it is kept.
            return error.faults
        found = looked(source)
    question.keep(KeptCheck.of(source.files, found.faults))
    asked = Asked(path, title, None, {}, (), ())
    errors = [fault for fault in found.own if fault.severity == "error"]
    Question("stopping", asked.question.key(source.files), False).keep(KeptCheck.of((), errors))
    return found.faults
