"""The verb that plays a scenario in a terminal: play."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.numbers import whole
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import Settings, Variant, settings_of

if TYPE_CHECKING:
    from standoff.game import Game

LUCK = 2**63


def play(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A scenario, to begin a game.")] = None,
    seat: Annotated[
        list[str] | None, typer.Option(metavar="SEAT", help="Who you are; again for more people at this terminal.")
    ] = None,
    game: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file of the game, made or gone on with; else NAME.game.")
    ] = None,
    seed: Annotated[
        int | None, whole(0, "Random seed, which makes the luck known; by default it is drawn and stays secret.")
    ] = None,
    run_number: Annotated[int, typer.Option("--run", metavar="R", min=0, help="Which run of the seed.")] = 0,
    setting: Settings = None,
    variant: Variant = None,
) -> None:
    """Play a scenario in the terminal.

    You decide for the actors of a seat, the model for all others. Whatever you say is on the disk before it happens. To
    go on with a game: standoff play --game FILE.
    """
    settings = settings_of(setting)
    with errors_reported():
        from standoff.cli.dialogue import Dialogue

        if name is None and game is None:
            from standoff.errors import UsageError

            raise UsageError("say what to play: the NAME of a scenario, or --game FILE to go on with a game")
        going_on = game is not None and game.exists()
        if name is None or going_on:
            playing = _gone_on_with(game or Path(f"{name}.game"), name, seat or (), variant, settings)
        else:
            luck = secrets.randbelow(LUCK) if seed is None else seed
            playing = _begun(name, seat or (), game, luck, run_number, variant, settings)
        try:
            Dialogue(playing).hold()
        finally:
            # What was written lately goes from beside the file into it, so that it can be sent.
            playing.ledger.close()


def _begun(
    name: str, seats: list[str] | tuple[str, ...], file: Path | None, seed: int, run: int, variant: str | None,
    settings: dict[str, float],
) -> Game:  # fmt: skip
    from standoff import __version__
    from standoff.errors import UsageError, each_of
    from standoff.game import Game, Header, Ledger, Table
    from standoff.scenario import load_to_run

    scenario = load_to_run(name, variant=variant, settings=settings)
    table = Table(scenario)
    each_of(seats, table.seat)
    if not seats:
        raise UsageError(f"say who you are: {' or '.join(f'--seat {seat}' for seat in table.seats)}")
    seated = tuple(seat for seat in table.seats if seat in seats)
    path = Path(f"{scenario.name}.game") if file is None else file
    if path.exists():
        raise UsageError(f"there is a game '{path}' already: go on with it by --game {path}, or name another file")
    header = Header(scenario.name, scenario.text, scenario.digest, __version__, seed, run, seated)
    return Game(table, Ledger.create(path, header))


def _gone_on_with(
    file: Path, name: str | None, seats: list[str] | tuple[str, ...], variant: str | None, settings: dict[str, float]
) -> Game:
    from standoff import __version__
    from standoff.errors import UsageError
    from standoff.game import Game, Ledger, Table
    from standoff.scenario import load, load_text

    ledger = Ledger.read(file)
    header = ledger.header
    if header.version != __version__:
        raise UsageError(f"'{file}' is a game of Standoff {header.version}; this is {__version__}, which may differ")
    if name is not None and load(name, variant=variant, settings=settings).digest != header.digest:
        raise UsageError(f"'{file}' is a game of {header.scenario}, not of this: name another file by --game")
    if seats and set(seats) != set(header.seated):
        raise UsageError(f"in '{file}' there sit {', '.join(header.seated)}: leave out --seat")
    scenario = load_text(header.text, header.scenario)
    if scenario.digest != header.digest:
        raise UsageError(f"'{file}' cannot be replayed: its scenario reads differently now")
    return Game(Table(scenario), ledger)
