"""Make the reference classes that ship with pactwork, and print how they were scored.

    python benchmarks/fit_reference_classes.py PRACTICE_DATA

Only fitted numbers are written: no deal, and no number that stands for fewer than all deals of its kind.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from bench_deliveries import COHORTS_UNTIL, KNOWN_YEAR, cross_validate, read_samples

from pactwork.forecast.deliveries.learning import learn_from_histories, learn_from_outcomes
from pactwork.forecast.deliveries.reference import Score, dump_reference_class, make_reference_class
from pactwork.forecast.deliveries.tables import outcomes_of

HERE = Path(__file__).parent.parent / "src/pactwork/forecast/deliveries/reference_classes"
SAMPLE = (
    "Fitted on excerpts of the SIPRI Arms Transfers Database (© SIPRI, non-commercial use, below ten per cent of it): "
    "1,200 of the 7,717 deals ordered 2000–2018 and finished by the end of 2023, and 402 of the 809 deals ordered "
    "since 2010 that were open then, as later editions could be matched. "
)


def main() -> None:
    opened, everything = read_samples(Path(sys.argv[1]))
    histories = learn_from_histories(everything, KNOWN_YEAR, COHORTS_UNTIL)
    used = everything.frame.filter(everything.frame["order_year"] > KNOWN_YEAR - 13)
    size = used.filter(used["order_year"] <= COHORTS_UNTIL).height
    early = make_reference_class(
        histories,
        name="known-by-2023",
        known_by=dt.date(KNOWN_YEAR, 12, 31),
        deals=size,
        order_years=(2011, COHORTS_UNTIL),
        provenance=SAMPLE
        + "Histories of deals ordered 2011–2018 as the edition of that day tells them; the rate of the "
        "next delivery is lowered for deals that a register learns of late, and the effect of plans is halved, both read "
        "off the open deals of the same edition. Nothing of 2024 or later was used.",
        scored="402 open deals, histories of each deal's pair of states left out; what came in 2024 and 2025",
        scores=_scores(cross_validate(opened, everything, 0, plain=True)),
    )
    late = make_reference_class(
        learn_from_outcomes(outcomes_of(opened), histories),
        name="known-by-2025",
        known_by=dt.date(2025, 12, 31),
        deals=size + opened.frame.filter(opened.frame["order_year"] > COHORTS_UNTIL).height,
        order_years=(2010, 2023),
        provenance=SAMPLE
        + "Histories as for known-by-2023, then what came of the 402 open deals by the end of 2024 and "
        "of 2025. For any day before the end of 2025 this looks ahead.",
        scored="402 open deals, ten folds by pair of states, so that no deal's sister is in the fit; 2024 and 2025",
        scores=_scores(cross_validate(opened, everything, 0)),
    )
    for one in (early, late):
        (HERE / f"{one.name}.json").write_text(dump_reference_class(one), "utf-8")
        print(one.name, one.deals, *one.scores, sep="\n  ")


def _scores(found) -> tuple[Score, ...]:
    return tuple(
        Score(
            years_ahead=one.years_ahead,
            deals=one.deals,
            crps=round(one.crps, 4),
            **{rival.rival.split()[0]: round(rival.crps, 4) for rival in one.rivals},
            inside_80=round(one.calibration["all"].inside_80, 3),
            below_median=round(one.calibration["all"].below_median, 3),
        )
        for one in found
    )


if __name__ == "__main__":
    main()
