"""Each rule is seen to speak on the small case broken in its way, and to be silent on the whole one."""

import pytest

from pactwork import CaseError, load_case

FIGURE = "t1-1,{measure},{as_of},{value},,,exact,{unit},{source},para 2,2,{rank},,\n"


def figure(measure="arrived", as_of="2024-10-20", value=63, unit="item", source="paper", rank="normal"):
    return FIGURE.format(**locals())


def problems_of(root):
    with pytest.raises(CaseError) as caught:
        load_case(root)
    return caught.value.problems


def test_the_small_case_has_no_problem(make_case):
    assert load_case(make_case()).discrepancies == ()


BROKEN = {
    "unknown source": ("figures", lambda t: t + figure(source="papr"), "facts/figures.csv:8 source_id", "papr"),
    "measure not in the list": ("figures", lambda t: t + figure("arived"), "facts/figures.csv:8 measure", "arived"),
    "count that falls": ("figures", lambda t: t + figure(value=50), "facts/figures.csv:8 value", "50"),
    "delivered above ordered": ("figures", lambda t: t + figure(value=181), "facts/figures.csv:8 value", "181"),
    "arrived above shipped": ("figures", lambda t: t + figure(as_of="2024-06-01", value=41, source="maker"), "facts/figures.csv:8 value", "41"),
    "unit of another kind": ("figures", lambda t: t + figure(unit="km"), "facts/figures.csv:8 unit", "km"),
    "money without basis": ("figures", lambda t: t.replace("usd_bn_net", "usd_bn"), "facts/figures.csv:6 unit", "without basis"),
    "after the case": ("figures", lambda t: t + figure(as_of="2024-11"), "facts/figures.csv:8 as_of", "2024-11"),
    "unknown subject": ("figures", lambda t: t + figure().replace("t1-1", "t1-9"), "facts/figures.csv:8 subject", "t1-9"),
    "range out of order": ("figures", lambda t: t.replace("62,,,", "62,63,70,"), "facts/figures.csv:3 value", "63 … 62"),
    "due before signed": ("lots", lambda t: t.replace("2022-12/2025", "2021/2025"), "facts/lots.csv:2 due", "2021/2025"),
    "broken key": ("lots", lambda t: t.replace(",deal,", ",deel,"), "facts/lots.csv:2 instrument_id", "deel"),
    "duplicate key": ("systems", lambda t: t + t.splitlines()[1] + "\n", "facts/systems.csv:3 system_id", "t1"),
    "poll above 100": ("polls", lambda t: t.replace(",55,", ",75,"), "facts/polls.csv:3 percent", "109 %"),
    "fieldwork backwards": ("polls", lambda t: t.replace("2024-06-24,2024-06-26", "2024-06-27,2024-06-26", 1), "facts/polls.csv:2 fieldwork_end", "2024-06-27"),
    "arrived before it left": ("shipments", lambda t: t.replace("2024-08,", "2024-10-20,"), "facts/shipments.csv:3 arrived", "2024-10-20"),
    "bad date": ("instruments", lambda t: t.replace("2022-07-27", "27.07.2022"), "facts/instruments.csv:3 signed", "27.07.2022"),
    "parent of itself": ("instruments", lambda t: t.replace("deal,2022-08-26,frame", "deal,2022-08-26,deal"), "facts/instruments.csv:4 parent", "deal → deal"),
    "actor of a list": ("instruments", lambda t: t.replace("aland;bland", "aland;bleland", 1), "facts/instruments.csv:2 parties", "bleland"),
    "published too late": ("sources", lambda t: t.replace(",2024-06,", ",2024-12,"), "facts/figures.csv:4 known_from", "2024-12"),
    "partner unknown": ("actors", lambda t: t.replace("bland,Bland", "blond,Bland"), "case.toml partners.1.actor", "bland"),
    "unknown table of a key": ("sources", lambda _: None, "facts/figures.csv source_id", "a table the case does not have"),
    "empty file": ("trade", lambda _: "", "facts/trade.csv", "an empty file"),
    "missing column": ("lots", lambda t: t.replace(",quantity,", ",amount,"), "facts/lots.csv:1 quantity", "no such column"),
    "extra column": ("lots", lambda t: t.replace(",quantity,", ",quantity,colour,").replace(",180,", ",180,red,"), "facts/lots.csv:1 colour", "undeclared"),
    "unbalanced quote": ("lots", lambda t: t + '"t1-2,2023,deal\n', "facts/lots.csv:3", "a quote"),
    "wrong encoding": ("actors", lambda t: t.replace("Aland", "Åland").encode("latin-1"), "facts/actors.csv:2", "0xc5"),
    "judgement without range": (
        "requirements",
        lambda _: "requirement_id,system_id,by,quantity,basis,rationale,source_id,locator\nr,t1,2026,100,judgement,why,paper,p\n",
        "facts/requirements.csv:2 low", "a judgement without range",
    ),
    "evidence of nothing": (
        "claims",
        lambda _: "claim_id,source_id,locator,kind,text,evidence,standing\nc,paper,p,fact,words,lots:t1-7,supported\n",
        "facts/claims.csv:2 evidence", "lots:t1-7",
    ),
    "control characters": ("systems", lambda t: t.replace("t1,T1,", "t1,T1\x1b]0;,"), "facts/systems.csv:2 name", "T1"),
    "arrived above shipped in one month": ("figures", lambda t: t + figure("shipped", "2024-09", 40) + figure("arrived", "2024-09", 61), "facts/figures.csv:9 value", "61"),
    "count below zero": ("figures", lambda t: t + figure("donated", value=-4), "facts/figures.csv:8 value", "-4"),
    "known only after the case": ("figures", lambda t: t.replace("62,,,exact,item,paper,para 2,2,normal,,", "62,,,exact,item,paper,para 2,2,normal,2024-11,"), "facts/figures.csv:3 known_from", "2024-11"),
    "poll a little above 100": ("polls", lambda t: t.replace(",55,", ",68,"), "facts/polls.csv:3 percent", "102 %"),
    "one id for two things": ("actors", lambda t: t + "t1-1,Oops,firm,KR\n", "facts/figures.csv:2 subject", "actors and lots"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_speaks_where_it_should(make_case, tiny, name):
    table, break_it, where, found = BROKEN[name]
    problems = problems_of(make_case(**{table: break_it(tiny.get(table, ""))}))
    hits = [one for one in problems if one.where == where]
    assert hits, [str(one) for one in problems]
    assert any(found in one.found for one in hits)
    assert all(one.expected and one.fix for one in problems)


@pytest.mark.parametrize(
    "extra",
    [
        figure(value=50, rank="deprecated"),
        figure(value=61, source="blog"),
        figure(value=181, rank="deprecated"),
        figure("delivered_unstated", value=181, as_of="2024-01", source="blog")
        + figure("delivered_unstated", value=62),
    ],
)
def test_what_sources_say_against_each_other_is_no_problem(make_case, tiny, extra):
    load_case(make_case(figures=tiny["figures"] + extra))


def test_a_case_may_leave_out_any_part(make_case, tiny):
    everything = dict.fromkeys(tiny)
    toml = 'name = "polls"\ntitle = "Polls alone"\nas_of = 2024-10-31\n'
    ledger = load_case(make_case(case_toml=toml, **{**everything, "polls": tiny["polls"], "sources": tiny["sources"]}))
    assert ledger.tables == ("sources", "polls")


def test_no_table_at_all_is_a_problem(make_case, tiny):
    (problem,) = problems_of(
        make_case(case_toml='name = "n"\ntitle = "t"\nas_of = 2024-10-31\n', **dict.fromkeys(tiny))
    )
    assert problem.where == "facts"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (None, "case.toml"),
        ('name = "x', "case.toml"),
        ('title = "t"\nas_of = 2024-10-31\n', "case.toml name"),
        ('name = "n"\ntitle = "t"\nas_of = "Oct-24"\n', "case.toml as_of"),
        ('name = "n"\ntitle = "t"\nas_of = 20241031\n', "case.toml as_of"),
        ('name = "n"\ntitle = "t"\nas_of = 2024-10-31\nhorizon = 2024-01-01\n', "case.toml"),
        ('name = "n"\ntitle = "t"\nas_of = 9999-12-31\n', "case.toml as_of"),
        ('name = "n"\ntitle = "t\\u001b"\nas_of = 2024-10-31\n', "case.toml title"),
        ('name = "n"\ntitle = "t"\nas_of = 2024-10-31\ncolour = "red"\n', "case.toml colour"),
    ],
)
def test_case_toml_problems_are_located(make_case, text, where):
    assert where in [one.where for one in problems_of(make_case(case_toml=text))]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "datapackage.json:1 column 2"),
        ('{"resources": [{"name": "figures"}]}', "datapackage.json resources.0.path"),
        ('{"resources": [{"name": "x", "path": "../x.csv", "schema": {"fields": []}}]}', "datapackage.json x.path"),
        (
            '{"resources": [{"name": "figures", "path": "facts/figures.csv",'
            ' "schema": {"fields": [{"name": "value", "type": "string"}]}}]}',
            "datapackage.json figures.value",
        ),
    ],
)
def test_datapackage_problems_are_located(make_case, text, where):
    root = make_case()
    (root / "datapackage.json").write_text(text)
    assert where in [one.where for one in problems_of(root)]


