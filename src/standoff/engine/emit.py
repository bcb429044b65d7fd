"""From code to LLVM instructions: the value of an expression, the effects of a rule.

The emitted arithmetic is plain IEEE 754 in the order of the code, without contraction or reordering,
so that it gives the same bits as `evaluate.py` on every machine with the same mathematics library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from standoff.engine import ir
from standoff.engine.ir import DOUBLE, I1, I32, I64, POINTER, Value
from standoff.model import code

ZERO, ONE = ir.number(0.0), ir.number(1.0)
NO, YES = ir.whole(0, I1), ir.whole(1, I1)

CONTEXT = ("x", "last", "decay", "ints", "floats", "stream", "touched", "mark", "head", "totals", "until")
"""What the context array points at, in order; see `state.State`."""

FAULT_SLOT, FAULT_VALUE = 4, 5
"""Where in `head` a firing that must stop leaves the slot and the value."""

FAULTS = {504: "SD504", 505: "SD505", 506: "SD506"}


class Emitter:
    """Writes one function; `builder` stands where the next instruction goes."""

    def __init__(self, function: ir.Function, time: Value, context: Value, locals_: int) -> None:
        self.function = function
        self.builder = ir.Builder(function)
        self.time = time
        self.context = context
        self._arrays: dict[str, Value] = {}
        self.locals = [self.builder.alloca(DOUBLE) for _ in range(locals_)]

    def array(self, name: str) -> Value:
        """Where one of the context's arrays begins; read in the entry block when it is first asked for."""
        if name not in self._arrays:
            with self.builder.goto_entry_block():
                self._arrays[name] = _array(self.builder, self.context, name)
        return self._arrays[name]

    def variable(self, start: Value) -> Value:
        """A place that holds a value through loops and branches, made in the entry block."""
        with self.builder.goto_entry_block():
            place = self.builder.alloca(start.type)
        self.builder.store(start, place)
        return place

    def at(self, name: str, index: Value, kind: str) -> Value:
        """The address of an element of one of the context's arrays."""
        return self.builder.gep(self.array(name), index, kind)

    def load(self, name: str, index: Value, kind: str = DOUBLE) -> Value:
        """An element of one of the context's arrays."""
        return self.builder.load(self.at(name, index, kind), kind)

    def call(self, name: str, *arguments: Value) -> Value:
        """Call a function of this process that takes and gives doubles (and pointers)."""
        module = self.function.module
        declared = module.function(name, DOUBLE, [a.type for a in arguments])
        return self.builder.call(declared, arguments)

    # Types: conditions are i1, everything else double.

    def number(self, node: code.Expr, table: code.Table, row: Value) -> Value:
        """The value as a double."""
        value = self.value(node, table, row)
        return self.builder.uitofp(value, DOUBLE) if value.type == I1 else value

    def truth(self, node: code.Expr, table: code.Table, row: Value) -> Value:
        """The value as a condition."""
        value = self.value(node, table, row)
        return value if value.type == I1 else self.builder.fcmp_unordered("!=", value, ZERO)

    def operand(self, table: code.Table, row: Value, operand: int) -> Value:
        """An integer operand of a row, as i64."""
        index = self.builder.add(self.builder.mul(row, ir.whole(table.ints)), ir.whole(table.int_start + operand))
        return self.builder.sext(self.load("ints", index, I32), I64)

    def value(self, node: code.Expr, table: code.Table, row: Value) -> Value:
        """The value of an expression for a row."""
        b = self.builder
        match node:
            case code.Num(value=value):
                return ir.number(value)
            case code.Fact(operand=operand):
                start = ir.whole(table.float_start + operand)
                return self.load("floats", b.add(b.mul(row, ir.whole(table.floats)), start))
            case code.Global(slot=slot):
                return self._read(ir.whole(slot), node)
            case code.Slot(operand=operand):
                return self._read(self.operand(table, row, operand), node)
            case code.Lookup():
                return self._lookup(node, table, row)
            case code.Now():
                return self.time
            case code.Later(of=of):
                now, self.time = self.time, self.load("until", ir.whole(0))
                later = self.value(of, table, row)
                self.time = now
                return later
            case code.LocalValue(position=position):
                return b.load(self.locals[position], DOUBLE)
            case code.Unary(op=op, of=x):
                return self._unary(op, x, table, row)
            case code.Binary():
                return self._binary(node, table, row)
            case code.Choose(condition=c, then=first, otherwise=second):
                return self._choose(c, first, second, table, row)
            case code.Fold():
                return self._fold(node, row)
            case code.Tally(operand=operand):
                return self.load("totals", self.operand(table, row, operand))
            case code.Draw(kind=kind, of=of):
                return self._draw("between" if kind == "uniform" else kind, [self.number(x, table, row) for x in of])
            case code.Pick():
                return self._pick(node, row)

    def _read(self, slot: Value, of: code.Read) -> Value:
        value = self.load("x", slot)
        if not of.memory and of.drift is None:
            return value
        age = self.builder.fsub(self.time, self.load("last", slot))
        if of.drift is not None:
            return self._drifted(value, slot, age, of.drift)
        fall = self.builder.fneg(self.load("decay", slot))
        return self.builder.fmul(value, self.call("standoff_exp", self.builder.fmul(fall, age)))

    def _drifted(self, value: Value, slot: Value, age: Value, drift: code.Drift) -> Value:
        b = self.builder
        speed = self.load("x", b.add(slot, ir.whole(drift.speed)))
        value = b.fadd(value, b.fmul(speed, age))
        low, high = ir.number(drift.low), ir.number(drift.high)
        value = b.select(b.fcmp_ordered("<", value, low), low, value)
        return b.select(b.fcmp_ordered(">", value, high), high, value)

    def position(self, node: code.Lookup, table: code.Table, row: Value) -> tuple[Value, Value]:
        """Where a look-up points, and whether none of its indices is none."""
        slot, valid = self.operand(table, row, node.operand), YES
        for index, stride in node.indices:
            value = self.number(index, table, row)
            valid = self.builder.and_(valid, self.builder.fcmp_ordered(">=", value, ZERO))
            step = self.builder.mul(self.builder.fptosi(value, I64), ir.whole(stride))
            slot = self.builder.add(slot, step)
        return slot, valid

    def _lookup(self, node: code.Lookup, table: code.Table, row: Value) -> Value:
        slot, valid = self.position(node, table, row)
        safe = self.builder.select(valid, slot, self.operand(table, row, node.operand))
        value = self.load("floats", safe) if node.space == "fixed" else self._read(safe, node)
        return self.builder.select(valid, value, ir.number(node.nothing))

    def _unary(self, op: str, of: code.Expr, table: code.Table, row: Value) -> Value:
        b = self.builder
        if op == "not":
            return b.not_(self.truth(of, table, row))
        return LLVM[op](self, self.number(of, table, row))

    def intrinsic(self, name: str, x: Value) -> Value:
        """Call one of LLVM's own functions of a double."""
        function = self.function.module.function(f"llvm.{name}.f64", DOUBLE, [DOUBLE])
        return self.builder.call(function, [x])

    def _binary(self, node: code.Binary, table: code.Table, row: Value) -> Value:
        if node.op in ("and", "or"):
            return self._logical(node, table, row)
        x, y = self.number(node.left, table, row), self.number(node.right, table, row)
        return LLVM[node.op](self, x, y)

    def _logical(self, node: code.Binary, table: code.Table, row: Value) -> Value:
        b = self.builder
        left = self.truth(node.left, table, row)
        if not code.costly(node.right):
            right = self.truth(node.right, table, row)
            return b.and_(left, right) if node.op == "and" else b.or_(left, right)
        result = self.variable(NO if node.op == "and" else YES)
        with b.if_then(left if node.op == "and" else b.not_(left)):
            b.store(self.truth(node.right, table, row), result)
        return b.load(result, I1)

    def _choose(self, c: code.Expr, first: code.Expr, second: code.Expr, table: code.Table, row: Value) -> Value:
        b = self.builder
        condition = self.truth(c, table, row)
        if not code.costly(first) and not code.costly(second):
            return b.select(condition, self.number(first, table, row), self.number(second, table, row))
        result = self.variable(ZERO)
        with b.if_else(condition) as (then, otherwise):
            with then:
                b.store(self.number(first, table, row), result)
            with otherwise:
                b.store(self.number(second, table, row), result)
        return b.load(result, DOUBLE)

    @contextmanager
    def rows(self, loop: code.Loop, where: code.Expr | None, row: Value) -> Iterator[tuple[Value, ir.Block]]:
        """The body of a loop: its row, and the block to branch to in order to leave."""
        b = self.builder
        start = ir.whole(loop.range_start)
        first = b.sext(self.load("ints", b.add(start, row), I32), I64)
        spot = b.add(b.add(start, row), ir.whole(1))
        end = b.sext(self.load("ints", spot, I32), I64)
        place = self.variable(first)
        head, body, step, done = (self.function.append_basic_block(n) for n in ("head", "body", "step", "done"))
        b.branch(head)
        b.position_at_end(head)
        inner = b.load(place, I64)
        b.cbranch(b.icmp_signed("<", inner, end), body, done)
        b.position_at_end(body)
        if where is not None:
            passed = self.function.append_basic_block("passed")
            b.cbranch(self.truth(where, loop.table, inner), passed, step)
            b.position_at_end(passed)
        yield inner, done
        b.branch(step)
        b.position_at_end(step)
        b.store(b.add(inner, ir.whole(1)), place)
        b.branch(head)
        b.position_at_end(done)

    def _fold(self, node: code.Fold, row: Value) -> Value:
        b = self.builder
        total = self.variable(ONE if node.op == "all" else ZERO)
        empty = self.variable(YES)
        with self.rows(node.loop, node.where, row) as (inner, done):
            if node.op in ("any", "all"):
                holds = self.truth(node.body, node.loop.table, inner)
                result = holds if node.op == "any" else b.not_(holds)
                with b.if_then(result):
                    b.store(ONE if node.op == "any" else ZERO, total)
                    b.branch(done)
                    b.position_at_end(self.function.append_basic_block("unreached"))
            else:
                value = self.number(node.body, node.loop.table, inner)
                old = b.load(total, DOUBLE)
                if node.op in ("sum", "count"):
                    b.store(b.fadd(old, value), total)
                else:
                    sign = "<" if node.op == "min" else ">"
                    better = b.select(b.fcmp_ordered(sign, old, value), old, value)
                    b.store(b.select(b.load(empty, I1), value, better), total)
            b.store(NO, empty)
        return b.load(total, DOUBLE)

    def _draw(self, name: str, of: list[Value]) -> Value:
        value = self.call(f"standoff_{name}", self.array("stream"), *of)
        broken = self.load("stream", ir.whole(4), I64)
        sound = self.builder.icmp_signed("==", broken, ir.whole(0))
        self._stop_unless(sound, 506, ir.whole(-1), of[0])
        return value

    def _weight(self, node: code.Pick, inner: Value) -> Value:
        return ONE if node.weight is None else self.number(node.weight, node.loop.table, inner)

    def _pick(self, node: code.Pick, row: Value) -> Value:
        b = self.builder
        total, chosen = self.variable(ZERO), self.variable(ir.number(-1.0))
        with self.rows(node.loop, node.where, row) as (inner, _):
            each = self._weight(node, inner)
            fine = b.and_(b.fcmp_ordered(">=", each, ZERO), b.fcmp_ordered("<", each, ir.number(float("inf"))))
            self._stop_unless(fine, 506, ir.whole(-1), each)
            b.store(b.fadd(b.load(total, DOUBLE), each), total)
        whole = b.load(total, DOUBLE)
        with b.if_then(b.fcmp_ordered(">", whole, ZERO)):
            aim = b.fmul(self.call("standoff_uniform", self.array("stream")), whole)
            reached = self.variable(ZERO)
            with self.rows(node.loop, node.where, row) as (inner, done):
                each = self._weight(node, inner)
                with b.if_then(b.fcmp_ordered(">", each, ZERO)):
                    sofar = b.fadd(b.load(reached, DOUBLE), each)
                    b.store(sofar, reached)
                    b.store(self.number(node.value, node.loop.table, inner), chosen)
                    with b.if_then(b.fcmp_ordered(">", sofar, aim)):
                        b.branch(done)
                        b.position_at_end(self.function.append_basic_block("unreached"))
        return b.load(chosen, DOUBLE)

    def effects(self, effects: tuple[code.Effect, ...], table: code.Table, row: Value) -> None:
        """Carry out effects; a fault returns its number from the function."""
        b = self.builder
        for effect in effects:
            match effect:
                case code.Write():
                    self._write(effect, table, row)
                case code.Let(position=position, value=value):
                    b.store(self.number(value, table, row), self.locals[position])
                case code.If(condition=c, then=first, otherwise=second):
                    with b.if_else(self.truth(c, table, row)) as (then, otherwise):
                        with then:
                            self.effects(first, table, row)
                        with otherwise:
                            self.effects(second, table, row)
                case code.ForEach(loop=loop, where=where, do=do):
                    with self.rows(loop, where, row) as (inner, _):
                        self.effects(do, loop.table, inner)
                case code.Chance():
                    self._chance(effect, table, row)

    def _stop_unless(self, holds: Value, fault: int, slot: Value, value: Value) -> None:
        """Return with a fault unless the condition holds."""
        arguments = self.context, slot, value, ir.whole(fault)
        b = self.builder
        stopped, fine = (self.function.append_basic_block(name) for name in ("stopped", "fine"))
        b.cbranch(holds, fine, stopped)
        b.position_at_end(stopped)
        b.ret(b.call(self._shared("fault", _fault_function), arguments))
        b.position_at_end(fine)

    def _shared(self, name: str, define: Callable[[ir.Module], ir.Function]) -> ir.Function:
        """A function of the module that many of its functions call, defined when it is first asked for."""
        module = self.function.module
        return module.functions.get(name) or define(module)

    def _write(self, effect: code.Write, table: code.Table, row: Value) -> None:
        b = self.builder
        value = self.number(effect.value, table, row)
        target = effect.target
        match target:
            case code.Global(slot=place):
                slot = ir.whole(place)
            case code.Slot(operand=operand):
                slot = self.operand(table, row, operand)
            case code.Lookup():
                slot, valid = self.position(target, table, row)
                self._stop_unless(valid, 505, ir.whole(-1), value)
        if effect.op != "=":
            old = self._read(slot, target)
            change: Callable[[Value, Value], Value] = {"+=": b.fadd, "-=": b.fsub, "*=": b.fmul}[effect.op]
            value = change(old, value)
        ends = ir.number(effect.low), ir.number(effect.high)
        inside = b.call(self._shared("put", _put_function), [self.context, slot, value, *ends])
        self._stop_unless(inside, 504, slot, value)
        if target.memory or target.drift is not None:
            b.store(self.time, self.at("last", slot, DOUBLE))

    def _chance(self, effect: code.Chance, table: code.Table, row: Value) -> None:
        b = self.builder
        aim = self.call("standoff_uniform", self.array("stream"))
        end = self.function.append_basic_block("gambled")
        reached, most, nowhere = ZERO, ir.number(code.MOST_CHANCE), ir.whole(-1)
        sums: list[Value] = []
        # All are read, also those after the one that is chosen: a fault must not depend on luck.
        for probability, _ in effect.branches:
            each = self.number(probability, table, row)
            fine = b.and_(b.fcmp_ordered(">=", each, ZERO), b.fcmp_ordered("<=", each, ONE))
            self._stop_unless(fine, 506, nowhere, each)
            reached = b.fadd(reached, each)
            if sums:
                self._stop_unless(b.fcmp_ordered("<=", reached, most), 506, nowhere, reached)
            sums.append(reached)
        for reached, (_, do) in zip(sums, effect.branches, strict=True):
            chosen, later = self.function.append_basic_block("chosen"), self.function.append_basic_block("later")
            b.cbranch(b.fcmp_ordered("<", aim, reached), chosen, later)
            b.position_at_end(chosen)
            self.effects(do, table, row)
            b.branch(end)
            b.position_at_end(later)
        self.effects(effect.otherwise, table, row)
        b.branch(end)
        b.position_at_end(end)


