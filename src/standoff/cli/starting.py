"""The verbs that begin a scenario of one's own: new, from a template, and copy, of a bundled one."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson

if TYPE_CHECKING:
    from standoff.scenario import Files, Site, Template

Value = TypeVar("Value")
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="Its title.")]
Day = Annotated[str | None, typer.Option(metavar="DATE", help="A day such as 2030-01-31.")]
USUAL = "crisis"
"""The template that is taken where none is named."""


def copy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A bundled scenario: see `standoff list`.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder that is not there yet; by default my-NAME.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy a bundled scenario, to change it.

    All its files are copied; nothing that is there is written over.
    """
    with errors_reported(as_json=as_json):
        from standoff.scenario import copied, located, write_files

        files = copied(name)
        known = located(name)
        into = folder or Path(f"my-{known[0] if known else name}")
        write_files(into, files)
    _told(into, files, as_json=as_json, compared=name)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="crisis, blockade, grey-zone, race, insurgency, bargain; or a bundled scenario. By default crisis.",
        ),
    ] = None,
    title: Title = None,
    starts: Day = None,
    ends: Day = None,
    side: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A side, in the template's order (docs/start.md); repeat it."),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME LAT LON'", help="A place, in the template's order (docs/start.md); all or none."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take the rest from the template.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a scenario of your own: a commented file that runs.

    At a terminal it asks what is not given; Enter takes what stands in brackets.
    """
    with errors_reported(as_json=as_json):
        from standoff.errors import Refusals, UsageError, each_of
        from standoff.scenario import copied, day, refuse_used, site, template, write_files

        refuse_used(folder)
        asking = not yes and not as_json and at_a_terminal()
        if like is None:
            like = _which() if asking else USUAL
        begun = template(like)
        refused = Refusals()
        with refused:
            days = each_of((starts, ends), lambda one: None if one is None else day(one))
        with refused:
            sites = each_of(place or (), site)
        refused.tell()
        if begun is None:
            if starts or ends or side or place:
                raise UsageError(
                    f"'{like}' has dates, sides and places of its own, on which its record rests: give a title alone, "
                    "and change the rest in the file"
                )
            files = copied(like, title=title)
        else:
            names = Names(title, days[0], days[1], tuple(side or ()), tuple(sites))
            files = begun.with_names(**(_dialogue(begun, names) if asking else names)._asdict())
        write_files(folder, files)
    _told(folder, files, as_json=as_json)


class Names(NamedTuple):
    """What a user calls things, as `Template.with_names` takes it; None and nothing for what was not said."""

    title: str | None
    starts: date | None
    ends: date | None
    sides: tuple[str, ...]
    places: tuple[Site, ...]


def at_a_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _dialogue(begun: Template, given: Names) -> Names:
    """What is given, and the rest asked; Enter takes what stands in brackets."""
    from standoff.scenario import day, one_line
    from standoff.time import iso

    print(f"{begun.teaches}\nEnter takes what stands in brackets.", file=sys.stderr)
    sides = given.sides or tuple(
        _asked(f"Who {role.about}", role.name, lambda text: one_line(text, "a name", 50)) for role in begun.sides
    )
    places = given.places or _places(begun)
    starts = given.starts or _asked("First day", iso(begun.starts), day)
    ends = given.ends or _asked("Last day", iso(starts + (begun.ends - begun.starts)), day)
    title = given.title or _asked("Title", begun.title_with(sides, places), lambda text: one_line(text, "a title", 120))
    return Names(title, starts, ends, sides, places)


def _places(begun: Template) -> tuple[Site, ...]:
    """The places asked for: the first decides whether the made-up ones stay together, or none of them."""
    from standoff.scenario import site

    found: list[Site] = []
    for role in begun.places:
        made_up = role.name if not found else None

        def read(text: str, made_up: str | None = made_up) -> Site | None:
            return None if text == made_up else site(text)

        answer = _asked(f"Where: {role.about} (NAME LATITUDE LONGITUDE)", made_up, read)
        if answer is None:
            break
        found.append(answer)
    return tuple(found)


def _which() -> str:
    """The template to begin with, chosen among all."""
    from standoff.scenario import Template, template, templates

    for name, path in templates().items():
        print(f"{name:<12} {Template.read(path).teaches}", file=sys.stderr)

    def known(name: str) -> str:
        template(name)
        return name

    return _asked("Begin with", USUAL, known)


def _asked(what: str, usual: str | None, read: Callable[[str], Value]) -> Value:
    """An answer at the terminal, asked again until it can be read."""
    from standoff.errors import UsageError

    def tried(text: str) -> Value:
        try:
            return read(text)
        except UsageError as error:
            raise typer.BadParameter(str(error)) from None

    answer: Value = typer.prompt(what, default=usual, value_proc=tried, err=True)
    return answer


def _told(folder: Path, files: Files, *, as_json: bool, compared: str | None = None) -> None:
    """Say what was written, and what comes next."""
    from standoff.scenario import located

    # A folder that is called as a bundled scenario would be taken for that one.
    address = f"./{folder}" if located(str(folder)) is not None else str(folder)
    following = [["standoff", "check", address], ["standoff", "run", address, "--runs", "1000"]]
    following += [["standoff", "diff", compared, address]] if compared is not None else []
    lines = [shlex.join(words) for words in following]
    paths = [str(folder / name) for name in files]
    if as_json:
        print_json(json.dumps({"files": paths, "next": lines}, ensure_ascii=False, indent=1))
        return
    for path in paths:
        print(path)
    print("It runs as it is. What to change first is said in it." if compared is None else "It is yours to change.")
    for line in lines:
        print(f"Next: {line}")
