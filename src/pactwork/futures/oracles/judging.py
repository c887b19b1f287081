"""How an oracle judges: mean within 1 %, standard deviation within 5 %, both within 4 standard errors."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np

from pactwork.futures.arrays import Floats

MEAN_SHARE, DEVIATION_SHARE, STANDARD_ERRORS = 0.01, 0.05, 4.0
STEP_DAYS = 7.0
"""The bundled case's own step, at which mechanisms must be right."""
SEED = 20241031


@dataclass(frozen=True)
class Oracle:
    """One number of the model beside its closed form.

    Parameters
    ----------
    name : str
        What is compared.
    model, closed_form, difference, tolerance : float
        The model's number, theory's, the one less the other, and how large that may be.
    passed : bool
        Whether it is no larger.
    source : str
        Where the closed form stands.
    """

    name: str
    model: float
    closed_form: float
    difference: float
    tolerance: float
    passed: bool
    source: str

    def as_dict(self) -> dict[str, object]:
        """Return the JSON object of ``pactwork verify``."""
        return asdict(self)


def judge(name: str, model: float, error: float, closed_form: float, share: float, source: str) -> Oracle:
    """Hold a number with its standard error against a closed form."""
    tolerance = min(share * abs(closed_form), STANDARD_ERRORS * error)
    difference = model - closed_form
    return Oracle(name, model, closed_form, difference, tolerance, abs(difference) <= tolerance, source)


def judge_sample(name: str, sample: Floats, mean: float, deviation: float | None, source: str) -> list[Oracle]:
    """Hold independent values against a mean and, where it is known, a standard deviation.

    Notes
    -----
    The standard error of the deviation comes from the fourth moment (delta method).
    """
    count = len(sample)
    found = [judge(f"{name}: mean", float(sample.mean()), float(sample.std()) / math.sqrt(count), mean, MEAN_SHARE,
                   source)]  # fmt: skip
    if deviation is not None:
        squares = (sample - sample.mean()) ** 2
        error = float(squares.std()) / math.sqrt(count) / (2.0 * float(sample.std()))
        found.append(
            judge(f"{name}: standard deviation", float(sample.std()), error, deviation, DEVIATION_SHARE, source)
        )
    return found


def judge_averages(
    name: str, means: Floats, squares: Floats, mean: float, deviation: float, source: str
) -> list[Oracle]:
    """Hold averages over time of a value and of its square, one of each from each run, against a limit."""
    count = len(means)
    middle = float(means.mean())
    spread = math.sqrt(max(1e-300, float(squares.mean()) - middle**2))
    influence = squares - 2.0 * middle * means
    error = float(np.std(influence)) / math.sqrt(count) / (2.0 * spread)
    return [
        judge(f"{name}: mean", middle, float(means.std()) / math.sqrt(count), mean, MEAN_SHARE, source),
        judge(f"{name}: standard deviation", spread, error, deviation, DEVIATION_SHARE, source),
    ]
