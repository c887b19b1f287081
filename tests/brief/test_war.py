"""What no brief says: a chance of war, and a count of futures as a probability. The reader that finds it is seen to."""

import pytest

from pactwork.brief import writing
from pactwork.brief.findings import gather_findings
from pactwork.brief.unsaid import find_chances, read_page
from pactwork.brief.words import load_words
from pactwork.facts.case import load_case

CHANCES_OF_WAR = [
    "The chance of war is 30%.",
    "The probability of war in Europe is put at 12 per cent.",
    "There is a 30% chance of war before 2030.",
    "There is a one in five chance of an attack.",
    "The odds of an attack are 1 in 5.",
    "The odds of war stand at 3:1.",
    "War has a probability of 0.3.",
    "An invasion has a 40 % likelihood.",
    "The likelihood of a crisis is high.",
    "The risk of a crisis in the Taiwan Strait is low.",
    "There is a small risk of escalation.",
    "There is no risk of war.",
    "War is likely.",
    "War is very unlikely before 2027.",
    "A war in Europe is more likely than not.",
    "An attack on Poland seems improbable.",
    "A conflict in Korea looks almost certain.",
    "It is likely that Russia will attack.",
    "It is improbable that a war breaks out in Asia.",
    "Russia will probably attack NATO.",
    "Russia will attack.",
    "North Korea is likely to invade.",
    "The parties are unlikely to go to war.",
    "An attack is imminent.",
    "A likely war in Asia would stop deliveries.",
    "There will be a war in Europe.",
    "War will probably break out by 2030.",
    "A crisis is going to follow.",
    "War: 30%",
    "War (30%) and crisis (45%)",
    "Crisis 45 %",
    "War breaks out in 30% of runs.",
    "A crisis comes in two in three futures.",
    "In 34% of futures there is a war in Europe.",
    "The probability that a crisis becomes a war is about a third.",
    "The chances that Russia attacks are even.",
    "War comes with a probability of two thirds.",
    "Analysts expect war.",
    "A war in the next decade, 30% likely, would stop deliveries.",
]
COUNTS_AS_CHANCES = [
    "It holds up in 45 of 64 futures, a probability of 70%.",
    "The probability that it holds up is 70% (45 of 64 futures).",
    "In 45 of 64 futures it probably holds.",
    "It is likely to hold: 45 of 64 futures.",
    "The chance is 70%, by 45 of 64 runs.",
    "Odds of 45 to 19 over the futures.",
    "A lot is complete in 90% of runs, so that is its likelihood.",
    "With 64 futures, 45 meet it: a 70% chance.",
    "In three in four futures, that is, with a probability of 75%.",
    "The risk of falling short is 12 of 64 futures.",
    "Nine in ten replications agree, so it is very likely.",
    "Most likely it holds up, as in 60 of 64 simulations.",
    "“All 60 come, by 45 of 64 futures a chance of 70%” holds up.",
    "“All 60 come” holds up in 45 of 64 futures; a probability of 70%.",
]
INNOCENT = [
    "Nothing here says how likely a war is.",
    "Nothing here states how likely a war is.",
    "It does not estimate the likelihood of war, assess any armed force, or model nuclear use.",
    "Numbers of futures are counts, not probabilities.",
    "Numbers of runs are counts, not probabilities, and nothing here states how likely a war is.",
    "No choice changes the odds of war in this model.",
    "Readiness does not change the odds of war in this simulation: if it deterred, it would be worth more.",
    "To do as well as the best choice, what is contracted would need a deterrent that prevents 50% of crises for “Tanks”.",
    "What is contracted misses “Tanks” in 90% of runs where crisis to war is above 8 (12 of 64 futures); elsewhere in 20%.",
    "Against what is contracted, by more than chance could make it, “Buy” does better: 2 of 2 in 64 futures.",
    "Where it is smaller than twice its standard error, so few runs cannot tell it from chance.",
    "Every choice meets the same 64 futures with the same 8 plays of chance in each.",
    "A forecast puts the chance that all has come when it is due at 41% for T1 (31 December 2025).",
    "Its agreement is put at 70%. It earns no less in at least nine in ten futures.",
    "Runs with a crisis in the buyer’s own theatre: 40 of 128.",
    "The partners differ most on this: an attack on Poland. It is put at 80 for Aland and at 20 for Bland, on a scale "
    "from 0 to 100 of how present a threat is to them; not an estimate of what will happen.",
    "Asked “Will Russia attack NATO within ten years?” (two answers), they found 35% yes and 50% no.",
    "Of respondents 61% fear that war is likely.",
    "If war came, deliveries would stop.",
    "It most probably lies between 10% and 20%.",
    "The war in Ukraine began in February 2022, and 34% of the tanks have come.",
    "In the war, 218 howitzers were given away.",
    "It is unlikely that all 180 tanks come by 2025.",
    "Whatever is chosen: “Rockets do not run out in three of four runs” and “All 60 come, more likely than not”.",
    "A: Rockets do not run out in three of four runs; B: All 60 come by 2029, more likely than not.",
]


