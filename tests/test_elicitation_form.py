"""The form of an expert in a browser: it draws at once, tells what is wrong, saves without a network, is legible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from standoff.elicitation import Plan, form_of, read_answers
from standoff.elicitation.plan import Asked
from tests.proofs import first_of

AXE = Path(__file__).parents[1] / "viewer/node_modules/axe-core/axe.min.js"
PLAN = Plan(
    "posts.yaml", "Two <i>posts</i>", (0.05, 0.5, 0.95),
    (Asked("q1", "raid", "How long?", unit="day", low=0.0),
     Asked("q2", "daring", "How often?", "A day.", "1/day", 0.0, None, True)),
    {"A": "Ann"},
)  # fmt: skip


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "A.html"
    path.write_text(form_of(PLAN, "A"), encoding="utf-8")
    return path


def fill(page: Any, question: str, *texts: str) -> None:
    for at, text in enumerate(texts):
        page.fill(f"#{question}-{at}", text)


def test_the_form_draws_tells_and_saves_what_can_be_read_back(browser: Any, form: Path) -> None:
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(form.as_uri())
    assert page.inner_text("h1") == "Two <i>posts</i>"
    fill(page, "q1", "3", "2", "30")
    assert "50% must lie above 5%" in page.inner_text("#q1-say")
    fill(page, "q1", "3", "9,5", "30")
    assert "write 9.5" in page.inner_text("#q1-say")
    page.click("#save")
    assert "Not saved" in page.inner_text("#message")
    fill(page, "q1", "3", "9", "30")
    assert page.locator("section svg rect").count() == 4
    # Half of the probability lies in twice the height where the step is a third as wide: 3 to 9 beside 9 to 30.
    heights = page.eval_on_selector_all("section svg rect", "all => all.map(one => Number(one.getAttribute('height')))")
    assert heights[1] / heights[2] == pytest.approx(3.5, rel=1e-6)
    assert "in 90 of 100 cases between 3 and 30" in page.inner_text("#q1-say")
    page.fill("#q1-why", "since")
    with page.expect_download() as saved:
        page.click("#save")
    assert saved.value.suggested_filename == "A.json"
    saved.value.save_as(form.parent / "A.json")
    page.reload()
    page.set_input_files("#load", form.parent / "A.json")
    page.wait_for_function("document.getElementById('q1-1').value === '9'")
    assert "1 of 2" in page.inner_text("#progress")
    assert complaints == [] and all(url.startswith(("file:", "blob:")) for url in requests)
    context.close()
    form.rename(form.with_suffix(".page"))
    given = read_answers(form.parent, PLAN).given
    assert given["A"]["q1"].values == (3.0, 9.0, 30.0) and given["A"]["q1"].why == "since"
    assert json.loads((form.parent / "A.json").read_text())["token"] == PLAN.token


@pytest.mark.parametrize(
    ("width", "scheme"), first_of([(390, "dark"), (1280, "light"), (390, "light"), (1280, "dark")])
)
def test_axe_has_nothing_to_say_and_nothing_sticks_out(browser: Any, form: Path, width: int, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    context = browser.new_context(viewport={"width": width, "height": 780}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(form.as_uri())
    fill(page, "q1", "3", "9", "30")
    fill(page, "q2", "3", "2", "30")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    assert [one["id"] for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    context.close()
