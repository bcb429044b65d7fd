"""Asking experts for what nobody knows: forms and sheets, answers checked, compared, weighed, pooled to priors."""

from standoff.elicitation.answers import Answer, Answers, read_answers
from standoff.elicitation.drawing import picture
from standoff.elicitation.folder import write_forms
from standoff.elicitation.form import form_of
from standoff.elicitation.performance import Performance, Score, Seed, calibration, chi_square_tail
from standoff.elicitation.plan import Asked, Plan, plan_of, read_plan, read_seeds
from standoff.elicitation.pooling import Elicited, Pooled, pooled
from standoff.elicitation.steps import Scale, Steps, intrinsic_range, linear_pool, logarithmic_pool

__all__ = [
    "Answer", "Answers", "Asked", "Elicited", "Performance", "Plan", "Pooled", "Scale", "Score", "Seed", "Steps",
    "calibration", "chi_square_tail", "form_of", "intrinsic_range", "linear_pool", "logarithmic_pool", "picture",
    "plan_of", "pooled", "read_answers", "read_plan", "read_seeds", "write_forms",
]  # fmt: skip