def test_a_case_extends_lists_and_tables_in_its_datapackage(make_case, tiny):
    own = """{"name": "own", "resources": [
      {"name": "figures", "path": "facts/figures.csv", "schema": {"fields": [
        {"name": "measure", "type": "string",
         "categories": [{"value": "painted", "label": "Painted", "kind": "cumulative", "dimension": "items"}]},
        {"name": "colour", "type": "string"}]}},
      {"name": "paints", "path": "facts/paints.csv", "schema": {"fields": [{"name": "paint", "type": "string"}]}}]}"""
    figures = tiny["figures"].replace("known_from,note\n", "known_from,note,colour\n").replace(",,\n", ",,,\n")
    root = make_case(
        figures=figures + "t1-1,painted,2024,5,,,exact,item,paper,p,2,normal,,,red\n", paints="paint\nred\n"
    )
    (root / "datapackage.json").write_text(own)
    ledger = load_case(root)
    assert ledger.table("paints")["paint"].to_list() == ["red"]
    assert ledger.figure("t1-1", "painted") is None  # 2024 is not over
    assert ledger.table("figures")["colour"].to_list()[-1] == "red"


def test_a_table_nobody_declared_is_not_lost_in_silence(make_case):
    root = make_case()
    (root / "facts" / "figure.csv").write_text("a\n1\n")
    assert [one.where for one in problems_of(root)] == ["facts/figure.csv"]