def _root(emitter: Emitter, x: Value) -> Value:
    return emitter.intrinsic("sqrt", x)


def _logistic(emitter: Emitter, x: Value) -> Value:
    b = emitter.builder
    return b.fdiv(ONE, b.fadd(ONE, emitter.call("standoff_exp", b.fneg(x))))


def _remainder(emitter: Emitter, x: Value, y: Value) -> Value:
    b = emitter.builder
    rest = emitter.call("standoff_fmod", x, y)
    below = b.fcmp_ordered("<", y, ZERO)
    other = b.xor(b.fcmp_ordered("<", rest, ZERO), below)
    # A remainder of 0 has the sign of y, as in Python; one that is not a number stays so.
    signed = b.select(b.fcmp_ordered("==", rest, ZERO), b.select(below, ir.number(-0.0), ZERO), rest)
    return b.select(b.and_(b.fcmp_unordered("!=", rest, ZERO), other), b.fadd(rest, y), signed)


LLVM: dict[str, Callable[..., Value]] = {
    "neg": lambda emitter, x: emitter.builder.fneg(x),
    "abs": lambda emitter, x: emitter.intrinsic("fabs", x),
    "exp": lambda emitter, x: emitter.call("standoff_exp", x),
    "log": lambda emitter, x: emitter.call("standoff_log", x),
    "sqrt": _root,
    "logistic": _logistic,
    "sin": lambda emitter, x: emitter.call("standoff_sin", x),
    "floor": lambda emitter, x: emitter.intrinsic("floor", x),
    "+": lambda emitter, x, y: emitter.builder.fadd(x, y),
    "-": lambda emitter, x, y: emitter.builder.fsub(x, y),
    "*": lambda emitter, x, y: emitter.builder.fmul(x, y),
    "%": _remainder,
    "/": lambda emitter, x, y: emitter.builder.fdiv(x, y),
    "**": lambda emitter, x, y: emitter.call("standoff_pow", x, y),
    "min": lambda emitter, x, y: emitter.builder.select(emitter.builder.fcmp_ordered("<", x, y), x, y),
    "max": lambda emitter, x, y: emitter.builder.select(emitter.builder.fcmp_ordered(">", x, y), x, y),
    "<": lambda emitter, x, y: emitter.builder.fcmp_ordered("<", x, y),
    "<=": lambda emitter, x, y: emitter.builder.fcmp_ordered("<=", x, y),
    ">": lambda emitter, x, y: emitter.builder.fcmp_ordered(">", x, y),
    ">=": lambda emitter, x, y: emitter.builder.fcmp_ordered(">=", x, y),
    "==": lambda emitter, x, y: emitter.builder.fcmp_ordered("==", x, y),
    "!=": lambda emitter, x, y: emitter.builder.fcmp_unordered("!=", x, y),
}
"""The instructions of each operator and function of numbers; `and`, `or` and `not` of conditions stand apart."""