@pytest.mark.parametrize("sentence", CHANCES_OF_WAR + COUNTS_AS_CHANCES)
def test_a_planted_sentence_is_found_wherever_it_stands(sentence):
    assert find_chances(sentence)
    text = f"Some 62 tanks have come.\n\nOne thing first. {sentence} Another thing last."
    assert any(sentence.rstrip(".") in found for found in find_chances(text))
    broken = sentence.replace(" ", "\n", 3)  # as lines of a PDF break
    assert find_chances(broken)
    marked = (
        sentence.replace("30%", "<b>30%</b>").replace("war", "<em>war</em>").replace("futures", "<span>futures</span>")
    )
    for page in (
        f"<p>Before. {marked}</p><p>After.</p>",
        f'<td title="{sentence}">1</td>',
        f"<svg><text>{sentence}</text></svg>",
    ):
        assert read_page(page)


@pytest.mark.parametrize("sentence", INNOCENT)
def test_an_honest_sentence_is_left_alone(sentence):
    assert find_chances(sentence) == []
    assert read_page(f"<p>{sentence}</p>") == []


def test_sentences_apart_are_not_read_as_one():
    assert find_chances("It holds in 45 of 64 futures. The chance that all comes is 41%.") == []
    assert read_page("<td>45 of 64 futures</td><td>a chance of 41%</td>") == []
    assert read_page("<p>45 of 64 futures</p><p>A chance of 41%</p>") == []


@pytest.mark.parametrize(
    ("header", "cell", "found"),
    [
        ("Probability", "45 of 64", True), ("Chance", "45 of 64", True), ("War", "30%", True), ("Crisis", "30 %", True),
        ("Runs", "45 of 64", False), ("Complete by then", "41%", False), ("Told from chance", "45 of 64", False),
        ("Crisis", "40 of 128", False), ("Crises to prevent", "40%", False),
    ],
)  # fmt: skip
def test_columns_are_read_under_their_headers(header, cell, found):
    page = (
        f"<table><caption>A table</caption><thead><tr><th>Case</th><th>{header}</th></tr></thead>"
        f"<tbody><tr><th>One</th><td>{cell}</td></tr><tr><td>Two</td><td>{cell}</td></tr></tbody></table>"
    )
    assert bool(read_page(page)) is found


def test_nothing_in_the_catalogue_of_sentences_is_one():
    for section, sentences in load_words().texts.items():
        for name, sentence in sentences.items():
            if not isinstance(sentence, str):
                continue  # forms of a count, or names of months
            filled = sentence.replace("{share}", "50%").replace("{chance}", "41%").replace("{futures}", "45 of 64")
            assert find_chances(filled) == [], f"{section}.{name}"


def test_every_brief_of_these_tests_is_read(make_case, tmp_path, tiny):
    """The hook in conftest.py: a page that says it does not come into the world."""
    events = "event_id,date,kind,title,domain,level,actors,source_id,locator\n"
    events += "e1,2024-10-22,talks,The chance of war is 30%,dialogue,political,aland;bland,paper,p\n"
    root = make_case(events=events)
    with pytest.raises(AssertionError, match="The chance of war is 30%"):
        writing.write_brief(load_case(root), tmp_path / "out")


def test_the_words_of_charts_are_read(make_case, show_page, tiny):
    page = str(show_page(gather_findings(load_case(make_case()))))
    assert "<desc>" in page
    assert read_page(page.replace("<desc>", "<desc>War is likely. ", 1))
