"""What there is in a case to be played: names along every axis, taken once from its tables and assumptions."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.assumptions import Parameter
from pactwork.facts.ledger import Ledger
from pactwork.forecast import Forecast
from pactwork.forecast.deliveries.forecast import LotForecast
from pactwork.futures.compile.columns import ids_below, place

AIR = "by-air"
CREDIT = "credit"
ELSEWHERE = "-elsewhere"
"""How the part of a lot is named that neither partner makes."""


@dataclass(frozen=True)
class Part:
    """What one line makes of one lot.

    ``commitment`` is the promise under which a local line makes it, empty for what is made abroad; ``line`` and
    ``instrument`` are names along those axes. ``elsewhere`` says that it is bought from neither partner.
    """

    name: str
    lot: LotForecast
    commitment: str
    line: str
    instrument: str
    elsewhere: bool = False

    @property
    def by_supplier(self) -> bool:
        """Whether the supplier makes it in its own country."""
        return not self.commitment and not self.elsewhere

    @property
    def system(self) -> str:
        """The system it is of."""
        return self.lot.state.lot.system_id

    @property
    def firm(self) -> bool:
        """Whether it is ordered."""
        return self.lot.state.signed


@dataclass(frozen=True)
class Scene:
    """A case's axes by name, and where its pieces belong.

    Attributes
    ----------
    ledger, forecast : Ledger, Forecast
        What the case knows and expects.
    parameters : mapping of str to Parameter
        What it assumes.
    buyer, supplier : str
        Actors of the two partners; empty where the case has none of that role.
    homes : mapping of str to str
        The theatre that is an actor's own danger.
    disruptions : tuple of str
        ``line.<maker>``, ``port.<port>``, ``components.<system>``, ``credit``.
    parts : tuple of Part
        In order of due date.
    promises : mapping of str to row
        The newest row of each commitment whose transfer is modelled.
    ports : mapping of str to (str, str)
        Origin and destination of each route by sea.
    system_routes : mapping of str to str
        The route each system travels.
    """

    ledger: Ledger
    forecast: Forecast
    parameters: Mapping[str, Parameter]
    buyer: str
    supplier: str
    homes: Mapping[str, str]
    theatres: tuple[str, ...]
    causes: tuple[str, ...]
    passages: tuple[str, ...]
    disruptions: tuple[str, ...]
    governments: tuple[str, ...]
    instruments: tuple[str, ...]
    promises: Mapping[str, Mapping[str, Any]]
    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    routes: tuple[str, ...]
    ports: Mapping[str, tuple[str, str]]
    system_routes: Mapping[str, str]
    systems: tuple[str, ...]
    munitions: tuple[str, ...]
    currencies: tuple[str, ...]

    @property
    def transfers(self) -> tuple[str, ...]:
        """Commitments whose transfer is modelled."""
        return tuple(self.promises)

    def home(self, actor: str) -> int:
        """Return the place of an actor's own theatre; -1 where it has none."""
        return place(self.theatres, self.homes.get(actor))

    def maker(self, system: str) -> str:
        """Return the maker of a system; empty where the case does not say."""
        return str((self.ledger.current("systems").get(system) or {}).get("maker") or "")

    def names(self) -> dict[str, tuple[str, ...]]:
        """Return the names along every axis."""
        return {
            "theatre": self.theatres, "cause": self.causes, "passage": self.passages, "disruption": self.disruptions,
            "government": self.governments, "instrument": self.instruments, "transfer": self.transfers,
            "line": self.lines, "lot": tuple(part.name for part in self.parts), "route": self.routes,
            "system": self.systems, "munition": self.munitions, "currency": self.currencies,
        }  # fmt: skip

    @property
    def start_years(self) -> float:
        """The day the futures begin, in decimal years."""
        return _as_year(self.ledger.day)


def _as_year(day: dt.date) -> float:
    first = dt.date(day.year, 1, 1)
    return day.year + (day - first).days / (dt.date(day.year + 1, 1, 1) - first).days


def set_scene(ledger: Ledger, forecast: Forecast, parameters: Mapping[str, Parameter]) -> Scene:
    """Return what there is to be played.

    Raises
    ------
    CaseError
        With everything that the assumptions ask for and the simulation cannot play.
    """
    problems: list[Problem] = []
    roles = {one.role: one.actor for one in ledger.about.partners}
    governments = ids_below(parameters, "governments")
    theatres = ids_below(parameters, "theatres")
    homes = {actor: _home_of(actor, parameters, problems) for actor in governments}
    promises = _find_promises(ledger, parameters)
    parts = _find_parts(forecast, parameters, promises)
    systems = tuple(dict.fromkeys([*(part.system for part in parts), *ids_below(parameters, "fleet")]))
    munitions = ids_below(parameters, "munitions")
    disruptions = [f"line.{maker}" for maker in ids_below(parameters, "disruptions.lines")]
    disruptions += [f"port.{port}" for port in ids_below(parameters, "disruptions.ports")]
    disruptions += [f"components.{system}" for system in ids_below(parameters, "components")]
    disruptions += [CREDIT] if "credit.closings_per_year" in parameters else []
    ports, system_routes = _find_ways(ledger, parameters, systems)
    routes = tuple(dict.fromkeys(system_routes.values()))
    problems += _check_singles(parameters, munitions)
    scene = Scene(
        ledger, forecast, parameters, roles.get("buyer", ""), roles.get("supplier", ""),
        {actor: home for actor, home in homes.items() if home}, theatres, ids_below(parameters, "common_causes"),
        ids_below(parameters, "passages", None), tuple(disruptions), governments,
        tuple(dict.fromkeys(part.instrument for part in parts if not part.elsewhere)), promises,
        tuple(dict.fromkeys(part.line for part in parts)), parts, routes, ports, system_routes, systems, munitions,
        _find_currencies(ledger, parameters),
    )  # fmt: skip
    if problems:
        raise CaseError(dict.fromkeys(problems))
    return scene


def _home_of(actor: str, parameters: Mapping[str, Parameter], problems: list[Problem]) -> str:
    found = [theatre for theatre in ids_below(parameters, f"governments.{actor}.home")
             if parameters[f"governments.{actor}.home.{theatre}"].high > 0]  # fmt: skip
    if len(found) > 1:
        where = f"assumptions.toml governments.{actor}.home"
        problems.append(Problem(where, ", ".join(found), "one theatre", "keep the one whose level is its own danger"))
    return found[0] if found else ""


def _check_singles(parameters: Mapping[str, Parameter], munitions: Iterable[str]) -> Iterable[Problem]:
    """Yield what has several owners where the simulation knows one."""
    for munition in munitions:
        head = f"munitions.{munition}.fired_by"
        systems = [one for one in ids_below(parameters, head) if parameters[f"{head}.{one}"].high > 0]
        if len(systems) != 1:
            found = ", ".join(systems) or "nothing"
            yield Problem(f"assumptions.toml {head}", found, "one system", "split the stock, or name the main user")
        elif f"fleet.{systems[0]}.failures_per_year" not in parameters:
            fix = f"add fleet.{systems[0]}, or leave the munition out"
            yield Problem(f"assumptions.toml {head}", quoted(systems[0]), "a system with a fleet", fix)
    for passage in ids_below(parameters, "passages"):
        head = f"passages.{passage}.closed_at"
        theatres = ids_below(parameters, head)
        if len(theatres) > 1:
            fix = "keep the theatre that closes it first"
            yield Problem(f"assumptions.toml {head}", ", ".join(theatres), "one theatre", fix)


def _find_promises(ledger: Ledger, parameters: Mapping[str, Parameter]) -> dict[str, Mapping[str, Any]]:
    rows = ledger.current("commitments")
    return {name: rows[name] for name in ids_below(parameters, "transfer", "stages_per_year") if name in rows}


