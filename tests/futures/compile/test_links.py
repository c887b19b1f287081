"""Every assumption a case makes changes something: each is switched off or moved alone, and a run must differ."""

import numpy as np
import pytest

from pactwork.facts.parameters import find_declaration, list_parameters
from pactwork.futures.compile import compile_case
from pactwork.futures.ensemble import run_futures

WEAK = {
    "governments.<actor>.opinion_effect": (0.0, 20.0),
    "theatres.<theatre>.rebuild.<move>.starts_after": (0.0, 12.0),
    "shipping.loss": (0.0, 1.0),
}
"""Links too weak or rare within their ranges for few runs to show: two values far enough apart to be told."""
BUSY = {
    f"theatres.{theatre}.{move}": 1.0
    for theatre in ("europe", "korea", "taiwan_strait", "red_sea")
    for move in ("probing_to_crisis", "crisis_to_war")
} | {"elsewhere.k2pl.share": 0.3}
"""Wars and crises enough that what they do is seen in few runs, and something bought elsewhere."""
PLAIN = {"munitions.<system>.fired_by.<system>", "governments.<actor>.home.<theatre>"}
"""What things are, not how much of them there is; their problems are tested in test_compile.py."""
UNSET = {
    "passages.<passage>.closed_at_start",
    *(f"relief.{where}.{what}" for where in ("passages.<passage>", "lines.<maker>", "ports.<port>", "components.<system>")
      for what in ("happens", "lasts")),
    "governments.<actor>.warmth", "governments.<actor>.continuity",
    "levers.<lever>.effect", "levers.<lever>.a_year", "levers.<lever>.once",
}  # fmt: skip
"""What the bundled case sets nowhere among its assumptions."""


@pytest.fixture(scope="module")
def busy(bundled, assuming):
    ledger, forecast, calibrated = bundled
    return assuming(ledger, BUSY), forecast, calibrated


def play(ledger, forecast, calibrated):
    model = compile_case(ledger, forecast, points=1, seed=1, calibrated=calibrated)
    return run_futures(model, replications=8, workers=1).outcomes


@pytest.fixture(scope="module")
def plain(busy):
    return play(*busy)


def moved(declaration, parameter):
    """Return another value: none of it where that is possible, otherwise more than there was."""
    value = declaration.otherwise if declaration.otherwise is not None else 1.5 * parameter.high + 0.01
    if parameter.low == parameter.high == value:
        value = 1.5 * parameter.high + 0.01
    value = value if declaration.maximum is None else min(value, declaration.maximum)
    if declaration.unit in ("yes_no", "level", "count"):
        value = float(round(value))
    return value if (value, value) != (parameter.low, parameter.high) else declaration.minimum or 0.0


def patterns():
    return [one.pattern for one in list_parameters() if one.pattern not in PLAIN | UNSET | set(WEAK)]


@pytest.mark.parametrize("pattern", patterns())
def test_every_link_changes_an_outcome(busy, plain, assuming, pattern):
    ledger, forecast, calibrated = busy
    parameters = ledger.assumptions.parameters
    names = [name for name in parameters if find_declaration(name).pattern == pattern]
    assert names, "the bundled case sets no such parameter"
    changed = {name: moved(find_declaration(name), parameters[name]) for name in names}
    assert not np.array_equal(play(assuming(ledger, changed), forecast, calibrated), plain, equal_nan=True)


def test_what_the_case_does_not_set_is_not_set(busy):
    assert {find_declaration(name).pattern for name in busy[0].assumptions.parameters} & UNSET == set()


@pytest.mark.parametrize("pattern", WEAK)
def test_a_weak_link_changes_an_outcome(busy, assuming, pattern):
    ledger, forecast, calibrated = busy
    names = [name for name in ledger.assumptions.parameters if find_declaration(name).pattern == pattern]
    assert names
    ends = [play(assuming(ledger, dict.fromkeys(names, value)), forecast, calibrated) for value in WEAK[pattern]]
    assert not np.array_equal(*ends, equal_nan=True)
