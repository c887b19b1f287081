"""What is sent for one at a time, over the sea or by air: repairs at the maker, spares, munitions."""

from __future__ import annotations

from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import draw_pair
from pactwork.futures.inverses import lognormal
from pactwork.futures.steps.setting import DAYS_A_YEAR, Setting
from pactwork.futures.steps.shipping import RoutePlan, is_sailing, transit_days


@inlined
def can_send(routes: RoutePlan, route: int, setting: Setting) -> bool:
    """Return whether something can be sent now; without a route it always can."""
    return bool(route < 0 or is_sailing(routes, route, setting))


@compiled
def draw_return(
    routes: RoutePlan, route: int, legs: int, work_years: float, spread: float, setting: Setting, stream: int,
    ordinal: int, left: float,
) -> int:  # fmt: skip
    """Return the step in which something sent at ``left`` is there: work, and ``legs`` (one or two) passages.

    Notes
    -----
    Rounded to a whole step by a uniform, so that the mean time is kept; never within the step it was sent in. With
    any spread the number under way is Poisson with mean rate × time (Palm 1938).
    """
    work_luck, rounding = draw_pair(setting.key, stream, ordinal, 0)
    steps = work_years / setting.step_years * lognormal(work_luck, spread)
    if route >= 0:
        out, back = draw_pair(setting.key, stream, ordinal, 1)
        days = transit_days(routes, route, setting.shut, out)
        if legs > 1:
            days += transit_days(routes, route, setting.shut, back)
        steps += days / (setting.step_years * DAYS_A_YEAR)
    return max(setting.step + 1, int(left + steps + rounding))
