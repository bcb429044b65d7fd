"""How the kernel is compiled: numba with a cache on disk, and calls of addresses.

numba's own cache watches only the file of the cached function, so that a function changed in another file
would go stale without notice. Here the cache's folder is named by the digest of all files of the engine.
numba unpickles and runs what it finds there and checks nothing, so `cache.py` looks at each file before it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numba
from llvmlite import ir
from numba import cfunc, njit, types
from numba.core import caching
from numba.extending import intrinsic

from standoff import cache
from standoff.errors import UsageError

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
    raise UsageError("NUMBA_DISABLE_JIT is set, but runs need compiled code: unset it")

# numba's decorators and the arrays they take are untyped.
Compiled = Any
carray: Compiled = numba.carray  # type: ignore[attr-defined]
float64, uint64 = types.float64, types.uint64
words: Compiled = types.CPointer(types.uint64)  # type: ignore[no-untyped-call]
_intrinsic: Compiled = intrinsic
_caching: Compiled = caching
_IndexFile: Compiled = _caching.IndexDataCacheFile

SOURCES = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
).hexdigest()
"""What compiled code depends on: every file of the engine."""


# What reading a file of numba's that a power cut or a full disk has cut short may raise.
_DAMAGE = (UnpicklingError, EOFError, ValueError, LookupError, AttributeError, ImportError, TypeError, OSError)


def _cached(decorate: Callable[..., Compiled], *signature: Compiled, **options: Compiled) -> Callable[..., Compiled]:
    """Compile with a cache on disk, or without it where no folder can be written; what is damaged is made again."""

    def apply(function: Callable[..., Compiled]) -> Compiled:
        place = cache.kernel_folder(SOURCES)
        if place is None:
            return decorate(*signature, **options)(function)
        before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
        numba.config.CACHE_DIR = str(place)  # type: ignore[attr-defined]
        _caching.IndexDataCacheFile = _CheckedFile
        try:
            return _forgiving(decorate(*signature, cache=True, **options)(function))
        except RuntimeError:
            return decorate(*signature, **options)(function)
        except _DAMAGE:
            cache.forget(place)
            return decorate(*signature, **options)(function)
        finally:
            _caching.IndexDataCacheFile = _IndexFile
            numba.config.CACHE_DIR = before  # type: ignore[attr-defined]

    return apply


class _CheckedFile(_IndexFile):  # type: ignore[misc]
    """numba's files of kept code, read only if they are ours and as they were written: see `cache.py`."""

    def _load_index(self) -> Compiled:
        return super()._load_index() if cache.is_sound(Path(self._index_path)) else {}

    def _save_index(self, overloads: Compiled) -> None:
        super()._save_index(overloads)
        cache.seal(Path(self._index_path))

    def _load_data(self, name: str) -> Compiled:
        if not cache.is_sound(Path(self._data_path(name))):
            # As numba says it of a file that is gone: the code is compiled anew.
            raise FileNotFoundError(name)
        return super()._load_data(name)

    def _save_data(self, name: str, data: Compiled) -> None:
        super()._save_data(name, data)
        cache.seal(Path(self._data_path(name)))


def _forgiving(compiled: Compiled) -> Compiled:
    """A function whose code is compiled again when what is kept of it cannot be read, and used where it cannot be kept.

    numba checks no file, and lets a full disk stop the run.
    """
    kept = compiled._cache
    load, save = kept.load_overload, kept.save_overload

    def load_or_none(*what: Compiled) -> Compiled:
        try:
            return load(*what)
        except _DAMAGE:
            kept.flush()
            return None

    def save_or_not(*what: Compiled) -> None:
        with suppress(OSError):
            save(*what)

    kept.load_overload, kept.save_overload = load_or_none, save_or_not
    return compiled


jit = _cached(njit, nogil=True, error_model="numpy", boundscheck=False)


def callback(*signature: Compiled) -> Callable[..., Compiled]:
    """A function that machine code can call by its address."""
    return _cached(cfunc, *signature)


def _pointer_call(result: ir.Type, kinds: list[ir.Type]) -> Callable[..., Compiled]:
    """The instructions that call an address with arguments of these kinds."""

    def generate(context: Compiled, builder: Compiled, signature: Compiled, arguments: Compiled) -> Compiled:
        address, *rest = arguments
        function = builder.inttoptr(address, ir.FunctionType(result, kinds).as_pointer())
        given = [
            builder.inttoptr(a, k) if isinstance(k, ir.PointerType) else a for a, k in zip(rest, kinds, strict=True)
        ]
        called = builder.call(function, given)
        return context.get_dummy_value() if isinstance(result, ir.VoidType) else called

    return generate


_I64, _POINTER, _DOUBLE = ir.IntType(64), ir.IntType(8).as_pointer(), ir.DoubleType()


@_intrinsic  # type: ignore[untyped-decorator]
def call_values(
    typing: Compiled, address: Compiled, n: Compiled, rows: Compiled, out: Compiled, t: Compiled, context: Compiled
) -> Compiled:
    """Evaluate a compiled expression for n rows."""
    i = types.int64
    return types.void(i, i, i, i, float64, i), _pointer_call(
        ir.VoidType(), [_I64, _POINTER, _POINTER, _DOUBLE, _POINTER]
    )


@_intrinsic  # type: ignore[untyped-decorator]
def call_fire(typing: Compiled, address: Compiled, row: Compiled, t: Compiled, context: Compiled) -> Compiled:
    """Carry out the effects of a ground rule; 0 or the number of a fault."""
    i = types.int64
    return i(i, i, float64, i), _pointer_call(_I64, [_I64, _DOUBLE, _POINTER])


@_intrinsic  # type: ignore[untyped-decorator]
def call_clock(typing: Compiled, address: Compiled) -> Compiled:
    """The second that the system's clock shows."""

    def generate(context: Compiled, builder: Compiled, signature: Compiled, arguments: Compiled) -> Compiled:
        function = builder.inttoptr(arguments[0], ir.FunctionType(_I64, [_POINTER]).as_pointer())
        return builder.call(function, [ir.Constant(_POINTER, None)])

    return types.int64(types.int64), generate
