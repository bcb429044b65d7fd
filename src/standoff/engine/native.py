"""Compile a model's code to machine code through LLVM (llvmlite).

One function per rule for its value (rate, bound or guard), one for its exact rate or guard, one for its
effects, one per watch. No compiler is needed at the user's. The first time takes about 12 ms of processor
for each rule (measured: 1.2 s for a hundred trivial rules, 13 s for a thousand); after that the code is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np
from llvmlite import binding, ir
from numpy.typing import NDArray

from standoff import cache
from standoff.engine import emit, kernel
from standoff.engine.emit import DOUBLE, I32, I64, POINTER, Emitter
from standoff.engine.library import addresses
from standoff.garbage import uncollected
from standoff.model import Model, RuleTable, code

_VALUES = ir.FunctionType(ir.VoidType(), [I64, POINTER, POINTER, DOUBLE, POINTER])
EMITTED = hashlib.sha256(Path(emit.__file__).read_bytes() + Path(__file__).read_bytes()).hexdigest()
"""What the emitted code depends on beside the scenario: the two files that emit it."""

_FIRE = ir.FunctionType(I64, [I64, DOUBLE, POINTER])

# llvmlite's objects are untyped.
Engine = Any


class Native:
    """The addresses of a model's compiled functions; they live as long as this object.

    `values` (leaf, rate, bound or guard), `factors`, `exacts`, `fires`: (rules,) int64, 0 where a rule has none;
    `tallies`: (tallies,), `watches`: (watches,) int64. `code_of` is all that they are compiled of. `soon` is for a few
    runs: where no code is kept, it is compiled without optimisation, which takes a tenth of the time and gives the same
    numbers.
    """

    def __init__(self, model: Model, *, soon: bool = False) -> None:
        self.model = model
        self.soon = soon
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        # By code alone, without names and lines: the same rules elsewhere in a file are no other code.
        tallies, watches = [(t.term, t.table) for t in model.tallies], [(w.of, w.table) for w in model.watches]
        self.code_of = repr(([_code_of(rule) for rule in model.rules], tallies, watches))
        for name, address in (addresses() | kernel.draw_addresses()).items():
            binding.add_symbol(name, address)
        # Effects run once an event, rates dozens of times: only rates are worth the slower optimisation.
        self._rates = _machine_code(f"rates {self.code_of}", lambda: _rates(model), speed=2, soon=soon)
        self._effects = _machine_code(f"effects {self.code_of}", lambda: _effects(model), speed=1, soon=soon)
        rules = len(model.rules)
        self.values = _addresses(self._rates, "value", rules)
        self.factors = _addresses(self._rates, "factor", rules)
        self.exacts = _addresses(self._rates, "exact", rules)
        self.fires = _addresses(self._effects, "fire", rules)
        self.tallies = _addresses(self._rates, "terms", len(model.tallies))
        self.watches = _addresses(self._rates, "watch", len(model.watches))

    def whole(self) -> tuple[NDArray[np.int64], Engine | None]:
        """As `values`, with every rate or bound whole, for a sampler that shares no factors; and what must be kept.

        The code is made anew with every call and lives as long as the second part: whoever uses the addresses keeps it.
        """
        rules = self.model.rules
        if all(rule.share is None for rule in rules):
            return self.values, None
        engine = _machine_code(f"alone {self.code_of}", lambda: _whole(self.model), speed=2, soon=self.soon)
        whole = _addresses(engine, "value", len(rules))
        return np.where([rule.share is None for rule in rules], self.values, whole), engine


def _code_of(rule: RuleTable) -> tuple[object, ...]:
    """All that is compiled of a rule."""
    share, header = rule.share, rule.header
    return (
        rule.kind, rule.table, rule.guard, rule.clock, rule.bound, share and (share.factor, share.leaf), rule.locals,
        header and (header.source, header.target, header.place, header.size), rule.effects,
    )  # fmt: skip


def _addresses(engine: Engine, what: str, count: int) -> NDArray[np.int64]:
    return np.array([engine.get_function_address(f"{what}_{i}") for i in range(count)], dtype=np.int64)


def _rates(model: Model) -> ir.Module:
    module = ir.Module("rates")
    for i, rule in enumerate(model.rules):
        if rule.share is not None:
            _emit_values(module, f"value_{i}", rule.share.leaf, rule.table)
            _emit_values(module, f"factor_{i}", rule.share.factor, rule.table)
        elif rule.kind != "timed":
            _emit_values(module, f"value_{i}", rule.proposal, rule.table)
        if rule.kind == "timed" or rule.bound is not None:
            _emit_values(module, f"exact_{i}", rule.exact, rule.table)
    for i, tally in enumerate(model.tallies):
        _emit_values(module, f"terms_{i}", tally.term, tally.table)
    for i, watch in enumerate(model.watches):
        _emit_values(module, f"watch_{i}", watch.of, watch.table)
    return module


def _whole(model: Model) -> ir.Module:
    module = ir.Module("alone")
    for i, rule in enumerate(model.rules):
        if rule.share is not None:
            _emit_values(module, f"value_{i}", rule.proposal, rule.table)
    return module


def _effects(model: Model) -> ir.Module:
    module = ir.Module("effects")
    for i, rule in enumerate(model.rules):
        _emit_fire(module, f"fire_{i}", rule)
    return module


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


def _machine_code(what: str, emit_module: Callable[[], ir.Module], *, speed: int, soon: bool) -> Engine:
    """The code from the cache, or emitted and compiled; `what` names all that it depends on."""
    key = _key(what, speed)
    cached = cache.recall(key)
    if cached is None and soon:
        speed, key = 0, _key(what, 0)
        cached = cache.recall(key)
    target = binding.Target.from_default_triple()
    cpu, features = _host()
    machine = target.create_target_machine(opt=speed, cpu=cpu, features=features)
    if cached is not None:
        engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
        engine.add_object_file(binding.ObjectFileRef.from_data(cached))
        engine.finalize_object()
        return engine
    with uncollected():
        text = str(emit_module())
    module = binding.parse_assembly(text)
    module.verify()
    if speed:
        # Loops here are short or rare: unrolling them costs a third of the time to compile and gains nothing.
        options = binding.create_pipeline_tuning_options(speed_level=speed)
        options.loop_unrolling = False
        passes = binding.create_pass_builder(machine, options)
        passes.getModulePassManager().run(module, passes)
    engine = binding.create_mcjit_compiler(module, machine)
    engine.set_object_cache(lambda _, object_code: cache.keep(key, object_code))
    engine.finalize_object()
    return engine


def _key(what: str, speed: int) -> str:
    versions = llvmlite.__version__, str(binding.llvm_version_info)
    return hashlib.sha256("/".join((what, EMITTED, str(speed), *_host(), *versions)).encode()).hexdigest()


def _host() -> tuple[str, str]:
    return binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
