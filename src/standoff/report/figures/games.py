"""The game of a scenario's policies: what two actors gain under each pair of them, and what each gains by leaving."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from standoff.numerals import many, percent, with_interval, with_seed, with_unit
from standoff.report.figures.meaning import meaning
from standoff.report.figures.pages import Block, Draw, note_row, on_sheets
from standoff.report.figures.sheet import ACCENT, BAND, COLUMN, FAINT, LINE, Sheet, wrapped
from standoff.report.scene import Scene

if TYPE_CHECKING:
    from standoff.strategy import Equilibrium, GainByLeaving, SolvedGame

NAMES = 116.0
"""Where the cells of the matrix begin."""
WIDEST = 5
"""So many policies stand beside each other."""
LABEL, LEFT, RIGHT, NUMBER = 236, 262.0, 452.0, 464.0
NARROWEST, FURTHEST = 2.5, 8.0
"""How many tolerances an axis shows to either side: at least, and at most."""
MARKS = {"settled": "✓ settled", "refuted": "✗ refuted", "not distinguishable": "≈ not distinguishable"}


def draw_game(scene: Scene, game: SolvedGame) -> list[str]:
    """The payoffs of two actors as a matrix, and each equilibrium with the gains by leaving it beside the tolerance."""
    sizes = [len(player.policies) for player in game.players]
    fits = len(sizes) == 2 and min(sizes) <= WIDEST
    blocks = [_matrix(scene, game, 0 if sizes[0] < sizes[1] else 1)] if fits else []
    gains = "Gain by leaving an equilibrium, on fresh runs, with its interval. Dashed: the gain that does not matter; "
    gains += "hollow: on either side of it; arrow: further than drawn."
    settled = [_equilibrium(scene, game, number, one) for number, one in enumerate(game.equilibria, start=1)]
    blocks += [Block([note_row(gains)]), *settled] if settled else []
    if not settled:
        blocks.append(Block([note_row("No stable outcome was found among these policies.")]))
    return on_sheets(
        blocks,
        title="Who decides: what is stable",
        caption="Cells: mean gains with 95% intervals, each on its actor’s own scale. A number in brackets: an "
        "equilibrium, with its share in a mix.",
        foot=f"{scene.head.name}, {with_seed(many(game.blocks, 'run'), 'coupled', game.seed)} of each combination",
        about=f"{scene.head.title}: who decides",
    )


def _matrix(scene: Scene, game: SolvedGame, beside: int) -> Block:
    """The payoffs with the policies of the player `beside` next to each other, and of the other below each other."""
    across, down = game.players[beside], game.players[1 - beside]
    rows, columns = (scene.stage.names.get(one.actor, one.actor) for one in (down, across))
    wide = (COLUMN - 16 - NAMES) / len(across.policies)

    def head(sheet: Sheet, y: float) -> float:
        sheet.text(NAMES, y + 16, f"{columns} (second line)", size=11, weight=700)
        sheet.lines(16, y + 16, wrapped(f"{rows} (first)", NAMES - 20, 11, most=2), size=11, weight=700)
        for i, column in enumerate(across.policies):
            sheet.lines(NAMES + i * wide, y + 31, wrapped(meaning(scene, column), wide - 8, 10.5, most=2), size=10.5)
        return y + 50

    def policy(row: str) -> Draw:
        return lambda sheet, y: _policy(sheet, y, scene, game, beside, row)

    return Block([policy(row) for row in down.policies], head)


def _policy(sheet: Sheet, y: float, scene: Scene, game: SolvedGame, beside: int, row: str) -> float:
    """What both gain where one follows this policy, for each policy of the other."""
    across, down = game.players[beside], game.players[1 - beside]
    wide = (COLUMN - 16 - NAMES) / len(across.policies)
    gains = {(payoff.profile, payoff.actor): payoff for payoff in game.payoffs}
    sheet.path(f"M16 {y:.1f}H{COLUMN - 16}", stroke=LINE)
    sheet.lines(16, y + 15, wrapped(meaning(scene, row), NAMES - 22, 10.5), size=10.5, weight=700)
    profiles = [(row, column) if beside == 1 else (column, row) for column in across.policies]
    tall = 52 if any(_marks(game, profile) for profile in profiles) else 38
    for i, profile in enumerate(profiles):
        x, marks = NAMES + i * wide, _marks(game, profile)
        if any(one.standing == "settled" and share == 1 for _, one, share in marks):
            sheet.rect(x - 5, y + 2, wide - 2, 48, BAND, opacity=0.45)
        for line, player in enumerate((down, across)):
            payoff = gains.get((profile, player.actor))
            words = "–" if payoff is None else with_interval(payoff.mean, payoff.low, payoff.high, dash="–")
            sheet.text(x, y + 15 + 14 * line, words, size=10)
        numbers = ", ".join(f"[{number}]" + (f" {percent(share)}" if share < 1 else "") for number, _, share in marks)
        sheet.text(x, y + 43, numbers, size=10, weight=700)
    sheet.path(f"M16 {y + tall:.1f}H{COLUMN - 16}", stroke=LINE)
    return y + tall


def _marks(game: SolvedGame, profile: tuple[str, ...]) -> list[tuple[int, Equilibrium, float]]:
    """The equilibria that end up in a combination of policies, by number, and in what share."""
    found = []
    for number, one in enumerate(game.equilibria, start=1):
        own = (one.shares.get(player.actor, {}) for player in game.players)
        share = prod(shares.get(policy, 0.0) for shares, policy in zip(own, profile, strict=False))
        if share > 0:
            found.append((number, one, share))
    return found


def _equilibrium(scene: Scene, game: SolvedGame, number: int, one: Equilibrium) -> Block:
    parts = []
    for player in game.players:
        shares = sorted(one.shares.get(player.actor, {}).items(), key=lambda item: -item[1])
        words = (meaning(scene, name) + (f" {percent(share)}" if len(shares) > 1 else "") for name, share in shares)
        parts.append(f"{scene.stage.names.get(player.actor, player.actor)} {', '.join(words)}")
    title = f"[{number}] {MARKS[one.standing]}: {'; '.join(parts)}"
    gains = sorted(one.gains, key=lambda gain: -_scaled(game, gain, gain.high))
    highest = max((1.1 * _scaled(game, gain, gain.high) for gain in gains), default=NARROWEST)
    reach = min(FURTHEST, max(NARROWEST, highest))

    def row(gain: GainByLeaving) -> Draw:
        return lambda sheet, y: _gain(sheet, y, scene, game, gain, reach)

    def head(sheet: Sheet, y: float) -> float:
        return sheet.lines(16, y + 24, wrapped(title, COLUMN - 40, 12), size=12, weight=700) - 6

    return Block(list(map(row, gains)), head)


def _gain(sheet: Sheet, y: float, scene: Scene, game: SolvedGame, gain: GainByLeaving, reach: float) -> float:
    who = scene.stage.names.get(gain.actor, gain.actor)
    lines = wrapped(f"{who}: {meaning(scene, gain.policy)}", LABEL, 11, most=2)
    foot = y + 9 + 13 * len(lines)
    sheet.lines(16, y + 15, lines, size=11)
    middle = (y + foot) / 2

    def at(value: float) -> float:
        return (LEFT + RIGHT) / 2 + (RIGHT - LEFT) / 2 * min(1.0, max(-1.0, value / reach))

    low, value, high = (_scaled(game, gain, one) for one in (gain.low, gain.gain, gain.high))
    sheet.path(f"M{at(0):.1f} {y + 2:.1f}V{foot - 2:.1f}", stroke=LINE)
    sheet.path(f"M{at(1):.1f} {y + 2:.1f}V{foot - 2:.1f}", stroke=ACCENT, dash="3 2")
    if abs(value) <= reach:
        sheet.whisker(at(low), at(value), at(high), middle, sure=not low <= 1 < high)
    else:
        sheet.path(f"M{at(low):.1f} {middle:.1f}H{at(high):.1f}", stroke=ACCENT, width=3)
    for beyond, edge, tip in ((low < -reach, LEFT, -7), (high > reach, RIGHT, 7)):
        if beyond:
            sheet.path(f"M{edge:.1f} {middle - 4:.1f}l{tip} 4l{-tip} 4Z", fill=ACCENT)
    unit = next((player.unit for player in game.players if player.actor == gain.actor), None)
    sheet.text(NUMBER, middle + 4, with_unit(with_interval(gain.gain, gain.low, gain.high, plus=True), unit), size=10)
    sheet.path(f"M16 {foot:.1f}H{COLUMN - 16}", stroke=FAINT)
    return foot


def _scaled(game: SolvedGame, gain: GainByLeaving, value: float) -> float:
    """A gain in multiples of what does not matter to the actor."""
    return value / (game.tolerance.get(gain.actor) or 1.0)
