"""Compile a model's code to machine code through LLVM (llvmlite).

One function per rule for its value (rate, bound or guard), one for its exact rate or guard, one for its
effects, one per watch, per value that a run starts from, and per answer. No compiler is needed at the
user's. What is compiled is kept. Code that a few runs need at once is compiled in a third of the time
and runs at half the speed; the bits are the same.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np
from llvmlite import binding
from numpy.typing import NDArray

from standoff import cache
from standoff.engine import emit, ir, kernel
from standoff.engine.emit import Emitter
from standoff.engine.evaluate import ONE_ROW, fading
from standoff.engine.ir import DOUBLE, I32, I64, POINTER, VOID
from standoff.engine.library import addresses
from standoff.garbage import uncollected
from standoff.model import Model, RuleTable, code

EMITTED = hashlib.sha256(b"".join(Path(one).read_bytes() for one in (emit.__file__, ir.__file__, __file__))).hexdigest()
"""What the emitted code depends on beside the scenario: the three files that emit it."""

IN_A_HURRY = 0
"""The speed level of code that is compiled in a hurry."""

# llvmlite's objects are untyped.
Engine = Any
Machine = Any


class Native:
    """The addresses of a model's compiled functions; they live as long as this object.

    `values` (leaf, rate, bound or guard), `factors`, `exacts`, `mays`, `musts`, `fires`: (rules,) int64, 0 where a rule
    has none; `tallies`: (tallies,), `watches`: (watches,), `begins`: (begin_writes,), `half_lives`: (fading states,),
    `answers`: (questions,) int64. `code_of` is all that they are compiled of. In a `hurry` code
    that is not kept yet is compiled fast, not made to run fast: `hurried` is how many bytes of it there are.
    """

    def __init__(self, model: Model, *, hurry: bool = False) -> None:
        self.model = model
        self.hurry = hurry
        self.hurried = 0
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        # By code alone, without names and lines: the same rules elsewhere in a file are no other code.
        tallies, watches = [(t.term, t.table) for t in model.tallies], [(w.of, w.table) for w in model.watches]
        alone = [(expression, table) for _, expression, table in _alone(model)]
        self.code_of = repr(([_code_of(rule) for rule in model.rules], tallies, watches, alone))
        for name, address in (addresses() | kernel.draw_addresses()).items():
            binding.add_symbol(name, address)
        # Effects run once an event, rates dozens of times: only rates are worth the slower optimisation.
        self._rates = self._compiled("rates", _rates, speed=2)
        self._effects = self._compiled("effects", _effects, speed=1)
        rules = len(model.rules)
        self.values = _addresses(self._rates, "value", rules)
        self.factors = _addresses(self._rates, "factor", rules)
        self.exacts = _addresses(self._rates, "exact", rules)
        self.mays = _addresses(self._rates, "may", rules)
        self.musts = _addresses(self._rates, "must", rules)
        self.fires = _addresses(self._effects, "fire", rules)
        self.tallies = _addresses(self._rates, "terms", len(model.tallies))
        self.watches = _addresses(self._rates, "watch", len(model.watches))
        self.begins = _addresses(self._effects, "begin", len(model.begin_writes))
        self.half_lives = _addresses(self._effects, "half_life", len(fading(model)))
        self.answers = _addresses(self._effects, "result", len(model.questions))

    def whole(self) -> tuple[NDArray[np.int64], Engine | None]:
        """As `values`, with every rate or bound whole, for a sampler that shares no factors; and what must be kept.

        The code is made anew with every call and lives as long as the second part: whoever uses the addresses keeps it.
        """
        rules = self.model.rules
        if all(rule.share is None for rule in rules):
            return self.values, None
        engine = self._compiled("alone", _whole, speed=2)
        whole = _addresses(engine, "value", len(rules))
        return np.where([rule.share is None for rule in rules], self.values, whole), engine

    def _compiled(self, what: str, emit_module: Callable[[Model], ir.Module], *, speed: int) -> Engine:
        """Some of the functions: from the cache, or emitted and compiled."""
        key = _key(what, self.code_of, speed)
        code = cache.recall(key)
        if code is None and self.hurry:
            speed = IN_A_HURRY
            key = _key(what, self.code_of, speed)
            code = cache.recall(key)
        machine = _machine(speed)
        if code is None:
            with uncollected():
                text = str(emit_module(self.model))
            code = _object_code(text, machine, speed)
            cache.keep(key, code)
        if speed == IN_A_HURRY:
            self.hurried += len(code)
        # Also where it was just compiled: what LLVM knows of the code takes more memory than the code.
        engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
        engine.add_object_file(binding.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return engine


def _key(what: str, code_of: str, speed: int) -> str:
    """The name of compiled code in the cache: the digest of all that it depends on."""
    versions = llvmlite.__version__, str(binding.llvm_version_info)
    depends_on = "/".join((what, code_of, EMITTED, str(speed), *_processor(), *versions))
    return hashlib.sha256(depends_on.encode()).hexdigest()


@functools.cache
def _processor() -> tuple[str, str]:
    return binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()


def _machine(speed: int) -> Machine:
    cpu, features = _processor()
    return binding.Target.from_default_triple().create_target_machine(opt=speed, cpu=cpu, features=features)


def _object_code(text: str, machine: Machine, speed: int) -> bytes:
    context = binding.create_context()
    module = binding.parse_assembly(text, context)
    module.verify()
    _optimise(module, machine, speed)
    code: bytes = machine.emit_object(module)
    return code


def _optimise(module: Any, machine: Machine, speed: int) -> None:
    """Improve a module before it becomes machine code, in a hurry only by what makes that itself faster."""
    options = binding.create_pipeline_tuning_options(speed_level=speed)
    # Loops here are short or rare, and read all over the state: unrolling and vectors cost half of the time to compile,
    # and gathering numbers for a vector is slower than taking them one by one.
    options.loop_unrolling = options.loop_vectorization = options.slp_vectorization = False
    builder = binding.create_pass_builder(machine, options)
    if speed != IN_A_HURRY:
        builder.getModulePassManager().run(module, builder)
        return
    passes = binding.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)


def _code_of(rule: RuleTable) -> tuple[object, ...]:
    """All that is compiled of a rule."""
    share, header = rule.share, rule.header
    return (
        rule.kind, rule.table, rule.guard, rule.clock, rule.bound, share and (share.factor, share.leaf), rule.locals,
        header and (header.source, header.target, header.place, header.size), rule.effects,
        rule.turns and (rule.turns.may, rule.turns.must),
    )  # fmt: skip


def _addresses(engine: Engine, what: str, count: int) -> NDArray[np.int64]:
    return np.array([engine.get_function_address(f"{what}_{i}") for i in range(count)], dtype=np.int64)


def _rates(model: Model) -> ir.Module:
    module = ir.Module()
    for i, rule in enumerate(model.rules):
        if rule.share is not None:
            _emit_values(module, f"value_{i}", rule.share.leaf, rule.table)
            _emit_values(module, f"factor_{i}", rule.share.factor, rule.table)
        elif rule.kind != "timed":
            _emit_values(module, f"value_{i}", rule.proposal, rule.table)
        if rule.kind == "timed" or rule.bound is not None:
            _emit_values(module, f"exact_{i}", rule.exact, rule.table)
        if rule.turns is not None:
            _emit_values(module, f"may_{i}", rule.turns.may, rule.table)
            _emit_values(module, f"must_{i}", rule.turns.must, rule.table)
    for i, tally in enumerate(model.tallies):
        _emit_values(module, f"terms_{i}", tally.term, tally.table)
    for i, watch in enumerate(model.watches):
        _emit_values(module, f"watch_{i}", watch.of, watch.table)
    return module


def _whole(model: Model) -> ir.Module:
    module = ir.Module()
    for i, rule in enumerate(model.rules):
        if rule.share is not None:
            _emit_values(module, f"value_{i}", rule.proposal, rule.table)
    return module


def _effects(model: Model) -> ir.Module:
    module = ir.Module()
    for i, rule in enumerate(model.rules):
        _emit_fire(module, f"fire_{i}", rule)
    for name, expression, table in _alone(model):
        _emit_values(module, name, expression, table)
    return module


def _alone(model: Model) -> Iterator[tuple[str, code.Expr, code.Table]]:
    """What is evaluated once a run, by name: the values that it starts from, half-lives, answers."""
    for i, (_, value, _, _) in enumerate(model.begin_writes):
        yield f"begin_{i}", value, ONE_ROW
    for i, (_, half_life, _) in enumerate(fading(model)):
        yield f"half_life_{i}", half_life, ONE_ROW
    for i, question in enumerate(model.questions):
        yield f"result_{i}", question.answer, question.table


def _emit_values(module: ir.Module, name: str, expression: code.Expr, table: code.Table) -> None:
    function = module.function(name, VOID, [I64, POINTER, POINTER, DOUBLE, POINTER], alone=2)
    n, rows, out, time, context = function.args
    emitter = Emitter(function, time, context, 0)
    b = emitter.builder
    place = emitter.variable(ir.whole(0))
    head, body, done = (function.append_basic_block(part) for part in ("next", "one", "end"))
    b.branch(head)
    b.position_at_end(head)
    j = b.load(place, I64)
    b.cbranch(b.icmp_signed("<", j, n), body, done)
    b.position_at_end(body)
    row = b.sext(b.load(b.gep(rows, j, I32), I32), I64)
    value = emitter.number(expression, table, row)
    b.store(value, b.gep(out, j, DOUBLE))
    b.store(b.add(j, ir.whole(1)), place)
    b.branch(head)
    b.position_at_end(done)
    b.ret_void()


def _emit_fire(module: ir.Module, name: str, rule: RuleTable) -> None:
    function = module.function(name, I64, [I64, DOUBLE, POINTER])
    row, time, context = function.args
    emitter = Emitter(function, time, context, rule.locals)
    b = emitter.builder
    header = rule.header
    parts = (None,) * 4 if header is None else (header.source, header.target, header.place, header.size)
    for i, (part, missing) in enumerate(zip(parts, (-1.0, -1.0, -1.0, float("nan")), strict=True)):
        value = ir.number(missing) if part is None else emitter.number(part, rule.table, row)
        b.store(value, emitter.at("head", ir.whole(i), DOUBLE))
    emitter.effects(rule.effects, rule.table, row)
    b.ret(ir.whole(0))
