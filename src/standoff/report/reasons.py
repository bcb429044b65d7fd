"""Why the main question is answered as it is: what the findings of a run folder have to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff import calibration
from standoff.report import meanings

if TYPE_CHECKING:
    from standoff.analysis.spread import Contrasts
    from standoff.calibration import Reasons, WhatIf
    from standoff.ensemble import Answer
    from standoff.report.background import Background
    from standoff.report.findings import Findings


def reasons(main: Answer | None, contrasts: Contrasts, written: Background, findings: Findings) -> Reasons:
    """Why the main question is answered as it is, by the explanation of it, its what-ifs and claims, if any is kept."""
    if main is None:
        return calibration.Reasons("", "", "")
    name = main.question.id
    explained = next((one for one in findings.explain if one.question == name), None)
    what_ifs, held = list(_what_ifs(name, written, findings)), _held(name, written, findings)
    return calibration.reasons_of(main, contrasts, written.meanings, explained, what_ifs, held)


def _what_ifs(question: str, written: Background, findings: Findings) -> Iterator[WhatIf]:
    """Those that clearly move the answer."""
    rewrite = {f"variant={name}" for name in written.questions[question].rewrite}
    for one in () if findings.compare is None else findings.compare.questions:
        pair = one.paired
        if one.question == question and one.type != "number" and (pair.low > 0 or pair.high < 0):
            said = meanings.of_name(written.meanings, one.what) or one.what
            yield calibration.WhatIf(said, pair.difference, pair.low, pair.high, one.what in rewrite)


def _held(question: str, written: Background, findings: Findings) -> WhatIf | None:
    """The claim about the answer that holds and whose cause moves it most, called by what it says; a thesis first."""
    tested = () if findings.claims is None else findings.claims.claims
    about = {name for name, claim in written.claims.items() if claim.question == question}
    # What holds under every rival as well is no reason of this model.
    sound = [one for one in tested if one.verdict == "holds" and not one.tests_nothing]
    held = [one for one in sound if one.id in about and one.unit == "probability"]
    first = max(held, key=lambda one: (one.kind == "thesis", abs(one.effect)), default=None)
    return None if first is None else calibration.WhatIf(first.says, first.effect, first.low, first.high)
