"""Forecast: what is expected, as probabilities that can be scored; built on the ledger alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.facts.ledger import Ledger
from pactwork.forecast.deliveries.forecast import DeliveryForecast, forecast_deliveries
from pactwork.forecast.deliveries.reference import ReferenceClass
from pactwork.forecast.politics import Politics, make_politics


@dataclass(frozen=True)
class Forecast:
    """What is expected of a partnership, from one day: the value on the arrow from ledger to futures."""

    as_of: dt.date
    deliveries: DeliveryForecast
    politics: Politics


def make_forecast(ledger: Ledger, reference: ReferenceClass | None = None) -> Forecast:
    """Return the forecast of a case from the ledger's day.

    Parameters
    ----------
    ledger : Ledger
        As it stands, or as it was known by an earlier day (``ledger.known_by``).
    reference : ReferenceClass, optional
        What delivery forecasts learn from; the newest shipped class that does not look ahead unless told otherwise.
    """
    return Forecast(ledger.day, forecast_deliveries(ledger, reference), make_politics(ledger))