def _array(b: ir.Builder, context: Value, name: str) -> Value:
    """Where one of the context's arrays begins."""
    return b.load(b.gep(context, ir.whole(CONTEXT.index(name)), POINTER), POINTER)


def _fault_function(module: ir.Module) -> ir.Function:
    """The function that notes at which slot and value a firing must stop, and gives the fault back."""
    function = module.function("fault", I64, [POINTER, I64, DOUBLE, I64], internal=True)
    context, slot, value, fault = function.args
    b = ir.Builder(function)
    head = _array(b, context, "head")
    b.store(b.sitofp(slot, DOUBLE), b.gep(head, ir.whole(FAULT_SLOT), DOUBLE))
    b.store(value, b.gep(head, ir.whole(FAULT_VALUE), DOUBLE))
    b.ret(fault)
    return function


def _put_function(module: ir.Module) -> ir.Function:
    """The function that writes a value within its ends, else gives false, and notes its slot once a firing.

    touched = (count, stamp of this firing, slots…), mark = last stamp of each slot.
    """
    function = module.function("put", I1, [POINTER, I64, DOUBLE, DOUBLE, DOUBLE], internal=True)
    context, slot, value, low, high = function.args
    b = ir.Builder(function)
    inside = b.and_(b.fcmp_ordered(">=", value, low), b.fcmp_ordered("<=", value, high))
    with b.if_then(inside):
        b.store(value, b.gep(_array(b, context, "x"), slot, DOUBLE))
        touched = _array(b, context, "touched")
        place = b.gep(_array(b, context, "mark"), slot, I64)
        stamp = b.load(b.gep(touched, ir.whole(1), I64), I64)
        with b.if_then(b.icmp_signed("!=", b.load(place, I64), stamp)):
            b.store(stamp, place)
            count = b.load(touched, I64)
            spot = b.gep(touched, b.add(count, ir.whole(2)), I64)
            b.store(slot, spot)
            b.store(b.add(count, ir.whole(1)), touched)
    b.ret(inside)
    return function
