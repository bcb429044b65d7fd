"""LLVM's instructions as text: as much of its language as `emit.py` writes.

A builder as others have it, with the names that llvmlite's has; but an instruction is a line from the start, and no
object that knows its operands, which makes it six times as fast. LLVM itself checks what is written (Language
Reference of LLVM, https://llvm.org/docs/LangRef.html).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

VOID, DOUBLE, POINTER, I1, I32, I64 = "void", "double", "ptr", "i1", "i32", "i64"
"""Types by their names in LLVM."""

_COMPARED = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


class Value:
    """What an instruction gives, an argument or a constant."""

    __slots__ = ("name", "type")

    def __init__(self, kind: str, name: str) -> None:
        self.type = kind
        self.name = name

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


def number(value: float) -> Value:
    """A constant double, to the bit."""
    return Value(DOUBLE, f"0x{struct.pack('>d', value).hex()}")


def whole(value: int, kind: str = I64) -> Value:
    """A constant whole number or condition."""
    return Value(kind, str(int(value)))


class Block:
    """Instructions that are carried out one after another, and the one that leads on."""

    __slots__ = ("end", "lines", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self.end = ""


@dataclass(slots=True)
class Module:
    """Functions that are compiled together, by name."""

    functions: dict[str, Function] = field(default_factory=dict)

    def function(
        self, name: str, result: str, arguments: Sequence[str], *, internal: bool = False, alone: int | None = None
    ) -> Function:
        """The function of a name, made when it is first asked for; `internal` and `alone` as in `Function`."""
        if name not in self.functions:
            self.functions[name] = Function(self, name, result, tuple(arguments), internal, alone)
        return self.functions[name]

    def __str__(self) -> str:
        return "\n".join(str(function) for function in self.functions.values())


@dataclass(slots=True)
class Function:
    """A function: a mere name of one that stands elsewhere, as long as it has no block.

    `internal` is one that only its module calls, and that is not copied into its callers. What the argument number
    `alone` points at is reached by no other.
    """

    module: Module
    name: str
    result: str
    arguments: tuple[str, ...]
    internal: bool = False
    alone: int | None = None
    blocks: list[Block] = field(default_factory=list)
    values: int = 0
    args: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        self.args = tuple(Value(kind, f"%a{i}") for i, kind in enumerate(self.arguments))

    def append_basic_block(self, name: str) -> Block:
        """A block at the end; its name gets a number."""
        block = Block(f"{name}{len(self.blocks)}")
        self.blocks.append(block)
        return block

    def __str__(self) -> str:
        if not self.blocks:
            return f"declare {self.result} @{self.name}({', '.join(self.arguments)})"
        told = (f"{a.type}{' noalias' if i == self.alone else ''} {a.name}" for i, a in enumerate(self.args))
        before, after = ("internal ", " noinline") if self.internal else ("", "")
        lines = [f"define {before}{self.result} @{self.name}({', '.join(told)}){after} {{"]
        for block in self.blocks:
            lines += [f"{block.name}:", *block.lines, block.end]
        return "\n".join([*lines, "}"])


class Builder:
    """Adds instructions to a block of a function, and blocks to the function."""

    __slots__ = ("block", "function")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.block = function.append_basic_block("entry")

    def position_at_end(self, block: Block) -> None:
        """Go on in a block."""
        self.block = block

    @contextmanager
    def goto_entry_block(self) -> Iterator[None]:
        """Add to the first block meanwhile, before it leads on."""
        before, self.block = self.block, self.function.blocks[0]
        yield
        self.block = before

    def _gives(self, kind: str, text: str) -> Value:
        function = self.function
        function.values += 1
        name = f"%v{function.values}"
        self.block.lines.append(f"{name} = {text}")
        return Value(kind, name)

    # Numbers.

    def add(self, x: Value, y: Value) -> Value:
        """The sum of whole numbers."""
        return self._gives(x.type, f"add {x}, {y.name}")

    def mul(self, x: Value, y: Value) -> Value:
        """The product of whole numbers."""
        return self._gives(x.type, f"mul {x}, {y.name}")

    def fadd(self, x: Value, y: Value) -> Value:
        """The sum of doubles."""
        return self._gives(DOUBLE, f"fadd {x}, {y.name}")

    def fsub(self, x: Value, y: Value) -> Value:
        """The difference of doubles."""
        return self._gives(DOUBLE, f"fsub {x}, {y.name}")

    def fmul(self, x: Value, y: Value) -> Value:
        """The product of doubles."""
        return self._gives(DOUBLE, f"fmul {x}, {y.name}")

    def fdiv(self, x: Value, y: Value) -> Value:
        """The quotient of doubles."""
        return self._gives(DOUBLE, f"fdiv {x}, {y.name}")

    def fneg(self, x: Value) -> Value:
        """A double with the other sign."""
        return self._gives(DOUBLE, f"fneg {x}")

    def sext(self, x: Value, kind: str) -> Value:
        """A wider whole number of the same value."""
        return self._gives(kind, f"sext {x} to {kind}")

    def uitofp(self, x: Value, kind: str) -> Value:
        """A whole number without a sign, or a condition, as a double."""
        return self._gives(kind, f"uitofp {x} to {kind}")

    def sitofp(self, x: Value, kind: str) -> Value:
        """A whole number as a double."""
        return self._gives(kind, f"sitofp {x} to {kind}")

    def fptosi(self, x: Value, kind: str) -> Value:
        """A double, cut, as a whole number."""
        return self._gives(kind, f"fptosi {x} to {kind}")

    # Conditions.

    def and_(self, x: Value, y: Value) -> Value:
        """Both."""
        return self._gives(x.type, f"and {x}, {y.name}")

    def or_(self, x: Value, y: Value) -> Value:
        """One or both."""
        return self._gives(x.type, f"or {x}, {y.name}")

    def xor(self, x: Value, y: Value) -> Value:
        """One and not both."""
        return self._gives(x.type, f"xor {x}, {y.name}")

    def not_(self, x: Value) -> Value:
        """Not this condition."""
        return self._gives(I1, f"xor {x}, true")

    def fcmp_ordered(self, sign: str, x: Value, y: Value) -> Value:
        """Whether two doubles are so; no, where one is not a number."""
        return self._gives(I1, f"fcmp o{_COMPARED[sign]} {x}, {y.name}")

    def fcmp_unordered(self, sign: str, x: Value, y: Value) -> Value:
        """Whether two doubles are so; yes, where one is not a number."""
        return self._gives(I1, f"fcmp u{_COMPARED[sign]} {x}, {y.name}")

    def icmp_signed(self, sign: str, x: Value, y: Value) -> Value:
        """Whether two whole numbers are so."""
        word = _COMPARED[sign]
        return self._gives(I1, f"icmp {word if sign in ('==', '!=') else 's' + word} {x}, {y.name}")

    def select(self, condition: Value, x: Value, y: Value) -> Value:
        """One of two values."""
        return self._gives(x.type, f"select {condition}, {x}, {y}")

    # Memory.

    def alloca(self, kind: str) -> Value:
        """A place for a value, as long as the function goes on."""
        return self._gives(POINTER, f"alloca {kind}")

    def gep(self, array: Value, index: Value, kind: str) -> Value:
        """The address of an element of an array."""
        return self._gives(POINTER, f"getelementptr {kind}, {array}, {index}")

    def load(self, place: Value, kind: str) -> Value:
        """The value at an address."""
        return self._gives(kind, f"load {kind}, {place}")

    def store(self, value: Value, place: Value) -> None:
        """Write a value to an address."""
        self.block.lines.append(f"store {value}, {place}")

    # What leads on.

    def call(self, function: Function, arguments: Sequence[Value]) -> Value:
        """What a function gives."""
        given = ", ".join(map(str, arguments))
        return self._gives(function.result, f"call {function.result} @{function.name}({given})")

    def branch(self, to: Block) -> None:
        """Go on in another block."""
        self.block.end = f"br label %{to.name}"

    def cbranch(self, condition: Value, then: Block, otherwise: Block) -> None:
        """Go on in one of two blocks."""
        self.block.end = f"br {condition}, label %{then.name}, label %{otherwise.name}"

    def ret(self, value: Value) -> None:
        """Leave the function with a value."""
        self.block.end = f"ret {value}"

    def ret_void(self) -> None:
        """Leave the function."""
        self.block.end = "ret void"

    @contextmanager
    def _within(self, block: Block, after: Block) -> Iterator[None]:
        self.position_at_end(block)
        yield
        if not self.block.end:
            self.branch(after)

    @contextmanager
    def if_then(self, condition: Value) -> Iterator[None]:
        """What is done only where a condition holds."""
        then, after = (self.function.append_basic_block(name) for name in ("then", "after"))
        self.cbranch(condition, then, after)
        with self._within(then, after):
            yield
        self.position_at_end(after)

    @contextmanager
    def if_else(self, condition: Value) -> Iterator[tuple[AbstractContextManager[None], AbstractContextManager[None]]]:
        """What is done where a condition holds, and where it does not."""
        then, otherwise, after = (self.function.append_basic_block(name) for name in ("then", "else", "after"))
        self.cbranch(condition, then, otherwise)
        yield self._within(then, after), self._within(otherwise, after)
        self.position_at_end(after)
