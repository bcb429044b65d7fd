"""A single run: the compiled engine, its plain-Python twin, and the draws of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.engine.kernel import kernel_sources
    from standoff.engine.library import give_back_memory
    from standoff.engine.moments import Moment, Snapshot
    from standoff.engine.orders import Ask, Order
    from standoff.engine.parameters import draw_parameters
    from standoff.engine.program import Program, prepare
    from standoff.engine.reference import reference_run
    from standoff.engine.session import Session, run
    from standoff.engine.stepping import stop_this_thread_when
    from standoff.engine.trajectory import Sampler, Trajectory

__all__ = [
    "Ask", "Moment", "Order", "Program", "Sampler", "Session", "Snapshot", "Trajectory", "draw_parameters",
    "give_back_memory", "kernel_sources", "prepare", "reference_run", "run", "stop_this_thread_when",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "kernel": ("kernel_sources",),
            "library": ("give_back_memory",),
            "moments": ("Moment", "Snapshot"),
            "orders": ("Ask", "Order"),
            "parameters": ("draw_parameters",),
            "program": ("Program", "prepare"),
            "reference": ("reference_run",),
            "session": ("Session", "run"),
            "stepping": ("stop_this_thread_when",),
            "trajectory": ("Sampler", "Trajectory"),
        },
    )
