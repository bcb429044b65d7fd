"""Compile a model's code to machine code through LLVM (llvmlite, which numba brings along).

One function per rule for its value (rate, bound or guard), one for its exact rate or guard, one for its
effects, one per watch. No compiler is needed at the user's; a scenario of a hundred rules takes well
under a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import binding, ir
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.emit import DOUBLE, I32, I64, POINTER, Emitter
from standoff.engine.library import addresses
from standoff.model import Model, RuleTable, code

_VALUES = ir.FunctionType(ir.VoidType(), [I64, POINTER, POINTER, DOUBLE, POINTER])
_FIRE = ir.FunctionType(I64, [I64, DOUBLE, POINTER])


class Native:
    """The addresses of a model's compiled functions; they live as long as this object.

    `values`, `exacts`, `fires`: (rules,) int64, 0 where a rule has none; `watches`: (watches,) int64.
    """

    def __init__(self, model: Model) -> None:
        module = ir.Module("scenario")
        for i, rule in enumerate(model.rules):
            always = code.Num(1.0)
            guard = always if rule.guard is None else rule.guard
            exact = guard if rule.kind != "rate" else _guarded(rule)
            if rule.kind != "timed":
                _emit_values(module, f"value_{i}", exact if rule.bound is None else rule.bound, rule.table)
            if rule.kind == "timed" or rule.bound is not None:
                _emit_values(module, f"exact_{i}", exact, rule.table)
            _emit_fire(module, f"fire_{i}", rule)
        for i, watch in enumerate(model.watches):
            _emit_values(module, f"watch_{i}", watch.of, watch.table)
        self._engine = _compile(str(module))
        self.values = self._addresses("value", len(model.rules))
        self.exacts = self._addresses("exact", len(model.rules))
        self.fires = self._addresses("fire", len(model.rules))
        self.watches = self._addresses("watch", len(model.watches))

    def _addresses(self, what: str, count: int) -> NDArray[np.int64]:
        names = (f"{what}_{i}" for i in range(count))
        return np.array([self._engine.get_function_address(name) for name in names], dtype=np.int64)


def _guarded(rule: RuleTable) -> code.Expr:
    clock = code.Num(0.0) if rule.clock is None else rule.clock
    return clock if rule.guard is None else code.Choose(rule.guard, clock, code.Num(0.0))


def _emit_values(module: ir.Module, name: str, expression: code.Expr, table: code.Table) -> None:
    function = ir.Function(module, _VALUES, name)
    n, rows, out, time, context = function.args
    out.add_attribute("noalias")
    emitter = Emitter(function, time, context, 0)
    b = emitter.builder
    place = emitter.variable(ir.Constant(I64, 0))
    head, body, done = (function.append_basic_block(part) for part in ("next", "one", "end"))
    b.branch(head)
    b.position_at_end(head)
    j = b.load(place, typ=I64)
    b.cbranch(b.icmp_signed("<", j, n), body, done)
    b.position_at_end(body)
    row = b.sext(b.load(b.gep(rows, [j], source_etype=I32), typ=I32), I64)
    value = emitter.number(expression, table, row)
    b.store(value, b.gep(out, [j], source_etype=DOUBLE))
    b.store(b.add(j, ir.Constant(I64, 1)), place)
    b.branch(head)
    b.position_at_end(done)
    b.ret_void()


def _emit_fire(module: ir.Module, name: str, rule: RuleTable) -> None:
    function = ir.Function(module, _FIRE, name)
    row, time, context = function.args
    emitter = Emitter(function, time, context, rule.locals)
    b = emitter.builder
    header = rule.header
    parts = (None,) * 4 if header is None else (header.source, header.target, header.place, header.size)
    for i, (part, missing) in enumerate(zip(parts, (-1.0, -1.0, -1.0, float("nan")), strict=True)):
        value = ir.Constant(DOUBLE, missing) if part is None else emitter.number(part, rule.table, row)
        b.store(value, emitter.at("head", ir.Constant(I64, i), DOUBLE))
    emitter.effects(rule.effects, rule.table, row)
    b.ret(ir.Constant(I64, 0))


# llvmlite's objects are untyped.
def _compile(text: str) -> Any:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name, address in (addresses() | kernel.draw_addresses()).items():
        binding.add_symbol(name, address)
    module = binding.parse_assembly(text)
    module.verify()
    target = binding.Target.from_default_triple()
    features = binding.get_host_cpu_features().flatten()
    machine = target.create_target_machine(opt=2, cpu=binding.get_host_cpu_name(), features=features)
    options = binding.create_pipeline_tuning_options(speed_level=2)
    passes = binding.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    engine = binding.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine
