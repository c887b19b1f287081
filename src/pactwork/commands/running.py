"""What ``pactwork simulate`` is asked for: a new run, one to go on with, and who plays it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pactwork.errors import CaseError, Problem, quoted
from pactwork.progress import Progress

if TYPE_CHECKING:  # the numeric libraries are loaded once the command is known to be right
    from pactwork.facts.ledger import Ledger
    from pactwork.futures.identity import Identity
    from pactwork.futures.playing import Workers
    from pactwork.futures.source import CaseSource

MOST_WORKERS = 1024
PROCESSES = "processes:"
WORKERS_EXPECTED = f"1 to {MOST_WORKERS}, {PROCESSES}N, or the address of a dask scheduler such as tcp://host:8786"


@dataclass(frozen=True)
class Request:
    """A run as it is asked for on the command line."""

    case: str
    futures: int
    replications: int
    seed: int
    choices: tuple[str, ...] | None
    scenario: str | None
    until: dt.date | None
    known_by: dt.date | None
    stop_when: str | None
    most_runs: int | None
    workers: str | None
    set: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Points of each of the design's scrambles: futures are rounded up."""
        from pactwork.futures.uncertainties import FEWEST_SCRAMBLES

        return -(-self.futures // FEWEST_SCRAMBLES)


@dataclass(frozen=True, eq=False)
class Ready:
    """A run ready to be played."""

    folder: Path
    identity: Identity
    source: CaseSource
    calibration: bytes


def begin(request: Request, output: Path | None, progress: Progress) -> Ready:
    """Return a new run, or the same one where it is there already, with every problem told before minutes go by."""
    from pactwork.facts.case import load_case
    from pactwork.facts.replacing import parse_replacements, replace_numbers
    from pactwork.forecast import make_forecast
    from pactwork.futures.compile import Calibrated, calibrate_case
    from pactwork.futures.identity import Asked, identify
    from pactwork.futures.reading import CALIBRATION
    from pactwork.futures.source import CaseSource, check_calibration, read_calibration, write_calibration
    from pactwork.futures.stopping import MOST_RUNS, check_targets, parse_targets
    from pactwork.futures.store import check_place

    ledger = load_case(request.case)
    if request.known_by:
        ledger = ledger.known_by(request.known_by)
    folder = output or Path(f"{ledger.about.name}-run")
    _check(ledger, folder, request)
    numbers = parse_replacements(request.set, ledger)
    ledger = replace_numbers(ledger, numbers)
    forecast = make_forecast(ledger)
    chosen = _choose(ledger, request)
    draft = CaseSource(ledger, forecast, request.scenario, request.seed, request.until, None, Calibrated({}), chosen)
    most = (request.most_runs or MOST_RUNS) if request.stop_when else None
    asked = Asked(points=request.points, replications=request.replications, stop_when=request.stop_when, most_runs=most)
    held = check_place(folder)
    identity = identify(
        draft(request.points), ledger, case=request.case, asked=asked, choices=chosen, until=request.until,
        known_by=request.known_by, numbers=numbers, calibration_sha256=held.calibration_sha256 if held else None,
    )  # fmt: skip
    if request.stop_when:
        problems = check_targets(parse_targets(request.stop_when), identity.outcomes, identity.choices)
        if problems:
            raise CaseError(problems)
    check_place(folder, identity)
    progress("getting ready", 1, 1)
    calibrated = read_calibration(folder / CALIBRATION, held.calibration_sha256) if held else None
    if calibrated is None:
        calibrated = calibrate_case(ledger, forecast, seed=request.seed, progress=progress)
    content, digest = write_calibration(calibrated.aims)
    check_calibration(digest, identity)
    identity = identity.model_copy(update={"calibration_sha256": digest})
    source = CaseSource(ledger, forecast, request.scenario, request.seed, request.until, None, calibrated, chosen)
    return Ready(folder, identity, source, content)


def take_up(context: typer.Context, request: Request, output: Path | None, progress: Progress) -> Ready:
    """Return the run that a folder holds; what the command says otherwise than the run is refused."""
    from pactwork.facts.case import load_case
    from pactwork.futures.source import check_calibration, open_source, write_calibration
    from pactwork.futures.store import check_place

    folder = output or Path(f"{load_case(request.case).about.name}-run")
    identity = check_place(folder)
    if identity is None:
        fix = "leave --resume out to begin one"
        raise CaseError([Problem(quoted(folder, 4096), "nothing to go on with", "a run", fix)])
    problems = [
        Problem(name, str(given), f"{held}, as in the run", "leave it out, or choose another folder")
        for name, given, held in _pairs(request, identity)
        if _is_given(context, name) and given != held
    ]
    try:
        parse_workers(request.workers)
    except CaseError as error:
        problems += error.problems
    if problems:
        raise CaseError(problems)
    progress("getting ready", 1, 1)
    source = open_source(identity, folder, progress=progress)
    content, digest = write_calibration(source.calibrated.aims)
    check_calibration(digest, identity)
    return Ready(folder, identity, source, content)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _pairs(request: Request, identity: Identity) -> Iterator[tuple[str, object, object]]:
    """Yield what is asked for beside what the run has, by the name of the option."""
    yield "case", request.case, identity.case
    yield "futures", request.points, identity.asked.points
    yield "replications", request.replications, identity.asked.replications
    yield "seed", request.seed, identity.seed
    yield "choices", request.choices, identity.choices
    yield "scenario", request.scenario, identity.scenario or None
    yield "until", request.until, identity.until
    yield "known_by", request.known_by, identity.known_by
    yield "numbers", sorted(request.set), sorted(f"{name}={value:g}" for name, value in identity.set.items())
    yield "stop_when", request.stop_when, identity.asked.stop_when
    yield "most_runs", request.most_runs, identity.asked.most_runs


def parse_workers(text: str | None) -> int | str | None:
    """Return a number of threads, ``processes:N`` or an address as it is, or none where nothing is said.

    Examples
    --------
    >>> parse_workers("4"), parse_workers("processes:2"), parse_workers("tcp://10.0.0.1:8786")
    (4, 'processes:2', 'tcp://10.0.0.1:8786')
    """
    if text is None or "://" in text:
        return text
    number = text.removeprefix(PROCESSES)
    if not (number.isdecimal() and 1 <= int(number) <= MOST_WORKERS):
        raise CaseError([Problem("workers", quoted(text), WORKERS_EXPECTED, "correct it")])
    return text if text.startswith(PROCESSES) else int(number)


@contextmanager
def reach_workers(text: str | None) -> Iterator[Workers | int | None]:
    """Yield who plays."""
    asked = parse_workers(text)
    if not isinstance(asked, str):
        yield asked
        return
    from pactwork.futures.cluster import reach_cluster, start_processes

    if asked.startswith(PROCESSES):
        with start_processes(int(asked.removeprefix(PROCESSES))) as found:
            yield found
    else:
        with reach_cluster(asked) as found:
            yield found


def _check(ledger: Ledger, folder: Path, request: Request) -> None:
    """Refuse what cannot be played before minutes go by, with every problem at once."""
    from pactwork.facts.replacing import parse_replacements
    from pactwork.futures.compile import find_problems
    from pactwork.futures.ensemble import MOST_REPLICATIONS
    from pactwork.futures.stopping import parse_targets
    from pactwork.futures.store import check_place
    from pactwork.futures.uncertainties import MOST_FUTURES

    problems = list(find_problems(ledger, request.scenario, request.until, _choose(ledger, request)))
    for name, number, most in (("futures", request.futures, MOST_FUTURES),
                               ("replications", request.replications, MOST_REPLICATIONS),
                               ("most-runs", request.most_runs, MOST_FUTURES * MOST_REPLICATIONS)):  # fmt: skip
        if number is not None and not 1 <= number <= most:
            problems.append(Problem(name, str(number), f"1 to {most}", "correct the number"))
    if request.most_runs is not None and request.stop_when is None:
        problems.append(Problem("most-runs", str(request.most_runs), "--stop-when with it", "leave it out"))
    for check in (
        lambda: parse_workers(request.workers), lambda: parse_targets(request.stop_when or "choices told apart by x"),
        lambda: check_place(folder), lambda: parse_replacements(request.set, ledger),
    ):  # fmt: skip
        try:
            check()
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)


def _choose(ledger: Ledger, request: Request) -> tuple[str, ...]:
    """Return the choices to play: all of the case's unless some are named."""
    return tuple(ledger.choices.choices) if request.choices is None else ledger.choices.spell_out(request.choices)
