"""What tests share: the practice data, and small cases made on the spot."""

import os
import shutil
from pathlib import Path

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


@pytest.fixture
def shared():
    """The folder of practice data; users do not have it, the project's own checks must."""
    if not SHARED.is_dir():
        message = "the practice data (../shared) is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
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


@pytest.fixture
def tiny():
    """The text of each table of the small case."""
    return dict(TINY)


@pytest.fixture
def copy_of_poland_korea(tmp_path):
    """A copy of the bundled case, to be broken."""
    return Path(shutil.copytree(bundled_cases()["poland-korea"], tmp_path / "poland-korea"))