def test_answers_may_exceed_100_by_rounding_alone(make_case, tiny):
    load_case(make_case(polls=tiny["polls"].replace(",55,", ",67,")))  # 101


def test_an_unknown_partnership_is_located(make_case):
    text = (make_case() / "case.toml").read_text().replace('"a-b"', '"a-c"')
    assert [one.where for one in problems_of(make_case("other", case_toml=text))] == ["case.toml partnership"]


@pytest.mark.parametrize(
    ("qualifier", "delivered", "passes"), [("about", 190, True), ("about", 210, False), ("at_least", 500, True)]
)
def test_a_hedged_order_leaves_room(make_case, tiny, qualifier, delivered, passes):
    head, row = tiny["lots"].splitlines()
    lots = f"{head},qualifier\n{row},{qualifier}\n"
    root = make_case(lots=lots, figures=tiny["figures"] + figure(value=delivered), shipments=None)
    if passes:
        load_case(root)
    else:
        assert "facts/figures.csv:8 value" in [one.where for one in problems_of(root)]


def test_a_problem_is_told_once(make_case, tiny):
    """A subject that stands nowhere breaks two rules, and is one problem."""
    problems = problems_of(make_case(figures=tiny["figures"] + figure().replace("t1-1", "t1-9")))
    assert len(problems) == len(set(problems)) == 1


def test_a_pollster_under_two_spellings_is_located_once(make_case, tiny):
    again = "".join(f"q,binary,adults,all,P.,,2024-07-{day},900,for,40,paper,para 4\n" for day in ("01", "02"))
    (problem,) = problems_of(make_case(polls=tiny["polls"] + again))
    assert (problem.where, problem.expected) == ("facts/polls.csv:4 pollster", '"p", as on line 2')


def test_shares_of_one_are_no_percentages(make_case, tiny):
    polls = tiny["polls"].replace(",34,", ",0.34,").replace(",55,", ",0.55,")
    (problem,) = problems_of(make_case(polls=polls))
    assert problem.where == "facts/polls.csv:2 percent"
    assert "0.89" in problem.found
    small = "".join(tiny["polls"].replace(",34,", ",0.4,").splitlines(keepends=True)[:2])
    load_case(make_case("small", polls=small))  # the one share that is printed may be small
