"""Whatever bytes a case holds, it is a ledger or a list of located problems; never anything else."""

import itertools
import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pactwork import CaseError, Ledger, load_case
from pactwork.facts.diff import compare_cases
from pactwork.facts.status import make_status
from pactwork.forecast.politics import make_politics

FIXTURE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TABLES = ("figures", "lots", "instruments", "polls", "sources", "shipments", "actors", "systems")


def read(root):
    """Load and use a case; a CaseError must locate each of its problems."""
    try:
        ledger = load_case(root)
    except CaseError as error:
        problems = error.problems
    else:
        use(ledger)
        return
    assert problems
    for problem in problems:
        assert all((problem.where, problem.found, problem.expected, problem.fix))
        assert "\n" not in str(problem)


def use(ledger):
    """Ask a ledger what people ask."""
    assert isinstance(ledger, Ledger)
    make_status(ledger.as_of("2024-01-01")).as_dict()
    make_status(ledger.known_by("2024-01-01")).as_dict()
    compare_cases(ledger, ledger.as_of("2024-01-01"))
    json.dumps(make_politics(ledger).as_dict(), allow_nan=False)


NUMBERS = itertools.count()


def fresh(make_case, **tables):
    """Make a case in a folder of its own: hypothesis runs many examples in one temporary folder."""
    return make_case(f"case-{next(NUMBERS)}", **tables)


@FIXTURE
@given(table=st.sampled_from(TABLES), data=st.binary(max_size=400))
def test_random_bytes(make_case, table, data):
    read(fresh(make_case, **{table: data}))


@FIXTURE
@given(data=st.binary(max_size=300), name=st.sampled_from(["case.toml", "datapackage.json", "facts.xlsx"]))
def test_random_bytes_of_the_other_files(make_case, name, data):
    root = fresh(make_case)
    (root / name).write_bytes(data)
    read(root)


@FIXTURE
@given(
    table=st.sampled_from(TABLES),
    cells=st.lists(st.text(max_size=12), min_size=1, max_size=4),
    seed=st.integers(0, 2**31),
)
def test_random_cells(make_case, tiny, table, cells, seed):
    dice = random.Random(seed)
    lines = [line.split(",") for line in tiny[table].splitlines()]
    for cell in cells:
        row = dice.choice(lines)
        row[dice.randrange(len(row))] = cell
    read(fresh(make_case, **{table: "\n".join(",".join(row) for row in lines)}))


@FIXTURE
@given(table=st.sampled_from(TABLES), seed=st.integers(0, 2**31), edits=st.integers(1, 6))
def test_random_edits_of_valid_tables(make_case, tiny, table, seed, edits):
    dice = random.Random(seed)
    data = bytearray(tiny[table].encode())
    for _ in range(edits):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                del data[at : at + dice.randrange(1, 20)]
            case 2:
                data[at:at] = dice.choice(
                    [b'"', b",", b"\n", b";", b"\xff", b"\xe2\x80\xa8", b"9" * 400, b"-1", b"~", b"/"]
                )
            case 3:
                data[at:at] = data[at : at + dice.randrange(1, 200)]
        if not data:
            break
    read(fresh(make_case, **{table: bytes(data)}))


@FIXTURE
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "path", "schema", "fields", "resources", "type", "constraints", "pattern", "categories", "pactwork:form", "primaryKey", "foreignKeys"]), inner, max_size=4), max_leaves=20))  # fmt: skip
def test_random_declarations(make_case, value):
    root = fresh(make_case)
    (root / "datapackage.json").write_text(json.dumps(value))
    read(root)
