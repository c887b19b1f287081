"""What assumptions.toml and scenarios.toml of a new case say: words and examples, all of them comments."""

ASSUMPTIONS = """\
# What the simulation of this case takes for granted. Nothing is simulated until something stands here: every line is
# a comment; take away the # of what you need. The parameters a case may set, with unit, bounds and meaning, are in
# docs/parameters.md of pactwork; `pactwork check` names each slip.
#
# Each entry says one of
#   value = 3.0                             one number
#   range = [low, high]                     with distribution = "uniform" (unless told otherwise), "loguniform",
#                                           "triangular" (mode = …) or "normal" (mean = …, sd = …)
#   values = [1, 2, 4]                      one of several, with weights = [ … ] if they are not alike
# and unit, why (the reason, in words) and source: an id of facts/sources.csv, or "judgement". It takes unit,
# distribution, why and source from the table around it where it does not say so itself. A wide range is more honest
# than a precise guess.

# A theatre: where danger rises and falls. Its name is yours; each move is a hazard, in events a year.
# [theatres.north]
# unit = "1/year"
# distribution = "loguniform"
# source = "judgement"
# why = "An example: say here why these ranges"
# calm_to_probing = { range = [0.2, 1.0] }
# probing_to_calm = { range = [0.5, 2.0] }
# probing_to_crisis = { range = [0.05, 0.4] }
# crisis_to_probing = { range = [1.0, 4.0] }
# level_at_start = { value = 0, unit = "level", why = "Calm on the day of the case" }

# The voyage of what is delivered.
# [shipping]
# source = "judgement"
# why = "An example: say here why these numbers"
# speed = { range = [10.0, 16.0], distribution = "uniform", unit = "knot" }
# port_days = { range = [4.0, 14.0], distribution = "triangular", mode = 7.0, unit = "day" }

# What names a row of your tables goes in once the row is there: a system of facts/systems.csv, a lot of facts/lots.csv.
#   [production.my-tank]
#   output_per_year = { range = [20.0, 60.0], unit = "item/year", why = "…", source = "judgement" }
#   [fleet.my-tank]
#   failures_per_year = { range = [1.0, 4.0], unit = "1/item/year", why = "…", source = "judgement" }
"""

SCENARIOS = """\
# Named sets of assumptions that replace those of assumptions.toml, or add to them; `pactwork simulate --scenario NAME`
# plays one. An override takes unit from the parameter, and its reason from the scenario. None is a forecast: each asks
# "what if", and says what would have to hold. Every line here is a comment; take away the # of what you need.

# [baseline]
# title = "As assumed"
# why = "The assumptions as they stand: what the others are set beside"

# [tense]
# title = "Years of tension"
# why = "An example: incidents come closer together, and crises follow more often"
# [tense.overrides.theatres.north]
# calm_to_probing = { range = [1.0, 6.0], distribution = "loguniform" }
# probing_to_crisis = { range = [0.3, 1.0] }
"""

NARRATIVE = """\
# Words of your own for the brief

A file here, named after a section of the brief (`answer.md`, `standing.md`, `choices.md`: the names after `#` in the
page's contents), takes the place of the sentences that pactwork composes for that section. Tables and charts stay, and
what says that numbers are simulated. pactwork never writes here, so your words survive every new run. This file is no
section, and is not read.

Write Markdown. A number of the brief goes in by its name, and the brief that is made next shows it as it is then:

    By now {{ my-tank.delivered }} tanks have come.

Say what it was when you wrote, and readers are told when it is another:

    Only {{ my-tank.delivered = 12 }} tanks have come.

Numbers that you write out are tied to the brief before the text, between two lines of `+++`:

    +++
    [numbers]
    "my-tank.delivered" = 12
    +++
    Only 12 tanks have come.

The names are listed under `numbers` in `brief.json`: figures are SUBJECT.MEASURE, such as `my-lot.arrived`. Links lead
to http and https addresses; pictures are not shown. `pactwork check` tells what is wrong with a file, and which numbers
have changed under its words. No brief states a chance of war or calls a count of futures a probability; words that do
are refused.
"""
