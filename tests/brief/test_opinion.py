from pactwork.brief.judgement import weigh_judgement
from pactwork.brief.opinion import find_questions
from pactwork.facts.case import load_case


def test_the_best_graded_share_comes_first_whatever_the_order_of_rows(make_case, tiny):
    head, *rows = tiny["polls"].splitlines()
    rival = "q,binary,adults,all,p,2024-06-24,2024-06-26,1007,for,35,blog,post"
    for name, order in (("after", [*rows, rival]), ("before", [rival, *rows])):
        graded = "\n".join([f"{head},credibility", *(f"{row},{5 if row == rival else 2}" for row in order)]) + "\n"
        (question,) = find_questions(load_case(make_case(name, polls=graded)))
        shares = [(one.percent, one.rival) for one in question.wordings[0].polls[0].answers if one.option == "for"]
        assert shares == [(34, False), (35, True)]


def test_figures_worse_than_c3_are_counted(make_case, tiny):
    weak = tiny["figures"] + "t1-1,in_service,2024-01,5,,,exact,item,blog,post,2,normal,,\n"
    assert weigh_judgement(load_case(make_case("sound"))).weak_figures == 0
    assert weigh_judgement(load_case(make_case(figures=weak))).weak_figures == 1
