"""Opinion taken together, stakeholders and threat profiles, in words and charts, from opposite cases."""

import pytest

from pactwork.brief.charts_of_people import plot_profiles, plot_stakeholders
from pactwork.brief.drawing import draw
from pactwork.brief.stakeholders import read_bargains, read_profiles
from pactwork.brief.together import read_together
from pactwork.facts.case import load_case
from pactwork.forecast.politics import make_politics

POLLS = "question_id,wording,population,subgroup,pollster,fieldwork_end,sample_size,option,percent,source_id,locator\n"
POSITIONS = "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
THREATS = (
    "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,as_of,basis,"
    "source_id,locator,rationale\n"
)


def read(root, reader):
    ledger = load_case(root)
    return reader(ledger, make_politics(ledger))


def test_polls_taken_together_name_what_makes_the_doubt(make_case):
    rows = "q,a,PL adults,all,p,2024-06-24,1000,support,20,paper,p\nq,a,PL adults,all,p,2024-06-24,1000,against,74,paper,p\n"
    rows += "q,b,PL adults,all,r,2024-06-28,1000,support,34,paper,p\nq,b,PL adults,all,r,2024-06-28,1000,against,55,paper,p\n"
    (found,) = read(make_case("two", polls=POLLS + rows), read_together)
    assert "put “support” at 27%" in found.text
    assert "how the question is put" in found.text
    assert "one wording" not in found.text
    assert len(found.effects) == 4  # two wordings, two pollsters
    (one,) = read(make_case("one", polls=POLLS + rows.replace(",b,", ",a,")), read_together)
    assert "how the question is put" not in one.text
    assert "There is one wording" in one.text
    assert len(one.effects) == 2


def test_a_question_asked_once_is_left_to_its_chart(make_case):
    assert read(make_case(), read_together) == ()


def positions(*rows):
    lines = (
        f"pl-x,{who},{x},0,100,{c},{s},0 = none; 100 = all,2024-06,judgement,paper,p,because" for who, x, c, s in rows
    )
    return POSITIONS + "\n".join(lines) + "\n"


@pytest.mark.parametrize(("far", "meets", "above"), [(100, 75, "81%"), (0, 25, "19%")])
def test_where_positions_meet(make_case, far, meets, above):
    root = make_case(positions=positions(("aland", 50, 80, 50), ("bland", far, 80, 50)))
    (found,) = read(root, read_bargains)
    assert f"The positions meet at {meets};" in found.text
    assert f"above the middle is {above}." in found.text
    assert found.standpoints[0].rationale == "because"


def test_what_moves_it_and_what_it_would_take(make_case):
    root = make_case(positions=positions(("aland", 20, 90, 90), ("bland", 90, 30, 40)))
    (found,) = read(root, read_bargains)
    more = " ".join(found.more)
    assert "Aland moves the outcome by 8.7" in more
    assert "Aland would have to move from 20 to 44" in more
    assert "Aland as now governed" in more
    stuck = make_case("stuck", positions=positions(("aland", 20, 90, 90), ("bland", 20, 90, 90), ("aland-2", 21, 90, 90)),
                      actors="actor_id,name,kind,country\naland,Aland,state,PL\nbland,Bland,state,KR\n"
                             "aland-2,Second,ministry,PL\n")  # fmt: skip
    (one,) = read(stuck, read_bargains)
    assert any("No single actor could" in part for part in one.more)


def test_an_issue_nobody_cares_about_is_not_shown(make_case):
    assert read(make_case(positions=positions(("aland", 20, 90, 0), ("bland", 90, 30, 0))), read_bargains) == ()


def threats(*rows):
    lines = (
        f"{who},{name},{name},{one},0,100,{two},0,100,2024-06,judgement,paper,p,why" for who, name, one, two in rows
    )
    return THREATS + "\n".join(lines) + "\n"


def test_profiles_say_who_feels_more_threatened(make_case):
    rows = [
        ("aland", "storm", 90, 90),
        ("aland", "flood", 10, 10),
        ("bland", "storm", 10, 10),
        ("bland", "flood", 50, 50),
    ]
    found = read(make_case("one", threats=threats(*rows)), read_profiles)
    assert found.who == ("Aland", "Bland")
    assert "Aland feels the more threatened" in " ".join(found.sentences)
    swapped = [({"aland": "bland", "bland": "aland"}[who], *rest) for who, *rest in rows]
    other = read(make_case("two", threats=threats(*swapped)), read_profiles)
    assert "Bland feels the more threatened" in " ".join(other.sentences)
    assert read(make_case("none"), read_profiles) is None


def rows_of(drawing, layer):
    return layer["data"].get("values") or drawing.spec["datasets"][layer["data"]["name"]]


def test_charts_hold_every_actor_and_every_threat():
    ledger = load_case("poland-korea")
    politics = make_politics(ledger)
    for bargain in read_bargains(ledger, politics):
        drawing = plot_stakeholders(bargain)
        assert all(one.who in drawing.description for one in bargain.standpoints)
        (points,) = [rows_of(drawing, layer) for layer in drawing.spec["layer"] if "size" in layer["encoding"]]
        assert [(row["x"], row["y"]) for row in points] == [
            (one.position, one.influence) for one in bargain.standpoints
        ]
        assert sorted(row["s"] for row in points) == sorted(one.salience for one in bargain.standpoints)
    profiles = read_profiles(ledger, politics)
    drawing = plot_profiles(profiles)
    assert all(threat in drawing.description for threat, *_ in profiles.rows)
    assert draw(drawing).svg.count("%") >= 2 * len(profiles.rows)
    lengths = [row["x2"] - row["x"] for row in rows_of(drawing, drawing.spec["layer"][0])]
    shares = [share for _, *pair in profiles.rows for share in pair]
    assert lengths == pytest.approx([share * lengths[0] / shares[0] for share in shares])


def test_a_name_that_would_lie_on_a_dot_is_left_out(make_case):
    actors = "actor_id,name,kind,country\naland,Aland,state,PL\nbland,Bland,state,KR\ncland,Cland,state,JP\n"
    root = make_case(
        actors=actors, positions=positions(("aland", 40, 50, 50), ("bland", 45, 50, 50), ("cland", 50, 50, 50))
    )
    (found,) = read(root, read_bargains)
    drawing = plot_stakeholders(found)
    named = {
        row["w"] for layer in drawing.spec["layer"] if "text" in layer["encoding"] for row in rows_of(drawing, layer)
    }
    assert named == {"Aland", "Cland"}


@pytest.mark.parametrize(("position", "far"), [(20, False), (0, True)])
def test_a_change_over_more_than_half_of_the_scale_is_called_that(make_case, position, far):
    """Moving from 0 past the middle against another that stays low is no small change; from 20 with help it is."""
    root = make_case(positions=positions(("aland", position, 90, 90), ("bland", 20 if far else 90, 40, 40)))
    (found,) = read(root, read_bargains)
    moves = [part for part in found.more if "would have to move" in part]
    assert len(moves) == 1
    assert ("more than half of the scale" in moves[0]) is far