def _find_parts(
    forecast: Forecast, parameters: Mapping[str, Parameter], promises: Mapping[str, Mapping[str, Any]]
) -> tuple[Part, ...]:
    """Return what each line makes: firm lots on lines of their own, unsigned ones behind the last of their system."""
    last_line: dict[str, str] = {}
    found: list[Part] = []
    for lot in sorted(forecast.deliveries.lots, key=_due):
        lot_id, system, firm = lot.state.lot.lot_id, lot.state.lot.system_id, lot.state.signed
        modelled = f"production.{system}.output_per_year" in parameters
        if not modelled or not (firm or f"signing.{lot_id}.signings_per_year" in parameters):
            continue
        instrument = lot.state.lot.instrument_id if firm else lot_id
        line = lot_id if firm else last_line.get(system, lot_id)
        last_line[system] = line
        found.append(Part(lot_id, lot, "", line, instrument))
        promise = _local_line(lot, promises, parameters)
        if promise:
            found.append(Part(f"{lot_id}-local", lot, promise, promise, instrument))
        if not firm and f"elsewhere.{lot_id}.output_per_year" in parameters:
            name = f"{lot_id}{ELSEWHERE}"
            found.append(Part(name, lot, "", name, name, elsewhere=True))
    return tuple(found)


def _due(lot: LotForecast) -> tuple[bool, dt.date, str]:
    end = lot.state.window.end
    return (not lot.state.signed, end or dt.date.max, lot.state.lot.lot_id)


def _local_line(
    lot: LotForecast, promises: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Parameter]
) -> str | None:
    """Return the commitment under which a local line makes part of a lot that is not finished."""
    if lot.state.delivered >= lot.state.lot.quantity:
        return None
    for name, row in promises.items():
        same = row["instrument_id"] == lot.state.lot.instrument_id and row["system_id"] == lot.state.lot.system_id
        if same and f"transfer.{name}.output_per_year" in parameters:
            return name
    return None


def _find_ways(
    ledger: Ledger, parameters: Mapping[str, Parameter], systems: Sequence[str]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return origin and destination of each sea route, and the route of each system: where most of it landed."""
    ships = [row["port_id"] for row in ledger.rows("ports") if row["role"] == "ships"]
    receives = [row["port_id"] for row in ledger.rows("ports") if row["role"] == "receives"]
    ports: dict[str, tuple[str, str]] = {}
    found: dict[str, str] = {}
    for system in systems:
        air = parameters.get(f"shipping.by_air.{system}")
        if air is not None and air.high > 0:
            found[system] = AIR
        elif ships and receives and "shipping.speed" in parameters:
            landed = _landed_at(ledger, system, receives)
            found[system] = f"{ships[0]}-{landed}"
            ports[found[system]] = (ships[0], landed)
    return ports, found


def _landed_at(ledger: Ledger, system: str, receives: Sequence[str]) -> str:
    lots = {row["lot_id"] for row in ledger.rows("lots") if row["system_id"] == system}
    by_air = {row["to_port"] for row in ledger.rows("shipments") if row["mode"] == "air"}
    counts: Counter[str] = Counter()
    for row in ledger.rows("shipments"):
        if row["lot_id"] in lots and row["to_port"] in receives and row["mode"] != "air":
            counts[row["to_port"]] += int(row["quantity"] or 0)
    if counts:
        return counts.most_common(1)[0][0]
    return next((port for port in receives if port not in by_air), receives[0])


def _find_currencies(ledger: Ledger, parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Return the buyer's currency first, the case's in the middle, the supplier's last; none where no rates are said.

    A currency of a case is tied to a partner by its first two letters, as ISO 4217 ties it to ISO 3166-1.
    """
    said = ids_below(parameters, "money.exchange")
    countries = {one.role: one.country for one in ledger.about.partners}
    own, theirs = (next((code for code in said if code.startswith(countries.get(role, "??"))), ledger.about.currency)
                   for role in ("buyer", "supplier"))  # fmt: skip
    return (own, ledger.about.currency, theirs) if said else ()


def count_steps(first: dt.date, last: dt.date, step_days: float) -> int:
    """Return the whole steps that cover the time between two days."""
    return math.ceil((last - first).days / step_days)
