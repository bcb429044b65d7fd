"""What a reader takes away from a page that was opened as a file, under the page's own policy."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.front import Texts
from tests.pages import FINDINGS, keep_findings, run_of_front

FORMULAS = ('=HYPERLINK("http://x","a, b")', "\uff1d1+1", "@SUM(1)")


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())

    def with_a_formula(_: str, content: dict[str, Any]) -> dict[str, Any]:
        about = [one for one in content["differences"] if one["what"] == "zone not defended"]
        for one, ask in zip(about, FORMULAS, strict=False):
            one["ask"] = ask
        return content

    keep_findings(made, "compare", change=with_a_formula)
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(f"{(made / 'report.html').as_uri()}#view=whatif")
    page.wait_for_selector("main h2")
    yield page
    context.close()


def test_a_table_is_downloaded_with_all_digits_and_no_cell_that_is_a_formula(opened: Any) -> None:
    table = opened.locator("details", has_text="Table").last
    table.locator("summary").click()
    with opened.expect_download() as waited:
        table.get_by_role("button", name="CSV").click()
    assert waited.value.suggested_filename.endswith("-what-if-zone-not-defended.csv")
    assert set(waited.value.suggested_filename) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    text = Path(waited.value.path()).read_bytes().decode("utf-8")
    heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    written = json.loads((FINDINGS / "compare.json").read_text(encoding="utf-8"))["differences"]
    assert [row[1] for row in rows][: len(FORMULAS)] == [f"'{one}" for one in FORMULAS]
    numbers = [[float(cell) for cell in row[2:7]] for row in rows]
    names = ("base", "difference", "low", "high", "changed")
    # The front asks none of these questions, so that the base is that of the comparison.
    assert numbers == [[one[name] for name in names] for one in written if one["what"] == "zone not defended"]
    shown = table.locator("tbody tr")
    assert (shown.count(), shown.first.locator("td").count()) == (len(rows), len(heads))
