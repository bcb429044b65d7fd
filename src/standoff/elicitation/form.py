"""The form that an expert fills in: one HTML page without network, which draws what the numbers say as one types."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from html import escape
from importlib.resources import files

from standoff.elicitation.plan import VERSION, Plan, percent

HIDDEN = ("of", "answer")
"""What an expert must not see of a question: what it is for, and the answer where it is known."""


def form_of(plan: Plan, expert: str) -> str:
    """The page for one expert, by letter; whatever texts the scenario has, none of them is read as markup."""
    folder = files("standoff.elicitation") / "form"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("form.css", "form.js"))
    asked = [{key: value for key, value in asdict(one).items() if key not in HIDDEN} for one in plan.questions]
    data = {
        "standoff_elicitation": VERSION, "expert": expert, "token": plan.token, "title": plan.title,
        "shares": list(plan.quantiles), "heads": [percent(share) for share in plan.quantiles], "questions": asked,
    }  # fmt: skip
    content = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(plan.title)}: questions for expert {escape(expert)}</title>\n<style>{style}</style>\n</head>\n"
        '<body>\n<main id="form">\n<noscript><p>This form needs JavaScript. Fill in the sheet that came with it.</p>'
        f'</noscript>\n</main>\n<script type="application/json" id="asked">{content}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
