"""The deals: in what share of runs each party gains by which of them on which date, and when they are in force."""

from __future__ import annotations

from standoff.analysis.answers import DealGains, Gain, Portion
from standoff.numerals import percent_with_interval, with_interval
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, INK, LINE, SOFT, Sheet, day_words, runs_of, wrapped
from standoff.report.scene import Scene

LEFT = 186.0
ON_A_SHEET = 3
"""As many as stand on a page."""


def draw_deals(scene: Scene, shown: list[DealGains]) -> str:
    """Some deals as tables of shares, each share with its interval and below it the median gain with its own."""
    sheet = Sheet(COLUMN)
    y = sheet.heading(
        "Who would gain by which deal",
        f"{runs_of(scene.head)}. Of the runs in which the deal is not in force on the date: the "
        "share in which a party would gain by it, with its 95% interval, and the median gain on the party's own scale. "
        "Grey: its consent is not needed. In force: the share of all runs.",
    )
    for deal in shown:
        y = _deal(sheet, y, scene, deal)
    return sheet.svg(y + 10, f"{scene.head.title}: deals")


def _deal(sheet: Sheet, y: float, scene: Scene, deal: DealGains) -> float:
    name = scene.deal_names[deal.deal]
    after = f" (once in force: {', '.join(scene.deal_names[earlier] for earlier in deal.after)})" if deal.after else ""
    y = sheet.lines(16, y + 22, wrapped(name + after, COLUMN - 40, 12), size=12, weight=700) - 4
    wide = (COLUMN - 16 - LEFT) / len(deal.dates)
    for i, day in enumerate(deal.dates):
        sheet.note(LEFT + i * wide, y + 8, day_words(day), size=10.5)
    y += 16
    for party in deal.parties:
        cells = [(gain.accepts, _median(gain)) for gain in party.gains]
        tone = ACCENT if party.must_agree else SOFT
        y = _row(sheet, y, scene.stage.names.get(party.actor, party.actor), cells, wide, tone)
    y = _row(sheet, y, "All that must agree", [(one, "") for one in deal.together], wide, ACCENT)
    return _row(sheet, y, "In force", [(one, "") for one in deal.in_force], wide, INK) + 8


def _median(gain: Gain) -> str:
    if gain.median is None or gain.median_low is None or gain.median_high is None:
        return ""
    return with_interval(gain.median, gain.median_low, gain.median_high, plus=True)


def _row(sheet: Sheet, y: float, name: str, cells: list[tuple[Portion, str]], wide: float, tone: str) -> float:
    sheet.path(f"M16 {y:.1f}H{COLUMN - 16}", stroke=FAINT)
    lines = wrapped(name, LEFT - 30, 11, most=2)
    sheet.lines(16, y + 14, lines, size=11)
    for i, (portion, more) in enumerate(cells):
        x, bar = LEFT + i * wide, wide - 18
        if portion.share is None or portion.low is None or portion.high is None:
            sheet.note(x, y + 14, "no such runs", size=10.5)
            continue
        sheet.text(x, y + 14, percent_with_interval(portion.share, portion.low, portion.high), size=10.5)
        sheet.rect(x, y + 18, bar, 6, FAINT)
        sheet.rect(x, y + 18, bar * portion.share, 6, tone, opacity=0.5)
        sheet.path(f"M{x + bar * portion.low:.1f} {y + 21:.1f}H{x + bar * portion.high:.1f}", stroke=INK, width=1.6)
        if more:
            sheet.note(x, y + 35, more, size=10)
    tall = 41.0 if any(more for _, more in cells) else 30.0
    foot = y + max(tall, 10 + 14 * len(lines))
    sheet.path(f"M16 {foot:.1f}H{COLUMN - 16}", stroke=LINE)
    return foot
