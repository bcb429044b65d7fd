"""What a run folder keeps is told as a reason only where it is one: what-ifs that move the answer, claims that hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from standoff.analysis.effects import ClaimFinding, Claims, Difference, QuestionDifference
from standoff.analysis.spread import Contrasts
from standoff.calibration import Reasons
from standoff.report.findings import Findings
from standoff.report.reasons import reasons
from tests.test_calibration_reasons import ANSWER, EXPLAINED

CLAIM = ClaimFinding(
    id="large", says="Large says so.", mechanism=(), hedge=None, cause="", expect="", verdict="holds", effect=-0.3,
    low=-0.4, high=-0.2, unit="probability", base=0.6, changed=9, runs=100, evidence=(), against=(), selection=None,
)  # fmt: skip


def _claim(name: str, effect: float, **changed: Any) -> ClaimFinding:
    given = {"id": name, "says": f"{name} says so.", "effect": effect, "low": effect - 0.1, "high": effect + 0.1}
    return ClaimFinding(**{one: getattr(CLAIM, one) for one in CLAIM.__slots__} | given | changed)


def _what_if(name: str, difference: float, half: float = 0.1, question: str = "q") -> QuestionDifference:
    low, high = difference - half, difference + half
    pair = Difference(0.7, 0.7 + difference, difference, low, high, 100, 50, 200, (0.6, 0.8), (0.0, 1.0))
    return QuestionDifference(name, question, "Is it so?", "binary", pair)


def _made(found: Findings, *rewrite: str) -> Reasons:
    tested = found.claims.claims if found.claims is not None else ()
    about = {one.id: SimpleNamespace(question="other" if one.id == "elsewhere" else "q") for one in tested}
    written = SimpleNamespace(claims=about, meanings={}, questions={"q": SimpleNamespace(rewrite=list(rewrite))})
    return reasons(ANSWER, Contrasts(0, ()), written, found)  # type: ignore[arg-type]


def _claimed(*claims: ClaimFinding) -> str:
    return _made(Findings(claims=Claims("s", 1, 0.01, 100, claims))).why


def test_the_claim_that_holds_and_moves_the_answer_most_is_told_and_a_thesis_before_others() -> None:
    most = _claimed(_claim("small", -0.1), _claim("large", -0.3), _claim("elsewhere", -0.5))
    assert most.startswith("“large says so.” This claim holds here: with its cause changed, the answer is yes in 39%")
    thesis = _claimed(_claim("large", -0.3), _claim("thesis", 0.1, kind="thesis"))
    assert thesis.startswith("“thesis says so.” This claim holds here: with its cause changed, the answer is yes in 79")
    rivals = (SimpleNamespace(fails=False),)
    assert _claimed(_claim("anyhow", -0.5, rivals=rivals), _claim("large", -0.3)) == most
    assert _claimed(_claim("weak", -0.3, verdict="weaker than claimed"), _claim("days", -0.3, unit="days")) == ""


def test_a_what_if_is_told_where_it_clearly_moves_this_answer_and_does_not_rewrite_it() -> None:
    all_of = [
        _what_if("variant=itself", -0.65), _what_if("variant=calm", -0.5), _what_if("variant=dim", -0.55, half=0.6),
        _what_if("variant=other", -0.6, question="elsewhere"),
    ]  # fmt: skip
    found = Findings(compare=SimpleNamespace(questions=all_of), explain=[EXPLAINED])  # type: ignore[arg-type]
    made = _made(found, "itself")
    assert made.why.startswith("It hangs most on this: with “variant=calm” the answer is yes in 19% (9–29%).")
    assert [one.around for one in made.ranges] == ["66–72%", "19–69%"]
    assert _made(found).why.startswith("It hangs most on this: with “variant=itself” the answer is yes in 4.0%")
