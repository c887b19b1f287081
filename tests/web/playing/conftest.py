"""The bundled case on a bench, its lots aiming at the forecast itself: calibration has tests of its own."""

import pytest
from starlette.testclient import TestClient

from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures.compile import Calibrated
from pactwork.futures.compile.slip import forecast_aim
from pactwork.web.app import make_app
from pactwork.web.playing import bench as benches
from pactwork.web.settings import Settings


def aim_at_forecast(ledger, forecast):
    """Return aims found without playing."""
    return Calibrated({lot.state.lot.lot_id: forecast_aim(lot, ledger.day) for lot in forecast.deliveries.lots})


@pytest.fixture(scope="session")
def ledger():
    return load_case("poland-korea")


@pytest.fixture(scope="session")
def forecast(ledger):
    return make_forecast(ledger)


@pytest.fixture(scope="session")
def calibrated(ledger, forecast):
    return aim_at_forecast(ledger, forecast)


@pytest.fixture(scope="session")
def bench(ledger, forecast, calibrated):
    """A bench on which experiments are kept for all tests."""
    return benches.Bench(ledger, forecast, calibrated)


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    """The page of the bundled case, with the simulation ready."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benches, "find_calibration", lambda ledger, forecast, *_: aim_at_forecast(ledger, forecast))
        app = make_app(Settings("poland-korea", state=tmp_path_factory.mktemp("state")))
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as made:
            made.get("/what-if")
            site = app.state.site
            room = site.watch.current().remember("playroom", lambda: pytest.fail("nobody got ready"))
            room.wait(300)
            yield made
