"""The reference pages are what the declarations make, and real documents are as they are declared."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.brief.chosen import Chosen, Setting
from pactwork.brief.simulated import Effort
from pactwork.choices.comparison import compare_choices
from pactwork.facts.case import load_case
from pactwork.forecast.deliveries.reference import load_reference_class
from pactwork.forecast.politics import make_politics
from pactwork.futures import compile as compiling
from pactwork.futures.oracles.conservation import check_conservation
from pactwork.futures.store import open_run

DOCS = Path(__file__).resolve().parents[1] / "docs"
CHOICES = "as-contracted,repair-at-home,only-dialogue-network"
WITHOUT = ("brief.json of pactwork brief", "pactwork verify --json")
"""Documents that are not made here as a person would: they would take minutes."""


@pytest.fixture(scope="module")
def pages():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        import reference_pages
        import reference_pages.commands
        import reference_pages.documents

        yield reference_pages


def call(*args, code=0):
    done = CliRunner().invoke(cli.app, [str(one) for one in args])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("declared") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "CALIBRATION_POINTS", 1)
        made = call("simulate", "--futures", 16, "--replications", 2, "--until", "2026-12-31", "--choices", CHOICES,
                    "-o", folder, "--json")  # fmt: skip
    return folder, made


def check(pages, document, *found):
    """Hold documents of one kind against what is declared of it."""
    for one in found:
        assert not pages.documents.find_undeclared(document, one)


def test_the_pages_are_what_the_declarations_make(pages):
    made = pages.make_pages()
    assert {name for name, text in made.items() if (DOCS / name).read_text("utf-8") != text} == set(), (
        "python docs/make_reference.py writes them anew"
    )


def test_documents_of_facts(pages, copy_of_poland_korea, make_case, shared):
    case = copy_of_poland_korea
    check(pages, "pactwork check --json", call("check", case, "--json"),
          call("check", make_case(lots=None), "--json", code=1))  # fmt: skip
    check(pages, "pactwork status --json", call("status", case, "--json"))
    paper = shared / "source" / "pism-policy-paper-219.txt"
    check(pages, "pactwork audit --source ID=FILE --json",
          call("audit", case, "--source", f"pism-219={paper}", "--json"))  # fmt: skip
    for name, old, new in (("scenarios.toml", "[2.0, 6.0]", "[2.0, 7.0]") , ("facts/figures.csv", ",62,", ",63,"),
                           ("assumptions.toml", "range = [2.0, 6.0]", "range = [2.0, 7.0]")):  # fmt: skip
        text = (case / name).read_text(encoding="utf-8")
        assert old in text
        (case / name).write_text(text.replace(old, new), encoding="utf-8")
    found = call("diff", "poland-korea", case, "--json")
    assert all(found[part] for part in ("rows", "standing", "assumptions", "scenarios"))
    check(pages, "pactwork diff OLD NEW --json", found)


def test_documents_of_forecasts(pages, tmp_path, shared):
    deals = shared / "data" / "deals_open_2023.csv"
    few = tmp_path / "few.csv"
    few.write_text("\n".join(deals.read_text(encoding="utf-8").splitlines()[:41]) + "\n", encoding="utf-8")
    check(pages, "pactwork forecast --json", call("forecast", "--json"))
    check(pages, "pactwork forecast --backtest --json", call("forecast", "--backtest", "--json"))
    check(pages, "pactwork forecast --deals FILE --at DATE --json",
          call("forecast", "--deals", few, "--as-of", "2023-12-31", "--at", "2024-12-31", "--json"))  # fmt: skip
    check(pages, "pactwork forecast --deals FILE --score FILE --json",
          call("forecast", "--deals", few, "--score", few, "--json"))  # fmt: skip
    learnt = load_reference_class("known-by-2025").model_dump(mode="json")  # what --fit prints of its own
    check(pages, "pactwork forecast --fit FILE -o FILE --json", learnt)


def test_documents_of_politics(pages, shared):
    check(pages, "pactwork politics --json", call("politics", "--json"),
          call("politics", "--votes", shared / "data" / "unga_votes.csv", "--json"),
          call("politics", "--votes", shared / "data" / "unga_ideal_points.csv", "--json"))  # fmt: skip


def test_documents_of_futures(pages, run):
    folder, made = run
    check(pages, "pactwork simulate --json", made)
    check(pages, "pactwork simulate --describe RUN --json", call("simulate", "--describe", folder, "--json"))
    story = call("replay", folder, "--future", 3, "--replication", 1, "--json")
    check(pages, "pactwork replay RUN --future F --replication R --json", story)
    check(pages, "pactwork verify --json", {"oracles": [one.as_dict() for one in check_conservation()]})


def test_documents_of_choices(pages, run):
    ledger = load_case("poland-korea")
    found = compare_choices(open_run(run[0]), ledger, make_politics(ledger))
    check(pages, "pactwork compare RUN --json", found.as_dict())
    about = {"case": "poland-korea", "as_of": "2024-10-31", "pactwork": "0", "answer": ["a"]}
    chosen = Chosen(Effort(), Setting(), found, runs=1)
    check(pages, "brief.json of pactwork brief", {**about, "choices": chosen.as_dict()}, {**about, "choices": None})


def test_every_command_that_prints_json_is_declared(pages):
    declared = pages.documents.read_declared().documents
    printing = {name for name, one in pages.commands.list_commands().items()
                if any("--json" in option.opts for option in one.params)}  # fmt: skip
    assert {name.split()[1] for name in declared if name not in WITHOUT} | {"verify"} == printing


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.update(colour="red"), "colour: not declared"),
        (lambda one: one.pop("problems"), "problems: declared, and not there"),
        (lambda one: one["problems"][0].update(fix=3), "fix: 3 is no text"),
        (lambda one: one.update(discrepancies={}), "discrepancies: no list"),
    ],
)
def test_a_document_that_differs_is_found(pages, change, told):
    problem = {"where": "a", "found": "b", "expected": "c", "fix": "d"}
    document = {"problems": [problem], "discrepancies": []}
    assert not pages.documents.find_undeclared("pactwork check --json", document)
    change(document)
    (found,) = pages.documents.find_undeclared("pactwork check --json", document)
    assert told in found
