"""Reference classes: fitted numbers with the day they knew, their size and where they come from, in small files."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pactwork.errors import CaseError, Problem, quoted
from pactwork.forecast.deliveries.chances import Coefficients
from pactwork.forecast.deliveries.features import list_features

SHIPPED = ("known-by-2023", "known-by-2025")
"""Names of the reference classes that come with pactwork, oldest first."""


class Score(BaseModel):
    """How forecasts of this class did on deals it had not seen, at one horizon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years_ahead: float
    deals: int
    crps: float
    nearest: float
    pooled: float
    pace: float
    plan: float
    persistence: float
    inside_80: float
    below_median: float


class ReferenceClass(BaseModel):
    """What was learnt from other deals.

    ``known_by`` is the last day whose events it has seen: a forecast from an earlier day that uses it looks ahead.
    ``deals`` counts the deals it was fitted on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$", max_length=80)
    known_by: dt.date
    deals: int = Field(ge=0)
    order_years: tuple[int, int]
    provenance: str = Field(max_length=2000)
    scored: str = Field(default="", max_length=1000)
    scores: tuple[Score, ...] = ()
    spread: float = Field(gt=0, le=10)
    more: dict[str, float]
    all: dict[str, float]
    part: dict[str, float]

    @model_validator(mode="after")
    def _columns_fit(self) -> ReferenceClass:
        names = [one.name for one in list_features()]
        for part in ("more", "all", "part"):
            if sorted(getattr(self, part)) != sorted(names):
                raise ValueError(f"{part} must hold exactly the columns of this version of pactwork")
            if not all(np.isfinite(value) and abs(value) < 100 for value in getattr(self, part).values()):
                raise ValueError(f"{part} must hold finite coefficients")
            if any(getattr(self, part)[one.name] < 0 for one in list_features() if one.bounded):
                raise ValueError(f"{part} holds a coefficient below zero that would break a law")
        return self

    @functools.cached_property
    def coefficients(self) -> Coefficients:
        """The coefficients as arrays."""
        names = [one.name for one in list_features()]
        more, every, part = (np.asarray([one[name] for name in names]) for one in (self.more, self.all, self.part))
        return Coefficients(more, every, part, self.spread)

    def describe(self, day: dt.date) -> dict[str, Any]:
        """Return what a forecast of a day says of the class it was made with, as a JSON object."""
        return {
            "name": self.name,
            "known_by": self.known_by.isoformat(),
            "deals": self.deals,
            "looks_ahead": self.looks_ahead(day),
        }

    def looks_ahead(self, day: dt.date) -> bool:
        """Return whether a forecast made on a day could not have known what this class knows."""
        return self.known_by > day


def make_reference_class(coefficients: Coefficients, **about: Any) -> ReferenceClass:
    """Return coefficients with what is known about them; numbers are kept to six decimals."""
    names = [one.name for one in list_features()]
    columns = {
        part: {name: round(float(value), 6) for name, value in zip(names, getattr(coefficients, part), strict=True)}
        for part in ("more", "all", "part")
    }
    return ReferenceClass(spread=round(coefficients.spread, 6), **columns, **about)


def dump_reference_class(reference: ReferenceClass) -> str:
    """Return the class as the text of its file."""
    return json.dumps(reference.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def load_reference_class(name: str) -> ReferenceClass:
    """Return a class that comes with pactwork, or one from a file.

    Raises
    ------
    CaseError
        When there is none of that name, or the file does not hold one.
    """
    if name in SHIPPED:
        text = (resources.files(__package__) / "reference_classes" / f"{name}.json").read_text("utf-8")
        return ReferenceClass.model_validate_json(text)
    path = Path(name)
    expected = f"{', '.join(SHIPPED)}, or a file that pactwork forecast --fit wrote"
    try:
        return ReferenceClass.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CaseError([Problem(quoted(name), error.strerror or "an error", expected, "correct the name")]) from error
    except ValidationError as error:
        raise CaseError(_misfit(path.name, error, expected)) from error


def _misfit(name: str, error: ValidationError, expected: str) -> Iterator[Problem]:
    found = error.errors()
    if any(one["type"] == "missing" and len(one["loc"]) == 1 for one in found) or found[0]["type"] == "json_invalid":
        yield Problem(name, "another kind of file", expected, "name a file of --fit")
        return
    for one in found:
        where = f"{name} {'.'.join(str(part) for part in one['loc'])}".strip()
        yield Problem(where, str(one["msg"])[:200], expected, "fit the class again")


def tidy_name(text: str) -> str:
    """Return a text as the name of a class.

    Examples
    --------
    >>> tidy_name("my class (2)"), tidy_name("…")
    ('my-class-2', 'fitted')
    """
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._")[:80] or "fitted"


def choose_reference_class(day: dt.date) -> ReferenceClass:
    """Return the newest shipped class that a forecast of that day may use without looking ahead; the oldest if none."""
    classes = [load_reference_class(name) for name in SHIPPED]
    return next((one for one in reversed(classes) if not one.looks_ahead(day)), classes[0])
