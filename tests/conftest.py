"""What tests share: the practice data, and small cases made on the spot."""

import copy
import datetime as dt
import os
import shutil
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import pytest
from hypothesis import settings

from pactwork.facts.case import bundled_cases

# A busy machine is no defect: speed is measured in benchmarks, never by a test.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

CASE_TOML = """
name = "tiny"
title = "Aland – Bland"
partnership = "a-b"
as_of = "2024-10-31"
[[partners]]
country = "PL"
name = "Aland"
actor = "aland"
role = "buyer"
[[partners]]
country = "KR"
name = "Bland"
actor = "bland"
role = "supplier"
"""
TINY = {
    "sources": """source_id,title,producer,published,kind,reliability,redistributable
paper,A paper,An institute,2024-10,think_tank,B,false
maker,A report,A maker,2024-06,company,C,true
blog,A blog,Somebody,2024-07,press,E,true
""",
    "actors": """actor_id,name,kind,country
aland,Aland,state,PL
bland,Bland,state,KR
""",
    "systems": """system_id,name,aliases,category,unit,source_id,locator
t1,T1,T1A,tank,tank,paper,para 1
""",
    "instruments": """instrument_id,as_of,parent,name,kind,domain,level,signed,status,parties,source_id,locator
a-b,2013,,Partnership,partnership,dialogue,political,2013,in_force,aland;bland,paper,para 1
frame,2022-07,a-b,Framework,framework,arms_supply,political,2022-07-27,signed,aland;bland,paper,para 1
deal,2022-08-26,frame,Contract,contract,arms_supply,industrial,2022-08-26,in_force,aland;bland,paper,para 2
""",
    "lots": """lot_id,as_of,instrument_id,system_id,variant,quantity,due,made_in,kind,source_id,locator
t1-1,2022-08-26,deal,t1,T1GF,180,2022-12/2025,KR,firm,paper,para 2
""",
    "figures": """subject,measure,as_of,value,low,high,qualifier,unit,source_id,locator,credibility,rank,known_from,note
t1-1,arrived,2023-06,28,,,exact,item,paper,para 2,2,normal,,
t1-1,arrived,2024-10-04,62,,,exact,item,paper,para 2,2,normal,,
t1-1,shipped,2024-06-30,40,,,exact,item,maker,table 1,2,normal,,
a-b,value,2024-10,3.4,,,about,usd_bn_unstated,paper,para 2,2,normal,,
deal,value,2022-08-26,3.37,,,exact,usd_bn_net,paper,para 2,2,normal,,
frame,framework_quantity,2022-07,1000,,,at_most,item,paper,para 1,2,normal,,
""",
    "polls": """question_id,wording,population,subgroup,pollster,fieldwork_start,fieldwork_end,sample_size,option,percent,source_id,locator
q,binary,adults,all,p,2024-06-24,2024-06-26,1007,for,34,paper,para 3
q,binary,adults,all,p,2024-06-24,2024-06-26,1007,against,55,paper,para 3
""",
    "shipments": """shipment_id,lot_id,quantity,left,arrived,mode,source_id,locator
s-1,t1-1,28,2023-04,2023-06,sea,paper,para 2
s-2,t1-1,34,2024-08,2024-10-04,sea,paper,para 2
""",
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Fail what would be skipped, where nobody would notice: in CI whatever a test needs has to be there."""
    return _fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Fail a whole file that would be skipped, as for a package that is missing."""
    return _fail_if_skipped((yield))


def _fail_if_skipped(report):
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI", "") not in ("", "0", "false"):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome, report.longrepr = "failed", f"In CI nothing is left out. {why}"
    return report


@pytest.fixture(autouse=True, scope="session")
def _every_brief_is_read():
    """Read every page that a test of this process makes: none states a chance of war, or calls a count one."""
    from pactwork.brief import writing
    from pactwork.brief.unsaid import read_page

    def render(*args, **options):
        page = made(*args, **options)
        assert read_page(page) == []
        return page

    with pytest.MonkeyPatch.context() as patch:
        from pactwork.brief import page as pages

        made = pages.render_page
        patch.setattr(pages, "render_page", render)
        patch.setattr(writing, "render_page", render)
        yield


@pytest.fixture
def shared():
    """The folder of practice data; users do not have it, the project's own checks must."""
    if not SHARED.is_dir():
        pytest.skip("the practice data (../shared) is not beside this checkout")
    return SHARED


@pytest.fixture
def make_case(tmp_path):
    """Return a function that writes a small case; keyword arguments replace a table's text, None leaves it out."""

    def make(folder="case", case_toml=CASE_TOML, **tables):
        root = tmp_path / folder
        (root / "facts").mkdir(parents=True)
        if case_toml is not None:
            (root / "case.toml").write_text(case_toml, encoding="utf-8")
        for name, text in {**TINY, **tables}.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode("utf-8")
                (root / "facts" / f"{name}.csv").write_bytes(data)
        return root

    return make


@pytest.fixture(scope="session")
def tiny():
    """The text of each table of the small case."""
    return MappingProxyType(TINY)


@pytest.fixture(scope="session")
def about_tiny():
    """The text of the small case's case.toml."""
    return CASE_TOML


@pytest.fixture
def copy_of_poland_korea(tmp_path):
    """A copy of the bundled case, to be broken."""
    return Path(shutil.copytree(bundled_cases()["poland-korea"], tmp_path / "poland-korea"))


class World:
    """Every mechanism of the simulation in one small, made-up partnership; parts can be changed or left out."""

    NAMES: ClassVar = {
        "theatre": ["north", "south", "sea"], "cause": ["storm"], "passage": ["strait", "canal"],
        "disruption": ["cyber", "credit", "engines"], "government": ["maker"], "instrument": ["deal", "option"],
        "transfer": ["workshop", "plant"], "line": ["abroad", "home"], "lot": ["t1-1", "t1-2", "h1-1"],
        "route": ["maker-buyer"], "system": ["t1", "h1"], "munition": ["shell"], "currency": ["own", "theirs"],
    }  # fmt: skip

    def __init__(self, years=8):
        self.years, steps = years, round(years * 365.25 / 7)
        self.sizes = {name: len(rows) for name, rows in self.NAMES.items()}
        self.sizes |= {"closed_set": 4, "cargo": 1, "step": steps + 1, "year": years + 1, "voyage": 40, "date": 1,
                       "quarter": 4 * years, "series": 12, "bin": 16}  # fmt: skip
        self.environment = {
            "theatres": {"up": 0.6, "down": 1.0, "opportunism": 1.5, "alarm": 1.2, "rebuild_to_years": 5.0,
                         "rebuild_floor": 0.3, "cause_hazard": 0.2, "cause_raises": [[1, 1, 0]]},
            "passages": {"hazard": 0.3, "mean_years": 0.4, "theatre": [2, -1], "closing_level": [2, 9]},
            "disruptions": {"hazard": 0.5, "mean_years": 0.1, "theatre": 0, "tension": [1, 2, 3, 4]},
            "changes": {"snap_hazard": 0.2},
            "exchange": {"initial": [1.0, 4.0], "drift": 0.01, "volatility": [0.0, 0.1]},
        }  # fmt: skip
        policy = [[[1, 1, 1, 1], [1, 1, 0.5, 0.5], [1, 0.5, 0, 0]]]
        self.choice = {
            "passage_relief": {}, "disruption_relief": {},
            "governments": {"initial": 1, "chances": [[0.3, 0.5, 0.2]], "threat_pull": 0.3, "threat_weight": 0.4,
                            "continuity": 0.1, "signing": [[1, 0.7, 0.3]], "transfer": [[1, 0.6, 0.2]],
                            "priority": [[1, 0.9, 0.8]], "supply_policy": policy},
            "instruments": {"in_force": [1, 0], "planned_years": [0, 1], "hazard": 2.0, "exercised": [1, 0.8],
                            "government": 0, "credit": [-1, 1]},
            "transfers": {"stages": [2, 4], "rate": 2.0, "government": 0, "donor_theatre": 1, "instrument": -1},
            "lines": {"rate": [40.0, 20.0], "learning_years": 1.0, "learning_floor": 0.3, "variation": 0.3,
                      "transfer": [-1, 1], "government": 0, "home_theatre": [1, 0], "buyer_theatre": 0,
                      "diversion": [0, 0, 0.3, 0.6], "own_need": [0, 0.1, 0.5, 1],
                      "stopped_by": [[1, 0, 1], [1, 0, 0]]},
            "lots": {"line": [0, 1, 0], "system": [0, 0, 1], "instrument": [0, 1, 0], "quantity": [80, 60, 50],
                     "arrived": [20, 0, 5], "at_port": [2, 0, 0], "route": [0, -1, 0], "batch": 8,
                     "longest_wait_years": 0.15},
            "cargo": {"lot": 0, "items": 6, "arrives_years": 0.05},
            "routes": {"length_km": [[18000.0, 26000.0, 27000.0, -1.0]], "passed_at": [[[0.3, 0.8], [-1, 0.8], [0.3, -1],
                       [-1, -1]]], "crosses": [[[0, 0, 1]] * 4], "speed_km_day": 600.0, "port_days": 8.0, "spread": 0.2,
                       "loss": 0.05, "by_sea": 1, "stopped_by": [[1, 0, 0]]},
            "acceptance": {"rate": 50.0, "delay_steps": [3, 0], "queue": [1, 0]},
            "fleet": {"items": [[20, 0, 0, 0, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 1, 0, 0, 0]], "required": [60, 40],
                      "theatre": 0, "failure": 3.0, "ageing": 0.03, "use": [1, 1.2, 1.5, 2.5], "grades": [0.5, 0.3, 0.2],
                      "depot_transfer": [0, -1], "workshop": [-1, 0], "workshop_channels": 3, "mending": [50, 20, 6], "channels": [4, 6, 3], "overhaul": 0.1,
                      "damage": [0, 0, 0.1, 1.0], "loss": [0, 0, 0, 0.2], "surge": 1.5, "strip_most": 2, "spares": 6,
                      "spare_years": 0.2, "spare_route": 0, "spare_transfer": 1, "local_spare_years": 0.1,
                      "maker_years": 0.3, "maker_route": 0, "spread": 0.3, "government": 0,
                      "rounds_a_barrel": [0, 4000]},
            "munitions": {"system": 1, "theatre": 0, "stock": 20000, "target": 60000, "training": 75,
                          "use": [0, 1, 4, 60], "maker_rate": 10000, "maker_years": 0.2, "spread": 0.2, "route": 0,
                          "government": 0, "local_rate": 8000, "local_learning_years": 1, "local_transfer": 1,
                          "other_rate": 500, "surge": 2},
            "money": {"advance": [300, 200], "advance_currency": 1, "price": 10.0, "price_currency": 1,
                      "price_local": [0.1, 0.7, 0.1], "sustainment": 0.5, "sustainment_local": 0.6, "levers": 10.0},
            "report": {"watch": 0, "warning_steps": 8, "dates": steps // 2,
                       "quarters": [round(k * steps / (4 * years)) for k in range(1, 4 * years + 1)],
                       "bin_low": 0, "bin_width": 10},
        }  # fmt: skip

    def make(self):
        """Return plan of the environment, plan of the choice, and the sizes."""
        from pactwork.futures import draws
        from pactwork.futures.environment import make_environment
        from pactwork.futures.steps import (
            fleet_plan,
            governments,
            money,
            munitions,
            outages,
            production,
            signing,
            theatres,
            transfer,
        )  # fmt: skip
        from pactwork.futures.world import make_choice

        streams = draws.Streams()
        named = [
            (self.environment, "theatres", "theatre", theatres.THEATRE_DECISIONS, "streams"),
            (self.environment, "theatres", "cause", theatres.CAUSE_DECISIONS, "cause_streams"),
            (self.environment, "passages", "passage", outages.OUTAGE_DECISIONS, "streams"),
            (self.environment, "disruptions", "disruption", outages.OUTAGE_DECISIONS, "streams"),
            (self.environment, "changes", "government", governments.CHANGE_DECISIONS, "streams"),
            (self.environment, "exchange", "currency", money.EXCHANGE_DECISIONS, "streams"),
            (self.choice, "governments", "government", governments.STANCE_DECISIONS, "streams"),
            (self.choice, "instruments", "instrument", signing.INSTRUMENT_DECISIONS, "streams"),
            (self.choice, "transfers", "transfer", transfer.TRANSFER_DECISIONS, "streams"),
            (self.choice, "lines", "line", production.LINE_DECISIONS, "streams"),
            (self.choice, "lots", "lot", production.LOT_DECISIONS, "streams"),
            (self.choice, "fleet", "system", fleet_plan.FLEET_DECISIONS, "streams"),
            (self.choice, "munitions", "munition", munitions.MUNITION_DECISIONS, "streams"),
        ]
        for side, part, axis, decisions, field in named:
            rows = [f"{axis}.{name}" for name in self.NAMES[axis][: self.sizes.get(axis, 0)]]
            if part in side and rows:
                side[part][field] = streams.table(rows, decisions)
        return make_environment(self.sizes, **self.environment), make_choice(self.sizes, **self.choice), self.sizes

    def play(self, runs=64, **identity):
        """Play some replications of one choice."""
        from pactwork.futures.kernel import play_block

        environment, choice, sizes = self.make()
        return play_block(environment, [choice], sizes, **{"step_days": 7.0, "seed": 1, "future": 0, "first": 0,
                                                           "runs": runs} | identity)[0]  # fmt: skip

    def replay(self, replication=0, **identity):
        """Play one replication, kept step by step."""
        from pactwork.futures.kernel import replay_run

        environment, choice, sizes = self.make()
        return replay_run(environment, choice, sizes, **{"step_days": 7.0, "seed": 1, "future": 0,
                                                         "replication": replication} | identity)  # fmt: skip

    def model(self, points=2, seed=1):
        """Return a model with two choices, the second of which signs and mends faster; futures differ by danger."""
        from pactwork.futures.model import BASELINE, Model
        from pactwork.futures.uncertainties import make_design

        other = copy.deepcopy(self)
        other.choice["instruments"]["hazard"] = 20.0
        other.choice["fleet"]["mending"] = [100, 40, 12]
        design = make_design({}, points, seed=seed, reserved=["danger"])
        danger, start = design.chance("danger"), dt.date(2024, 10, 31)

        def make(future):
            worlds = copy.deepcopy(self), copy.deepcopy(other)
            worlds[0].environment["theatres"]["up"] = 0.2 + danger[future]
            made = [one.make() for one in worlds]
            return made[0][0], tuple(plan for _, plan, _ in made)

        def days(steps):
            return tuple(start + dt.timedelta(days=7 * int(step)) for step in steps)

        report, names = self.choice["report"], {axis: tuple(along) for axis, along in self.NAMES.items()}
        return Model("practice", "", start, 7.0, self.sizes["step"] - 1, seed, design, self.sizes, names,
                     days([report["dates"]]), days(report["quarters"]), (BASELINE, "faster"), make)  # fmt: skip


@pytest.fixture
def world():
    """A partnership in which everything happens, to be changed and played."""
    return World()
