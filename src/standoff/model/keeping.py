"""The tables of a scenario, kept between processes: grounding one that was grounded before takes no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.garbage import uncollected
from standoff.model.tables import Model
from standoff.scenario import check_scenario, kept
from standoff.sources import machine, made_with

if TYPE_CHECKING:
    from standoff.scenario import Scenario


@uncollected()
def grounded(scenario: Scenario) -> Model:
    """The tables of a scenario, as `ground` makes them of `scenario.resolved`."""
    check_scenario(scenario)
    if not scenario.key:
        return _ground(scenario)
    # The last digit of a distance may depend on numpy, and on the processor that it runs on.
    return kept(Model, lambda: _ground(scenario), scenario.key, made_with("numpy"), machine())


def _ground(scenario: Scenario) -> Model:
    from standoff.model.grounding import ground

    return ground(scenario.resolved)
