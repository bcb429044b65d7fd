"""Verbs and groups of verbs, as typer makes them: all that is wrong with the words of a command is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand

from standoff.errors import Given, Made, UsageError, each_of

Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever a verb takes


class Verbs(typer.Typer):
    """A group of verbs with plain help: loading rich for it would take longer than printing it."""

    def __init__(self, **settings: Any) -> None:  # Any: what typer takes
        super().__init__(no_args_is_help=True, rich_markup_mode=None, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:  # Any: as above
        """A verb of the group."""
        return super().command(name, cls=_TellsAll, **settings)


class _TellsAll(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # Any: click's context
        """Reads the words after the verb; raises BadParameter with a line for each value that cannot be read."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as first:
            wrong = self._wrong(ctx, given)
            raise _Several(wrong) if len(wrong) > 1 else first from None

    def _wrong(self, ctx: Any, args: list[str]) -> list[typer.BadParameter]:  # Any: click's context
        values, _, order = self.make_parser(ctx).parse_args(args=args)
        found = []
        # What is given comes first, in its order; what is missing after it.
        for param in [*dict.fromkeys(order), *(one for one in self.get_params(ctx) if one not in order)]:
            try:
                param.handle_parse_result(ctx, values, args)
            except typer.BadParameter as error:
                found.append(error)
        return found


class _Several(typer.BadParameter):
    def __init__(self, errors: Sequence[typer.BadParameter]) -> None:
        super().__init__("", ctx=errors[0].ctx)
        self._errors = errors

    def format_message(self) -> str:
        """What is wrong, one a line."""
        return "\n".join(error.format_message() for error in self._errors)


def read_each(option: str, given: Iterable[Given] | None, read: Callable[[Given], Made]) -> list[Made]:
    """What `read` makes of each value of an option; raises BadParameter with all that it refuses by UsageError."""
    try:
        return each_of(given or (), read)
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
