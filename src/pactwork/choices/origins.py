"""Where a conclusion comes from: sourced facts, fitted models, or judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.choices.sensitivity import Sensitivity
from pactwork.facts.assumptions import Parameter
from pactwork.facts.spreads import JUDGEMENT

KINDS = ("sourced", "fitted", "judged")
"""A range with a source; a coordinate of the forecasts; a range by judgement."""


@dataclass(frozen=True)
class Origin:
    """What an outcome's differences between futures rest on.

    Attributes
    ----------
    sourced, fitted, judged : float or None
        Shares of what single uncertainties explain, of each of ``KINDS``; they add up to 1. None where none does.
    explained : float
        Share of the variance between futures that single uncertainties explain.
    """

    sourced: float | None
    fitted: float | None
    judged: float | None
    explained: float


def kind_of(name: str, parameters: Mapping[str, Parameter]) -> str:
    """Return which of ``KINDS`` a column of the design is."""
    if name.startswith("required."):  # the ranges of requirements.csv are judgement
        return "judged"
    parameter = parameters.get(name)
    if parameter is None:
        return "fitted"
    return "judged" if parameter.source == JUDGEMENT else "sourced"


def find_origin(found: Sensitivity, columns: Sequence[str], parameters: Mapping[str, Parameter]) -> Origin:
    """Return what an outcome rests on, from the shares of each uncertainty alone; those below 0 are 0."""
    shares = np.array([max(0.0, one.value) if np.isfinite(one.value) else 0.0 for one in found.first])
    whole = float(shares.sum())
    if whole <= 0:
        return Origin(None, None, None, 0.0)
    kinds = [kind_of(name, parameters) for name in columns]
    parts = {kind: float(sum(share for share, one in zip(shares, kinds, strict=True) if one == kind)) / whole
             for kind in KINDS}  # fmt: skip
    return Origin(parts["sourced"], parts["fitted"], parts["judged"], min(1.0, whole))
