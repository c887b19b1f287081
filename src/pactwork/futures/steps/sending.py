"""What is sent for one at a time, over the sea or by air: repairs at the maker, spares, munitions."""

from __future__ import annotations

from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import draw_lognormal, draw_uniform
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
    """Return the step in which something sent at ``left`` is there: work, and ``legs`` passages.

    Notes
    -----
    Rounded to a whole step by a uniform, so that the mean time is kept; never within the step it was sent in. With
    any spread the number under way is Poisson with mean rate × time (Palm 1938).
    """
    steps = work_years / setting.step_years * draw_lognormal(setting.key, stream, ordinal, 0, spread)
    if route >= 0:
        for leg in range(legs):
            days = transit_days(routes, route, setting.shut, setting.key, stream, ordinal, 1 + leg)
            steps += days / (setting.step_years * DAYS_A_YEAR)
    uniform = draw_uniform(setting.key, stream, ordinal, 9)
    return max(setting.step + 1, int(left + steps + uniform))
