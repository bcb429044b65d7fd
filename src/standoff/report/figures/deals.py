"""The deals: in what share of runs each party gains by which of them on which date, and when they are in force."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.analysis.answers import DealGains, Gain, Portion
from standoff.numerals import percent_with_interval, with_interval
from standoff.report.figures.pages import Block, Draw, on_sheets
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, INK, LINE, SOFT, Sheet, day_words, runs_of, wrapped
from standoff.report.scene import Scene

LEFT = 186.0


def draw_deals(scene: Scene, shown: Sequence[DealGains]) -> list[str]:
    """The deals as tables of shares, each share with its interval and below it the median gain with its own."""
    return on_sheets(
        [_deal(scene, deal) for deal in shown],
        title="Who would gain by which deal",
        caption="Share of runs without the deal in which a party would gain, with its 95% interval; below: the median "
        "gain. Grey: consent not needed.",
        foot=runs_of(scene.head),
        about=f"{scene.head.title}: deals",
    )


def _deal(scene: Scene, deal: DealGains) -> Block:
    name = scene.deal_names[deal.deal]
    after = f" (only after: {', '.join(scene.deal_names[earlier] for earlier in deal.after)})" if deal.after else ""
    wide = (COLUMN - 16 - LEFT) / len(deal.dates)

    def head(sheet: Sheet, y: float) -> float:
        y = sheet.lines(16, y + 22, wrapped(name + after, COLUMN - 40, 12), size=12, weight=700) - 4
        for i, day in enumerate(deal.dates):
            sheet.note(LEFT + i * wide, y + 8, day_words(day), size=10.5)
        return y + 16

    def row(name: str, cells: list[tuple[Portion, str]], tone: str) -> Draw:
        return lambda sheet, y: _row(sheet, y, name, cells, wide, tone)

    parties = [
        row(
            scene.stage.names.get(party.actor, party.actor),
            [(gain.accepts, _median(gain)) for gain in party.gains],
            ACCENT if party.must_agree else SOFT,
        )
        for party in deal.parties
    ]
    together = row("All that must agree", [(one, "") for one in deal.together], ACCENT)
    in_force = row("In force, of all runs", [(one, "") for one in deal.in_force], INK)
    return Block([*parties, together, in_force], head)


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
