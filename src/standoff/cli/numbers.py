"""Options that take a number or a date: in plain digits only, and refused in a sentence otherwise."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import typer

from standoff.errors import Fault
from standoff.numerals import read_number, read_whole
from standoff.time import parse_when

_IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,'_ \u00a0\u202f][0-9]{3})+")


def whole(least: int, explained: str) -> Any:  # Any: what typer's options are
    """An option that takes a whole number of at least so much: digits of ASCII, no underscores, no exponent."""

    def read(text: str) -> int:
        given = str(text).strip()
        number = read_whole(given)
        if number is None:
            value = read_number(given)
            if value is None and _IN_THOUSANDS.fullmatch(given) is not None:
                value = read_number(re.sub("[^0-9]", "", given))
            meant = value is not None and abs(value) < 1e15 and value.is_integer()
            hint = f"; write {value:.0f}" if meant else ""
            raise typer.BadParameter(f"'{given}' is not a whole number{hint}")
        if number < least:
            raise typer.BadParameter(f"'{given}' is too small; it must be at least {least}")
        return number

    return typer.Option(parser=read, metavar="N", help=explained)


def fraction(named: str, explained: str) -> Any:  # Any: what typer's options are
    """An option that takes a number such as 0.01; `named` stands for it in the help."""

    def read(text: str) -> float:
        given = str(text).strip()
        value = read_number(given)
        if value is None:
            raise typer.BadParameter(f"'{given}' is not a number, such as 0.01")
        return value

    return typer.Option(parser=read, metavar=named, help=explained)


def day(explained: str) -> Any:  # Any: what typer's options are
    """An option that takes a date such as 2017-05-31 or 2017-05-31T19:00."""

    def read(text: str) -> date:
        try:
            return parse_when(str(text))
        except Fault as mistake:
            raise typer.BadParameter(f"{mistake.found}; {mistake.expected}") from None

    return typer.Option(parser=read, metavar="DATE", help=explained)
