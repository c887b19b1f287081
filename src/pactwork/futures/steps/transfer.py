"""Transfer of technology: a local line or workshop opens when all stages are done."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import draw_poisson, draw_uniform
from pactwork.futures.steps.governments import GovernmentPlan, GovernmentState
from pactwork.futures.steps.setting import Setting
from pactwork.futures.steps.signing import InstrumentState, is_in_force
from pactwork.futures.steps.theatres import WAR

TRANSFER_DECISIONS = ("advances",)
_ROUNDED = 255
"""Place of the uniform by which an opening is rounded, beyond all that stages take."""


class TransferPlan(NamedTuple):
    """What each transfer takes."""

    stages: Annotated[Counts, Axes(("transfer",), "stages in all", 1)]
    done: Annotated[Counts, Axes(("transfer",), "stages done at the start")]
    rate: Annotated[Floats, Axes(("transfer",), "stages a year")]
    instrument: Annotated[Counts, Axes(("transfer",), "instrument it needs; -1 none", -1)]
    government: Annotated[Counts, Axes(("transfer",), "donor's government; -1 none", -1)]
    donor_theatre: Annotated[Counts, Axes(("transfer",), "theatre whose war slows the donor; -1 none", -1)]
    during_war: Annotated[Floats, Axes(("transfer",), "share of the rate that goes on in that war")]
    streams: Annotated[Words, Axes(("transfer", 1), "words of TRANSFER_DECISIONS")]


class TransferState(NamedTuple):
    """How far transfers have got."""

    done: Annotated[Counts, Axes(("transfer",), "stages done")]
    opened_step: Annotated[Counts, Axes(("transfer",), "step at whose start all stages are done; -1 not yet")]


@compiled
def reset_transfers(plan: TransferPlan, state: TransferState) -> None:
    """Set transfers to the start of a run."""
    for row in range(plan.stages.size):
        state.done[row] = plan.done[row]
        state.opened_step[row] = 0 if plan.done[row] >= plan.stages[row] else -1


@inlined
def step_transfer(
    plan: TransferPlan, state: TransferState, governments: GovernmentPlan, standing: GovernmentState,
    instruments: InstrumentState, setting: Setting,
) -> None:  # fmt: skip
    """Advance each transfer by a Poisson number of stages: rate × stance × (donor not at war).

    Notes
    -----
    K exponential stages in a row take an Erlang time (Erlang 1909): P(done by t) = P(Poisson(rate·t) >= K). The k-th
    of n events within a step falls at k/(n + 1) of it on average, and is rounded at random, so that a longer step
    delays nothing.
    """
    for row in range(plan.stages.size):
        theatre, government = plan.donor_theatre[row], plan.government[row]
        if state.opened_step[row] >= 0 or not is_in_force(instruments, plan.instrument[row], setting.step):
            continue
        rate = plan.rate[row]
        if theatre >= 0 and setting.levels[theatre] == WAR:
            rate *= plan.during_war[row]
        if government >= 0:
            rate *= governments.transfer[government, standing.stance[government]]
        key, stream = setting.key, plan.streams[row, 0]
        came, lacked = draw_poisson(key, stream, setting.step, 0, rate * setting.step_years), plan.stages[row]
        lacked -= state.done[row]
        state.done[row] += came
        if came >= lacked:
            late = draw_uniform(key, stream, setting.step, _ROUNDED) < lacked / (came + 1.0)
            state.opened_step[row] = setting.step + (1 if late else 0)


@inlined
def is_open(state: TransferState, transfer: int, step: int) -> bool:
    """Return whether what a transfer opens is open at the beginning of a step; none at all always is."""
    return bool(transfer < 0 or 0 <= state.opened_step[transfer] <= step)
