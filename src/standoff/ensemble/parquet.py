"""A Parquet file that is written one row group after another, and a row group some columns at a time.

Polars writes a whole table at once, and holds four kilobytes for each column of each row group until it is done: a
table of thousands of columns takes hundreds of megabytes. Here polars writes small files, whose bytes are strung
together; only what stands at the end of a Parquet file is put together anew. It is in the compact protocol of Thrift:
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

MAGIC = b"PAR1"
_BYTE, _SHORT, _INT, _LONG, _DOUBLE, _BINARY, _LIST, _STRUCT = 3, 4, 5, 6, 7, 8, 9, 12
_VERSION, _SCHEMA, _GROUPS, _WRITER, _ORDERS = 1, 2, 4, 6, 7
"""The fields of FileMetaData."""
_CHUNKS, _SIZE, _PACKED = 1, 2, 6
"""The fields of RowGroup: its columns, its bytes, its compressed bytes."""
_PLACES: Mapping[int, Any] = {2: None, 3: {9: None, 10: None, 11: None, 14: None}, 4: None, 6: None}
"""The fields of ColumnChunk that say where in the file something is; 3 is its ColumnMetaData."""


class ParquetFile:
    """A Parquet file on its way; it is whole once the context is left without an error.

    No note of Arrow's is in it: of a column whose words come from a list (Enum) readers learn that it is of texts.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._rows = 0
        self._groups: list[bytes] = []
        self._columns: list[bytes] = []
        self._orders: list[bytes] = []
        self._told = self._writer = b""

    def __enter__(self) -> ParquetFile:
        self._file.write(MAGIC)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._file:
            if error is None:
                end = self._end()
                self._file.write(end + len(end).to_bytes(4, "little") + MAGIC)

    def add(self, parts: Iterable[pl.DataFrame]) -> None:
        """Write a row group: its columns, some in each part; all row groups have the same columns."""
        start, rows, size, packed = self._file.tell(), 0, 0, 0
        chunks: list[bytes] = []
        columns: list[bytes] = []
        orders: list[bytes] = []
        for frame in parts:
            rows = len(frame)
            written = BytesIO()
            frame.write_parquet(written, compression="zstd", row_group_size=max(1, rows))
            content = written.getbuffer()
            end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
            small = _Footer(bytes(content[end:-8]), by=self._file.tell() - len(MAGIC))
            self._file.write(content[len(MAGIC) : end])
            chunks += small.chunks
            columns += small.columns
            orders += small.orders
            size, packed = size + small.size, packed + small.packed
            self._told, self._writer = small.version, small.writer
        self._columns, self._orders = columns, orders
        if rows:
            self._rows += rows
            self._groups.append(
                b"\x19" + _listed(chunks) + b"\x16" + _signed(size) + b"\x16" + _signed(rows) + b"\x26"
                + _signed(start) + b"\x16" + _signed(packed) + b"\0"
            )  # fmt: skip

    def _end(self) -> bytes:
        root = b"\x48\x04root\x15" + _signed(len(self._columns)) + b"\0"
        return (
            b"\x15" + self._told + b"\x19" + _listed([root, *self._columns]) + b"\x16" + _signed(self._rows)
            + b"\x19" + _listed(self._groups) + b"\x28" + self._writer + b"\x19" + _listed(self._orders) + b"\0"
        )  # fmt: skip


class _Footer:
    """What stands at the end of a file of one row group at most, in pieces as they are written.

    The places in it are moved `by` so many bytes.
    """

    def __init__(self, data: bytes, by: int) -> None:
        self.version = self.writer = b""
        self.columns: list[bytes] = []
        self.orders: list[bytes] = []
        self.chunks: list[bytes] = []
        self.size = self.packed = 0
        at = _Reader(data)
        for field, kind in at.fields():
            if field == _VERSION:
                self.version = at.taken(kind)
            elif field == _WRITER:
                self.writer = at.taken(kind)
            elif field == _SCHEMA:
                # The root comes first.
                self.columns = [at.taken(_STRUCT) for _ in at.items()][1:]
            elif field == _ORDERS:
                self.orders = [at.taken(_STRUCT) for _ in at.items()]
            elif field == _GROUPS:
                for _ in at.items():
                    self._add_group(at, by)
            else:
                at.taken(kind)

    def _add_group(self, at: _Reader, by: int) -> None:
        for field, kind in at.fields():
            if field == _CHUNKS:
                self.chunks += [at.moved(_PLACES, by) for _ in at.items()]
            elif field == _SIZE:
                self.size += at.signed()
            elif field == _PACKED:
                self.packed += at.signed()
            else:
                at.taken(kind)


class _Reader:
    """Goes through a struct in Thrift's compact protocol."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """The number and the type of each field of a struct; whoever asks reads the value before the next."""
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            yield field, head & 15

    def items(self) -> range:
        """The positions in a list; whoever asks reads the items, all of one type."""
        count = self._byte() >> 4
        return range(self._number() if count == 15 else count)

    def signed(self) -> int:
        """A whole number."""
        number = self._number()
        return (number >> 1) ^ -(number & 1)

    def taken(self, kind: int) -> bytes:
        """A value as it is written."""
        start = self.at
        self._pass(kind)
        return self.data[start : self.at]

    def moved(self, places: Mapping[int, Any], by: int) -> bytes:
        """A struct with `by` added to some of its numbers; 0 says that there is none."""
        changed, start = bytearray(), self.at
        for field, kind in self.fields():
            if field not in places:
                self._pass(kind)
                continue
            changed += self.data[start : self.at]
            if kind == _STRUCT:
                changed += self.moved(places[field], by)
            else:
                place = self.signed()
                changed += _signed(place + by if place else 0)
            start = self.at
        return bytes(changed + self.data[start : self.at])

    def _pass(self, kind: int) -> None:
        if kind in (_SHORT, _INT, _LONG):
            self._number()
        elif kind == _BINARY:
            length = self._number()
            self.at += length
        elif kind == _LIST:
            kind = self.data[self.at] & 15
            for _ in self.items():
                self._pass(kind)
        elif kind == _STRUCT:
            for _, inner in self.fields():
                self._pass(inner)
        else:
            # A truth is in the type of its field.
            self.at += {_BYTE: 1, _DOUBLE: 8}.get(kind, 0)

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _number(self) -> int:
        number = shift = 0
        while (byte := self._byte()) > 127:
            number |= (byte & 127) << shift
            shift += 7
        return number | byte << shift


def _signed(number: int) -> bytes:
    """A whole number in zigzag."""
    return _unsigned((number << 1) ^ (number >> 63))


def _unsigned(number: int) -> bytes:
    """A whole number that is not negative, seven bits a byte."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes((*written, number))


def _listed(structs: list[bytes]) -> bytes:
    """A list of structs."""
    count = len(structs)
    if count < 15:
        return bytes([count << 4 | _STRUCT]) + b"".join(structs)
    return bytes([0xF0 | _STRUCT]) + _unsigned(count) + b"".join(structs)
