"""The ledger of a game: a file of SQLite with the scenario and every word of the players, each row naming the last.

A row is on the disk before it is carried out and shown: whatever dies in between, no player has seen what is lost.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from standoff.errors import UsageError

_TABLES = """
CREATE TABLE game (name TEXT, body TEXT) STRICT;
CREATE TABLE ledger (number INTEGER PRIMARY KEY, seat TEXT, kind TEXT, body TEXT, state TEXT, digest TEXT) STRICT;
"""
FORMAT = "standoff game 1"


@dataclass(frozen=True, slots=True)
class Header:
    """What a game begins with: the scenario as text, the version that plays it, which run it is, and who sits down."""

    scenario: str
    text: str
    digest: str
    version: str
    seed: int
    run: int
    seated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One word of a player: its number, who said it, what kind it is of, and what it says.

    `state` names the state of the run before it, by which a replay knows that it is the same run.
    """

    number: int
    seat: str
    kind: str
    body: Mapping[str, Any]
    state: str


class Ledger:
    """The rows of a game, in their order. Nothing in it is ever changed."""

    def __init__(self, connection: sqlite3.Connection, header: Header, rows: list[Row], last: str, path: str) -> None:
        """For `create` and `read`."""
        self._connection, self.header, self.rows, self._last, self.path = connection, header, rows, last, path

    @classmethod
    def create(cls, path: str | Path, header: Header) -> Ledger:
        """A new game in a new file; `:memory:` keeps it nowhere."""
        if str(path) != ":memory:" and Path(path).exists():
            raise UsageError(f"there is a file '{path}' already")
        connection = _connected(path)
        body = json.dumps({"format": FORMAT, **asdict(header)}, ensure_ascii=False)
        with _told(path), connection:
            connection.executescript(_TABLES)
            connection.execute("INSERT INTO game VALUES (?, ?)", (header.scenario, body))
        return cls(connection, header, [], _digest("", body), str(path))

    @classmethod
    def read(cls, path: str | Path) -> Ledger:
        """A game as it stands in its file; raises UsageError where it is no game, or not as it was written."""
        if not Path(path).is_file():
            raise UsageError(f"there is no game '{path}'")
        connection = _connected(path)
        with _told(path):
            (body,) = connection.execute("SELECT body FROM game").fetchone() or ("{}",)
            written = connection.execute("SELECT number, seat, kind, body, state, digest FROM ledger ORDER BY number")
            entries = written.fetchall()
        known = json.loads(body)
        if known.pop("format", None) != FORMAT:
            raise UsageError(f"'{path}' is no game that this version of Standoff reads")
        rows, last = [], _digest("", body)
        for place, (number, seat, kind, said, state, digest) in enumerate(entries, start=1):
            last = _digest(last, number, seat, kind, said, state)
            if digest != last or number != place:
                raise UsageError(f"'{path}' was changed by something else: row {number} is not as it was written")
            rows.append(Row(number, seat, kind, json.loads(said), state))
        return cls(connection, Header(**{**known, "seated": tuple(known["seated"])}), rows, last, str(path))

    def append(self, seat: str, kind: str, body: Mapping[str, Any], state: str) -> Row:
        """Writes a row and returns once it is on the disk."""
        row = Row(len(self.rows) + 1, seat, kind, body, state)
        said = json.dumps(body, ensure_ascii=False, sort_keys=True)
        digest = _digest(self._last, row.number, seat, kind, said, state)
        with _told(self.path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                values = (row.number, seat, kind, said, state, digest)
                self._connection.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)", values)
                self._connection.execute("COMMIT")
            except sqlite3.IntegrityError:
                self._connection.execute("ROLLBACK")
                raise UsageError(f"the game '{self.path}' has gone on elsewhere: begin again to see it") from None
        self._last = digest
        self.rows.append(row)
        return row

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


def _connected(path: str | Path) -> sqlite3.Connection:
    with _told(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        # A row that was answered for is there after a power cut too.
        connection.execute("PRAGMA synchronous=FULL")
    return connection


@contextmanager
def _told(path: str | Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            begin = "begin one with: standoff play SCENARIO --seat SEAT"
            raise UsageError(f"'{path}' is not the file of a game; {begin}") from None
        raise UsageError(f"'{path}' cannot be used as a game: {error}") from None


def _digest(last: str, *parts: object) -> str:
    return hashlib.blake2b("\0".join((last, *map(str, parts))).encode("utf-8"), digest_size=16).hexdigest()
