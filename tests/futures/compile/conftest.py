import dataclasses
from types import MappingProxyType

import pytest


@pytest.fixture(scope="session")
def bundled():
    """The bundled case with its forecast, and its aims as the forecast has them."""
    from pactwork import load_case, make_forecast
    from pactwork.futures.compile import Calibrated
    from pactwork.futures.compile.scene import set_scene
    from pactwork.futures.compile.slip import forecast_aim

    ledger = load_case("poland-korea")
    forecast = make_forecast(ledger)
    scene = set_scene(ledger, forecast, ledger.assumptions.parameters)
    aims = {part.lot.state.lot.lot_id: forecast_aim(part.lot, ledger.day) for part in scene.parts}
    return ledger, forecast, Calibrated(aims)


@pytest.fixture(scope="session")
def assuming():
    """Return a ledger with other assumptions: some replaced by a number, or left out."""

    def change(ledger, values=None, keep=lambda name: True):
        parameters = {name: one for name, one in ledger.assumptions.parameters.items() if keep(name)}
        for name, value in (values or {}).items():
            known = parameters.get(name) or dataclasses.replace(next(iter(parameters.values())), name=name)
            parameters[name] = dataclasses.replace(known, distribution="fixed", low=value, high=value)
        changed = dataclasses.replace(ledger.assumptions, parameters=MappingProxyType(parameters))
        return dataclasses.replace(ledger, assumptions=changed)

    return change
