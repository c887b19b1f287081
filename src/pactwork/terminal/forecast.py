"""How forecasts look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from pactwork.terminal.shared import OUT, make_table

if TYPE_CHECKING:  # what is printed has been made by then; nothing is loaded for the pen
    from pactwork.facts.ledger import Ledger
    from pactwork.forecast.deliveries.backtest import Backtest
    from pactwork.forecast.deliveries.forecast import DeliveryForecast, LotForecast
    from pactwork.forecast.deliveries.reference import ReferenceClass
    from pactwork.forecast.deliveries.scoring import Calibration, HorizonScore

_BAR = 30


def print_forecast(ledger: Ledger, found: DeliveryForecast) -> None:
    """Print each lot's forecast: a table of chances, then the reasons."""
    learnt = f"{escape(found.reference.name)} ({found.reference.deals:,} deals)"
    if not found.lots:
        OUT.print("The case holds no lot to forecast.")
        return
    OUT.print(f"[bold]{escape(ledger.about.title)}[/bold]")
    OUT.print(f"[dim]Deliveries forecast from {found.as_of}; learnt from {learnt} and each lot's own record[/dim]\n")
    table = make_table(
        "lot", "items", "there", "due", "by then", "5%", "50%", "95%", right=("items", "there", "by then")
    )
    for one in found.lots:
        table.add_row(*(escape(cell) for cell in _row(one)))
    OUT.print(table)
    caption = "by then: chance that all has come when it is due; then the month by which it will, with that chance."
    OUT.print(f"[dim]{caption}[/dim]")
    if any(not one.state.signed for one in found.lots):
        OUT.print("[dim]* not signed: forecast as if it were signed on that day[/dim]")
    for one in found.lots:
        if one.state.delivered < one.state.lot.quantity:
            OUT.print(f"\n[bold]{escape(one.state.lot.lot_id)}[/bold]")
            for reason in one.reasons:
                OUT.print(f"  {reason.text}", markup=False, soft_wrap=True)


def _row(one: LotForecast) -> tuple[str, ...]:
    state = one.state
    name = state.lot.lot_id + ("" if state.signed else " *")
    chance = next((f"{ahead.probability:.0%}" for ahead in one.complete_by if ahead.due), "–")
    counts = (f"{state.lot.quantity:,}", f"{state.delivered:,}", state.lot.due or "–")
    if state.delivered >= state.lot.quantity:
        return name, *counts, "done", "", "", ""
    days = (one.completion[level] for level in (0.05, 0.5, 0.95))
    return name, *counts, chance, *(f"{day:%Y-%m}" if day else "later" for day in days)


def print_backtest(tested: Backtest) -> None:
    """Print how often what came lay in the 90 % interval, and where it did not."""
    count, (low, high) = len(tested.checks), tested.interval
    if not count:
        OUT.print("The case holds no past quarter whose deliveries are known: nothing can be set beside forecasts.")
        return
    OUT.print(
        f"{tested.inside} of {count} counts lay in the 90 % interval that was forecast from what was known by then:"
    )
    OUT.print(f"{tested.inside / count:.0%}, with a 95 % interval of {low:.0%} to {high:.0%}.")
    OUT.print("[dim]The checks share lots and overlap in time, so that they say less than as many separate ones.[/dim]")
    verdict = "wider than they had to be" if low > tested.nominal else "too narrow" if high < tested.nominal else "apt"
    OUT.print(f"The ranges were {verdict}; less came than the median in {tested.below} of {count}.")
    if tested.looks_ahead:
        OUT.print(
            f"[dim]{escape(tested.reference.name)} knew of other deals after some of these forecasts' days.[/dim]"
        )
    outside = [one for one in tested.checks if not one.inside]
    if outside:
        table = make_table(
            "lot", "forecast on", "about", "5%", "half", "95%", "came", right=("5%", "half", "95%", "came")
        )
        for one in outside:
            numbers = (one.low, one.middle, one.high, one.came)
            table.add_row(escape(one.lot_id), str(one.made_on), str(one.about), *(f"{n:,}" for n in numbers))
        OUT.print("\nOutside:")
        OUT.print(table)


def print_scores(scores: Sequence[HorizonScore], reference: ReferenceClass, *, looks_ahead: bool) -> None:
    """Print scores beside rivals, and a chart of how reliable the chances were."""
    if looks_ahead:
        unseen = ", ".join(f"{one.crps:.4f} at {one.years_ahead:g}" for one in reference.scores)
        OUT.print(
            f"{escape(reference.name)} was fitted on what came in these years: where these deals are among those it "
            f"was fitted on, the scores flatter. On unseen deals (CRPS at years ahead): {unseen or 'not known'}.\n",
            soft_wrap=True,
        )
    for one in scores:
        years = "1 year" if one.years_ahead == 1 else f"{one.years_ahead:.2g} years"
        head = f"{years} ahead, {one.deals:,} deals, {escape(reference.name)}"
        OUT.print(f"[bold]{one.at}[/bold], {head}")
        table = make_table("forecast", "CRPS", "skill over it", "gain, 95 % interval", right=("CRPS", "skill over it"))
        table.add_row("this", f"{one.crps:.4f}", "", "")
        for rival in one.rivals:
            gain = f"{rival.gain:+.4f} ({rival.low:+.4f} to {rival.high:+.4f})"
            table.add_row(rival.rival, f"{rival.crps:.4f}", f"{rival.skill:+.1%}", gain)
        OUT.print(table)
        for regime, calibration in one.calibration.items():
            OUT.print(
                f"{regime}: CRPS {one.crps_by_regime[regime]:.4f}; randomised PIT values: {calibration.inside_80:.0%} "
                f"between 0.1 and 0.9 (80% if calibrated), {calibration.below_median:.0%} below 0.5 (50%)",
                soft_wrap=True,
            )
        _print_reliability(one.calibration["all"])
        OUT.print()


def _print_reliability(calibration: Calibration) -> None:
    """Print how often what came lay below each forecast level: a straight line where chances are reliable."""
    OUT.print("[dim]Reliability: share of what came that lay below the forecast level (│ marks the level itself)[/dim]")
    below = 0.0
    for at, share in enumerate(calibration.tenths[:-1], start=1):
        below += share
        bar = ["█" if place < round(below * _BAR) else " " for place in range(_BAR)]
        bar[min(_BAR - 1, round(at / 10 * _BAR))] = "│"
        OUT.print(f"  {at * 10:3d}% {''.join(bar)} {below:4.0%}", markup=False)


def print_fit(learnt: ReferenceClass, path: Path, left_out: int) -> None:
    """Print what was learnt, and how to use it."""
    first, last = learnt.order_years
    OUT.print(
        f"Learnt from {learnt.deals:,} deals ordered {first}–{last}; it knows up to {learnt.known_by.isoformat()}."
    )
    if left_out:
        OUT.print(f"{left_out:,} lines could not be used: no number, not ordered, or not readable.")
    OUT.print(f"Use it: pactwork forecast --reference-class {path}", markup=False, soft_wrap=True)
